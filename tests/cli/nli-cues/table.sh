nli-ingest -c demo "$SRC/corpora/demo/train.jsonl" 2>/dev/null |
	nli-cues --table --top 4 --no-bigrams 2>/dev/null
