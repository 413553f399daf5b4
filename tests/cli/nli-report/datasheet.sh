nli-report -f datasheet "$SRC"/tests/data/report/*.jsonl
# Nothing but a summary: nothing is made up.
grep '"nli-ingest"' "$SRC/tests/data/report/summaries.jsonl" | nli-report -f datasheet | head -n 12
