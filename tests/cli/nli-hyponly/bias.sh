# What debiased training needs: log p of each label in the order of p, 1 - p(label), its
# power; with --normalise both average 1.
awk 'BEGIN { for (i = 0; i < 400; i++) { l = i % 4 == 1
	printf "{\"id\":\"%d\",\"task\":\"nli2\",\"premise\":\"p%d\",\"hypothesis\":\"%s w%d\",\"label\":%s}\n", i, i, l ? "never" : "and", i % 7, i == 7 ? "null" : l ? "\"not_entailment\"" : "\"entailment\"" } }' >in
nli-hyponly -q in | jq -c '.hyponly | has("bias_logprobs")' | sort | uniq -c
nli-hyponly -q --bias --gamma 3 in >out
jq -c '.hyponly | select(.correct != null) | .p as $p | [
	([(.bias_logprobs[0] | exp) - $p.entailment, (.bias_logprobs[1] | exp) - $p.not_entailment] | map(fabs) | max < 2e-6),
	(.weight as $w | .focal_weight - ($w * $w * $w) | fabs < 3e-6),
	(.weight >= 0 and .weight <= 1)]' out | sort | uniq -c
jq -c '.hyponly | select(.correct == null) | [.bias_logprobs != null, .weight, .focal_weight]' out
jq .hyponly.weight out >w
jq '.label as $l | 1 - .hyponly.p[$l // "entailment"]' out >q
paste w q |
	awk '$1 != "null" && ($1 - $2 > 2e-6 || $2 - $1 > 2e-6) { bad++ } END { print bad + 0, "differ" }'
nli-hyponly -q --bias --normalise in | jq -s -c '[.[].hyponly | select(.weight != null)] | [(map(.weight) | add / length), (map(.focal_weight) | add / length)] | map(. * 1000 | round / 1000)'
nli-hyponly --normalise in 2>&1 >/dev/null | head -n 1
