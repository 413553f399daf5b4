#!/bin/sh
# run.sh - run the cases under tests/cli, as many at once as there are cores.
#
#	usage: tests/cli/run.sh [BIN [FOLDER | CASE.sh ...]]
#	       UPDATE=1 writes down what the cases print now as what is expected
#
# A case is FOLDER/NAME.sh with what it must print in NAME.out and NAME.err and
# its exit status in NAME.exit (no file: nothing, nothing, 0).
set -u
dir=$(dirname "$0")
SRC=${SRC:-$(cd "$dir/../.." && pwd)}
BIN=$(realpath "${1:-${BIN:-$SRC/build/bin}}")
B=${BIN%/bin}
[ $# -eq 0 ] || shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export SRC B BIN scratch LC_ALL=C UPDATE="${UPDATE-}"
PATH=$BIN:$PATH

cases() {
	[ $# -gt 0 ] || set -- "$SRC"/tests/cli/[!.]*/
	for at; do
		[ ! -e "$at" ] || find "$(realpath "$at")" -name '*.sh'
	done
}
cases "$@" | sort | xargs -r -P "${JOBS:-2}" -n 1 sh "$SRC/tests/cli/one.sh"
find "$scratch/result" -type f 2>/dev/null | sort | xargs -r cat | sh "$SRC/tests/tally.sh"
