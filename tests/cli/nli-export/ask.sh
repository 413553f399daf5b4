# Questions: templates, slots, languages, the order of answers.
r='{"id":"a","key":"aaaaaaaaaaaaaaaaaaaaaaaaaa","task":"nli","lang":"es-MX","corpus":"c","premise":"P {x}","hypothesis":"H","label":"neutral","meta":{"genre":"g"}}'
c='{"id":"b","key":"baaaaaaaaaaaaaaaaaaaaaaaaa","task":"choice","lang":"xx","corpus":"c","premise":"P","choices":["one","two","three"],"answer":2}'
ask() { nli-export -f trl-sft "$@" | jq -r '.prompt[-1].content, .completion[0].content'; }
echo "$r" | ask
echo "$c" | ask
cat >mine <<'END'
What stands before the first section is a comment: {anything}.
[labels]
entailment = yes
neutral = perhaps
contradiction = no
not_entailment = not so

[system]
You are {{careful}}.
[nli]

{premise} | {hypothesis} | {labels} | {meta.genre} | {id}

[answer]
<{answer}>
END
echo "$r" | ask --template mine
echo "$r" | ask --template mine --answers letters --shuffle --seed 3
echo "$r" | nli-export -f openrlhf --template mine | jq -r .input
echo "== orders: how often each label is A, over 300 keys"
awk 'BEGIN { for (i = 0; i < 300; i++) printf "{\"id\":\"%d\",\"key\":\"%026d\",\"task\":\"nli\",\"premise\":\"P\",\"hypothesis\":\"H\",\"label\":\"neutral\"}\n", i, i }' |
	nli-export -f verl --answers letters --shuffle | jq -r .reward_model.ground_truth | sort | uniq -c |
	awk '{ print $2, ($1 > 70 && $1 < 130) }'
echo "== the right choice stays right"
echo "$c" | nli-export -f verl --shuffle --seed 5 | jq -r '.prompt[0].content, .reward_model.ground_truth' |
	awk '/^[ABC]\. / { text[substr($1, 1, 1)] = $2 } END { print text[$0] }'
echo "== wrong answers"
echo "$r" | jq -c '.hyponly = {p: {entailment: 0.2, neutral: 0.1, contradiction: 0.7}}' |
	nli-export -f trl-dpo --rejected blind | jq -r '.chosen[0].content, .rejected[0].content'
echo "$r" | nli-export -f trl-dpo --rejected blind
echo "== what is wrong with a template"
bad() { sed "$1" mine >bad && echo "$r" | nli-export -f verl --template bad; }
bad 's/{hypothesis}/{hypothessis}/'
bad 's/{{careful}}/{careful/'
bad 's/ | {hypothesis}//'
bad 's/^neutral.*/neural = x/'
bad '/not_ent/d'
bad 's/{id}/{answer}/'
bad 's/{meta.genre}/{meta.topic}/'
bad '/^\[answer/,$d'
echo "$c" | nli-export -f verl --template mine
nli-export -f verl --template missing
