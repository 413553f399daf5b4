# Against the JSON of a report, and against records.
R=$SRC/tests/data/report
nli-report --json old.json -o old.txt "$R"/records.jsonl "$R"/summaries.jsonl
sed -e '1,6d' -e '7,9s/"label":"[a-z]*","ann/"label":"neutral","ann/' "$R"/records.jsonl >new.jsonl
nli-report --compare old.json new.jsonl "$R"/summaries.jsonl | sed -n '/^Every figure/,/^Partial/p'
nli-report --compare "$R"/records.jsonl new.jsonl | sed -n '1,/^The same model/p'
nli-report --compare missing new.jsonl
echo $?
