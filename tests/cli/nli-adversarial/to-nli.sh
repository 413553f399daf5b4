# Items to pairs and back: labels of two kinds, choice types, what is not made
# and why; the items that come back are those that went in.
cat >in.jsonl <<'EOS'
{"id":"c/1","task":"choice","lang":"en","corpus":"c","split":"dev","premise":"It rains.","choices":["The street is wet.","The sky is clear."],"answer":0}
{"id":"c/2","task":"choice","lang":"en","corpus":"c","split":"dev","premise":"person1 is late.","choices":["person1 waits.","person1 runs in red.","person1 runs.","person1 waits in red."],"choice_types":["action-false","distractor1","action-true","distractor2"],"answer":2,"image":{"path":"a.jpg","objects":["person"]},"meta":{"topic":"x"}}
{"id":"c/3","task":"choice","lang":"en","corpus":"c","split":"dev","premise":"It snows.","choices":["White.","White.","Black."],"answer":1}
{"id":"c/4","task":"choice","lang":"en","corpus":"c","split":"dev","premise":"It snows.","choices":["White.","Black."],"answer":null}
{"id":"c/5","task":"nli","lang":"en","corpus":"c","split":"dev","premise":"It snows.","hypothesis":"White.","label":"neutral"}
EOS
nli-adversarial -m to-nli --summary s.json in.jsonl | jq -c 'del(.key)'
jq -c '.results.made[], .results.not_made[]' s.json
echo three labels:
nli-adversarial -m to-nli --task nli in.jsonl 2>/dev/null | jq -c '[.task, .hypothesis, .label, .adversarial.proved]'
echo back:
sed 1,2\!d in.jsonl >two.jsonl
nli-adversarial -m to-nli two.jsonl | tac | nli-adversarial -m to-choice 2>/dev/null |
	jq -c '[.premise, .choices, .choice_types, .answer, .image, .meta]'
echo other pairs:
cat >pairs.jsonl <<'EOS'
{"id":"p/1","task":"nli","premise":"A","hypothesis":"a","label":"entailment"}
{"id":"p/2","task":"nli","premise":"A","hypothesis":"b","label":"neutral"}
{"id":"p/3","task":"nli","premise":"A","hypothesis":"c","label":"contradiction"}
{"id":"p/4","task":"nli","premise":"B","hypothesis":"a","label":"entailment"}
{"id":"p/5","task":"nli","premise":"B","hypothesis":"b","label":"entailment"}
{"id":"p/6","task":"nli","premise":"C","hypothesis":"b","label":"neutral"}
{"id":"p/7","task":"nli","premise":"C","hypothesis":"c","label":"neutral"}
{"id":"p/8","task":"nli","premise":"D","hypothesis":"c","label":"entailment"}
{"id":"p/9","task":"nli","premise":"E","hypothesis":"c","label":"entailment"}
{"id":"p/10","task":"nli","premise":"E","hypothesis":"d","label":null}
{"id":"p/11","task":"nli","premise":"F","hypothesis":"c","label":"entailment"}
{"id":"p/12","task":"nli","premise":"F","hypothesis":"c","label":"neutral"}
EOS
nli-adversarial -m to-choice --summary s.json pairs.jsonl | jq -c '[.id, .premise, (.choices | sort), .choices[.answer]]'
jq -c '.results.not_made[]' s.json
echo kept:
nli-adversarial -k -m to-nli --max 1 in.jsonl | jq -r .id
