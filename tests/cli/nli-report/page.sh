# The page without its style, script and drawings, an element a line.
nli-report -f html "$SRC"/tests/data/report/*.jsonl >page.html
sed -e 's|<style>.*</style>||' -e 's|</main>.*|</main>|' page.html | sed -n '/<!DOCTYPE/,/<\/main>/p' |
	sed -e 's|<svg |\n<svg |g' -e 's|</svg>|</svg>\n|g' | grep -v '^<svg ' | sed 's|><|>\n<|g' >main
sed -n '1,/id="glossary"/p' main | sed -e "s/sha256-[^']*/sha256-X/" | head -n 700
grep -c '<script>' page.html
