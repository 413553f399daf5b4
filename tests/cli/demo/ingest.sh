# The profile's counts are those of the files; of the broken copy, just the lines
# that planted.json names are rejected.
D=$SRC/corpora/demo
for f in train dev test choices; do
	nli-ingest -c demo --strict "$D/$f.jsonl" | wc -l
done
nli-ingest -c demo --max-bad 20% --reject rejected "$D/broken.jsonl" 2>/dev/null | wc -l
jq -c '[.line]' rejected >found
jq -c '.broken[] | [.line]' "$D/planted.json" | diff - found
