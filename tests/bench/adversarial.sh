# The rule methods of nli-adversarial on as many records of SNLI's shape as SNLI has, one
# thread, against one substitution by Python's re per record (what perturbation scripts do):
# json in, "is" to "is not" in the hypothesis, json out.  A method's cost is that of what it
# writes too: beside the input read stands the output written for each byte of it.  The words
# are made up, so that few patterns are asked: for real text, give BENCH_RECORDS, a file of
# records.
. "$SRC/tests/bench/lib.sh"
need python3
lines=${BENCH_LINES:-570152}
if [ "${BENCH_RECORDS:-}" ]; then
	cat "$BENCH_RECORDS" >records
else
	"$B/tests/bench/gen_snli" "$lines" lean >all.jsonl
	nli-ingest -c snli -o records all.jsonl 2>/dev/null
	rm all.jsonl
fi
mb=$(wc -c <records | awk '{ print $1 / 1e6 }')
cat >sub.py <<'END'
import json, re, sys
aux = re.compile(r"\b(is|are|was|were)\b(?! not)")
for line in open(sys.argv[1], encoding="utf-8"):
    d = json.loads(line)
    h, n = aux.subn(r"\1 not", d["hypothesis"], count=1)
    if n:
        d["hypothesis"] = h
        print(json.dumps(d, ensure_ascii=False))
END
set -e
cost "python3, one substitution" python3 sub.py records
theirs=$seconds
for m in negate contrast invariant monotone judge; do
	cost "nli-adversarial -m $m" nli-adversarial -j 1 -m $m records
	made=$(nli-adversarial -j 2 -m "$m" records 2>/dev/null | wc -c)
	awk -v mb="$mb" -v s="$seconds" -v m="$m" -v made="$made" 'BEGIN {
		printf "%s: %.0f MB/s of input, %.2f bytes written for each, %.0f MB/s of both\n",
			m, mb / s, made / mb / 1e6, (mb + made / 1e6) / s }'
	[ $m = negate ] && ours=$seconds
done
ratio "python3 / negate" "$theirs" "$ours" 1
