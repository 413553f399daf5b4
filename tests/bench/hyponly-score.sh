# nli-hyponly with a saved model on one core: MB of JSON lines a second of user and system
# time, and peak memory, beside jq and fastText's predict on the same records.
. "$SRC/tests/bench/lib.sh"
need fasttext jq
lines=${BENCH_LINES:-400000}
"$B/tests/bench/gen_snli" "$lines" full | nli-ingest -c snli -o records - 2>/dev/null
head -n $((lines / 2)) records >train
# jq and fastText take their time: they get a tenth, and their cost grows with the lines.
head -n $((lines / 10)) records >tenth
jq -r '"__label__\(.label) \(.hypothesis | ascii_downcase | gsub("(?<p>[^\\w\\s])"; " \(.p) "))"' \
	tenth >tenth.txt
nli-hyponly -q --permutations 0 --train train --model-out model -o /dev/null /dev/null 2>/dev/null
fasttext supervised -input tenth.txt -output ft -wordNgrams 2 -thread 1 >log 2>&1
mb=$(wc -c <records | awk '{ printf "%.1f", $1 / 1e6 }')
times_ten() { awk -v s="$seconds" 'BEGIN { print 10 * s }'; }
set -e
cost "cat" cat records
cost "jq -c ., a tenth" jq -c . tenth
theirs=$(times_ten)
cost "fastText predict (texts), a tenth" fasttext predict ft.bin tenth.txt
fast=$(times_ten)
cost "nli-hyponly --model-in" nli-hyponly -j 1 --model-in model records
echo "$mb MB of records, $(wc -l <records) of them"
ratio "jq / nli-hyponly" "$theirs" "$seconds" 5
ratio "fastText predict / nli-hyponly" "$fast" "$seconds" 1
awk -v m="$mib" 'BEGIN { print "peak MiB", m, "(wanted < 200)"; exit !(m < 200) }'
ratio "MB a second" "$mb" "$seconds" 500
