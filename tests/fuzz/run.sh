#!/bin/sh
# run.sh - replay the corpus of each fuzz target; with FUZZ_BIN and FUZZ_SECONDS
# set ("make fuzz"), look for new inputs too.
#
# tests/fuzz/corpus/NAME holds the inputs of fuzz_NAME.c: seeds, and one file for
# each crash that was found.
set -u
SRC=${SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
B=${B:-$SRC/build}
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
trap 'exit 1' HUP INT TERM

replay() { # NAME: the generated demo corpus is a seed for all
	find "$SRC/tests/fuzz/corpus/$1" "$SRC/tests/data" -type f 2>/dev/null | sort |
		tr '\n' '\0' | xargs -0 -r timeout 300 "$B/tests/fuzz/fuzz_$1" \
		"$SRC/corpora/demo/broken.jsonl" 2>"$log/$1" >&2
}

explore() { # NAME
	mkdir -p "$B/corpus/$1"
	timeout $((FUZZ_SECONDS + 60)) "$FUZZ_BIN/fuzz_$1" -max_total_time="$FUZZ_SECONDS" \
		-timeout=10 -rss_limit_mb=2048 -artifact_prefix="$B/corpus/$1/crash-" \
		-print_final_stats=1 "$B/corpus/$1" "$SRC/tests/fuzz/corpus/$1" >"$log/$1" 2>&1
	status=$?
	grep -hE '^stat::(number_of_executed|average_exec|peak_rss)' "$log/$1" | sed "s/^/  $1 /"
	return $status
}

for f in "$SRC"/tests/fuzz/fuzz_*.c; do
	[ -e "$f" ] || continue
	name=$(basename "$f" .c)
	name=${name#fuzz_}
	mkdir -p "$SRC/tests/fuzz/corpus/$name"
	if [ -n "${FUZZ_BIN-}" ]; then explore "$name"; else replay "$name"; fi
	status=$?
	if [ $status -eq 0 ]; then
		echo "ok fuzz $name"
	else
		printf 'FAIL fuzz %s: exit %d\n' "$name" $status
		tail -n 25 "$log/$name" | sed 's/^/  /'
	fi
done | sh "$SRC/tests/tally.sh"
