# nli-cues on IndoNLI: the published PMI table, containment and lengths; LMI, z, q and
# log-odds against a small computation in Python that shares no line with ours; shards.
set -eu
D=$DATA/indonli
nli-ingest -c indonli "$D/train.jsonl" -o train 2>/dev/null
nli-ingest -c indonli "$D/test_expert.jsonl" -o expert 2>/dev/null
nli-cues --summary train.json train 2>/dev/null >train.rows
nli-cues --by meta.sentence_size --tag meta.sentence_size train 2>/dev/null >by.rows
nli-cues expert 2>/dev/null >expert.rows
nli-ingest -c indonli "$D/test_lay.jsonl" 2>/dev/null | nli-cues -o lay.rows 2>/dev/null

nli-ingest -c indonli "$D/diagnostic.jsonl" 2>/dev/null |
	nli-cues --tag meta.inference_phenomena -o diagnostic.rows 2>/dev/null

cat >check.py <<'E2'
import json, math, re, sys
from collections import Counter, defaultdict

bad = 0
def expect(what, found, want, tol=0.0, quiet=False):
    global bad
    ok = abs(found - want) <= tol
    bad += not ok
    if not ok or not quiet:
        print("%s: expected %s, found %s%s" % (what, want, found, "" if ok else "  <-- DIFFERS"))

def rows(name):
    return [json.loads(l) for l in open(name + ".rows", encoding="utf-8")]

def cue(rs, feature, label):
    return next(r for r in rs if r.get("feature") == feature and r.get("family") == "word"
                and r["label"] == label)

# papers.md, section 2: PMI, add-100, and the share of the label's hypotheses in percent
published = {
    "train": {"contradiction": [("tidak", .791, 46.4), ("bukan", .507, 5.5), ("pernah", .320, 7.3),
                                ("ada", .300, 9.5), ("apapun", .237, 1.4)],
              "entailment": [("salah", .199, 1.8), ("terdapat", .197, 3.0), ("sebuah", .180, 2.4),
                             (",", .166, 5.4), ("dan", .165, 7.3)],
              "neutral": [("banyak", .418, 6.4), ("juga", .274, 2.2), ("sangat", .227, 2.2),
                          ("semua", .200, 2.0), ("orang", .197, 5.1)]},
    "expert": {"contradiction": [("tidak", .374, 20.1)], "entailment": [("beberapa", .140, 3.8)],
               "neutral": [("banyak", .170, 5.7), ("juga", .128, None)]},
}
for name, labels in published.items():
    rs = rows(name)
    for label, words in labels.items():
        for word, pmi, share in words:
            r = cue(rs, word, label)
            expect("PMI %s %s %s" % (name, label, word), round(r["pmi"], 3), pmi, 5e-4)
            if share is not None:
                expect("share %s %s %s" % (name, label, word), round(100 * r["share"], 1), share, 5e-2)
expect("vocabulary of train", json.load(open("train.json"))["results"]["words"], 10071)
for name, want in (("train", (26.0, 6.3, 5.1)), ("lay", (25.9, 3.0, 6.3)), ("expert", (5.8, 1.1, 6.6))):
    got = {r["label"]: r for r in rows(name) if r.get("kind") == "containment"}
    for label, w in zip(("entailment", "neutral", "contradiction"), want):
        expect("containment %s %s" % (name, label), round(100 * got[label]["share"], 1), w, 5e-2)
for name, lo, hi in (("train", 7.3, 7.9), ("expert", 9.3, 9.6)):
    means = [r["mean"] for r in rows(name) if r.get("kind") == "length"]
    expect("mean length %s, lowest" % name, round(min(means), 1), lo, .05)
    expect("mean length %s, highest" % name, round(max(means), 1), hi, .15)

# The second computation: word rows of train
token = re.compile(r"\w+|[^\w\s]")
n = Counter(); ny = Counter(); t = Counter(); ty = Counter(); Ny = Counter(); Ty = Counter()
group = defaultdict(lambda: defaultdict(Counter))
for line in open("train", encoding="utf-8"):
    d = json.loads(line)
    toks = token.findall(d["hypothesis"].lower())
    y = d["label"]
    Ny[y] += 1; Ty[y] += len(toks)
    for w in toks:
        t[w] += 1; ty[w, y] += 1
    for w in set(toks):
        n[w] += 1; ny[w, y] += 1; group[w][d["group"]][y] += 1
