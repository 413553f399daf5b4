# A planted cue goes and nothing else is cut into; what is dropped is kept aside;
# labels keep their shares; candidates are added; records without a label stay.
awk 'BEGIN { for (i = 0; i < 900; i++) {
	y = i % 3; h = (i * 7919) % 1000
	cue = y == 0 ? h < 500 : h < 50
	printf "{\"id\":\"b/%d\",\"task\":\"nli\",\"lang\":\"en\",\"corpus\":\"b\",\"split\":null,\"premise\":\"p%d\",\"hypothesis\":\"w%d %s w%d\",\"label\":\"%s\"}\n", i, i, i * 31 % 40, cue ? "not" : "so", i * 17 % 40, y == 0 ? "contradiction" : y == 1 ? "entailment" : "neutral" } }' >in.jsonl
echo '{"id":"b/x","task":"nli","lang":"en","corpus":"b","split":null,"premise":"p","hypothesis":"not","label":null}' >>in.jsonl
listed() { nli-cues -q 0.05 "$1" | jq -c 'select(.q_bh != null) | .feature' | sort | uniq -c; }
listed in.jsonl
nli-adversarial -m balance --dropped gone --summary s.json -o out in.jsonl
listed out
cat out gone | sort >all
sort in.jsonl | cmp - all
jq -r .label out | sort | uniq -c
jq -c '.results.balance.rounds[-1], .results.not_made[]' s.json
nli-adversarial -m balance -j 1 in.jsonl 2>/dev/null | cmp - out
tac in.jsonl | nli-adversarial -m balance -j 4 2>/dev/null | sort >shuffled
sort out | cmp - shuffled
echo candidates:
sed 's/"id":"b/"id":"c/; s/ so / not /; /contradiction/d' in.jsonl >more.jsonl
sed 's/"id":"b/"id":"c/; s/ not / so /; /contradiction/!d' in.jsonl >>more.jsonl
nli-adversarial -m balance --candidates more.jsonl --summary s.json -o out in.jsonl 2>/dev/null
listed out
jq -c '.results.balance.rounds[-1] | [.kept, .added]' s.json
echo only one label:
grep neutral in.jsonl | nli-adversarial -m balance
