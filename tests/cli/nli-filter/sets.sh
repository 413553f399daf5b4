# Rules that choose within the set: as many as they should, in any order of the input, and
# after the rules before them.
awk 'BEGIN { srand(7); n = split("entailment neutral contradiction neutral neutral entailment", y, " ")
	for (i = 0; i < 1200; i++) printf "{\"id\":\"r%d\",\"key\":\"%026d\",\"task\":\"nli\",\"lang\":\"%s\",\"label\":\"%s\",\"w\":%d,\"hyponly\":{\"p\":{\"%s\":%.4f},\"correct\":%s}}\n",
	i, i, i % 4 ? "en" : "es", y[i % n + 1], i % 10, y[i % n + 1], i * 7919 % 1200 / 1200, i % 2 ? "true" : "false" }' >in
sort -R --random-source=in in >mixed
count() { jq -r "$1" | sort | uniq -c; }
say() {
	echo "== $*"
	nli-filter -q --drop "$@" -o out in 2>/dev/null || echo failed
	nli-filter -q --drop "$@" -o out2 mixed 2>/dev/null || echo failed
	sort out >a && sort out2 | cmp - a
}
say --easy-top 0.25
count .label <out
jq -s 'map(.hyponly.p | to_entries[0].value) | max' out
say --label-balance
count .label <out
say --label-balance --within lang
count '"\(.lang) \(.label)"' <out
# Labels keep the shares that they had before, not counting by what is left: the label
# that lost most stays whole, the others lose as large a part.
say --easy 0.6 --where '.label != "neutral" or .w < 5' --label-shares
count .label <out
say --where '.lang == "en" or .label == "neutral" or .w < 2' --label-shares --within lang
count '"\(.lang) \(.label)"' <out
say --quota lang=100 --quota label=60
count .lang <out
count .label <out
say --sample 150
wc -l <out
say --sample 300 --weight w
count .w <out
# What a rule before has hit is not chosen from.
say --lang es --easy 0.5 --sample 100
count .lang <out
# Marks, decisions and what is dropped agree.
nli-filter -q --drop --sample 100 --dropped gone --decisions said in 2>/dev/null | wc -l
wc -l <gone
jq -s 'map(.keep) | [length, (map(select(.)) | length)]' -c said
nli-filter -q --drop --sample 100 -j 1 in 2>/dev/null >one
nli-filter -q --drop --sample 100 -j 8 in 2>/dev/null | cmp - one
jq -c '.w = "x"' in | head -1 | nli-filter -q --sample 3 --weight w
echo $?
