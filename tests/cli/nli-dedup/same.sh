# Same bytes for any -j; same clusters for any order; input not in order of text.
awk 'BEGIN { for (i = 0; i < 4000; i++) {
	a = i * 7919 % 400; b = i * 104729 % 13; c = i * 31 % 3
	printf "{\"id\":\"%d\",\"premise\":\"Premise number %d tells of %d men and their dog\",\"hypothesis\":\"There are %d men%s\",\"label\":\"%d\"}\n", i, a, b, b, c ? " here" : "", c } }' >in.jsonl
nli-dedup --by pair,premise,hypothesis -j 1 in.jsonl >one
nli-dedup --by pair,premise,hypothesis -j 8 in.jsonl | cmp - one
sort -R --random-source=/dev/zero in.jsonl | nli-dedup --by pair,premise,hypothesis | sort >shuffled
sort one | cmp - shuffled
jq -r .dedup.kind one | sort | uniq -c
nli-dedup --drop --summary s.json in.jsonl 2>/dev/null | wc -l
jq -c '.in == .out + .dropped, .results.near.recall["0.6"]' s.json
