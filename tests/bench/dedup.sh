# nli-dedup against datasketch's MinHashLSH (128 permutations, bulk mode) on
# 100,000 hypotheses of which 10,000 are one-word edits of others; then 1.1 million
# sentences, premises and hypotheses of a file as large as SNLI.
. "$SRC/tests/bench/lib.sh"
rival=1
python3 -c 'import datasketch' 2>/dev/null || rival=
"$B/tests/bench/gen_snli" 170000 lean 7 >gen.jsonl
nli-ingest -c snli gen.jsonl 2>/dev/null | jq -r .hypothesis | awk '!seen[$0]++' | head -n 90000 >texts
awk 'BEGIN { srand(11) }
	{ n = split($0, w, " "); v[NR] = w[1 + int(n * rand())]; t[NR] = $0; print $0 "\t" }
	END { for (k = 1; k <= 10000; k++) {
		n = split(t[k], w, " "); w[1 + int(n * rand())] = v[1 + int(NR * rand())]
		s = w[1]; for (i = 2; i <= n; i++) s = s " " w[i]
		print s "\t" k } }' texts >planted
awk -F '\t' '{ gsub(/["\\]/, ""); printf "{\"id\":\"%d\",\"premise\":\"%d\",\"hypothesis\":\"%s\"}\n", NR, NR, $1 }' planted >records
cat >judge.py <<'END'
# judge.py PLANTED PAIRS: of the planted edits with J >= .6, the share that is joined
import sys
texts, planted = [], []
for line in open(sys.argv[1]):
    t, of = line.rstrip("\n").split("\t")
    texts.append(t)
    if of: planted.append((int(of) - 1, len(texts) - 1))
root = {int(a): b for a, b in (l.split() for l in open(sys.argv[2]))}
def grams(t):
    t = " ".join("".join(c if c.isalnum() else " " for c in t.lower()).split())
    return {t[i:i + 4] for i in range(len(t) - 3)} or {t}
near = [(a, b) for a, b in planted if len(grams(texts[a]) & grams(texts[b])) >= .6 * len(grams(texts[a]) | grams(texts[b]))]
print(len(near), sum(root.get(a, a) == root.get(b, b) for a, b in near))
END
set -e
# The least of five: what else the machine does can only add to it.
for turn in 1 2 3 4 5; do
	cost "nli-dedup, 100,000 texts, $turn" nli-dedup --by hypothesis -o found records
	echo "$seconds" >>turns
done
ours=$(sort -n turns | head -n 1)
jq -r '"\((.id | tonumber) - 1) \(.dedup.cluster)"' found >root
set -- $(python3 judge.py planted root)
echo "planted edits with J >= .6: $1, found $2"
awk -v n="$1" -v k="$2" 'BEGIN { exit k < .95 * n }'
if [ "$rival" ]; then
	cat >sketch.py <<'END'
import sys
from datasketch import MinHash, MinHashLSH
texts = [l.split("\t")[0].lower() for l in open("planted")]
grams = [[t[i:i + 4].encode() for i in range(max(1, len(t) - 3))] for t in texts]
lsh = MinHashLSH(threshold=0.6, num_perm=128)
sigs = MinHash.bulk(grams, num_perm=128)
for i, m in enumerate(sigs): lsh.insert(i, m)
root = list(range(len(texts)))
def find(i):
    while root[i] != i: root[i] = root[root[i]]; i = root[i]
    return i
for i, m in enumerate(sigs):
    for j in lsh.query(m): root[find(j)] = find(i)
open("theirs", "w").writelines("%d %d\n" % (i, find(i)) for i in range(len(texts)))
END
	cost "datasketch, bulk" python3 sketch.py
	set -- $(python3 judge.py planted theirs)
	echo "datasketch finds $2 of $1"
	ratio "datasketch / nli-dedup" "$seconds" "$ours" 30
else
	# Measured once on a 2-core EPYC, user+sys, threshold .6, the same kind of texts:
	# 14.0 s and 1.34 GB, of 8,558 planted pairs with J >= .6 found 7,435.
	echo "datasketch is not here: against 14.0 s, from an earlier measurement"
	ratio "14 s / nli-dedup" 14 "$ours" 30
fi
"$B/tests/bench/gen_snli" 550000 lean >gen.jsonl
nli-ingest -c snli -o big gen.jsonl 2>/dev/null
cost "1,100,000 sentences" nli-dedup --by premise,hypothesis -o /dev/null big
ratio "20 core seconds / ours" 20 "$seconds" 1
awk -v m="$mib" 'BEGIN { print "peak " m " MiB, wanted 1024"; exit m > 1024 }'
# Exact mode on records of SNLI's own layout, parses and all, and on lean ones.
exact() { # NAME FILE
	cost "exact, $1" nli-dedup --exact -j 1 -o /dev/null "$2"
	ratio "exact: MB/s a core" "$(wc -c <"$2" | awk '{ print $1 / 1e6 }')" "$seconds" 400
}
exact lean big
"$B/tests/bench/gen_snli" 550000 | nli-ingest -c snli -o full - 2>/dev/null
exact "SNLI's layout" full
