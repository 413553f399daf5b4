# Every member of a row, on a corpus small enough to count by hand: "no" in 6 of 8
# contradictions and 2 of 16 others, a group each.
i=0
while [ $i -lt 24 ]; do
	case $((i % 3)) in
	0) label=entailment; word=some; [ $i -eq 0 ] && word=no ;;
	1) label=neutral; word=many; [ $i -eq 1 ] && word=no ;;
	2) label=contradiction; word=no; [ $i -gt 17 ] && word=any ;;
	esac
	printf '{"id":"%d","task":"nli","lang":"en","premise":"Some cats sleep %d","hypothesis":"%s cats","label":"%s"}\n' \
		$i $i $word $label
	i=$((i + 1))
done >records
echo '{"id":"u","task":"nli","lang":"en","premise":"p","hypothesis":"no label","label":null}' >>records
nli-cues -n 2 records 2>/dev/null | grep '"no","family":"word","label":"contradiction"'
nli-cues -n 2 --prior uniform records 2>/dev/null | grep -c '"family"'
nli-cues -n 2 --text premise records 2>/dev/null | grep -c '"no"'
nli-cues -n 2 records 2>/dev/null | grep '"kind"'
