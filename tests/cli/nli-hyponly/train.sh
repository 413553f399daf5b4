# Train on one file, score another, unlabelled ones too; premise-only below chance is explained.
awk 'BEGIN { for (i = 0; i < 600; i++) {
	l = i % 3
	to = i % 2 ? "test" : "train"
	printf "{\"id\":\"%d\",\"task\":\"nli\",\"premise\":\"only%d\",\"hypothesis\":\"%s w%d\",\"label\":\"%s\"}\n", i, i / 3, l ? l == 2 ? "maybe" : "never" : "yes", i % 11, l ? l == 2 ? "neutral" : "contradiction" : "entailment" > to } }'
echo '{"id":"u","task":"nli","premise":"x","hypothesis":"never","label":null}' >>test
nli-hyponly -i hypothesis -i premise -t train test >out
tail -n 1 out | jq -c '.hyponly | [.fold, .pred, .correct, .pvi, .margin, .rank, .easy, .hard]'
