# What corpora/demo planted (planted.json) is found, again in the other half, in each
# genre; the annotator who always says neutral is told.
nli-ingest -c demo "$SRC/corpora/demo/train.jsonl" 2>/dev/null >records
nli-cues -q 1e-9 --by meta.genre --summary summary.json records 2>/dev/null >rows
jq -c 'select((.kind | not) and .family == ("negation", "purpose", "length")) | [.feature, .label, .replicated]' rows | sort
jq -c 'select(.kind == "cmh" and .feature == ("negation", "purpose")) |
	[.feature, .label, .strata, .odds_ratio > 5, .homogeneity_p > 0.01]' rows
jq -c 'select(.kind == "annotator" and .q_bh < 1e-9) | [.worker, .labels.neutral == .n, .entropy]' rows
jq -c 'select(.kind == "language") | [.lang, .n > 400, .pack]' rows
jq -c '.results | [.n == (.labels | add), .tests > 500, .significant_05.bh >= .significant_05.by,
	.replication.found >= .replication.replicated, (.tables | length) > 20]' summary.json
