# Overlap with other corpora: equal, near, a whole text, a row of tokens; from
# records or from an index, with the same bytes; a damaged index is refused.
cat >bench.jsonl <<'EOS'
{"id":"b/1","premise":"The quick brown fox jumps over the lazy dog near the river bank today.","hypothesis":"A fox jumps."}
{"id":"b/2","premise":"Nothing else is like this one at all.","hypothesis":"It is so."}
EOS
cat >in.jsonl <<'EOS'
{"id":"1","premise":"The quick brown fox jumps over the lazy dog near the river bank today!","hypothesis":"a fox jumps"}
{"id":"2","premise":"The quick brown fox jumps over the lazy dog near the river bank today.","hypothesis":"Other words stand here."}
{"id":"3","premise":"We were told that the quick brown fox jumps over the lazy dog, which is not true of most foxes that we know.","hypothesis":"Other words stand here."}
{"id":"4","premise":"The quick brown fox jumps over the lazy cat near the river bank today.","hypothesis":"A fox jumps"}
{"id":"5","premise":"Entirely different.","hypothesis":"It is so!"}
EOS
nli-dedup --against bench.jsonl in.jsonl >one
jq -c '[.id, .dedup.size, .dedup.overlap]' one
nli-dedup --index bench.idx bench.jsonl >/dev/null
nli-dedup --against bench.idx in.jsonl | cmp - one
nli-dedup --exact --ngram 0 --against bench.idx in.jsonl | jq -c '[.id, .dedup.overlap]'
head -n 1 bench.jsonl >b1; tail -n 1 bench.jsonl >b2
nli-dedup -a b2 -a b1 in.jsonl | cmp - one
nli-dedup --against bench.idx --keep-case in.jsonl; echo "exit $?"
head -c 100 bench.idx >cut.idx
nli-dedup --against cut.idx in.jsonl; echo "exit $?"
{ head -c 60 bench.idx; head -c 8 /dev/zero; tail -c +69 bench.idx; } >bad.idx
nli-dedup --against bad.idx in.jsonl; echo "exit $?"
nli-dedup --against missing in.jsonl; echo "exit $?"
nli-dedup --against bench.jsonl </dev/null
