# How rollouts are found and read: every name and shape, and what is wrong with bad ones.
for i in 1 2 3 4 5 6 7 8 9; do
	printf '{"id":"c/r%d","key":"%026d","task":"nli","label":"neutral"}\n' $i $i
done >in
cat >rolls <<'END'
{"id":"c/r1","reward":1}
{"id":"c/r1","reward":0.0,"tokens":10,"finish_reason":"length"}
{"key":"00000000000000000000000002","score":1,"model":"m"}
{"custom_id":"00000000000000000000000002","reward":true}
{"id":7,"extra_info":{"id":"c/r3","index":4},"reward":0.25,"usage":{"completion_tokens":30}}
{"example_id":5,"info":"{\"id\":\"c/r4\",\"x\":[1]}","reward":1,"token_usage":{"output_tokens":12},"is_truncated":false}
{"problem_id":"c/r5","rewards":[1,-1,1,1],"output_tokens":[5,6,7,8],"is_truncated":[true,false,false,false]}
{"id":"c/r6","task_rewards":[0,0,1],"rewards":[0.5,0.5,0.9],"output_tokens":[[1,2],[3],[]]}
{"id":"c/r7","is_correct":false,"tokens":[9,8,7]}
END
echo "== read"
nli-filter -q --rollouts rolls in | jq -c '.filter.scores.rollouts | [.n, .solved, .mean, .tokens, .truncated]'
cat >bad <<'END'
{"id":"c/r1"}
{"reward":1}
{"id":"c/r1","reward":null}
{"id":"c/r1","reward":"1"}
{"id":"c/r1","reward":NaN}
{"id":"c/r1","reward":[1,null]}
{"id":"c/r1","reward":1e9}
[1]
{"id":null,"reward":1}
{"id":"c/r1","reward":1}
END
echo "== bad"
nli-filter -q --rollouts bad --max-bad 9 --reject rejected --summary s.json in >out
wc -l <rejected
jq -c '[.in, .out, .rejected, .results.rollouts]' s.json
nli-filter -q --rollouts bad in >out
echo $?
cat >odd <<'END'
{"id":"c/r1","reward":1,"rollout_id":"a","version":7}
{"id":"c/r1","reward":1,"rollout_id":"a","version":7}
{"id":"c/r2","reward":0,"rollout_id":"a","version":5}
{"id":"c/r3","reward":0,"version":4}
{"id":"c/r4","reward":0}
{"id":"elsewhere","reward":0,"x":1}
{"id":"elsewhere","reward":1,"x":2}
{"id":"nowhere","reward":1,"x":3}
END
echo "== twice, old, of no record"
nli-filter -q --rollouts odd --max-age 2 --unmatched lost --summary s.json in |
	jq -r 'select(.filter.scores.rollouts) | .id' | tr '\n' ' '
jq -c .results.rollouts s.json
cat lost
echo "== told where"
echo '{"meta":{"of":"c/r9"},"grade":{"final":0.75},"reward":"none"}' >own
nli-filter -q --rollouts own --join meta.of --reward grade.final --pass 0.8 in |
	jq -c 'select(.filter.scores.rollouts) | [.id, .filter.scores.rollouts.mean, .filter.scores.rollouts.solved]'
echo '{"id":"c/r9","rewards":[1,1],"output_tokens":[900,2000],"target_lengths":[1000,1000]}' >long
nli-filter -q --rollouts long --length-penalty 0.0003 in |
	jq -c 'select(.filter.scores.rollouts) | .filter.scores.rollouts.mean'
nli-filter -q --rollouts rolls --model x in
echo $?
nli-filter -q --rollouts missing in
echo $?
