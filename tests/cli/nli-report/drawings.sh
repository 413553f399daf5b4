# A drawing of each kind, an element a line; the same as Vega-Lite, without its rows.
nli-report --charts c "$SRC"/tests/data/report/*.jsonl >/dev/null
for f in partial confusion overlap competency calibration; do
	echo "== $f"
	sed -e 's|<style>.*</style>||' -e 's|><|>\n<|g' c/$f.svg | head -n 60
	jq -c 'del(.data) + {rows: (.data.values | length), first: .data.values[0]}' c/$f.vl.json
done
