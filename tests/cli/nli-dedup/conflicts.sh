# Records of an equal pair with several labels: dropped; or merged into the one
# with most annotations, whatever the order of the input.
cat >in.jsonl <<'EOS'
{"id":"a","premise":"P","hypothesis":"H","label":"neutral"}
{"id":"b","premise":"p","hypothesis":"h","label":"entailment","annotations":[{"worker":"w1","label":"entailment"},{"worker":"w2","label":"neutral"}]}
{"id":"c","premise":"P.","hypothesis":"H.","label":"neutral","annotations":[{"worker":"w3","label":"neutral"}]}
{"id":"d","premise":"Q","hypothesis":"H","label":"neutral"}
{"id":"e","premise":"Q","hypothesis":"H","label":"neutral"}
{"id":"f","premise":"R","hypothesis":"H","label":"neutral"}
EOS
nli-dedup --conflicts drop in.jsonl | jq -r .id
nli-dedup --conflicts merge in.jsonl | jq -c '[.id, .label, .annotations, .dedup.conflict, .dedup.of]'
nli-dedup --conflicts merge in.jsonl | sort >one
sort -r in.jsonl | nli-dedup --conflicts merge 2>/dev/null | sort | cmp - one
# A near duplicate of what was dropped for its conflict speaks for the cluster.
cat >near.jsonl <<'EOS'
{"id":"1","premise":"A dog runs in the park.","hypothesis":"A dog is outside.","label":"entailment"}
{"id":"2","premise":"A dog runs in the park.","hypothesis":"A dog is outside.","label":"neutral"}
{"id":"3","premise":"A dog runs in the big park.","hypothesis":"A dog is outside.","label":"neutral"}
EOS
nli-dedup --conflicts drop --drop near.jsonl | jq -c '[.id, .dedup.of, .dedup.size]'
