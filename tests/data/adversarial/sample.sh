#!/bin/sh
# sample.sh [N [SEED]] <made.jsonl - N (100) of the records that nli-adversarial made, chosen
# by their keys (a hash of their texts, read from hexadecimal digit SEED on: 0), for a person
# to read: source text, method, rule, output, and two empty columns for a verdict and a note.
# Of each rule at most an eighth; no typing errors, capitals and lost full stops.
set -eu
n=${1:-100}
jq -r --argjson seed "${2:-0}" 'select(.adversarial.edits | length == 1) |
	.adversarial.edits[0] as $e | select(.adversarial.rule |
		IN("typo", "capitals", "no-stop", "width") | not) |
	.[$e.in] as $t | ($t[:$e.at[0]] + $e.old + $t[$e.at[1]:]) as $source |
	[.key[$seed:], $source, .adversarial.method, .adversarial.rule, $t, "", ""] | @tsv' |
LC_ALL=C sort -u | awk -F '\t' -v n="$n" -v OFS='\t' '
	taken < n && !had[$2, $4]++ && rule[$4]++ < n / 8 {
		print $2, $3, $4, $5, $6, $7; taken++ }'
