#!/bin/sh
# run.sh - every tool with the n-th read, write, allocation... failing, for every
# n (see shim.c), and killed in the middle.  See tool.sh for what must hold.
set -u
SRC=${SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
B=${B:-$SRC/build}
BIN=${BIN:-$B/bin}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
SHIM=$B/tests/fault/shim.so
# The sanitizers bring their own malloc and report what a failing exit leaves behind.
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
export SRC B BIN SHIM work ASAN_OPTIONS LC_ALL=C SANITIZE="${SANITIZE-}"
PATH=$BIN:$PATH

for f in "$SRC"/corpora/demo/*.jsonl; do
	head -n 60 "$f" >"$work/some-${f##*/}"
done
jq -c '{id: "demo/train/\(.pairID)", key: "aaaaaaaaaaaaaaaaaaaaaaaaaa", task: "nli",
	lang: .language, corpus: "demo", split: "train", premise: .sentence1,
	hypothesis: .sentence2, label: .gold_label, group: .captionID,
	annotations: [[.annotator_ids, .annotator_labels] | transpose[] |
		{worker: .[0], label: .[1]}]}' "$work/some-train.jsonl" >"$work/records"
jq -c '{id: "demo/train/\(.id)", task: "choice", lang: .language, corpus: "demo", split,
	premise, choices: .answer_choices, answer: .answer_label, group: .id}' \
	"$work/some-choices.jsonl" >"$work/choices"

grep -n '^nli-' "$SRC/tests/generic/tools.tsv" | cut -d : -f 1 |
	xargs -r -P "${JOBS:-2}" -I '{}' sh -c \
	'out=$(sh "$SRC/tests/fault/tool.sh" "{}"); printf "%s\n" "$out"' |
	sh "$SRC/tests/tally.sh"
