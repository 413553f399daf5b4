# Batches: a key is asked once, files are cut by requests and bytes, nothing is lost.
nli-ingest -c demo -o pairs "$SRC/corpora/demo/train.jsonl"
for f in openai-batch anthropic-batch; do
	nli-export -f $f --model m --max-requests 600 -o $f.jsonl --summary s pairs
	jq -c .results s
	wc -l $f*.jsonl | awk '{ print $1, $2 }'
done
jq -s '[.[].requests | length]' -c anthropic-batch.jsonl anthropic-batch-2.jsonl anthropic-batch-3.jsonl
cat openai-batch*.jsonl | jq -r .custom_id | sort >asked
jq -r .key pairs | sort -u | cmp - asked
nli-export -f anthropic-batch --model m --max-bytes 100000 -o part.json.gz pairs 2>/dev/null
for f in part*.gz; do
	[ "$(gzip -dc "$f" | wc -c)" -le 100000 ] || echo "$f is too large"
	gzip -dc "$f" | jq -r '.requests[].custom_id'
done | sort | cmp - asked
nli-export -f openai-batch --model m --max-requests 5 pairs | wc -l
nli-export -f openai-batch pairs 2>&1 | head -1
nli-export -f verl --max-requests 5 pairs 2>&1 | head -1
nli-export -f openai-batch --model m --temperature 0.5 --logprobs 5 pairs 2>/dev/null | head -1 | jq -c '.body | del(.messages)'
# Not every model takes a temperature: it is left out unless it is asked for.
for f in openai-batch anthropic-batch gemini-batch; do
	nli-export -f $f --model m pairs 2>/dev/null | grep -c temperature
done
: >none
nli-export -f anthropic-batch --model m none | jq -c .
