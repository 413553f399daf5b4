#!/bin/sh
# run.sh - the pages of nli-report in headless Chromium: make check-browser.
#
#	usage: SRC=tree B=build-dir BIN=tools-dir tests/browser/run.sh [PAGE.html...]
#
# Without pages, those of the test data are made.  axe-core and html-validate come
# from npm into B/browser, at the versions below; what cannot be had is said, and what
# it would have tested is left out.  SHOTS=folder keeps screenshots and PDFs.
set -u
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || browser=
if [ -z "$browser" ] || ! command -v node >/dev/null; then
	echo "skipped: wants chromium and node"
	exit 0
fi
mods=$B/browser/node_modules
if [ ! -e "$mods/axe-core" ] || [ ! -e "$mods/html-validate" ]; then
	mkdir -p "$B/browser"
	npm install --prefix "$B/browser" --no-audit --no-fund --silent \
		axe-core@4 html-validate@9 >"$B/browser/log" 2>&1 ||
		echo "npm could not get axe-core and html-validate, see $B/browser/log"
fi
[ ! -e "$mods/axe-core/axe.min.js" ] || export AXE="$mods/axe-core/axe.min.js"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

if [ $# -eq 0 ]; then
	R=$SRC/tests/data/report
	"$BIN/nli-report" --planted "$SRC/corpora/demo/planted.json" --html "$work/demo.html" \
		-o "$work/log" "$R"/*.jsonl
	"$BIN/nli-report" --html "$work/made.html" -o "$work/log" "$R"/made/*.jsonl
	"$BIN/nli-report" --html "$work/repair.html" -o "$work/log" "$R"/repair/*.jsonl
	"$BIN/nli-report" --html "$work/rl.html" -o "$work/log" "$R"/rl/*.jsonl
	"$BIN/nli-report" --html "$work/empty.html" -o "$work/log" /dev/null
	sh "$R/world.sh" | "$BIN/nli-report" --html "$work/world.html" -o "$work/log"
	sh "$R/hostile.sh" | "$BIN/nli-report" --html "$work/hostile.html" -o "$work/log"
	set -- "$work"/*.html
fi

passed=0 failed=0
count() { # FILE: lines "ok ..." and "FAIL ..."
	passed=$((passed + $(grep -c '^ok ' "$1")))
	failed=$((failed + $(grep -c '^FAIL ' "$1")))
	grep '^FAIL ' "$1" | sed "s|^FAIL|FAIL $name:|"
}
for page; do
	name=${page#"$work/"}
	shots=${SHOTS:+$SHOTS/$(basename "${page%.html}")}
	[ -z "$shots" ] || mkdir -p "$shots"
	node "$SRC/tests/browser/browser.js" "$browser" "$page" $shots >"$work/found" ||
		[ -s "$work/found" ] || echo "FAIL the browser did not run" >"$work/found"
	count "$work/found"
	[ -e "$mods/html-validate" ] || continue
	if "$mods/.bin/html-validate" -c "$SRC/tests/browser/htmlvalidate.json" "$page" \
		>"$work/said" 2>&1; then
		echo "ok valid" >"$work/found"
	else
		echo "FAIL valid: $(grep error "$work/said" | sort | uniq -c | head -n 5)" >"$work/found"
	fi
	count "$work/found"
done
printf '%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ]
