# One-word edits of real hypotheses, by a seed: at least 95 % of all are found at the
# defaults, near or as an edit; in Chinese and Thai one character as well as one word as
# ICU cuts them, however many characters it has (cut_words); changes of case,
# punctuation and width are all found, as exact.  Each pair that is told, of 10,000
# texts, is what it is said to be by an independent count, and of all pairs of those
# texts by brute force 95 % are told.
set -eu
cat >plant.py <<'END'
# plant.py EDIT SEED < texts: records of the texts and of their edits, ids "k" and "k'"
import json, random, sys
edit, seed = sys.argv[1], int(sys.argv[2])
rng = random.Random(seed)
texts = list(dict.fromkeys(l.strip() for l in sys.stdin if l.strip()))
cut = "\x1f" in "".join(texts[:50])
spaced = not cut and " " in "".join(texts[:50]) and edit[0] != "c"
def pieces(t): return t.split("\x1f") if cut else t.split() if spaced else list(t)
def is_word(w): return not cut or any(c.isalnum() for c in w)
vocabulary = sorted({w for t in texts for w in pieces(t) if is_word(w)})

def change(t):
    w = pieces(t)
    at = [i for i, x in enumerate(w) if is_word(x)]
    beside = [i for i in at if is_word("".join(w[i + 1:i + 2])) and i + 1 < len(w)]
    i = rng.choice(at)
    if edit == "replace": w[i] = rng.choice(vocabulary)
    elif edit == "insert": w.insert(i, rng.choice(vocabulary))
    elif edit == "delete" and len(at) > 1: del w[i]
    elif edit == "swap" and beside:
        i = rng.choice(beside)
        w[i], w[i + 1] = w[i + 1], w[i]
    elif edit == "case": return t.swapcase()
    elif edit == "marks": return "\u00ab " + t.rstrip(".!?\u3002\u0964") + " !"
    elif edit == "width": return "".join(chr(ord(c) + 0xfee0) if "!" <= c <= "~" else c for c in t)
    return (" " if spaced else "").join(w)

for k, t in enumerate(texts):
    for name, s in (("%d" % k, t.replace("\x1f", "")), ("%d'" % k, change(t))):
        print(json.dumps({"id": name, "premise": name, "hypothesis": s}, ensure_ascii=False))
END
cat >judge.py <<'END'
# judge.py PAIRS RECORDS: the planted pairs, and those that are told
import json, sys
same, told = {}, set()
for line in open(sys.argv[1]):
    p = json.loads(line)
    if p["kind"] == "exact": same[p["b"]] = p["a"]
    else: told.add(frozenset((p["a"], p["b"])))
n = hit = 0
for line in open(sys.argv[2]):
    i = json.loads(line)["id"]
    if i.endswith("'"): continue
    a, b = same.get(i, i), same.get(i + "'", i + "'")
    n += 1
    hit += a == b or frozenset((a, b)) in told
print(n, hit)
END
cat >brute.py <<'END'
# brute.py PAIRS RECORDS: texts; pairs told; wrong ones; pairs of J >= .6, told of these;
# pairs one edit apart, told of these
import json, os, subprocess, sys, unicodedata
def between(c, *ranges): return any(a <= ord(c) <= b for a, b in ranges)
def syllable(c): return between(c, (0x3041, 0x30ff), (0x3400, 0x9fff), (0xac00, 0xd7a3))
def joined(c): # Han, Kana, Thai, Lao, Khmer, Myanmar
    return between(c, (0x3005, 0x3007), (0x3041, 0x3096), (0x309d, 0x309f), (0x30a1, 0x30fa), (0x30fc, 0x30ff),
        (0x3400, 0x9fff), (0xf900, 0xfaff), (0x20000, 0x3ffff), (0xe01, 0xe3a), (0xe40, 0xe5b), (0xe80, 0xeff),
        (0x1000, 0x109f), (0x1780, 0x17ff))
def grams(t):
    g = {t[i:i + (2 if syllable(t[i]) else 4)] for i in range(len(t)) if i + (2 if syllable(t[i]) else 4) <= len(t)}
    return g or {t}
def gap(c): return c.isspace() or (unicodedata.category(c)[0] == "P" or unicodedata.category(c) == "Sk") and c != "%"
def form(t):
    t = unicodedata.normalize("NFC", unicodedata.normalize("NFC", t).casefold())
    return " ".join("".join(" " if gap(c) else c for c in t if c not in "\u200b\u200e\u200f\ufeff\u00ad").split()) or t
def units(t):
    u, open_word = [], False
    for c in t:
        word = c in "_\u200c\u200d" or unicodedata.category(c)[0] in "LMN"
        if word and not joined(c) and open_word: u[-1] += c
        elif not c.isspace(): u.append(c)
        open_word = word and not joined(c)
    return u
def runs(t):
    """The stretches of t in a script without spaces, and its other units."""
    r = []
    for piece in t.split():
        last = False
        for u in units(piece):
            if joined(u[0]) and last: r[-1] += u
            else: r.append(u)
            last = joined(u[0])
    return r
def apart(a, b):
    """At most one put in, left out, replaced or swapped with its neighbour, and one left."""
    if max(len(a), len(b)) < 2: return False
    while a and b and a[0] == b[0]: a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]: a, b = a[:-1], b[:-1]
    return len(a) <= 1 and len(b) <= 1 or len(a) == len(b) == 2 and a == b[::-1]
text = {}
for line in open(sys.argv[2]):
    r = json.loads(line)
    text.setdefault(form(r["hypothesis"]), r["id"])
