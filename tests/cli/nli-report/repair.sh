# What was done about it: audits and cues before and after, named by what made what they read;
# a matching; models on easy and hard; words that spoke for a guess; weights for a trainer.
R=$SRC/tests/data/report/repair
nli-report -f markdown --html page.html --json r.json --charts c "$R"/*.jsonl |
	sed -n '/^## Verdict/,/^## Without/p; /^## What it guesses/,/^## What gives/p; /^## Easy/,/^## The corpus/p'
jq -c '.metrics | with_entries(select(.key | test("^(filter|repair|preds)")))' r.json
jq -r '.data.values[].tip' c/before-after.vl.json c/preds.vl.json
grep -o '<mark>[^<]*<' page.html | sort | uniq -c
# Whatever the order of the summaries, an audit has the name of what it read.
for tool in '"nli-filter"' '"nli-adversarial"'; do grep "$tool" "$R/summaries.jsonl"; done >first
nli-report -f json first "$R/summaries.jsonl" | jq -c '[.tables.before_after[].when]'
# An audit far below the baseline is no repair.
audit() { # N ACCURACY GAIN
	printf '%s\n' '{"tool":"nli-hyponly","results":{"mode":"train","inputs":{"choices":{"n":'$1',"majority":0.25,"chance":0.25,"accuracy":'$2',"accuracy_lo":'$2',"accuracy_hi":'$2',"gain_over":"chance","gain":'$3',"gain_lo":'$3',"gain_hi":'$3'}}}}'
}
{ audit 400 0.4 0.15; audit 300 0.01 -0.24; } | nli-report -f json |
	jq -r '.findings[] | select(.headline | test("Audited")) | .level, .headline, .evidence'
