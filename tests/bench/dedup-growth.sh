# nli-dedup on inputs that invite to compare all pairs: four times as much takes no more
# than six times the CPU (all pairs would be sixteen), and nothing is lost.
. "$SRC/tests/bench/lib.sh"
set -e
rows() { # N HYPOTHESIS, an expression of awk in i
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "{\"id\":\"%d\",\"premise\":\"p%d\",\"hypothesis\":\"%s\"}\n", i, i, '"$2"' }'
}
many() { yes "$1" | head -n "$2" | tr -d '\n'; }
long() { # N: texts of N bytes, and the same with one more word
	for tail in '' ' b'; do printf '{"id":"a%s","premise":"p","hypothesis":"%s%s"}\n' "$tail" "$(many 'a ' $(($1 / 2)))" "$tail"; done
	for tail in '' 国; do printf '{"id":"h%s","premise":"p","hypothesis":"%s%s"}\n' "$tail" "$(many 中 $(($1 / 3)))" "$tail"; done
}
common=$(seq -s ' word' 60)
grow() { # NAME N COMMAND, in $n
	for n in "$2" $(($2 * 4)); do
		small=${seconds:-}
		eval "$3" >in.jsonl
		cost "$1, $n" nli-dedup -j 1 --by hypothesis --max-line 100000000 -o out in.jsonl
		[ "$(wc -l <out)" -eq "$(wc -l <in.jsonl)" ]
	done
	ratio "16 / growth of $1" "$(awk -v a="$small" 'BEGIN { print 16 * a }')" "$seconds" 2.67
}
grow "identical texts" 50000 'rows $n "\"A man is playing a guitar.\""'
grow "texts sharing bands" 25000 'rows $n "\"$common \" i"'
grow "texts equal but for one word" 25000 'rows $n "\"There were \" i \" of us\""'
grow "empty texts" 50000 'rows $n "substr(\" ?! \", i % 4, i % 4)"'
grow "four texts of so many bytes" 2500000 'long $n'
# In bounded memory, by sorted runs on disk: 10^5, 10^6 and, with SENTENCES=10000000, as many.
for n in 100000 1000000 ${SENTENCES:-}; do
	"$B/tests/bench/gen_snli" $((n / 2)) lean | nli-ingest -c snli -o in.jsonl - 2>/dev/null
	cost "$n sentences, --memory 512M" nli-dedup --by premise,hypothesis --memory 512M -o out in.jsonl
	awk -v m="$mib" 'BEGIN { print "peak " m " MiB, wanted 562"; exit m > 562 }'
	rm -f in.jsonl out
done
