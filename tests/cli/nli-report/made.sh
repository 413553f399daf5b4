# Examples that were made: what went out and came in, in Markdown and in the page; edits that
# do not fit are left out, a label that is not proved is said to be wanted.
M=$SRC/tests/data/report/made/made.jsonl
nli-report -f markdown --html page.html "$M" | sed -n '/^## Examples that were/,/^## The corpus/p'
grep -o '<\(del\|ins\)>[^<]*<' page.html
nli-report -f json "$M" | jq -c '.metrics | with_entries(select(.key | test("^adv")))'
