# Choices: options without the stem, p by place, chance 1/k, types as axes.
awk 'BEGIN { for (i = 0; i < 120; i++) {
	a = i * 7 % 4; c = t = ""
	for (o = 0; o < 4; o++) {
		c = c (o ? "," : "") "\"" (o == a ? "good" : o == (a + 1) % 4 ? "fine" : "bad") " thing " i % 13 "\""
		t = t (o ? "," : "") "\"" (o == a ? "true" : o == (a + 1) % 4 ? "near" : "far") "\""
	}
	printf "{\"id\":\"%d\",\"task\":\"choice\",\"premise\":\"p%d\",\"choices\":[%s],\"choice_types\":[%s],\"answer\":%d}\n", i, i, c, t, a } }' >in
nli-hyponly -q -i choices --summary sum in | head -1 | jq -c '.hyponly | [.pred, (.p | keys), .correct]'
jq -c '.results | .task, (.inputs.choices | [.n, .chance, .gain_over, .accuracy, .axes.near.accuracy, .axes.far.n])' sum
nli-hyponly -q -i position --summary sum in >out
jq -c '.results.inputs.position.verdict' sum
