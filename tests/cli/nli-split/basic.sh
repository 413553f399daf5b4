# Groups stay together whatever the case and marks of their premise; the split
# of the source is kept once; unknown members, spellings and blanks stay.
cat >in.jsonl <<'EOS'
{"id":"a/1","split":"dev", "x":1.10,"premise":"A dog runs.","hypothesis":"A dog moves."}
{"id":"a/2","premise":"a DOG runs","hypothesis":"It sleeps.","y":"\u00e9"}
{"id":"a/3","group":"g","premise":"Another.","hypothesis":"It sleeps."}
{"id":"a/4","group":"g","premise":"A dog runs.","split":null,"hypothesis":"It sleeps."}
EOS
nli-split in.jsonl
nli-split in.jsonl | nli-split --seed 5
nli-split --kfold 3 in.jsonl
nli-split --group meta.topic --parts a=100% <<'EOS'
{"id":"a/1","premise":"A","meta":{"topic":"law"}}
EOS
