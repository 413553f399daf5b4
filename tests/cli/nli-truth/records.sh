# Records come out as they came, with truth; an item without annotations has none.
cat >in.jsonl <<'X'
{"id":"a","task":"nli","premise":"p","hypothesis":"h","label":null,"annotations":[{"worker":"w1","label":"neutral"},{"worker":"w2","label":"neutral"},{"worker":"w3","label":"entailment"}],"own":1.10}
{"id":"b","task":"nli","premise":"p","hypothesis":"h2","label":"entailment","annotations":[]}
{"id":"c","task":"nli","premise":"p","hypothesis":"h3","label":"entailment","annotations":[{"label":"entailment"},{"label":"entailment"},{"label":"contradiction"}]}
{"id":"a","task":"nli","premise":"p","hypothesis":"h","label":"contradiction","annotations":[{"worker":"w1","label":"contradiction"}]}
X
nli-truth -m mv --summary s.json in.jsonl
jq -c '[.in, .out, .results.score.n, .results.score.accuracy]' s.json
