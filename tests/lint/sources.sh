#!/bin/sh
# Sources: banned functions and words, lengths of files and functions, format.
sources=$(ls cmd/*.[ch] lib/*/*.[ch] corpora/demo/*.[ch] 2>/dev/null)
[ -n "$sources" ] || exit 0

# A function name in a comment or a string is no call of it.
# shellcheck disable=SC2086
awk '
	BEGIN {
		while ((getline line < "tests/lint/banned.tsv") > 0)
			if (line !~ /^#/ && split(line, f, "\t") == 2) why[f[1]] = f[2]
	}
	{
		code = $0
		gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
		sub(/\/\/.*/, "", code); gsub(/\/\*.*\*\//, "", code)
		if (code ~ /^[ \t]*\*/ || code ~ /^[ \t]*\/\*/) next
		while (match(code, /[A-Za-z_][A-Za-z_0-9]*[ ]*\(/)) {
			name = substr(code, RSTART, RLENGTH); sub(/[ ]*\($/, "", name)
			if (name in why) {
				print "FAIL banned: " FILENAME ":" FNR ": " name ": " why[name]
				bad++
			}
			code = substr(code, RSTART + RLENGTH)
		}
	}
	END { if (!bad) print "ok banned functions" }
' $sources

# shellcheck disable=SC2086
if grep -nwE 'TODO|FIXME|XXX|[Nn]ot implemented|[Uu]nimplemented|[Pp]laceholder' $sources; then
	echo "FAIL words: unfinished by its own words, see above"
else
	echo "ok words"
fi

# A function begins at "{" and ends at "}" in the first column (clang-format).
# shellcheck disable=SC2086
awk '
	FNR == 1 { start = 0; reason = 0 }
	/[Ll]ong because/ { reason = 1 }
	/^\{/ { start = FNR }
	/^\}/ {
		if (start && FNR - start - 1 > 80 && !reason) {
			print "FAIL length: " FILENAME ":" start ": a function of " \
				FNR - start - 1 " lines, wanted 80, or \"long because\" and a reason"
			bad++
		}
		start = 0; reason = 0
	}
	{ lines[FILENAME] = FNR }
	length($0) > 250 { print "FAIL length: " FILENAME ":" FNR ": a line of " length($0) " bytes"; bad++ }
	END {
		for (f in lines) if (lines[f] > 800) {
			print "FAIL length: " f ": " lines[f] " lines, wanted at most 800"
			bad++
		}
		if (!bad) print "ok lengths"
	}
' $sources

# Versions of clang-format differ; the tree is formatted by the one of Debian 12.
if command -v clang-format >/dev/null && clang-format --version | grep -q 'version 14\.'; then
	all=$(git ls-files '*.c' '*.h' 2>/dev/null || ls $sources)
	# shellcheck disable=SC2086
	if clang-format --dry-run --Werror $all 2>&1 | grep -E 'error:' | sed 's/: error:.*//' |
		awk -F: '!seen[$1]++ { print "  " $0 }' | grep .; then
		echo "FAIL format: clang-format -i the files above"
	else
		echo "ok format"
	fi
fi
