#!/bin/sh
# run.sh - what every tool must do, tried on every tool: see tool.sh for the
# checks and tools.tsv for how each tool is run.
set -u
SRC=${SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
BIN=${BIN:-$SRC/build/bin}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export SRC BIN work LC_ALL=C
PATH=$BIN:$PATH

# Records made without nli-ingest, so that its faults show only once, with members that
# nobody knows, in spellings that a careless writer would change.
strange='"x_number":1.10e+05,"x_big":12345678901234567890,"x_text":"\\u00e9\\/ \\ud83d\\ude00","x_deep" : { "a" : [ 1 , null ] }'
records() {
	jq -c '{id: "demo/train/\(.pairID)",
		key: ((.pairID | gsub("[^a-z]"; "a")) + "aaaaaaaaaaaaaaaaaaaaaaaaaa")[0:26],
		task: "nli", lang: .language, corpus: "demo", split: "train",
		premise: .sentence1, hypothesis: .sentence2, label: .gold_label,
		group: .captionID, meta: {genre},
		annotations: [[.annotator_ids, .annotator_labels] | transpose[] |
			{worker: .[0], label: .[1]}]}' "$1" |
		sed "s|}\$|,$strange}|"
}
records "$SRC/corpora/demo/train.jsonl" | awk 'NR % 5 == 1' >"$work/records"
jq -c '{id: "demo/train/\(.id)", task: "choice", lang: .language, corpus: "demo", split,
	premise, choices: .answer_choices, answer: .answer_label, group: .id,
	meta: {genre}}' "$SRC/corpora/demo/choices.jsonl" |
	sed "s|}\$|,$strange}|" >"$work/choices"

# FILE.bad has a broken third line, FILE.nul a NUL in its second, and so on.
variants() { # FILE
	awk 'NR == 3 { print "{\"id\": broken" } { print }' "$1" >"$1.bad"
	sed '2s/"genre":"/&\x00/' "$1" >"$1.nul"
	sed '2s/"genre":"/&\xff/' "$1" >"$1.utf8"
	awk 'NR == 2 {
		i = index($0, "\"genre\":\"") + 9
		mib = "0123456789abcdef"
		while (length(mib) < 1048576) mib = mib mib
		big = ""
		for (k = 0; k < 20; k++) big = big mib
		$0 = substr($0, 1, i - 1) big substr($0, i)
	} { print }' "$1" >"$1.long"
	gzip -9 -c "$1" >"$1.gz"
	head -c $(($(wc -c <"$1.gz") / 2)) "$1.gz" >"$1.cut.gz"
	awk '{ print (NR * 7919) % 100003, $0 }' "$1" | sort -n | sed 's/^[0-9]* //' >"$1.shuffled"
}
variants "$work/records"
variants "$work/choices"
grep -v '^#' "$SRC/tests/generic/tools.tsv" | cut -f 3 | sort -u | while read -r input; do
	[ "$input" = records ] || [ "$input" = choices ] || {
		awk 'NR % 5 == 1' "$SRC/corpora/demo/$input" >"$work/some-$input"
		variants "$work/some-$input"
	}
done

# A tool may have several rows: it is tried in each of those ways.
{
	for t in "$SRC"/cmd/nli-*.c; do
		t=$(basename "$t" .c)
		grep -q "^$t	" "$SRC/tests/generic/tools.tsv" ||
			echo "FAIL $t: no row in tests/generic/tools.tsv"
	done
	grep -n '^nli-' "$SRC/tests/generic/tools.tsv" | cut -d : -f 1 |
		xargs -r -P "${JOBS:-2}" -I '{}' sh -c \
		'out=$(sh "$SRC/tests/generic/tool.sh" "{}"); printf "%s\n" "$out"'
} | sh "$SRC/tests/tally.sh"
