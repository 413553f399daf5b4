# Groups are judged by their spread: a mean inside the band says nothing of it.  Rewards of
# -1 and 1, graded ones, a group that is all .5 (OpenRLHF keeps it: 0 < .5 < 1), one rollout.
rolls() { # ID REWARDS
	printf '{"id":"%s","rewards":[%s]}\n' "$1" "$2"
}
{
	rolls half 0.5,0.5,0.5,0.5
	rolls plus 1,1,1,1
	rolls minus -1,-1,-1,-1
	rolls mixed -1,1,-1,1
	rolls zero-mean -1,1
	rolls graded 0.2,0.3,0.2,0.2
	rolls graded-equal 0.3,0.3,0.3
	rolls one 1
} >r
jq -c '{id, task: "nli", label: "neutral"}' r >in
nli-filter -q --rollouts r --zero-variance in | jq -r '"\(.id) \(.filter.reasons | join(" "))"'
echo "== rates of -1 and 1, by a threshold of .5"
nli-filter -q --rollouts r --band 0.1..0.8 in | jq -r '"\(.id) \(.filter.scores.rollouts.rate) \(.filter.reasons | join(" "))"'
echo "== edges of the band are in it"
for c in 0 1 8 9 10; do
	jq -nc --argjson c $c '{id: "c\($c)", rewards: [range(10) | if . < $c then 1 else 0 end]}'
done >r
jq -c '{id, task: "nli", label: "neutral"}' r >in
nli-filter -q --rollouts r --band 0.1..0.8 in | jq -r '"\(.id) \(.filter.reasons | join(" "))"'
echo "== by the posterior"
nli-filter -q --rollouts r --band 0.1..0.8 --gamma 0.9 in | jq -c '[.id, .filter.scores.band, .filter.reasons]'
nli-filter -q --rollouts r --useful 0.9 --group 8 in | jq -c '[.id, .filter.scores.rollouts.useful, .filter.reasons]'
nli-filter -q --rollouts r --pools --gamma 0.6 in | jq -c '[.id, .filter.scores.pool.name]'
for bad in '--band 0.8..0.1' '--band 0.1' '--band 0.1..0.8 --gamma 0.3' '--useful 0.99 --group 2' '--gamma 0.9'; do
	nli-filter -q --rollouts r $bad in 2>&1 | head -1
done
