# One-word edits of real hypotheses, by a seed: of those that are near by the
# stated Jaccard similarity at least 95 % are found, and with --edits 1 of all;
# changes of case, punctuation and width are all found, as exact.
set -eu
cat >plant.py <<'END'
# plant.py EDIT SEED < texts: records of the texts and of their edits, ids "k" and "k'"
import json, random, sys
edit, seed = sys.argv[1], int(sys.argv[2])
rng = random.Random(seed)
texts = list(dict.fromkeys(l.strip() for l in sys.stdin if l.strip()))
spaced = " " in "".join(texts[:50]) and edit[0] != "c"
vocabulary = sorted({w for t in texts for w in (t.split() if spaced else t)})

def change(t):
    w = t.split() if spaced else list(t)
    i = rng.randrange(len(w))
    if edit == "replace": w[i] = rng.choice(vocabulary)
    elif edit == "insert": w.insert(i, rng.choice(vocabulary))
    elif edit == "delete" and len(w) > 1: del w[i]
    elif edit == "swap" and len(w) > 1:
        i = rng.randrange(len(w) - 1)
        w[i], w[i + 1] = w[i + 1], w[i]
    elif edit == "case": return t.swapcase()
    elif edit == "marks": return "\u00ab " + t.rstrip(".!?\u3002\u0964") + " !"
    elif edit == "width": return "".join(chr(ord(c) + 0xfee0) if "!" <= c <= "~" else c for c in t)
    return (" " if spaced else "").join(w)

for k, t in enumerate(texts):
    for name, s in (("%d" % k, t), ("%d'" % k, change(t))):
        print(json.dumps({"id": name, "premise": name, "hypothesis": s}, ensure_ascii=False))
END
cat >judge.py <<'END'
# judge.py MODE < records of nli-dedup: planted pairs by their own similarity
import json, re, sys, unicodedata
def syllable(c): return "\u3041" <= c <= "\u30ff" or "\u3400" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3"
def grams(t):
    g = {t[i:i + (2 if syllable(t[i]) else 4)] for i in range(len(t)) if i + (2 if syllable(t[i]) else 4) <= len(t)}
    return g or {t}
def gap(c): return c.isspace() or (unicodedata.category(c)[0] == "P" or unicodedata.category(c) == "Sk") and c != "%"
def form(t):
    t = unicodedata.normalize("NFC", unicodedata.normalize("NFC", t).casefold())
    return " ".join("".join(" " if gap(c) else c for c in t if c not in "\u200b\u200e\u200f\ufeff\u00ad").split()) or t
cluster, text = {}, {}
for line in sys.stdin:
    r = json.loads(line)
    cluster[r["id"]], text[r["id"]] = r["dedup"]["cluster"], form(r["hypothesis"])
near = hit = all_ = found = 0
for i in text:
    if i.endswith("'"): continue
    a, b = grams(text[i]), grams(text[i + "'"])
    together = cluster[i] == cluster[i + "'"]
    all_ += 1
    found += together
    if len(a & b) >= 0.6 * len(a | b) - 1e-9:
        near += 1
        hit += together
print(all_, found, near, hit)
END
bad=0
check() { # NAME TEXTS EDIT WANTED-% OF-WHAT OPTIONS...
	name=$1 texts=$2 edit=$3 want=$4 of=$5
	shift 5
	for seed in ${seeds:-1}; do
		python3 plant.py "$edit" $seed <"$texts" >planted
		nli-dedup --by hypothesis "$@" planted | python3 judge.py >counts
		read -r all found near hit <counts
		case $of in all) hit=$found near=$all ;; esac
		awk -v name="$name, $edit${*:+, $*}, seed $seed" -v n="$near" -v k="$hit" -v want="$want" -v of="$of" 'BEGIN {
			p = k / n; z = 1.96; d = 1 + z * z / n
			m = (p + z * z / (2 * n)) / d; h = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
			printf "%-48s expected %s %% of %s, found %.2f %% (%d of %d, 95 %% %.2f..%.2f)\n",
				name, want, of == "all" ? "all" : "those with J >= .6", 100 * p, k, n, 100 * (m - h), 100 * (m + h)
			exit 100 * p < want }' || bad=1
	done
}
{
	jq -r '.sentence2 // .hypothesis' "$DATA/snli/dev_lean.jsonl"
} >snli
jq -r '.premise, .choice1, .choice2' "$DATA"/xcopa/*.zh.jsonl >zh
jq -r '.premise, .choice1, .choice2' "$DATA"/xcopa/*.th.jsonl >th
nli-ingest -c watson "$DATA/watson/train.csv" 2>/dev/null >watson
jq -r 'select(.lang == "hi") | .hypothesis' watson >hi
jq -r 'select(.lang == "zh") | .hypothesis' watson >>zh
jq -r 'select(.lang == "th") | .hypothesis' watson >>th
for edit in replace insert delete swap; do
	seeds="1 2" check SNLI snli $edit 95 near
	for lang in zh th hi; do
		check $lang $lang $edit 95 near
	done
done
for edit in case marks width; do
	for lang in snli zh th hi; do
		check $lang $lang $edit 99 all --exact
	done
done
exit $bad
