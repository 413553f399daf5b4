# The whole pipe on two corpora, as make audit/NAME runs it: counts by split and label,
# and a page to look at.
set -eu
count() { # NAME EXPECTED
	sh "$SRC/reports/audit.sh" "$1" "$DATA" "$1" >log 2>&1 || { tail -n 5 log; exit 1; }
	found=$(gzip -dc "$1/records.jsonl.gz" | jq -r '"\(.source_split) \(.label // "answer")"' |
		sort | uniq -c | awk '{ printf "%s %s %d, ", $2, $3, $1 }')
	echo "$1: expected $2"
	echo "$1: found $found"
	[ "$found" = "$2" ]
	size=$(wc -c <"$1/index.html")
	echo "$1: the page has $size bytes, expected between 20 KB and 1 MB"
	[ "$size" -gt 20000 ] && [ "$size" -lt 1000000 ]
}
count inferes "test contradiction 537, test entailment 481, test neutral 594, train contradiction 2150, train entailment 1918, train neutral 2376, "
count pmr "dev answer 1538, test answer 1742, "
