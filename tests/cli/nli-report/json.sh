# Every metric a line, every row of a table a line.
nli-report -f json "$SRC"/tests/data/report/*.jsonl >r.json
jq -r '.report, .title, .subtitle' r.json
jq -r '.findings[] | "\(.level): \(.headline) \(.evidence)"' r.json
jq -c '.metrics | to_entries[] | [.key, .value]' r.json
jq -r '.tables | to_entries[] | .key as $t | .value[] | "\($t) \(tojson)"' r.json | grep -v '^glossary'
sh "$SRC/tests/generic/schema.sh" "$SRC/reports/report.schema.json" r.json
