# What a build does with it: 0, 3 with the value, 2 for a typo, 1 for what nothing tells.
R=$SRC/tests/data/report
try() {
	nli-report -o report.txt --junit j.xml "$@" 2>&1
	echo "exit $?"
}
try --fail-if 'hyponly.gain > 0.9' "$R"/*.jsonl
try --fail-if 'hyponly.gain > 5%' "$R"/*.jsonl
try --fail-if 'hyponly.gain.lo>0.05' --fail-if 'leaks.pair > 0' "$R"/*.jsonl
cat j.xml
try --fail-if 'hyponly.premise.gain >= -1' --fail-if 'hyponly.gain.n != 1852' "$R"/*.jsonl
try --fail-if 'truth.alpha < 0.667' --fail-if 'rl.solve_rate < 0.1' "$R"/*.jsonl
cat j.xml
for typo in 'hyponly.gian > 1' 'hyponly.gain' '> 1' 'hyponly.gain > x' 'hyponly.gain > 1 2' \
	'hyponly.gain => 1' 'hyponly.INPUT.gain > 1' 'hyponly.all.gain > 1' 'hyponly.gain.hi.lo > 1' \
	'hyponly.gain > nan' '' 'records.n.lo.n > 1'; do
	try --fail-if "$typo" "$R"/records.jsonl | sed 1q
done
try --fail-if 'hyponly.gian > 1' "$R"/records.jsonl | tail -n 1
