# The four kinds; what could be true or false of the premise is not paired; labels
# left to people; the set is that of any order.
cat >in.jsonl <<'EOS'
{"id":"n/1","task":"nli","lang":"en","corpus":"n","split":"dev","premise":"A dog runs in the park.","hypothesis":"An animal moves.","label":"entailment","meta":{"topic":"dogs"}}
{"id":"n/2","task":"nli","lang":"en","corpus":"n","split":"dev","premise":"Two puppies sleep on a sofa.","hypothesis":"The puppies never sleep.","label":"contradiction","meta":{"topic":"dogs"}}
{"id":"n/3","task":"nli","lang":"en","corpus":"n","split":"dev","premise":"A dog runs in the big park.","hypothesis":"No animal is there.","label":"contradiction","meta":{"topic":"dogs"}}
{"id":"n/4","task":"nli","lang":"en","corpus":"n","split":"dev","premise":"Columbus sailed west.","hypothesis":"Columbus left Spain.","label":"entailment","meta":{"topic":"history"}}
{"id":"n/5","task":"nli","lang":"en","corpus":"n","split":"dev","premise":"Columbus sailed west.","hypothesis":"It was warm.","label":"neutral","meta":{"topic":"history"}}
EOS
printf 'Picasso painted  horses.\n\nThe park is large.\n' >raw
nli-adversarial -m neutral --topic meta.topic --raw raw --summary s.json in.jsonl | jq -c '[.id, .premise, .hypothesis, .label, .adversarial.proved, .adversarial.hypothesis_from]'
jq -c '.results | .made[], .not_made[]' s.json
echo strict:
nli-adversarial -m neutral --strict --max 1 in.jsonl 2>/dev/null | jq -c '[.id, .label, .adversarial.need_label]'
echo any order:
nli-adversarial -m neutral --topic meta.topic in.jsonl 2>/dev/null | sort >a
tac in.jsonl | nli-adversarial -m neutral --topic meta.topic -j 4 2>/dev/null | sort | cmp - a
