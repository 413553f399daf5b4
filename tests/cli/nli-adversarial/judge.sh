# What is proved of pairs as they stand, and of pairs that were rewritten.
cat >in.jsonl <<'EOS'
{"id":"j/1","task":"nli","lang":"en","premise":"No dog is big.","hypothesis":"No puppy is big.","label":"entailment"}
{"id":"j/2","task":"nli","lang":"en","premise":"A man has a red hat.","hypothesis":"A man has a blue hat.","label":"neutral"}
{"id":"j/3","task":"nli2","lang":"en","premise":"A man sleeps.","hypothesis":"A tall man sleeps.","label":null}
{"id":"j/4","task":"nli","lang":"en","premise":"A man sleeps.","hypothesis":"It rains on Mars or so they say.","label":"neutral"}
{"id":"j/5","task":"nli","lang":"xx","premise":"A","hypothesis":"B","label":"neutral"}
{"id":"j/6","task":"nli","lang":"en","premise":"It is cold.","hypothesis":"He is not wearing a hat.","label":"contradiction","was":{"premise":"It is cold.","hypothesis":"He is wearing a hat.","label":"entailment"}}
{"id":"j/7","task":"nli","lang":"en","premise":"It is cold.","hypothesis":"He has a hat.","label":"entailment","was":{"premise":"It is cold.","hypothesis":"He has a red hat.","label":"entailment"}}
EOS
nli-adversarial -m judge --summary s.json in.jsonl | jq -c '[.id, .adversarial]'
jq -c '.results.not_made[]' s.json
