# nli-filter: bytes a second of rules that look at one record, on SNLI's layout; a
# condition in jq's language against jq itself; ten million rollouts of 500,000 records.
. "$SRC/tests/bench/lib.sh"
need jq
lines=${BENCH_LINES:-500000}
rollouts=${BENCH_ROLLOUTS:-20} # of each record
set -e
scored() { # OPTION...: records as nli-hyponly leaves them
	"$B/tests/bench/gen_snli" "$lines" | nli-ingest -c snli -n snli "$@" - 2>/dev/null |
		sed 's/}$/,"hyponly":{"fold":1,"pred":"neutral","p":{"entailment":0.25,"neutral":0.5,"contradiction":0.25},"correct":true}}/'
}
speed() { # FILE OPTION...: into a pipe, for a disk's own pace is no rule's
	file=$1
	shift
	cost "nli-filter $*" nli-filter -q -j 1 --drop "$@" "$file"
	ratio "MB/s" "$(wc -c <"$file" | awk '{ print $1 / 1e6 }')" "$seconds" 500 || bad=1
}
bad=0
scored >records
scored --no-src >lean
for file in records lean; do
	echo "$file: $lines of $(wc -c <$file) bytes; wanted: at least 500 MB/s a core"
	speed $file --easy 0.9
	speed $file --lang en
	speed $file --length 3..40
done
head -n 50000 records >some
cost "jq -c select(...)" jq -c 'select(.label != "neutral")' some
theirs=$seconds
cost "nli-filter --where" nli-filter -q -j 1 --drop --where '.label != "neutral"' -o out some
ratio "jq / nli-filter --where" "$theirs" "$seconds" 0.8
jq -r .id records | awk -v k="$rollouts" '{ id[NR] = $0 } END { for (r = 0; r < k; r++) for (i = 1; i <= NR; i++)
	printf "{\"id\":\"%s\",\"model\":\"m\",\"reward\":%d,\"tokens\":%d}\n", id[i], (i * 31 + r * 17) % 101 < i % 100, 200 + r }' >rolls
cost "$((lines * rollouts)) rollouts" nli-filter -q --rollouts rolls --band 0.1..0.8 --gamma 0.9 --zero-variance -o out records
ratio "of 20 s, used" 20 "$seconds" 1
ratio "of 2048 MiB, used" 2048 "$mib" 1
exit $bad
