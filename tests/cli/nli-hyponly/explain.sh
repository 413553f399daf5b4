# What speaks for a prediction is named as it stands in the text.
awk 'BEGIN { for (i = 0; i < 300; i++) { l = i % 2
	printf "{\"id\":\"%d\",\"task\":\"nli2\",\"lang\":\"en\",\"premise\":\"It does not w%d.\",\"hypothesis\":\"%s w%d Straße\",\"label\":\"%s\"}\n", i, i, l ? "Never" : "Und", i % 7, l ? "not_entailment" : "entailment" } }' >in
nli-hyponly -q --explain 3 --words 2 --chars 0 in | head -n 2 | jq -c '.hyponly.explain | map([.feature, .kind, .bits > 1])'
nli-hyponly -q --explain 2 --words 1 --chars 3-5 -t in in | head -n 2 | jq -c '[.hyponly.pred, (.hyponly.explain | map([.feature, .kind]))]'
# what speaks against the prediction is not named
nli-hyponly -q --explain 1000 --words 1 --chars 0 --model nb -t in in | head -n 1 |
	jq -c '.hyponly | [(.explain | length), ((.explain | map(.bits) | add) > 5)]'
awk 'BEGIN { for (i = 0; i < 200; i++)
	printf "{\"id\":\"c%d\",\"task\":\"choice\",\"premise\":\"p%d\",\"choices\":[\"the same red\",\"the same w%d\"],\"answer\":0}\n", i, i, i % 9 }' >choice
nli-hyponly -q --explain 2 --words 1 --chars 0 choice | head -n 1 | jq -c '[.hyponly.pred, (.hyponly.explain | map(.feature))]'
# negation in one text only, from the pack of the language
awk 'BEGIN { for (i = 0; i < 300; i++) { l = i % 2
	printf "{\"id\":\"%d\",\"task\":\"nli2\",\"lang\":\"en\",\"premise\":\"A w%d %s here.\",\"hypothesis\":\"A w%d %s here.\",\"label\":\"%s\"}\n", i, i % 9, (i % 4 > 1 ? "is not" : "is"), i % 9, ((i % 4 > 1) != l ? "isn'"'"'t" : "is"), l ? "not_entailment" : "entailment" } }' >negated
nli-hyponly -q -i overlap --explain 1 negated | jq -r '.hyponly | [.pred, .explain[0].feature] | @tsv' | sort | uniq -c | sort -rn | head -n 4
sed 's/"lang":"en"/"lang":"tlh"/' negated | nli-hyponly -q -i overlap | jq -s -c 'map(.hyponly.explain) | unique'
