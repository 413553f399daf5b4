#!/bin/sh
# run.sh - hold the tree to its rules.  Each check beside this file prints "ok
# NAME" or "FAIL NAME: file:line: what, wanted what".
set -u
SRC=${SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
BIN=${BIN:-$SRC/build/bin}
export SRC BIN LC_ALL=C
cd "$SRC" || exit 1
find tests/lint -name '*.sh' ! -name run.sh | sort |
	xargs -P "${JOBS:-2}" -I '{}' sh -c 'out=$(sh "{}" 2>&1); printf "%s\n" "$out"' |
	sed '/^$/d' | sh tests/tally.sh
