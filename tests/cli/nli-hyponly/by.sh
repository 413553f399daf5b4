# The cue is there in one genre alone; the audit inside each says so.
awk 'BEGIN { srand(3); for (i = 0; i < 600; i++) { l = i % 2; g = int(i / 2) % 2
	printf "{\"id\":\"%d\",\"task\":\"nli2\",\"premise\":\"p%d\",\"hypothesis\":\"%s w%d w%d\",\"label\":\"%s\",\"meta\":{\"genre\":\"%s\"}}\n", i, i, g && l ? "never" : "and", rand() * 20, rand() * 20, l ? "not_entailment" : "entailment", g ? "made" : "clean" } }' >in
nli-hyponly --by meta.genre --permute by --summary sum in >out
jq -c '.results.by["meta.genre"] | map_values(.hypothesis | [.n, .verdict])' sum
