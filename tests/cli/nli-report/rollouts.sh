# Rollouts, audits inside strata, learning curves, and audits after two repairs.
R=$SRC/tests/data/report/rl
nli-report -f json --charts c "$R"/*.jsonl >r.json
sh "$SRC/tests/generic/schema.sh" "$SRC/reports/report.schema.json" r.json
jq -c '.metrics | to_entries[] | select(.key | test("^(rl|filter)[.]")) | [.key, .value]' r.json
for t in inside codelength before_after ledger policies groups; do
	jq -r --arg t $t '.tables[$t][:6][] | "\($t) \(tojson)"' r.json
done
for f in learning inside-0 bands pass shortcut before-after; do
	echo "== $f"
	jq -r '.data.values[:40][].tip' c/$f.vl.json
done
# What is expected of the true rates adds up to the records, as what was seen does.
jq '[.data.values | group_by(.row)[] | map(.y) | add | . * 1e6 | round]' c/pass.vl.json
nli-report -o out --fail-if 'rl.zero_variance.n != 1852' --fail-if 'rl.shortcut.lo > 60%' "$R"/*.jsonl
echo $?
