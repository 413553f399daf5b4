# Every metric is listed once, may stand in a condition, and has an entry in the report
# where the input tells it.
nli-report --metrics
nli-report --metrics | sed -n 's/^\([a-z]*\.[^ ]*\) .*/\1/p' | sed 's/INPUT/premise/' | while read -r m; do
	nli-report -o out --fail-if "$m > 1e300" "$SRC"/tests/data/report/*.jsonl 2>err
	echo "$m $? $(sed 's/.*: nothing/nothing/' err)"
done
