# --fix moves a cut group to where most of it is and nothing else; --respect
# keeps what is not cut.
cat >in.jsonl <<'EOS'
{"id":"1","premise":"A","split":"dev"}
{"id":"2","premise":"A","split":"dev"}
{"id":"3","premise":"A","split":"train"}
{"id":"4","premise":"B","split":"test"}
{"id":"5","premise":"C","split":"test"}
{"id":"6","premise":"C","split":"train"}
{"id":"7","premise":"D","split":"dev"}
{"id":"8","premise":"D","split":null}
EOS
nli-split --fix --summary s.json in.jsonl | jq -r '[.id, .split, .source_split] | @tsv'
jq -c .results.moved s.json
nli-split --fix in.jsonl 2>/dev/null | nli-split --leaks --fail-if 'leaks.premise>0' >/dev/null
nli-split --respect in.jsonl | jq -r 'select(.premise != "A" and .premise != "C") | [.id, .split] | @tsv'
