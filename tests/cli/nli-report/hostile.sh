# Whatever a corpus holds, it is shown and does nothing: HTML, SVG, Markdown, terminal.
# tests/browser/run.sh opens the same pages in a browser.
sh "$SRC/tests/data/report/hostile.sh" >h.jsonl
nli-report --html h.html --markdown h.md --json h.json --datasheet h.card --charts c h.jsonl >h.txt

# The terminal: no control but the line feed, no override.
LC_ALL=C tr -d '\n' <h.txt | LC_ALL=C grep -c '[[:cntrl:]]'
for f in h.html h.md h.json h.txt h.card c/*.svg c/*.vl.json; do
	LC_ALL=C grep -l "$(printf '\342\200\256')" $f # U+202E
	LC_ALL=C tr -d '\n\t' <$f | LC_ALL=C grep -l '[[:cntrl:]]' >/dev/null && echo "control in $f"
done
# The page: one script, no tag of the corpus.
grep -o '<script' h.html | wc -l
grep -o '<img\|<iframe\|<svg onload\|<b>\|<script>alert' h.html c/*.svg | wc -l
# Drawings and page are well formed.
for f in c/*.svg; do
	! command -v xmllint >/dev/null || xmllint --noout $f 2>&1 || echo "$f is not well formed"
done
# Markdown: no tag, no link, no picture that is not ours, and no row that breaks its table.
grep -c '<' h.md
sed 's/\\[][!]//g' h.md | grep -o '](' | wc -l
sed 's/\\|//g' h.md | awk '/^\|/ { n = gsub(/\|/, "|"); if (last && n != last) print "row of " n ", wanted " last; last = n; next } { last = 0 }'
# JSON is JSON, and long words are cut.
jq -e .report h.json
awk 'length($0) > 5000' h.txt h.md | wc -l
[ "$(wc -c <h.html)" -lt 1000000 ] && echo small
