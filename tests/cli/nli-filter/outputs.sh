# Side outputs are whole or not there: a run that fails leaves none of them.
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "{\"id\":\"r%d\",\"task\":\"nli\",\"lang\":\"%s\",\"label\":\"neutral\"}\n", i, i % 3 ? "en" : "id" }' >in
(cat in; echo broken) >bad
run='nli-filter -q --drop --lang en --dropped gone --decisions said -o out'
$run bad 2>/dev/null || ls
$run in 2>/dev/null
ls
wc -l <gone
wc -l <said
nli-filter -q --drop --lang en --dropped no/such/file in 2>err >/dev/null
echo $?
sed 's/tmp-......:/tmp:/' err
