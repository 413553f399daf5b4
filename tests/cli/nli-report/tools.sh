# What newer tools say: a gain tested by sign flips, cues of choices beside the base rate, edits
# that are no duplicate, labels that a filter moves, stacked methods, what was made and what not.
T=$SRC/tests/data/report/tools
nli-report -f markdown --html page.html "$T"/*.jsonl |
	sed '/^## Length/,/^## Dup/d; /^## The corpus/,$d; /^## What the filter/,/^\*\*The ledger/d'
# Without the records the summary tells what was made.
nli-report -f json "$T/summaries.jsonl" | jq -c '.tables | .adversarial_counted | length, .[0]'
# A verdict of nli-hyponly's is kept: no finding of a gain that its test does not hold for one.
printf '%s\n' '{"tool":"nli-hyponly","results":{"mode":"train","inputs":{"hypothesis":{"n":40,"majority":0.4,"accuracy":0.6,"accuracy_lo":0.45,"accuracy_hi":0.74,"gain_over":"majority","gain":0.2,"gain_lo":0.01,"gain_hi":0.34,"p_gain":0.08,"verdict":"none"}}}}' |
	nli-report
