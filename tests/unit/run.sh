#!/bin/sh
# run.sh - run every unit test program and add up their cmocka cases.
set -u
SRC=${SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
B=${B:-$SRC/build}
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export scratch CMOCKA_MESSAGE_OUTPUT=TAP

# A crash or a failed fixture leaves fewer verdicts than the plan "1..N" says.
cat >"$scratch/count.awk" <<'EOS'
/^1\.\.[0-9]+/ { planned = substr($0, 4) + 0 }
/^ok / { sub(/^ok [0-9]+ - /, ""); print "ok " name "/" $0; seen++; next }
/^not ok .*# SKIP/ { seen++; next } # cmocka 1.1.5 says it so
/^not ok / { sub(/^not ok [0-9]+ - /, ""); print "FAIL " name "/" $0; seen++; bad++; next }
/^# (Test|Tests|ok|not ok)|^TAP version/ { next }
!/^1\.\./ { print "  " $0 }
END {
	if (seen < planned || !planned || (status && !bad))
		print "FAIL " name ": " seen + 0 " of " planned + 0 " cases ran, exit " status
}
EOS
cat >"$scratch/one.sh" <<'EOS'
name=$(basename "$1")
mkdir "$scratch/$name" && cd "$scratch/$name" || exit 1
timeout 600 "$1" >"$scratch/$name.raw" 2>&1 </dev/null
status=$?
awk -v name="${name#test_}" -v status=$status -f "$scratch/count.awk" \
	"$scratch/$name.raw" >"$scratch/$name.tap"
EOS
for t in "$SRC"/tests/unit/test_*.c; do
	[ -e "$t" ] && echo "$B/tests/unit/$(basename "$t" .c)"
done | xargs -r -P "${JOBS:-2}" -n 1 sh "$scratch/one.sh"
find "$scratch" -name '*.tap' | sort | xargs -r cat | sh "$SRC/tests/tally.sh"