N = sum(Ny.values()); T = sum(Ty.values())
checked = 0
for r in rows("train"):
    if r.get("family") != "word":
        continue
    w, y = r["feature"], r["label"]
    p0, p = Ny[y] / N, ny[w, y] / n[w]
    lmi = ty[w, y] / T * math.log(ty[w, y] / t[w] * T / Ty[y]) if ty[w, y] else 0
    z = (p - p0) / math.sqrt(p0 * (1 - p0) / n[w])
    pairs = sum((g[y] - p0 * k) ** 2 - g[y] * (1 - p0) ** 2 - (k - g[y]) * p0 ** 2
                for g in group[w].values() for k in [sum(g.values())])
    deff = 1 + pairs / (n[w] * p0 * (1 - p0))
    a, b = ty[w, y] + t[w], 2 * t[w] - ty[w, y]
    lo = math.log(a / (Ty[y] + T - a)) - math.log(b / (2 * T - Ty[y] - b))
    near = lambda what, got, want: expect("%s of %s %s" % (what, w, y), got, want, 2e-5 * abs(want) + 1e-12, True)
    near("n_w", r["n_w"], n[w]); near("n_wy", r["n_wy"], ny[w, y])
    near("LMI", r["lmi"], lmi)
    near("published z", r["z"] * math.sqrt(n[w] / r["n_eff"]), z)
    near("design effect", r["deff"], deff)
    near("log-odds", r["log_odds"], lo)
    checked += 1
print("%d word rows checked against Python" % checked)
expect("word rows", checked, 3 * sum(c >= 20 for c in n.values()))
M = sum(1 for r in rows("train") if "kind" not in r)
cues = [r for r in rows("train") if "kind" not in r]
ps = [r["p_value"] for r in cues]
least = 1
for i in range(M - 1, -1, -1):  # rows are sorted by p
    least = min(least, ps[i] * M / (i + 1))
    expect("q_bh of row %d" % i, cues[i]["q_bh"], least, 2e-5 * least + 1e-300, True)

# Cochran-Mantel-Haenszel and tag by label, from the records again
strata = defaultdict(lambda: [0, 0, 0, 0])
tags = Counter()
for line in open("train", encoding="utf-8"):
    d = json.loads(line)
    s, y = d["meta"]["sentence_size"], d["label"] == "contradiction"
    has = "tidak" in token.findall(d["hypothesis"].lower())
    strata[s][(0 if has else 2) + (0 if y else 1)] += 1
    tags[s, d["label"]] += 1
num = var = up = down = 0
for a, b, c, d in strata.values():
    k = a + b + c + d
    num += a - (a + b) * (a + c) / k
    var += (a + b) * (c + d) * (a + c) * (b + d) / (k * k * (k - 1))
    up += a * d / k
    down += b * c / k
by = rows("by")
r = next(r for r in by if r.get("kind") == "cmh" and r["feature"] == "tidak"
         and r["label"] == "contradiction")
expect("CMH strata", r["strata"], len(strata))
expect("CMH chi-square of tidak", r["chi2"], num * num / var, 1e-5 * num * num / var)
expect("CMH odds ratio of tidak", r["odds_ratio"], up / down, 1e-5 * up / down)
for r in by:
    if r.get("kind") == "tag":
        for y, k in r["labels"].items():
            expect("tag %s %s" % (r["value"], y), k, tags[r["value"], y])

# papers.md, section 2: phenomena of the diagnostic set by label
published = {"SEMLEX": 166, "NUM": 120, "CS": 105, "STRUCT": 100, "LSUB": 99, "MORPH": 96, "NEG": 75,
             "WORLD": 70, "COREF": 70, "TEMP": 68, "QUANT": 59, "COMP": 51, "COORD": 38, "SPAT": 37,
             "IDIOM": 28}
found = {r["value"]: r for r in rows("diagnostic") if r.get("kind") == "tag"}
expect("phenomena", len(found), len(published))
for tag, k in published.items():
    expect("phenomenon " + tag, found[tag]["n"], k)
for tag, y, k in (("NEG", "contradiction", 55), ("NEG", "entailment", 11), ("NEG", "neutral", 9),
                  ("LSUB", "neutral", 9)):
    expect("phenomenon %s, %s" % (tag, y), found[tag]["labels"][y], k)
sys.exit(bad > 0)
E2
python3 check.py

# Every figure of a cue row, and the tests of lengths, containment and annotators, where
# no two records share a premise, so that they are the textbook ones: against Python's own.
nli-ingest -c snli "$DATA/snli/snli_1.0_dev.jsonl" 2>/dev/null |
	jq -c 'select(.label) | .group = .id | .meta.who = (.hypothesis | "w\(length % 4)") |
		select(.hypothesis + .premise | test("^[ -~]*$") and (test("[_0-9]") | not))' >plain
