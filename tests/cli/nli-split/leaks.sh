# The table and the condition; parts by split, or by file where there is none.
cat >train.jsonl <<'EOS'
{"id":"t/1","split":"train","premise":"A dog runs in the park.","hypothesis":"A dog is outside.","label":"entailment","group":"g1","annotations":[{"worker":"w1","label":"entailment"}]}
{"id":"t/2","split":"train","premise":"A dog runs in the park.","hypothesis":"A cat sleeps.","label":"contradiction","group":"g1"}
{"id":"t/3","split":"train","premise":"Two women are talking to each other.","hypothesis":"Nobody speaks a word.","label":"contradiction","group":"g2"}
EOS
cat >test.jsonl <<'EOS'
{"id":"s/1","split":"test","premise":"A DOG runs in the park","hypothesis":"A dog is outside!","label":"neutral","group":"g1","annotations":[{"worker":"w1","label":"neutral"}]}
{"id":"s/2","split":"test","premise":"Two old women are talking to each other.","hypothesis":"Nobody speaks a single word.","label":"contradiction","group":"g3"}
{"id":"s/3","split":"test","premise":"Nothing like it stands elsewhere.","hypothesis":"A cat sleeps.","label":"neutral","group":"g4"}
EOS
nli-split --leaks test.jsonl train.jsonl
nli-split --leaks --as-is test.jsonl train.jsonl | grep -c .
jq -c 'del(.split)' train.jsonl >a; jq -c 'del(.split)' test.jsonl >b
nli-split --leaks --jaccard 0.9 a b | sed -n 2,4p
nli-split --leaks --summary s.json --fail-if 'leaks.label >= 1' train.jsonl test.jsonl >/dev/null
echo "exit $?"
jq -c '.results.leaks[] | select(.kind == "label")' s.json
nli-split --leaks --fail-if 'leaks.pair>1' train.jsonl test.jsonl >/dev/null
nli-split --leaks </dev/null
