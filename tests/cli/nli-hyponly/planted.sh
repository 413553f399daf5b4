# "not" gives the contradictions away: all are scored right by models that did not
# see their group, and the member has every part.
awk 'BEGIN { for (i = 1; i <= 60; i++) {
	printf "{\"id\":\"%de\",\"task\":\"nli\",\"premise\":\"p%d\",\"hypothesis\":\"It is here %d.\",\"label\":\"entailment\"}\n", i, i, i % 7
	printf "{\"id\":\"%dc\",\"task\":\"nli\",\"premise\":\"p%d\",\"hypothesis\":\"It is not here %d.\",\"label\":\"contradiction\"}\n", i, i, i % 5 } }' >in
nli-hyponly -q --summary sum in >out
jq -c '.hyponly | keys_unsorted' out | sort -u
jq -c '.hyponly.correct' out | sort | uniq -c | tr -s ' '
jq -s -c '[group_by(.premise)[] | map(.hyponly.fold) | unique | length] | unique' out
jq -s -c 'map(.hyponly.fold) | unique' out
jq -c '.results.inputs.hypothesis | [.n, .groups, .accuracy, .majority, .gain, .p_permutation, .labels, .confusion, .verdict]' sum
jq -c '.results | [.task, .mode, .folds]' sum
# The line is as it was but for the member.
jq -c 'del(.hyponly)' out | cmp - in