nli-cues --annotator meta.who plain >plain.rows 2>/dev/null
cat >plain.py <<'E3'
import json, math, re, sys
from collections import Counter, defaultdict
bad = checked = 0
def near(what, found, want, tol=2e-5):
    global bad, checked
    checked += 1
    if not abs(found - want) <= tol * abs(want) + 1e-9:
        bad += 1
        print("%s: expected %.8g, found %.8g  <-- DIFFERS" % (what, want, found))
rows = [json.loads(l) for l in open("plain.rows", encoding="utf-8")]
cues = [r for r in rows if "kind" not in r]
items = [json.loads(l) for l in open("plain", encoding="utf-8")]
token = re.compile(r"\w+|[^\w\s]")
n = Counter(); ny = Counter(); t = Counter(); ty = Counter(); Ny = Counter(); Ty = Counter()
length = defaultdict(list); inside = Counter(); votes = defaultdict(Counter)
for d in items:
    y = d["label"]
    toks = token.findall(d["hypothesis"].lower())
    words = [w for w in toks if re.match(r"\w", w)]
    premise = set(token.findall(d["premise"].lower()))
    length[y].append(len(words))
    inside[y] += all(w in premise for w in words)
    votes[d["meta"]["who"]][y] += 1
    Ny[y] += 1; Ty[y] += len(toks)
    for k in (toks, list(zip(toks, toks[1:]))):
        t.update(k)
        n.update(set(k))
        ty.update((w, y) for w in k)
        ny.update((w, y) for w in set(k))
N = sum(Ny.values())
words_of = lambda w: not isinstance(w, tuple)
def tail(k, m, p):   # ln P(X >= k): the exact sum, largest term out
    terms = [math.lgamma(m + 1) - math.lgamma(i + 1) - math.lgamma(m - i + 1) +
             i * math.log(p) + (m - i) * math.log1p(-p) for i in range(k, m + 1)]
    top = max(terms)
    return top + math.log(math.fsum(math.exp(x - top) for x in terms))
def wilson(k, m, z=1.959963984540054):
    mid, half = k + z * z / 2, z * math.sqrt(k * (m - k) / m + z * z / 4)
    return (mid - half) / (m + z * z), (mid + half) / (m + z * z)
def upper(chi2, df):  # chi-square tail by the series of the lower gamma function
    a, x = df / 2, chi2 / 2
    term = total = 1 / a
    for i in range(1, 10000):
        term *= x / (a + i)
        total += term
    return 1 - total * math.exp(-x + a * math.log(x) - math.lgamma(a))

V = {True: [w for w in t if words_of(w)], False: [w for w in t if not words_of(w)]}
T = {k: sum(t[w] for w in v) for k, v in V.items()}
TY = {k: Counter() for k in V}
for (w, y), k in ty.items():
    TY[words_of(w)][y] += k
for r in cues:
    if r["family"] not in ("word", "bigram"):
        continue
    w, y = r["feature"], r["label"]
    w = tuple(w.split(" ")) if r["family"] == "bigram" else w
    one, K = words_of(w), len(Ny)
    what, m, k, p0 = "%s %s" % (w, y), n[w], ny[w, y], Ny[y] / N
    near("n_w " + what, r["n_w"], m); near("n_wy " + what, r["n_wy"], k)
    near("share " + what, r["share"], k / Ny[y])
    near("n_eff " + what, r["n_eff"], m)
    near("p " + what, r["p"], k / m)
    lo, hi = wilson(k, m)
    near("p_lo " + what, r["p_lo"], lo); near("p_hi " + what, r["p_hi"], hi)
    near("z " + what, r["z"], (k / m - p0) / math.sqrt(p0 * (1 - p0) / m))
    near("log10_p " + what, r["log10_p"], tail(k, m, p0) / math.log(10))
    # add-100 over the table (vocabulary, labels)
    size = len(V[one])
    all_ = T[one] + 100 * size * K
    near("pmi " + what, r["pmi"], math.log((ty[w, y] + 100) * all_ /
         ((t[w] + 100 * K) * (TY[one][y] + 100 * size))))
    near("n_half " + what, sum(r["n_half"]), m)
    a, b = ty[w, y] + t[w], t[w] - ty[w, y] + t[w]
    A, B = TY[one][y] + T[one], 2 * T[one] - TY[one][y]
    lo = math.log(a / (A - a)) - math.log(b / (B - b))
    near("log_odds " + what, r["log_odds"], lo)
    near("log_odds_z " + what, r["log_odds_z"], lo / math.sqrt(1 / a + 1 / b))
