# Any order of the lines, any number of threads and a second run give the same bytes.
cat "$SRC"/tests/data/report/*.jsonl >all
awk '/"tool":/ { print }' all >summaries
grep -v '"tool":' all >rest
awk '{ print (NR * 7919) % 1009, $0 }' rest | sort -n | sed 's/^[0-9]* //' >shuffled
for f in html json markdown terminal datasheet; do
	nli-report -f $f summaries rest >one
	nli-report -f $f -j 1 summaries rest | cmp one -
	nli-report -f $f -j 8 shuffled summaries | cmp one -
	gzip -c shuffled | nli-report -f $f - summaries | cmp one -
done
# Another seed shows other records, and nothing else changes.
nli-report -f json --seed 1 summaries rest >other
nli-report -f json summaries rest | cmp other -
