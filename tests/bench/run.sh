#!/bin/sh
# run.sh - the benchmarks, one after the other: each prints its times as ratios
# against a rival run in the same minute, and exits 1 if a promise is not kept.
#
#	usage: make bench, or with a name: sh tests/bench/run.sh NAME
set -u
SRC=${SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
B=${B:-$SRC/build}
BIN=${BIN:-$B/bin}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export SRC B BIN scratch LC_ALL=C
PATH=$BIN:$PATH

for t in "$SRC"/tests/bench/${1:-*}.sh; do
	name=$(basename "$t" .sh)
	[ "$name" != run ] && [ "$name" != lib ] && [ -e "$t" ] || continue
	mkdir -p "$scratch/$name"
	if (cd "$scratch/$name" && sh "$t") 2>&1 </dev/null; then
		echo "ok bench $name"
	else
		echo "FAIL bench $name"
	fi
	rm -rf "${scratch:?}/$name"
done | sh "$SRC/tests/tally.sh"
