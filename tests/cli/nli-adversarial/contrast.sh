# Edits that turn the label, edits that keep it, hypotheses made of the premise; each
# with a limit, and the same for any number of threads.
cat >in.jsonl <<'EOS'
{"id":"s/1","task":"nli","lang":"en","corpus":"s","split":"dev","premise":"Two men in red hats are standing near a dog.","hypothesis":"Two men are near an animal.","label":"entailment"}
{"id":"s/2","task":"nli","lang":"en","corpus":"s","split":"dev","premise":"No boy is wearing a red hat.","hypothesis":"At least three tall boys are asleep.","label":"contradiction"}
{"id":"s/3","task":"nli","lang":"en","corpus":"s","split":"dev","premise":"It rains.","hypothesis":"Acrobats from Tunisia brilliantly juggle persimmons amid turquoise mausoleums.","label":"neutral"}
EOS
for m in contrast invariant monotone; do
	echo "$m:"
	nli-adversarial -m $m in.jsonl 2>/dev/null |
		jq -r '[.id, .label, .adversarial.relation, .hypothesis] | join(" | ")'
done
echo parts left out and put in:
cat >parts.jsonl <<'EOS'
{"id":"m/1","task":"nli","lang":"en","premise":"The children were singing loudly in the classroom.","hypothesis":"x","label":"neutral"}
{"id":"m/2","task":"nli","lang":"en","premise":"Nobody sings songs in the classroom.","hypothesis":"x","label":"neutral"}
{"id":"m/3","task":"nli","lang":"en","premise":"She has a dog that runs.","hypothesis":"x","label":"neutral"}
{"id":"m/4","task":"nli","lang":"en","premise":"He lives in a tent.","hypothesis":"x","label":"neutral"}
{"id":"m/5","task":"nli","lang":"en","premise":"He drinks coffee without sugar.","hypothesis":"x","label":"neutral"}
{"id":"m/6","task":"nli","lang":"es","premise":"No vio a nadie en la plaza.","hypothesis":"x","label":"neutral"}
{"id":"m/7","task":"nli","lang":"es","premise":"La casa es alta.","hypothesis":"x","label":"neutral"}
EOS
nli-adversarial -m monotone parts.jsonl 2>/dev/null |
	jq -r '[.id, .label, .adversarial.relation, .hypothesis] | join(" | ")'
echo limits:
nli-adversarial -m invariant --max 2 in.jsonl 2>/dev/null | jq -r .id
nli-adversarial -m monotone --per-rule 1 --summary s.json in.jsonl 2>/dev/null | jq -r .id
jq -c '.results.not_made[]' s.json
nli-adversarial -m contrast,invariant,monotone,negate -j 1 in.jsonl >a 2>/dev/null
nli-adversarial -m contrast,invariant,monotone,negate -j 4 in.jsonl >b 2>/dev/null
cmp a b
for seed in 0 0 1 2; do
	nli-adversarial -m invariant --seed $seed in.jsonl 2>/dev/null | jq -r 'select(.adversarial.rule == "typo") | .hypothesis'
done
