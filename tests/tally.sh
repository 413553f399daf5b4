#!/bin/sh
# tally.sh - count the lines "ok NAME" and "FAIL NAME..." on stdin: show all but
# the first, then the line "N passed, N failed".
exec awk '
	/^ok / { passed++; next }
	/^FAIL / { failed++ }
	{ print }
	END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }
'
