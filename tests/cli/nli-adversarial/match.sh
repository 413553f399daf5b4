# Every answer is right once and wrong k - 1 times, in its split; people are named as
# in the picture that they move to; the bytes are those of any -j, the set that of
# any order; what cannot be matched is said.
cat >in.jsonl <<'EOS'
{"id":"m/1","task":"choice","lang":"en","corpus":"m","split":"dev","premise":"person3 is happy.","choices":["person3 smiles at person1.","x"],"answer":0,"image":{"path":"1.jpg","objects":["person","dog","person"]},"group":"1.jpg"}
{"id":"m/2","task":"choice","lang":"en","corpus":"m","split":"dev","premise":"person1 is happy.","choices":["y","person1 gives person2 a hug."],"answer":1,"image":{"path":"2.jpg","objects":["person","person"]},"group":"2.jpg"}
{"id":"m/3","task":"choice","lang":"en","corpus":"m","split":"dev","premise":"person2 is sad.","choices":["person2 cries.","z"],"answer":0,"image":{"path":"3.jpg","objects":["person","person"]},"group":"3.jpg"}
{"id":"m/4","task":"choice","lang":"en","corpus":"m","split":"dev","premise":"person1 is tired.","choices":["person1 sleeps.","z"],"answer":0,"image":{"path":"4.jpg","objects":["person"]},"group":"4.jpg"}
{"id":"m/5","task":"choice","lang":"en","corpus":"m","split":"test","premise":"person1 is tired.","choices":["person1 sleeps.","z"],"answer":0}
{"id":"m/6","task":"nli","lang":"en","corpus":"m","split":"test","premise":"a","hypothesis":"b","label":"neutral"}
EOS
nli-adversarial -m match --summary s.json in.jsonl | jq -c '[.id, .choices, .answer, .adversarial.proved, .adversarial.choices_from, .adversarial.edits]'
jq -c '.results | .made[], .not_made[]' s.json
echo a thousand:
awk 'BEGIN { for (i = 0; i < 1000; i++) {
	printf "{\"id\":\"g/%d\",\"task\":\"choice\",\"lang\":\"en\",\"corpus\":\"g\",\"split\":\"%s\",\"premise\":\"p%d q%d\",\"choices\":[", i, i % 3 ? "dev" : "test", i * 7 % 83, i * 31 % 59
	for (k = 0; k < 4; k++) printf "%s\"a%d b%d c%d\"", k ? "," : "", (i + k) % 211, i * 13 % 97, k
	printf "],\"answer\":%d}\n", i % 4 } }' >big.jsonl
nli-adversarial -m match -j 1 big.jsonl >one
nli-adversarial -m match -j 8 big.jsonl | cmp - one
sort -r big.jsonl | nli-adversarial -m match | sort >shuffled
sort one | cmp - shuffled
jq -r '.adversarial.choices_from[]' one | sort | uniq -c | awk '{ print $1 }' | sort | uniq -c
jq -r .answer one | sort | uniq -c
jq -r 'select(.split == "test") | .adversarial.choices_from[]' one | sort -u >test
jq -r 'select(.split == "dev") | .adversarial.choices_from[]' one | sort -u | comm -12 - test
echo with scores:
printf '%s\n' '{"item":"m/3","answer":"m/4","relevance":0.9,"similarity":0.1}' >scores
nli-adversarial -m match --scores scores --summary s.json in.jsonl 2>/dev/null | jq -c 'select(.id == "m/3~match") | .adversarial.choices_from | sort'
jq -c '[.results.match | .items, .listed]' s.json
printf '%s\n' '{"item":"m/3","answer":"m/4","relevance":1.5,"similarity":0.1}' >scores
nli-adversarial -m match --scores scores in.jsonl
