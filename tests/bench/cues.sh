# nli-cues over 550,000 records, all figures of words, pairs and families, against what
# counting words by label alone costs in Python (as the published z-score script does it).
. "$SRC/tests/bench/lib.sh"
need python3
lines=${BENCH_LINES:-550000}
"$B/tests/bench/gen_snli" "$lines" lean >all.jsonl
nli-ingest -c snli -o records all.jsonl 2>/dev/null
head -n $((lines / 10)) records >tenth
cat >count.py <<'END'
import json, re, sys
from collections import Counter
token = re.compile(r"\w+|[^\w\s]")
n, both = Counter(), Counter()
for line in open(sys.argv[1], encoding="utf-8"):
    d = json.loads(line)
    for w in set(token.findall(d["hypothesis"].lower())):
        n[w] += 1
        both[w, d["label"]] += 1
for (w, y), k in both.items():
    if n[w] >= 20:
        print(w, y, n[w], k, (k / n[w] - 1 / 3) / (2 / 9 / n[w]) ** .5)
END
set -e
cost "python3, words and z only" python3 count.py records
theirs=$seconds
cost "nli-cues, a tenth" nli-cues -j 1 tenth
tenth=$seconds
cost "nli-cues --partial" nli-cues -j 1 --partial records
cost "nli-cues -q 0.05" nli-cues -j 1 -q 0.05 records
cost "nli-cues" nli-cues -j 1 records
echo "$(nli-cues -j 1 records 2>/dev/null | wc -l) rows; wanted at most 2 s for 550,000 records"
ratio "python3 / nli-cues" "$theirs" "$seconds" 3
ratio "ten tenths / the whole" "$(awk -v t="$tenth" 'BEGIN { print 10 * t }')" "$seconds" 0.8
