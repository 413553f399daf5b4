# Choices are texts with the labels answer and distractor; the group is the item's.
i=0
while [ $i -lt 20 ]; do
	printf '{"id":"%d","task":"choice","lang":"zz","premise":"stem %d","choices":["ja %d","nein","nein","vielleicht"],"answer":0}\n' $i $i $i
	i=$((i + 1))
done >records
nli-cues records --no-bigrams 2>/dev/null |
	jq -c 'if .kind then {kind, "label": .label, n, pack} else [.feature, .label, .n_w, .n_wy, .groups, .p] end'
