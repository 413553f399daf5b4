# A model's predictions on all, easy and hard records; what does not fit is never silent.
for i in 1 2 3 4; do
	easy=true; hard=false
	[ $i -gt 2 ] && easy=false && hard=true
	echo '{"id":"c/test/r'$i'","key":"k'$i'","task":"nli","premise":"p","hypothesis":"h","label":"entailment","hyponly":{"easy":'$easy',"hard":'$hard'}}'
done >scored
short='[.file, .model, .n, .accuracy, .easy.n, .easy.accuracy, .hard.n, .hard.accuracy, .hard.accuracy_lo > 0]'
printf 'gold_label,a,b\ne,e,n\nE,entailment,c\nentailment,n,e\ne,yes,entailment\n' >place.csv
printf 'id\tlabel\tpred\nr4\te\tn\nc/test/r1\te\te\nk3\te\te\nr2\te\te\n' >id.tsv
printf '%s\n' '{"key":"k1","prediction":0}' '{"prediction":2,"key":"k2"}' '{"key":"k3","prediction":"0"}' '{"key":"k4","prediction":1}' >json
nli-hyponly --preds place.csv --preds id.tsv scored | jq -c "$short"
nli-hyponly --preds json --label-order entailment,neutral,contradiction --summary sum scored | jq -c "$short"
jq -c '.results.preds | length' sum
nli-hyponly --preds place.csv --pred-column b scored | jq -c "$short"
try() { nli-hyponly "$@" scored; echo "exit $?"; }
try --preds json
printf 'gold_label,a\ne,e\ne,e\nc,e\ne,e\n' >gold.csv
try --preds gold.csv
nli-hyponly --preds gold.csv --max-bad 1 --reject bad scored | jq -c .n
cat bad
printf 'a\ne\ne\ne\n' >few.csv
try --preds few.csv
printf 'a\ne\ne\ne\ne\ne\n' >many.csv
try --preds many.csv
printf 'id,a\nr1,e\nr2,e\nr2,e\nr4,zebra\n' >twice.csv
try --preds twice.csv
printf 'id,a\nr1,e\nr9,e\n' >unknown.csv
try --preds unknown.csv
printf 'id\nr1\n' >none.csv
try --preds none.csv
try --preds nowhere.csv
printf 'id,a\nr1,"e\n' >open.csv
try --preds open.csv
jq -c 'del(.hyponly)' scored | nli-hyponly --preds place.csv; echo "exit $?"
nli-hyponly --preds place.csv --train scored scored 2>&1 | head -n 1
