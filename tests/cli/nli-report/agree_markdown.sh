# Every number of every table in the Markdown (25 rows of each) is that of the JSON, as rounded.
R=$SRC/tests/data/report
cat >numbers.awk <<'AWK'
# JSON: "cell TYPE VALUE LO HI" a line; Markdown: its own lines.  Both in one order.
function number(s) {
	gsub(/,/, "", s)
	gsub(/\342\210\222/, "-", s)
	return s
}
# Half of the last digit that is shown.
function slack(s,    unit, e) {
	e = match(s, /e/) ? substr(s, RSTART + 1) + 0 : 0
	sub(/e.*/, "", s)
	unit = match(s, /\./) ? 10 ^ -(length(s) - RSTART) : 1
	return 0.5 * unit * 10 ^ e
}
function same(shown, v,    s, of, d) {
	s = number(shown)
	if (sub(/^(&lt;|<)/, "", s))
		return v < s + 0
	of = sub(/%$/, "", s) ? 100 : 1
	if (s !~ /^-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?$/)
		return 0
	d = s - v * of
	# The JSON itself has six digits.
	return (d < 0 ? -d : d) <= slack(s) * 1.0001 + (v < 0 ? -v : v) * of * 1e-5
}
FNR == NR { n++; type[n] = $1; v[n] = $2; lo[n] = $3; hi[n] = $4; next }
!/^\|/ { head = 0; next }
head < 2 { head++; next }
{
	gsub(/\\\|/, "")
	k = split(substr($0, 3, length($0) - 4), cell, / \| /)
	for (i = 1; i <= k; i++) {
		at++
		if (type[at] != "number") {
			if (type[at] == "null" && cell[i] !~ /^ *$/)
				print "not empty: " cell[i]
			continue
		}
		parts = split(cell[i], part, /[][ \\]+/)
		if (lo[at] != "-" && parts < 3)
			print "no interval: " cell[i]
		if (!same(part[1], v[at]) || (lo[at] != "-" && !(same(part[2], lo[at]) && same(part[3], hi[at]))))
			print "differs: " cell[i] ", JSON: " v[at], lo[at], hi[at]
		numbers++
		ranges += lo[at] != "-"
	}
}
END {
	if (at != n)
		print at " cells in the Markdown, " n " in the JSON"
	print numbers " numbers, " ranges " with intervals"
}
AWK
for d in "$R" "$R/made" "$R/rl" "$R/tools" "$R/repair"; do
	nli-report --markdown r.md --json r.json -o r.txt "$d"/*.jsonl
	jq -r '.tables[][:25][] | . as $row | to_entries[] |
		select(.key | test("_(lo|hi)$") | not) |
		[(.value | type), (if (.value | type) == "number" then .value else "-" end),
		($row[.key + "_lo"] // "-"), ($row[.key + "_hi"] // "-")] | join(" ")' r.json >cells
	awk -f numbers.awk cells r.md
done
