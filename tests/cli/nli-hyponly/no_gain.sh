# A rare word halves the odds of the common label and never turns a guess: no gain, but a cue.
awk 'BEGIN { for (i = 0; i < 2000; i++) { r = i % 20 == 7; l = r ? int(i / 20) % 2 : int(i / 20) * 7 % 10 < 3
	printf "{\"id\":\"%d\",\"task\":\"nli2\",\"premise\":\"p%d\",\"hypothesis\":\"%s w%d\",\"label\":\"%s\"}\n", i, i, r ? "seldom" : "and", i * 13 % 11, l ? "not_entailment" : "entailment" } }' >in
nli-hyponly --summary sum in >records
nli-report records sum 2>/dev/null | grep -A 3 'not surely better'
