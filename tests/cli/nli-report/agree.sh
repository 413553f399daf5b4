# Every number of every table is the same in the page and in the JSON.
R=$SRC/tests/data/report
for d in "$R/made" "$R/rl" "$R/tools" "$R/repair" "$R"; do
nli-report --html page.html --json r.json -o r.txt "$d"/*.jsonl
grep -o '<table id="[^"]*"\|data-v="[^"]*"' page.html | sed 's/<table id="t-\|data-v="//; s/"$//' |
	awk '/^[a-z]/ { t = $0; next } { print t, $0 + 0 }' | sort >page.txt
jq -r '.tables | to_entries[] | .key as $t | .value[] | to_entries[] |
	select(.value | type == "number") | select(.key | test("_(lo|hi)$") | not) |
	"\($t) \(.value)"' r.json | awk '{ print $1, $2 + 0 }' | sort >json.txt
diff page.txt json.txt
wc -l <page.txt
done
# The metrics are those of the tables.
jq -e '.metrics["hyponly.gain"].value == (.tables.partial[0].gain) and
	.metrics["records.n"].value == ([.tables.labels[].n] | add) and
	.metrics["cues.significant"].value == (.tables.cues | length)' r.json
