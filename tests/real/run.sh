#!/bin/sh
# run.sh - the tests on real corpora, which are not in the tree: tests/real/*.sh,
# each with $DATA, prints what it expected and what it found, and exits 1 where
# the two differ.
#
#	usage: make check-real DATA=folder
set -u
SRC=${SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
BIN=${BIN:-$SRC/build/bin}
export SRC BIN LC_ALL=C
PATH=$BIN:$PATH
if [ ! -d "${DATA:?is the folder of the corpora}" ]; then
	echo "FAIL real: there is no folder $DATA" | sh "$SRC/tests/tally.sh"
	exit 1
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export scratch

cat >"$scratch/one.sh" <<'EOS'
name=$(basename "$1" .sh)
mkdir "$scratch/$name" && cd "$scratch/$name" || exit 1
out=$(timeout 900 sh "$1" 2>&1 </dev/null)
status=$?
if [ $status -eq 0 ]; then verdict="ok real $name"; else verdict="FAIL real $name: exit $status"; fi
printf '%s\n%s\n' "$(echo "$out" | sed "s/^/  $name: /")" "$verdict"
rm -rf "${scratch:?}/$name"
EOS
find "$SRC/tests/real" -name '*.sh' ! -name run.sh | sort |
	xargs -r -P "${JOBS:-2}" -n 1 sh "$scratch/one.sh" | sh "$SRC/tests/tally.sh"
