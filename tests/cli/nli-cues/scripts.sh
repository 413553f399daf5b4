# Languages without blanks, right to left, and decomposed: words are found in each.
one() { # LANG HYPOTHESIS LABEL
	printf '{"id":"%s%s","task":"nli","lang":"%s","premise":"p %s","hypothesis":"%s","label":"%s"}\n' \
		"$1" "$i" "$1" "$i" "$2" "$3"
}
for i in 1 2 3 4 5 6; do
	one zh '他不喜欢猫。' contradiction
	one zh '他喜欢猫。' entailment
	one ar 'القط لا ينام' contradiction
	one ar 'القط ينام' entailment
	one th 'เขาไม่ชอบแมว' contradiction
	one th 'เขาชอบแมว' entailment
done >records
nli-cues -n 6 records 2>/dev/null |
	jq -c 'select(.p == 1 and .family == ("word", "negation")) | [.feature, .family, .label, .n_w]'
nli-cues -n 6 records 2>/dev/null | jq -c 'select(.kind == "language")'
