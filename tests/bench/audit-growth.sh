# nli-hyponly (10 folds, and a test by permutations) and nli-cues on 10^4, 10^5 and 10^6
# records, and on as many more as RECORDS names (10000000: some minutes): ten times as much
# takes at most twelve times the CPU.
. "$SRC/tests/bench/lib.sh"
hyponly= cues=
grown() { # TOOL BEFORE NOW: of ten times as many records
	[ -z "$2" ] || ratio "ten times the last / this, $1" "$(awk -v a="$2" 'BEGIN { print 10 * a }')" "$3" 0.83
}
set -e
for n in 10000 100000 1000000 ${RECORDS:-}; do
	"$B/tests/bench/gen_snli" "$n" lean | nli-ingest -c snli -o records - 2>/dev/null
	cost "nli-hyponly, $n" nli-hyponly -q -o scored records
	[ "$(wc -l <scored)" -eq "$n" ]
	rm scored
	grown nli-hyponly "$hyponly" "$seconds"
	hyponly=$seconds
	cost "nli-cues, $n" nli-cues -o cues records
	grown nli-cues "$cues" "$seconds"
	cues=$seconds
done
