#!/bin/sh
# Includes: floors.tsv, headers.tsv, std.txt; cmd/ files never include each other.
includes() {
	grep -nE '^[[:space:]]*#[[:space:]]*include' cmd/*.[ch] lib/*/*.[ch] 2>/dev/null |
		sed -E 's/[[:space:]]*#[[:space:]]*include[[:space:]]*//'
}

includes | awk '
	BEGIN {
		while ((getline line < "tests/lint/floors.tsv") > 0)
			if (line !~ /^#/ && split(line, f, "\t") == 2) {
				order[f[1]] = ++n
				if (f[2] + 0 < last)
					print "FAIL floors: floors.tsv is not in order at " f[1]
				last = f[2] + 0
			}
	}
	function folder(path, p) {
		split(path, p, "/")
		return p[1] == "lib" ? p[2] : p[1]
	}
	{
		at = $0; sub(/:[<"].*/, "", at)
		split(at, where, ":")
		what = substr($0, length(at) + 2)
		if (what !~ /^"/) next
		sub(/^"/, "", what); sub(/".*/, "", what)
		seen++
		me = folder(where[1]); it = folder(what)
		if (what !~ /^(lib|cmd)\//)
			print "FAIL floors: " at ": includes " what ", wanted a path from the top"
		else if (!(me in order) || !(it in order))
			print "FAIL floors: " at ": " what ": folder not in floors.tsv"
		else if (it == "cmd" || order[it] > order[me])
			print "FAIL floors: " at ": " me " includes " what " of a floor above"
		else { good++ }
	}
	END { if (seen && seen == good) print "ok floors" }
'
includes | awk '
	function glob(pattern, text) {
		if (pattern ~ /\*$/)
			return index(text, substr(pattern, 1, length(pattern) - 1)) == 1
		return pattern == text
	}
	BEGIN {
		while ((getline line < "tests/lint/headers.tsv") > 0)
			if (line !~ /^#/ && split(line, f, "\t") == 2) max[f[1]] = f[2]
		while ((getline line < "tests/lint/std.txt") > 0) {
			k = split(line, f, " ")
			for (i = 1; i <= k; i++) std[f[i]] = 1
		}
	}
	{
		at = $0; sub(/:[<"].*/, "", at)
		split(at, where, ":")
		what = substr($0, length(at) + 2)
		if (what !~ /^</) next
		sub(/^</, "", what); sub(/>.*/, "", what)
		if (what in std) next
		found = 0
		for (p in max) if (glob(p, what)) {
			found = 1
			if (!((p, where[1]) in have)) {
				have[p, where[1]] = 1
				files[p] = files[p] " " where[1]
				count[p]++
			}
		}
		if (!found) { print "FAIL headers: " at ": <" what "> is neither in headers.tsv nor in std.txt"; bad++ }
		if (where[1] ~ /\.h$/) { print "FAIL headers: " at ": <" what "> stands in a header"; bad++ }
	}
	END {
		for (p in max) if (count[p] > max[p]) {
			print "FAIL headers: <" p "> stands in" files[p] ", wanted at most " max[p]
			bad++
		}
		if (!bad) print "ok headers"
	}
'
