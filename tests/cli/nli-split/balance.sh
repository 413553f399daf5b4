# Exact sizes where groups allow, the same for any order, no group cut, strata
# in proportion; a request that cannot be met is refused in words.
awk 'BEGIN { for (i = 0; i < 3000; i++) { g = int(i / (1 + i % 4)) % 700
	printf "{\"id\":\"%d\",\"premise\":\"p\",\"group\":\"g%d\",\"label\":\"%s\",\"lang\":\"%s\"}\n", i, g, i * 7 % 10 < 6 ? "e" : "c", i * 13 % 20 < 3 ? "es" : "en" } }' >in.jsonl
nli-split --parts train=rest,dev=300,test=450 --summary s.json in.jsonl >one
jq -c '.results.parts[]' s.json
jq -r '[.group, .split] | @tsv' one | sort -u | cut -f 1 | uniq -d
sort -R --random-source=/dev/zero in.jsonl | nli-split --parts train=rest,dev=300,test=450 | sort >shuffled
sort one | cmp - shuffled
nli-split -j 8 --parts train=rest,dev=300,test=450 in.jsonl | cmp - one
nli-split --stratify label --stratify lang --summary s.json in.jsonl >two
jq -c '.results | .parts[], ([.strata[].deviation | fabs] | max)' s.json
nli-split --balance --kfold 7 in.jsonl | jq .fold | sort | uniq -c
nli-split --parts a=rest,b=4000 in.jsonl
echo "exit $?"
jq -c '.group = "one"' in.jsonl | nli-split --balance
echo "exit $?"
nli-split --balance </dev/null
