# Every profile against the list of corpora that it was written from
# ($FACTS/corpora.tsv, by default beside $DATA): addresses, bytes, sums, licence,
# counts, names of fields, labels.  profiles.tsv says which profile is whose, and
# where and why the two may differ.
if [ -z "${FACTS:-}" ] && [ ! -e "$DATA/../facts/corpora.tsv" ]; then
	echo "there is no list beside $DATA: nothing to compare with"
	exit 0
fi
FACTS=${FACTS:-$DATA/../facts}
python3 - "$FACTS/corpora.tsv" "$SRC/corpora" "$SRC/tests/real/profiles.tsv" <<'END'
import csv, fnmatch, json, re, sys
facts, corpora, table = sys.argv[1:]
rows = {r["name"]: r for r in csv.DictReader(open(facts, encoding="utf-8"), delimiter="\t",
                                              quoting=csv.QUOTE_NONE)}
mine = {}
for line in open(table, encoding="utf-8"):
    name, profiles, but = line.rstrip("\n").split("\t")
    mine[name] = (profiles.split(), dict(x.split(": ", 1) for x in but.split("; ") if x))
bad = checked = 0

def check(name, what, right, found):
    global bad, checked
    checked += 1
    excused = what in mine[name][1]
    if right == excused:
        bad += 1
        print(f"{name}: {what}: {'excused, but right' if right else found}")

def parts(s):
    return [x.strip() for x in s.split(" ; ")]

def layouts(p):
    for l in p.get("layouts", [{}]):
        yield {**p, **l, "fields": {**p.get("fields", {}), **l.get("fields", {})},
               "labels": {**p.get("labels", {}), **l.get("labels", {})}}

def files_and_access(name, row, ps):
    have = {f["url"]: f for p in ps for f in p.get("files", [])}
    sums = {f.get("sha256"): f for f in have.values()}
    urls, sizes, shas = parts(row["url"]), parts(row["bytes"]), parts(row["sha256"])
    if not all(re.match("https?://", u) for u in urls if not u.startswith("(+")) or \
            not row["bytes"] and not set(urls) & set(have):
        check(name, "access", any(p.get("access", "open") != "open" for p in ps), "it is open")
        return
    for i, url in enumerate(urls):
        if url.startswith("(+"):
            continue
        sha = shas[i] if i < len(shas) and re.fullmatch("[0-9a-f]{64}", shas[i]) else None
        f = have.get(url) or sums.get(sha or 0)
        check(name, "address", f is not None, f"no file {url}")
        if f:
            check(name, "bytes", not sizes[0] or f.get("bytes") == int(sizes[i]),
                  f"{url}: {f.get('bytes')}, wanted {sizes[i]}")
            check(name, "sha256", sha is None or f.get("sha256") == sha, f"{url}: {f.get('sha256')}, wanted {sha}")

def licence(name, row, ps):
    wanted = {"?": "none stated", "-": "none stated"}.get(row["license"], row["license"])
    found = [p["licence"] for p in ps]
    check(name, "licence", wanted in found, f"{found}, wanted {wanted}")

def counts(name, row, ps):
    try:
        splits = json.loads(row["splits"])
    except ValueError:
        return
    records = {e["records"] for p in ps for e in p.get("expect", [])}
    if sum(splits.values()) in records:
        splits = {}
    missing = {s: n for s, n in splits.items() if n not in records and n * 15 not in records}
    check(name, "counts", not missing, f"no expected records {missing}")

E, N, C, X = "entailment", "neutral", "contradiction", "not_entailment"
THREE = {"entailment": E, "neutral": N, "contradiction": C, "e": E, "n": N, "c": C, "ent": E, "cnt": C,
         "yes": E, "no": C, "unknown": N, "true": E, "false": C, "-": None, "": None, "null": None,
         "undef": None, "entailed": E}
TWO = {"entailment": E, "entailed": E, "entails": E, "true": E, "yes": E, "not_entailment": X, "false": X,
       "no": X, "not-entailed": X, "not entailed": X, "non-entailment": X, "nonentailment": X,
       "none": X, "unknown": None}

def label(l, raw):
    """What a layout makes of a label, by the vocabularies of the list, not by the tool's table."""
    if l["task"] == "choice":
        k = int(raw) if raw.isdigit() else "abcdefgh".find(raw.lower())
        return str(k - (l.get("answer_is") == "number"))
    labels = l["labels"]
    for s in (raw, raw.strip()):
        if s in labels.get("spellings", {}):
            v = labels["spellings"][s]
            return "set" if isinstance(v, list) else v
    if re.fullmatch(r"\d+", raw):
        k = int(raw) - labels.get("first", 0)
        return labels["integers"][k] if 0 <= k < len(labels.get("integers", [])) else "?"
    s = raw.strip().lower()
    known = TWO if l["task"] == "nli2" else THREE
    if s in known:
        return known[s]
    return "set" if labels.get("set") == "letters" and len(s) > 1 and set(s) <= set("enc") else "?"

def layouts_of_file(p, name):
    of = [l for l in layouts(p) if any(fnmatch.fnmatch(name, m.split("/")[-1]) for m in l.get("match", []))]
    return of or list(layouts(p))

