nli-report -f markdown --charts charts "$SRC"/tests/data/report/*.jsonl
ls charts
