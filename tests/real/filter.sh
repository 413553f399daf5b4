# Filters on real corpora: what the easy rule does to the partial-input gain, cross-fitted
# again on what is left; replay on shuffled input; policies simulated on SNLI dev and PMR.
set -eu
fail=0
is() { # NUMBER < NUMBER, told in words
	awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }' || { echo "NOT SO"; fail=1; }
}

nli-ingest -c indonli "$DATA/indonli/train.jsonl" 2>/dev/null | nli-hyponly -q -o indonli
nli-ingest -c snli "$DATA/snli/dev_lean.jsonl" 2>/dev/null | nli-hyponly -q -o snli
nli-ingest -c pmr "$DATA/pmr/val-ori.jsonl" "$DATA/pmr/test-ori.jsonl" 2>/dev/null | nli-hyponly -q -o pmr

# Easy at .9, with shares of labels or their balance put back by hash; then the easiest
# quarter of each label.
for c in indonli snli; do
	for rules in '--easy 0.9 --label-shares' '--easy 0.9 --label-balance' '--easy-top 0.25'; do
		# shellcheck disable=SC2086
		nli-filter -q --drop --again $rules --emit-filter f.json --summary s.json -o left $c 2>/dev/null
		before=$(jq .results.audit.before.gain s.json)
		after=$(jq '[.results.left_cross_fitted | .. | objects | select(has("gain")).gain] | first' s.json)
		apart=$(jq '.results.label_moved_most | (.after - .before) | fabs' s.json)
		echo "$c $rules: $(wc -l <$c) records, $(wc -l <left) left, gain $before, again $after: expected less"
		is "$after" "$before"
		echo "$c $rules: shares of labels moved by $apart, expected at most .01"
		is "$apart" 0.01
	done
	# The last filter again, on the input shuffled, by the file.
	sort -R --random-source=indonli $c >mixed
	nli-filter -q --drop -f f.json mixed 2>/dev/null | jq -r .id | sort >ids
	jq -r .id left | sort | cmp - ids || fail=1
done

# One policy answers as the partial-input model does, one reads the premise and is right
# nine times in ten, one draws lots: four rollouts each.
for c in snli pmr; do
	jq -c 'def h($s): (.key + $s | explode | reduce .[] as $x (7; (. * 31 + $x) % 1000003)) % 1000 / 1000;
		(if .task == "choice" then 1 / (.choices | length) else 1 / 3 end) as $chance | . as $r |
		range(4) as $k | ($r | h("a\($k)")) as $a | ($r | h("b\($k)")) as $b |
		{id, model: "blind", reward: (if $r.hyponly.correct then 1 else 0 end)},
		{id, model: "reads", reward: (if $a < 0.9 then 1 else 0 end)},
		{id, model: "lots", reward: (if $b < $chance then 1 else 0 end)}' $c >rolls
	nli-filter -q --audit --rollouts rolls --summary s.json -o /dev/null $c
	jq -r --arg c $c '.results.policies[] | "\($c) \(.model): earns \(.all.reward), \(.where_blind_is_right.reward) where the blind one is right, \(.where_blind_is_wrong.reward) where wrong"' s.json
	order=$(jq -r '.results.policies | sort_by(-.difference) | .[0].model' s.json)
	readers=$(jq -r '.results.policies | sort_by(-.where_blind_is_wrong.reward) | map(.model) | join(" ")' s.json)
	echo "$c: expected the blind policy to depend on the shortcut most; found $order"
	echo "$c: expected \"reads lots blind\" by what they earn where the shortcut fails; found \"$readers\""
	[ "$order" = blind ] && [ "$readers" = "reads lots blind" ] || fail=1
done
exit $fail
