# One token replaced, put in, left out or swapped is found however short the text is,
# told as such, and joins no cluster unless that is asked for; --pairs has all of it.
i=0
for t in 'He ran home' 'He ran away' 'He home ran' 'He ran' 'He ran right home' 'Yes' 'No' \
	'她 昨天 回家' '她 今天 回家' 'เขาเลี้ยงหมา' 'เขาเลี้ยงหมี' '我们在北京' '我们在东京' 'वह घर गया' 'वह घर आया'; do
	i=$((i + 1))
	printf '{"id":"%d","premise":"P%d","hypothesis":"%s"}\n' $i $i "$t"
done >in.jsonl
show() {
	printf '%s\n' "$*"
	nli-dedup --by hypothesis --summary s.json "$@" in.jsonl 2>/dev/null |
		jq -r '[.id, .dedup.of, .dedup.size, .dedup.kind, (.dedup.nearest | if . then .id + " \(.edits)" else "-" end)] | join(" ")'
	jq -c '.results | [.near.edits, .hypothesis]' s.json
}
show
show --edits 0
show --join-edits
# Both texts of a pair count together.
printf '{"id":"%s","premise":"%s","hypothesis":"%s"}\n' a 'A b c' 'D e' b 'A b x' 'D e' c 'A b c' 'D y' d 'A b x' 'D y' >pair.jsonl
nli-dedup --pairs pairs -o /dev/null pair.jsonl 2>/dev/null
cat pairs
# Clusters are what the pairs connect, for any order.
cat in.jsonl pair.jsonl >both
sed 's/"id":"/&again-/; s/He ran/he RAN/' in.jsonl >>both
nli-dedup --by hypothesis,pair --join-edits --pairs pairs both 2>/dev/null >out
jq -s -c --slurpfile e pairs '
	($e | map(select(.by == "hypothesis"))) as $e |
	reduce $e[] as $p (map({(.id): .id}) | add; .[$p.a] as $x | .[$p.b] as $y | map_values(if . == $y then $x else . end)) |
	to_entries | group_by(.value) | map(map(.key) | sort) | sort' out >from_pairs
jq -s -c 'group_by(.dedup.cluster) | map(map(.id) | sort) | sort' out | cmp - from_pairs
tail -n +7 both >rotated
head -n 6 both >>rotated
nli-dedup --by hypothesis,pair --join-edits --pairs others -j 3 rotated 2>/dev/null >/dev/null
cmp pairs others
