# nli-report of 570,000 records with what the tools add, every form of it, against jq
# counting labels by split and no more.  The issue wants at most 5 s of CPU, 500 MB and
# a page of 3 MB.
. "$SRC/tests/bench/lib.sh"
need jq
copies=$((${BENCH_LINES:-570152} / 42))
awk -v n="$copies" '{ line[NR] = $0 } END {
	for (k = 0; k < n; k++) for (i = 1; i <= NR; i++) {
		s = line[i]
		sub(/"id":"demo\//, "&" k "-", s)
		sub(/"key":"..../, sprintf("\"key\":\"%c%c%c%c", 97 + k % 26, 97 + int(k / 26) % 26, 97 + int(k / 676) % 26, 97 + k % 7), s)
		sub(/"premise":"/, "&" k " ", s); sub(/"hypothesis":"/, "&" k " ", s)
		sub(/"group":"/, "&" k "-", s)
		print s
	}
}' "$SRC/tests/data/report/records.jsonl" >records.jsonl
ls -l records.jsonl | awk '{ printf "%d records, %.0f MB\n", '"$((copies * 42))"', $5 / 1e6 }'
set -e
cost "jq, labels by split" jq -nc \
	'reduce inputs as $r ({}; .[$r.split + "/" + $r.label] += 1)' records.jsonl
jq_seconds=$seconds
cost "nli-report" nli-report --html page.html --markdown page.md --json page.json --charts c \
	records.jsonl "$SRC/tests/data/report/cues.jsonl" "$SRC/tests/data/report/summaries.jsonl"
ratio "jq / nli-report" "$jq_seconds" "$seconds" 1
awk -v s="$seconds" -v m="$mib" 'BEGIN { exit s > 5 || m > 500 }'
ls -l page.html | awk '{ printf "page of %.2f MB\n", $5 / 1e6; exit $5 > 3e6 }'
