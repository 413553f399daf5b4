# Who takes the shortcut: a policy that guesses as the partial-input model does, one that
# reads the premise, one that draws lots.  Fields of one row a policy, surest shortcut first.
awk 'BEGIN { for (i = 0; i < 600; i++) printf "{\"id\":\"r%d\",\"task\":\"nli\",\"label\":\"neutral\",\"hyponly\":{\"p\":{\"neutral\":%.2f},\"correct\":%s}}\n", i, i % 5 < 3 ? 0.8 : 0.1, i % 5 < 3 ? "true" : "false" }' >in
awk 'function h(i, k) { return (i * 7919 + k * 104729) % 1000 / 1000 }
	BEGIN { for (i = 0; i < 600; i++) for (k = 0; k < 4; k++) {
	printf "{\"id\":\"r%d\",\"model\":\"blind\",\"reward\":%d}\n", i, i % 5 < 3
	printf "{\"id\":\"r%d\",\"model\":\"reads\",\"reward\":%d}\n", i, h(i, k) < 0.9
	printf "{\"id\":\"r%d\",\"model\":\"lots\",\"reward\":%d}\n", i, h(i, k + 9) < 0.333 } }' >rolls
nli-filter --audit --rollouts rolls --summary s.json in 2>err >/dev/null
jq -c '.results.policies[] | [.model, .all.reward, .difference, .interval]' s.json
jq -c '.results.shortcut.before, .results.groups' s.json
grep policy err
nli-filter -q --rollouts rolls --blind 0.5 --blind-model blind --gamma 0.9 --drop in 2>/dev/null | wc -l
nli-filter -q --rollouts rolls --blind 0.5 --drop in 2>/dev/null | wc -l
for j in 1 2 8; do
	nli-filter -q --audit --rollouts rolls --summary s$j.json -j $j in | cksum
	cmp s$j.json s1.json
done
