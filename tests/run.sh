#!/bin/sh
# run.sh - run test runners one after the other (each uses all cores by
# itself) and add up.  Ends with the plain line "N passed, N failed"; exit 1 if
# any failed.
#
#	usage: B=build-dir BIN=tools-dir SRC=tree JOBS=n tests/run.sh RUNNER...
#
# A runner is tests/RUNNER/run.sh; the last line that it prints is its own "N
# passed, N failed".  One that ends without it counts as a failure.
set -u
export B BIN SRC JOBS LC_ALL=C

mkdir -p "$B/tests/log"
passed=0 failed=0
for runner; do
	printf '== %s\n' "$runner"
	log=$B/tests/log/$runner
	sh "$SRC/tests/$runner/run.sh" 2>&1 </dev/null | tee "$log"
	counts=$(tail -n 1 "$log" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
	if [ -z "$counts" ]; then
		printf 'FAIL %s: the runner broke off\n' "$runner"
		counts='0 1'
	fi
	passed=$((passed + ${counts% *}))
	failed=$((failed + ${counts#* }))
done
[ $# -lt 2 ] || printf '== all\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
