# nli-adversarial -m match: 100,000 items of four choices in 60 s of all cores together, 2 GB.
# There is no rival to run: relevance by TF-IDF, then a 3-regular assignment.
. "$SRC/tests/bench/lib.sh"
items=${BENCH_ITEMS:-100000}
set -e
awk -v n="$items" '
	function u() { s = (s * 16807) % 2147483647; return s / 2147483647 }
	function word() { return "w" int(exp(u() * log(20000))) } # by Zipf'"'"'s law
	function say(n, t, i) { t = "person" (1 + int(u() * 2)); for (i = 0; i < n; i++) t = t " " word(); return t " ." }
	BEGIN {
		s = 12345
		for (i = 0; i < n; i++) {
			printf "{\"id\":\"g/%d\",\"task\":\"choice\",\"lang\":\"en\",\"corpus\":\"g\",\"split\":null,\"premise\":\"%s\",\"choices\":[", i, say(7)
			for (k = 0; k < 4; k++) printf "%s\"%s\"", k ? "," : "", say(12)
			printf "],\"answer\":%d,\"group\":\"g%d\",\"image\":{\"path\":\"%d.jpg\",\"objects\":[\"person\",\"person\",\"chair\"]}}\n", int(u() * 4), i / 2, i / 2
		}
	}' >items
cost "match, $items items" nli-adversarial -j 2 -m match -o matched items
ratio "of 60 s CPU, used" 60 "$seconds" 1
ratio "of 2048 MiB, used" 2048 "$mib" 1
