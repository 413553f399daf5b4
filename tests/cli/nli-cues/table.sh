# The table for people: wide characters keep the columns, long words are cut.
i=0
while [ $i -lt 60 ]; do
	case $((i % 3)) in
	0) label=entailment; text='Someone sleeps' ;;
	1) label=neutral; text='Él está donaudampfschifffahrtsgesellschaft' ;;
	2) label=contradiction; text='Nobody sleeps' ;;
	esac
	[ $((i % 7)) -ne 0 ] || text='A cat sleeps'
	printf '{"id":"%d","task":"nli","lang":"en","premise":"A cat sleeps","hypothesis":"%s.","label":"%s","group":"%d"}\n' \
		$i "$text" $label $((i / 3))
	i=$((i + 1))
done | nli-cues --table --top 5 -n 5 2>/dev/null
