# Requests go out by nli-export, answers come back in another order, in two files, from
# three services: each record gets the label that was answered, failures are kept.
nli-ingest -c demo "$SRC/corpora/demo/train.jsonl" | awk 'NR % 37 == 1' >pairs
nli-ingest -c demo "$SRC/corpora/demo/choices.jsonl" | head -n 20 >choices
ask='--model some-model --shuffle --seed 9'

# A model that always gives the gold answer, by the question it got: found by the letter or
# word that nli-export says is right.
nli-export -f verl --shuffle --seed 9 pairs choices |
	jq -c '{key: .extra_info.key, gold: .reward_model.ground_truth}' >gold
answer='. as $q | ($gold[] | select(.key == $q.custom_id // .key == $q.key) | .gold) as $a'
nli-export -f openai-batch $ask pairs choices | jq -c --slurpfile gold gold '
	. as $q | first($gold[] | select(.key == $q.custom_id)).gold as $a |
	{id: "batch_req_1", custom_id, response: {status_code: 200, request_id: "r", body: {
	model: "some-model-2026", choices: [{index: 0, finish_reason: "stop", message: {role: "assistant",
	content: "It says X: so.\n\n**Answer: \($a).**\n"}}], usage: {completion_tokens: 9}}}, error: null}' |
	sort -R --random-source=gold >all
head -n 30 all >one.jsonl
tail -n +31 all >two.jsonl
right() { # records whose last annotation is their label or answer
	jq -c 'select(.annotations[-1].label == (.label // .answer) and
		.annotations[-1].worker == "some-model-2026") | .id' | wc -l
}
cat pairs choices >asked
wc -l <asked
nli-ingest -c openai-batch --records asked --shuffle --seed 9 --summary s one.jsonl two.jsonl | tee out | right
jq -c '[.in, .out, .results.answers]' s
nli-ingest -c vllm-batch --records asked --shuffle --seed 9 two.jsonl one.jsonl | cmp - out
# What was there stays: the votes of people stand before the model's.
jq -c '.annotations |= .[0:-1] | if .annotations == [] then del(.annotations) else . end' out >without
jq -c . asked | cmp - without

echo "== Anthropic"
jq -c '{custom_id, result: {type: "succeeded", message: {model: "some-model-2026", stop_reason: "end_turn",
	content: [{type: "text", text: .response.body.choices[0].message.content}]}}}' all >anthropic
nli-ingest -c anthropic-batch --records asked --shuffle --seed 9 anthropic | right
echo "== Gemini"
jq -c '{key: .custom_id, response: {modelVersion: "some-model-2026", candidates: [{finishReason: "STOP",
	content: {parts: [{text: .response.body.choices[0].message.content}]}}]}}' all >gemini
nli-ingest -c gemini-batch --records asked --shuffle --seed 9 gemini | right

echo "== failures"
key=$(jq -r .key pairs | head -n 1)
for rest in '"response":null,"error":{"code":"batch_expired","message":"expired"}' \
	'"response":{"status_code":429,"body":{"error":{"message":"too many"}}},"error":null' \
	'"result":{"type":"errored","error":{"type":"error","error":{"type":"invalid_request","message":"bad"}}}' \
	'"result":{"type":"expired"}' \
	'"response":{"status_code":200,"body":{"model":"m","choices":[{"finish_reason":"length","message":{"content":"Well, first"}}]}},"error":null' \
	'"response":{"status_code":200,"body":{"model":"m","choices":[{"finish_reason":"stop","message":{"content":"I cannot say."}}]}},"error":null' \
	'"response":{"status_code":200,"body":{"model":"m","choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"no"}}]}},"error":null'; do
	echo "{\"custom_id\":\"$key\",$rest}"
done >failures
head -n 1 pairs >first
nli-ingest -c openai-batch --records first failures | jq -c '.annotations[] | select(has("failure"))'
echo '{"custom_id":"zzzz","response":null,"error":{"message":"x"}}' >stray
nli-ingest -c openai-batch --records first stray | cmp - first
echo '{"id":1}' >bad
nli-ingest -c openai-batch --records first bad
echo $?
nli-ingest -c openai-batch one.jsonl 2>&1 | head -1
