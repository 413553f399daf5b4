# The page of nli-report in a real browser: the demo's and one of hostile texts, wide
# and narrow, light and dark, with and without script.  AXE=axe.min.js asks axe-core
# too.
set -eu
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || browser=
if [ -z "$browser" ] || ! command -v node >/dev/null; then
	echo "skipped: wants chromium and node"
	exit 0
fi
R=$SRC/tests/data/report
nli-report --planted "$SRC/corpora/demo/planted.json" --html demo.html -o demo.txt "$R"/*.jsonl
sh "$R/hostile.sh" | nli-report --html hostile.html -o hostile.txt
for page in demo hostile; do
	echo "$page: expected no fault, found:"
	node "$SRC/tests/real/browser.js" "$browser" $page.html >found || { cat found; exit 1; }
	tail -n 1 found
done