forms = list(text)
of = {i: k for k, i in enumerate(text.values())}
gram = [grams(t) for t in forms]
unit = [units(t) for t in forms]
run = [runs(t) for t in forms]
to_cut = sorted({r for row in run for r in row if joined(r[0])})
cut = subprocess.run([os.environ["CUT"]], input="".join(r + "\n" for r in to_cut), capture_output=True, text=True, encoding="utf-8", check=True)
cut = dict(zip(to_cut, (l.split("\x1f") for l in cut.stdout.split("\n"))))
word = [[w for r in row for w in cut.get(r, [r])] for row in run]
def is_edit(i, j): return apart(unit[i], unit[j]) or apart(word[i], word[j])
told, same, wrong = set(), {}, 0
for line in open(sys.argv[1]):
    p = json.loads(line)
    if p["kind"] == "exact": same[p["b"]] = p["a"]; same[p["a"]] = p["a"]
name = {same.get(i, i): k for i, k in of.items()}
def jaccard(i, j): return len(gram[i] & gram[j]) / len(gram[i] | gram[j])
for line in open(sys.argv[1]):
    p = json.loads(line)
    if p["kind"] == "exact": continue
    i, j = name[p["a"]], name[p["b"]]
    J, edit = jaccard(i, j), is_edit(i, j)
    told.add((min(i, j), max(i, j)))
    if abs(J - p["sim"]) > 1e-5 or (p["kind"] == "near") != (J >= .6 - 1e-6) or edit != ("edits" in p):
        wrong += 1
        if wrong < 10: print(p, forms[i], forms[j], J, edit, file=sys.stderr)
# Sets of J >= .6 share one of the rarest 2/5 of either's grams (all pairs of these).
near, post, often = set(), {}, {}
for g in gram:
    for x in g: often[x] = often.get(x, 0) + 1
for i, g in enumerate(gram):
    for x in sorted(g, key=lambda x: (often[x], x))[:len(g) - -(-len(g) * 3 // 5) + 1]:
        for j in post.get(x, ()):
            if (j, i) not in near and jaccard(i, j) >= .6 - 1e-9: near.add((j, i))
        post.setdefault(x, []).append(i)
# One edit leaves the units equal without one, or in another order.
alike = {}
for i, u in [*enumerate(unit), *((i, w) for i, w in enumerate(word) if w != unit[i])]:
    for k in range(len(u)):
        alike.setdefault((k, tuple(u[:k] + u[k + 1:])), []).append(i)
        alike.setdefault((-1, tuple(u[:k] + u[k + 1:])), []).append(i)
    alike.setdefault((-1, tuple(u)), []).append(i)
    alike.setdefault((-2, tuple(sorted(u))), []).append(i)
edits = set()
for g in alike.values():
    for a in range(len(g)):
        for b in range(a):
            i, j = min(g[a], g[b]), max(g[a], g[b])
            if i != j and (i, j) not in edits and is_edit(i, j): edits.add((i, j))
print(len(forms), len(told), wrong, len(near), len(near & told), len(edits), len(edits & told))
END
bad=0
CUT=$BIN/../tests/bench/cut_words
export CUT
check() { # NAME TEXTS EDIT WANTED-% OPTIONS...
	name=$1 texts=$2 edit=$3 want=$4
	shift 4
	for seed in ${seeds:-1}; do
		python3 plant.py "$edit" $seed <"$texts" >planted
		nli-dedup --by hypothesis --pairs pairs -o /dev/null "$@" planted
		python3 judge.py pairs planted >counts
		read -r n hit <counts
		awk -v name="$name, $edit${*:+, $*}, seed $seed" -v n="$n" -v k="$hit" -v want="$want" 'BEGIN {
			p = k / n; z = 1.96; d = 1 + z * z / n
			m = (p + z * z / (2 * n)) / d; h = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
			printf "%-40s expected %s %%, found %.2f %% (%d of %d, 95 %% %.2f..%.2f)\n",
				name, want, 100 * p, k, n, 100 * (m - h), 100 * (m + h)
			exit 100 * p < want }' || bad=1
	done
}
brute() { # NAME TEXTS
	head -n 5000 "$2" | python3 plant.py replace 3 >planted
	nli-dedup --by hypothesis --pairs pairs -o /dev/null planted
	python3 brute.py pairs planted >counts
	read -r n told wrong near near_told edits edits_told <counts
	echo "$1, $n different texts, $told pairs told: wrong ones, expected 0, found $wrong"
	echo "  of $near pairs with J >= .6, expected 95 %, found $near_told"
	echo "  of $edits pairs one edit apart, expected 95 %, found $edits_told"
	[ "$wrong" -eq 0 ] && [ $((near_told * 100)) -ge $((near * 95)) ] &&
		[ $((edits_told * 100)) -ge $((edits * 95)) ] || bad=1
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
	seeds="1 2" check SNLI snli $edit 95
	for lang in zh th hi; do
		check $lang $lang $edit 95
	done
done
for lang in zh th; do
	"$CUT" <$lang >$lang.cut
	for edit in replace insert delete swap; do
		seeds="1 2" check "$lang, words" $lang.cut $edit 95
	done
done
for edit in case marks width; do
	for lang in snli zh th hi; do
		check $lang $lang $edit 99 --exact
	done
done
brute SNLI snli
for lang in zh th hi; do
	brute $lang $lang
done
for lang in zh th; do
	brute "$lang, words" $lang.cut
done
exit $bad
