# nli-hyponly with a saved model on one core: MB of JSON lines a second of user and system
# time, and peak memory, beside jq and fastText's predict on the same records.
. "$SRC/tests/bench/lib.sh"
need fasttext jq
lines=${BENCH_LINES:-400000}
"$B/tests/bench/gen_snli" "$lines" full | nli-ingest -c snli -o records - 2>/dev/null
head -n $((lines / 2)) records >train
for part in train records; do
	jq -r '"__label__\(.label) \(.hypothesis | ascii_downcase | gsub("(?<p>[^\\w\\s])"; " \(.p) "))"' \
		$part >$part.txt
done
nli-hyponly -q --permutations 0 --train train --model-out model -o /dev/null /dev/null 2>/dev/null
fasttext supervised -input train.txt -output ft -wordNgrams 2 -thread 1 >log 2>&1
mb=$(wc -c <records | awk '{ printf "%.1f", $1 / 1e6 }')
set -e
cost "cat" cat records
cost "jq -c ." jq -c . records
theirs=$seconds
cost "fastText predict (texts only)" fasttext predict ft.bin records.txt
fast=$seconds
cost "nli-hyponly --model-in" nli-hyponly -j 1 --model-in model records
echo "$mb MB of records, $(wc -l <records) of them"
ratio "jq / nli-hyponly" "$theirs" "$seconds" 5
ratio "fastText predict / nli-hyponly" "$fast" "$seconds" 1
awk -v m="$mib" 'BEGIN { print "peak MiB", m, "(wanted < 200)"; exit !(m < 200) }'
ratio "MB a second" "$mb" "$seconds" 500
