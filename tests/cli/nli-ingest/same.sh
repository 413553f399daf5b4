# The same bytes whatever -j is, from a file or a pipe, plain or gzip.
awk 'BEGIN { for (i = 0; i < 9000; i++) printf "{\"premise\":\"p %d words and more words\",\"hypothesis\":\"h %d\",\"label\":\"%s\"}\n", i / 3, i, substr("enc", i % 3 + 1, 1) }' >in.jsonl
nli-ingest -c snli -n x -j 1 in.jsonl >1
for j in 2 8; do nli-ingest -c snli -n x -j $j in.jsonl | cmp - 1; done
cp in.jsonl stdin
cat in.jsonl | nli-ingest -c snli -n x | cmp - 1
gzip -k in.jsonl
nli-ingest -c snli -n x in.jsonl.gz | cmp - 1
wc -l <1
