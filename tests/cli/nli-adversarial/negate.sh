# The triples of InferES: the hypothesis rewritten, the premise, both; labels only
# where they follow, and the rest to annotators.  Of two negations the one from which a
# label follows: s/6 by an exclusive antonym.
cat >in.jsonl <<'EOS'
{"id":"s/1","task":"nli","lang":"en","corpus":"s","split":"dev","group":"g1","premise":"A man is sleeping on a couch.","hypothesis":"A man is resting.","label":"entailment"}
{"id":"s/2","task":"nli","lang":"en","corpus":"s","split":"dev","premise":"Two dogs run.","hypothesis":"There is a cat.","label":"contradiction"}
{"id":"s/3","task":"nli","lang":"en-GB","corpus":"s","split":"dev","premise":"Every boy who sings is here.","hypothesis":"She doesn't like it.","label":"neutral"}
{"id":"s/4","task":"nli2","lang":"en","corpus":"s","split":"dev","premise":"Walk on!","hypothesis":"No one is here.","label":"entailment"}
{"id":"s/6","task":"nli","lang":"en","premise":"The shop is shut.","hypothesis":"The shop is open.","label":"contradiction"}
{"id":"s/5","task":"nli","lang":"xx","corpus":"s","split":"dev","premise":"A man is here.","hypothesis":"A man is there.","label":"neutral"}
EOS
nli-adversarial -m negate --summary s.json in.jsonl |
	jq -c '[.id, .premise, .hypothesis, .label, .adversarial.part, .adversarial.relation, .adversarial.edits]'
jq -c '.results.not_made[]' s.json
