# Every report's JSON is what the schema says, and no member of it is unsaid there: one more or
# one of another name is a fault.
R=$SRC/tests/data/report S=$SRC/reports/report.schema.json
hold() { # FILE
	sh "$SRC/tests/generic/schema.sh" "$S" "$1"
}
nli-report -f json --planted "$SRC/corpora/demo/planted.json" "$R"/*.jsonl >demo.json
for d in made rl tools repair; do
	nli-report -f json "$R/$d"/*.jsonl >$d.json
done
nli-report -f json "$R/repair/summaries.jsonl" >summaries.json
nli-report -f json "$R/tools/summaries.jsonl" >counted.json
sed '1,9d' "$R/records.jsonl" >new.jsonl
nli-report -f json --compare "$R/records.jsonl" new.jsonl "$R"/summaries.jsonl >compare.json
sh "$R/hostile.sh" | nli-report -f json >hostile.json
sh "$R/world.sh" | nli-report -f json >world.json
nli-report -f json /dev/null >empty.json
for f in *.json; do
	hold $f && echo "$f: $(jq '[.tables[][] | keys | length] | add // 0' $f) cells"
done
# A table that is in a report is in the schema, and the other way round.
jq -r ".tables | keys[]" *.json | sort -u >seen
jq -r '.properties.tables.properties | keys[]' "$S" | diff seen -
# It would say so.
jq '.tables.partial[0].new = 1' demo.json >a && hold a
jq '.tables.nothing = []' demo.json >a && hold a
jq 'del(.tables.cues[0].base)' demo.json >a && hold a
jq '.metrics["hyponly.gian"] = {value: 1}' demo.json >a && hold a
jq '.findings[0].section = "x"' demo.json >a && hold a
# Its metrics are those of --metrics.
nli-report --metrics >m
inputs=$(sed -n 's/^INPUT is //p' m | tr -d ',.' | sed 's/ or / /')
sed -n 's/^\([a-z]*\.[^ ]*\) .*/\1/p' m | while read -r name; do
	case $name in
	*INPUT*) for i in $inputs; do echo "$name" | sed "s/INPUT/$i/"; done ;;
	*) echo "$name" ;;
	esac
done | sort >named
jq -r '.properties.metrics.properties | keys[]' "$S" | sort | diff named -