ps = [r["p_value"] for r in cues]
M = len(ps); harmonic = math.fsum(1 / i for i in range(1, M + 1)); least = by = 1
for i in range(M - 1, -1, -1):
    least = min(least, ps[i] * M / (i + 1)); by = min(by, ps[i] * M * harmonic / (i + 1))
    near("q_bh %d" % i, cues[i]["q_bh"], least); near("q_by %d" % i, cues[i]["q_by"], by)
    near("q_bonferroni %d" % i, cues[i]["q_bonferroni"], min(1, ps[i] * M))
for r in rows:  # the rank test: pairs counted one by one, ties halved
    if r.get("kind") != "length":
        continue
    y = r["label"]
    mine, others = Counter(length[y]), Counter()
    for l in length:
        if l != y:
            others.update(length[l])
    a, b = sum(mine.values()), sum(others.values())
    wins = sum(i * j * (1 if u > v else .5 if u == v else 0)
               for u, i in mine.items() for v, j in others.items())
    ties = sum((mine[v] + others[v]) ** 3 - (mine[v] + others[v]) for v in set(mine) | set(others))
    var = a * b / 12 * ((a + b + 1) - ties / ((a + b) * (a + b - 1)))
    near("mean length " + y, r["mean"], sum(length[y]) / a)
    near("superior " + y, r["superior"], wins / (a * b))
    near("delta " + y, r["delta"], 2 * wins / (a * b) - 1)
    u = wins - a * b / 2  # with the correction for continuity
    near("z of length " + y, r["z"], math.copysign(max(0, abs(u) - .5), u) / math.sqrt(var))
for r in rows:
    if r.get("kind") == "containment" and r["label"]:
        near("contained " + r["label"], r["contained"], inside[r["label"]])
def chi2(table):
    row = [sum(x) for x in table]; col = [sum(x) for x in zip(*table)]
    return sum((x - row[i] * col[j] / sum(row)) ** 2 / (row[i] * col[j] / sum(row))
               for i, r in enumerate(table) for j, x in enumerate(r))
for r in rows:
    if r.get("kind") == "containment" and not r["label"]:
        c = chi2([[inside[y], Ny[y] - inside[y]] for y in Ny])
        near("chi-square of containment", r["chi2"], c)
    if r.get("kind") == "annotators":
        near("chi-square of annotators", r["chi2"], chi2([[v[y] for y in Ny] for v in votes.values()]))
        near("p of annotators", r["p_value"], upper(r["chi2"], r["df"]), 1e-3)
    if r.get("kind") == "annotator":
        v = votes[r["worker"]]; s = sum(v.values())
        near("entropy of " + r["worker"], r["entropy"], -sum(x / s * math.log2(x / s) for x in v.values() if x))
        rest = {y: Ny[y] - v[y] for y in Ny}
        near("chi-square of " + r["worker"], r["chi2"], chi2([[v[y] for y in Ny], [rest[y] for y in Ny]]))
print("%d figures of records without clusters: expected those of Python, %d differ" % (checked, bad))
sys.exit(bad > 0)
E3
python3 plain.py

# Every language pack, on pairs that were translated into its language: a third to two
# thirds of the contradictions are negated, and negation gives them away.
nli-ingest -c watson "$DATA/watson/train.csv" -o watson 2>/dev/null
for lang in en ar de es fr hi ru sw tr zh; do
	grep "\"lang\":\"$lang\"" watson | nli-cues -n 5 --no-bigrams 2>/dev/null |
		jq -r --arg lang $lang 'select(.feature == "negation" and .label == "contradiction") |
			"negation \($lang): expected share .3 to .6 and z above 3, found \(.share), \(.z)",
			if .share > 0.3 and .share < 0.6 and .z > 3 then empty else "DIFFERS" end'
done >negation
cat negation
[ "$(grep -c expected negation)" -eq 10 ] && ! grep -q DIFFERS negation

split -l 3001 train part.
for p in part.a?; do nli-cues --partial -o "$p.counts" "$p" 2>/dev/null; done
nli-cues --merge part.ad.counts part.aa.counts part.ac.counts part.ab.counts 2>/dev/null |
	cmp - train.rows
echo "four shards: expected the bytes of one run, found them"

# Planted cues of 2 points in 10,000 texts, 200 corpora each way.
NLI_SEEDS=200 "$B/tests/unit/test_cues" >planted 2>&1 || { cat planted; exit 1; }
grep corpora planted
