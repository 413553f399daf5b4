# nli-ingest, every source field kept, against jq projecting three fields, on a
# file as large as SNLI.
. "$SRC/tests/bench/lib.sh"
need jq
lines=${BENCH_LINES:-570152}
"$B/tests/bench/gen_snli" "$lines" >snli_1.0_train.jsonl
ls -l snli_1.0_train.jsonl | awk '{ printf "%d lines, %.0f MB\n", '"$lines"', $5 / 1e6 }'
set -e
cost "cat" cat snli_1.0_train.jsonl
cost "jq -c {premise, hypothesis, label}" jq -c \
	'{premise:.sentence1,hypothesis:.sentence2,label:.gold_label}' snli_1.0_train.jsonl
jq_seconds=$seconds
cost "nli-ingest -c snli" nli-ingest -c snli -o out.jsonl snli_1.0_train.jsonl
[ "$(wc -l <out.jsonl)" -eq "$lines" ]
ratio "jq / nli-ingest" "$jq_seconds" "$seconds" 10