def distribution(name, row, ps):
    text = row["label_distribution(local files)"]
    for m in re.finditer(r"(?:^| \| )([^|:]+): n=(\d+) (?:[\w-]+:)?(\{[^{}]*\})(?= \| |$)", text):
        file, n, raw = m[1].strip(), int(m[2]), json.loads(m[3])
        wanted = [e for p in ps for e in p.get("expect", []) if "labels" in e and e["records"] == n and
                  fnmatch.fnmatch(file, e["match"].split("/")[-1])]
        if not wanted or sum(raw.values()) != n:
            continue
        right = False
        for p in ps:
            for l in layouts_of_file(p, file):
                got = {}
                for k, v in raw.items():
                    to = label(l, k)
                    got["null" if to is None else to] = got.get("null" if to is None else to, 0) + v
                right = right or any(got == e["labels"] for e in wanted)
        check(name, "labels of " + file, right, f"expected {[e['labels'] for e in wanted]}, the list has {raw}")

def orders(name, row, ps):
    """0=E 1=N 2=C, TRUE -> E..."""
    to = {"E": {E}, "N": {N}, "C": {C}, "not-E": {X}}
    for raw, code in re.findall(r"(?<![\w|])([\w-]+) ?(?:->|=) ?(not-E|[ENC])(?![\w-])", row["label_vocabulary_and_mapping"]):
        got = [label(l, raw) for p in ps for l in layouts(p) if l["task"] != "choice" and l["fields"].get("label")]
        check(name, "label " + raw, any(g in to[code] for g in got), f"{got}, wanted {code}")

ORDER = re.compile(r"int order ([enc](?:,[enc]){2})|([enc],[enc],[enc]) = 0,1,2")

def integers(name, row, ps):
    """"HF int order e,c,n": the list's own words; formats.md has the others, by corpus."""
    m = ORDER.search(row["label_vocabulary_and_mapping"])
    wanted = [dict(e=E, n=N, c=C)[x] for x in (m[1] or m[2]).split(",")] if m else TABLE.get(name)
    if wanted:
        got = [l["labels"].get("integers") for p in ps for l in layouts(p)]
        check(name, "integers", wanted in got, f"{got}, wanted {wanted}")

TABLE = {"KLUE-NLI": [E, N, C], "CMNLI (CLUE)": [N, E, C], "CLUE diagnostics": [N, E, C],
         "RCB (Russian SuperGLUE)": [E, C, N], "CDSC-E (KLEJ)": [N, C, E], "GLUE WNLI": [X, E],
         "TERRa (Russian SuperGLUE)": [E, X], "LiDiRus (Russian SuperGLUE)": [E, X], "SuperGLUE RTE": [E, X],
         "SuperGLUE AXB": [E, X], "SuperGLUE AXG": [E, X], "WReTE (IndoNLU)": [X, E], "TabFact": [X, E],
         "XNLIeu / XNLIvar": [E, N, C], 'Kaggle "Contradictory, My Dear Watson"': [E, N, C]}

def names(v):
    if isinstance(v, str):
        return [x for x in re.split(r"[.\[\]]", v) if x and x[0] not in "$#^" and not x.isdigit()]
    return [n for x in v or [] for n in names(x)]

def fields(name, row, ps):
    """Some layout's names of the texts, and of the label or answer, are all in the list."""
    text = (row["field_mapping"] + " " + row["format"] + " " + row["label_vocabulary_and_mapping"]).lower()
    text = re.sub(r"(\w+)\{([^{}]*)\}", lambda m: " ".join(m[1] + x for x in m[2].split(",")) + " " + m[1] + " " + m[2], text)
    words = set(re.findall(r"[\w*-]+", text.replace("*", " ")))
    for stem, first, last in re.findall(r"([a-z_-]+?)(\d)\.\.(?:[a-z_]*)(\d)", text):
        words |= {stem + str(k) for k in range(int(first), int(last) + 1)}
    def there(n):
        return all(w in words for w in re.findall(r"[\w-]+", n.lower()))
    if not row["field_mapping"] or re.match(r"as |nested", row["field_mapping"]):
        return
    ok, seen = False, []
    for p in ps:
        for l in layouts(p):
            f = l["fields"]
            used = [n for k in ("premise", "choices", "answer") for n in names(f.get(k))]
            # Of a hypothesis and a label several paths are alternatives.
            of = [[n for n in names(f.get(k)) if not there(n)] for k in ("hypothesis", "label")]
            of = [x for x, k in zip(of, ("hypothesis", "label")) if len(x) == len(names(f.get(k)))]
            seen.append([n for n in used if not there(n)] + [n for x in of for n in x])
            ok = ok or not seen[-1]
    check(name, "fields", ok, f"not in the list: {seen}")

if set(rows) != set(mine):
    bad += 1
    print("not in both lists:", sorted(set(rows) ^ set(mine)))
for name, (profiles, _) in mine.items():
    ps = [json.load(open(f"{corpora}/{p}.json", encoding="utf-8")) for p in profiles]
    if name not in rows:
        continue
    for f in files_and_access, licence, counts, distribution, orders, integers, fields:
        if not (f is fields and ps[0]["task"] == "crowd"):
            f(name, rows[name], ps)
print(f"{len(mine)} corpora, {checked} checks, {bad} differ, expected 0")
sys.exit(bad > 0)
END
