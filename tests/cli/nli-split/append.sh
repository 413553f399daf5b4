# What stays when records are added, by hash.  One --group: everything.  Several: every
# group that no added record touches; those that one connects are in one part together.
rows() { # FROM TO
	awk -v a="$1" -v b="$2" 'BEGIN { for (i = a; i < b; i++)
		printf "{\"id\":\"%d\",\"premise\":\"p%d\",\"hypothesis\":\"h%d\",\"label\":null,\"meta\":{\"topic\":\"t%d\"}}\n", i, i / 3, i, i / 6 }'
}
split_of() { jq -r '"\(.id) \(.split)"' "$1" | sort; }
moved() { # BEFORE AFTER: records of both whose part is another
	split_of "$1" >a
	split_of "$2" >b
	join a b | awk '$2 != $3 { print $1 }' | sort -n
}
rows 0 600 >old
{ cat old; rows 600 900; } >more
for seed in 0 1 2; do
	for group in '--group premise' '--group premise --group meta.topic'; do
		nli-split --seed $seed $group -o before old
		nli-split --seed $seed $group -o after more
		echo "seed $seed, $group: $(moved before after | wc -l) moved"
	done
done
# One record of a premise of the first group and a topic of the last: 12 records are one.
{ cat old; echo '{"id":"900","premise":"p0","hypothesis":"h","label":null,"meta":{"topic":"t99"}}'; } >joined
for seed in 0 1 2 3 4 5; do
	nli-split --seed $seed --group premise --group meta.topic -o before old
	nli-split --seed $seed --group premise --group meta.topic -o after joined
	moved before after | awk '$1 >= 6 && $1 < 594 { print "moved, untouched: " $1 }'
	jq -r 'select((.id | tonumber) < 6 or (.id | tonumber) >= 594) | .split' after | sort -u | wc -l
	# The old split and the new record with --respect: no more than one side moves.
	jq -c 'select(.id == "900")' joined | cat before - >given
	nli-split --seed $seed --respect --group premise --group meta.topic -o kept given 2>/dev/null
	moved before kept | awk '$1 >= 6 && $1 < 594 { print "moved, untouched: " $1 }
		{ side[$1 >= 6]++ } END { if (side[0] && side[1]) print "both sides moved" }'
done
nli-split --leaks --fail-if 'leaks.premise>0' after >/dev/null
