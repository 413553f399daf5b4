# Empty input, a missing file, a gzip stream cut short, a full disk, a NUL.
nli-split </dev/null
nli-split missing.jsonl
echo "exit $?"
for i in 1 2 3 4 5 6 7 8 9; do echo "{\"id\":\"$i\",\"premise\":\"p$i\"}"; done >in.jsonl
gzip -n <in.jsonl | head -c 60 >cut.gz
nli-split cut.gz >out
echo "exit $?, $(wc -l <out) lines"
nli-split in.jsonl >/dev/full
echo "exit $?"
nli-split in.jsonl >&-
echo "exit $?"
nli-split -o whole.jsonl in.jsonl
nli-split -o whole.jsonl missing.jsonl
wc -l <whole.jsonl
printf '{"id":"1","premise":"a\\u0000b"}\n{"id":"2","premise":"a"}\n' | nli-split
