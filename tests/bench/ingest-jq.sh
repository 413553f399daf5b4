# nli-ingest, every source field kept, against jq projecting three fields, on a
# file as large as SNLI.
. "$SRC/tests/bench/lib.sh"
need jq
lines=${BENCH_LINES:-570152}
"$B/tests/bench/gen_snli" "$lines" >snli_1.0_train.jsonl
ls -l snli_1.0_train.jsonl | awk '{ printf "%d lines, %.0f MB\n", '"$lines"', $5 / 1e6 }'
set -e
cost "cat" cat snli_1.0_train.jsonl
[ "$(nli-ingest -c snli snli_1.0_train.jsonl | wc -l)" -eq "$lines" ]
# One thread each, as jq has no more; in turns, for the machine is not always as fast.
for _ in 1 2 3; do
	cost "jq -c {premise, hypothesis, label}" jq -c \
		'{premise:.sentence1,hypothesis:.sentence2,label:.gold_label}' snli_1.0_train.jsonl
	echo "$seconds" >>jq.times
	cost "nli-ingest -j 1 -c snli" nli-ingest -j 1 -c snli snli_1.0_train.jsonl
	echo "$seconds" >>ours.times
done
middle() { sort -n "$1" | sed -n 2p; }
ratio "jq / nli-ingest, medians" "$(middle jq.times)" "$(middle ours.times)" 10
