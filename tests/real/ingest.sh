# nli-ingest on every file of $DATA that holds records: exact counts of records,
# rejects and labels (ingest.tsv), by profile and by detection; JSeM's text is its
# XML; the judgements of Snow et al.; the table of InferES; the source can be
# rebuilt from the record.
python3 - "$DATA" "$SRC/tests/real/ingest.tsv" <<'END'
import json, subprocess, sys, unicodedata
data, table = sys.argv[1:]
bad = 0

def ingest(*args):
    r = subprocess.run(["nli-ingest", "--max-bad", "1", "--summary", "s.json", *args],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return r.returncode, r.stdout, json.load(open("s.json")) if not r.returncode else None

def check(what, wanted, found):
    global bad
    if wanted != found:
        bad += 1
        print(f"{what}: wanted {wanted}, found {found}")

def counts(s):
    return s and [s["in"], s["rejected"], s["results"]["labels"]]

n = 0
for row in open(table):
    profile, path, wanted = row.rstrip("\n").split("\t")
    wanted = json.loads(wanted)
    check(f"{path} as {profile}", wanted, counts(ingest("-c", profile, f"{data}/{path}")[2]))
    check(f"{path} by detection", wanted, counts(ingest(f"{data}/{path}")[2]))
    n += 1
print(n, "files by profile and by detection")

def records(*args):
    return [json.loads(x) for x in ingest(*args)[1].decode().splitlines()]

def shown(r):
    return [r["id"], r["premise"], r["hypothesis"], r["label"]]

for name in "Adjectives", "NP", "Plurals", "Toritate":
    a, b = (records("-c", "jsem", f"{data}/jsem/{name}.{x}") for x in ("txt", "xml"))
    check(f"jsem/{name}.txt and .xml", list(map(shown, b)), list(map(shown, a)))

snow = records("-c", "snow2008", f"{data}/snow2008/annotated_test.xml")
votes = [v for r in snow for v in r["annotations"]]
right = sum((sum(v["label"] == r["label"] for v in r["annotations"]) > 5) for r in snow)
check("snow2008: votes, workers, majority right", [8000, 164, 685],
      [len(votes), len({v["worker"] for v in votes}), right])

# facts: papers.md, 3
inferes = [r for p in ("train", "test")
           for r in records("-c", "inferes", f"{data}/inferes/inferes_{p}.csv")]
table3 = {}
for r in inferes:
    row = table3.setdefault(r["meta"]["strategy"], [0, 0, 0])
    row[["contradiction", "entailment", "neutral"].index(r["label"])] += 1
check("inferes: label by strategy",
      {"Generate": [1582, 1574, 0], "Rewrite": [712, 398, 309], "Automated": [0, 0, 2191],
       "Crowd": [393, 427, 470]}, table3)

chaos = records("-c", "chaosnli", f"{data}/chaosnli/chaosNLI_snli.jsonl")
check("chaosnli: votes an item", {100}, {len(r["annotations"]) for r in chaos})

# The round trip: every field of the source is in src, or is shown by the record as
# the same string but for NFC and white space.
def clean(s):
    return " ".join(unicodedata.normalize("NFC", s).split())

def strings(v):
    if isinstance(v, str):
        yield v
    elif isinstance(v, dict):
        for x in v.values():
            yield from strings(x)
    elif isinstance(v, list):
        for x in v:
            yield from strings(x)

lost = fields = 0
jsonl = [(r.split("\t")[0], r.split("\t")[1]) for r in open(table)
         if r.split("\t")[1].endswith(".jsonl") and "diagnostic" not in r]
for profile, path in jsonl:
    source = [json.loads(x) for x in open(f"{data}/{path}", encoding="utf-8") if x.strip()]
    out = records("-c", profile, f"{data}/{path}")
    check(f"{path}: records", len(source), len(out))
    for s, r in zip(source, out):
        src, meta = r.pop("src", {}), r.get("meta", {})
        there = {clean(x) for x in strings(r)}
        id = r["id"].split("/", 2)[2].split("~")[0]
        for k, v in s.items():
            fields += 1
            if k in src:
                lost += src[k] != v
            elif isinstance(v, str):
                lost += clean(v) not in there and v != id
            elif isinstance(v, list) and all(isinstance(x, str) for x in v):
                lost += not (v in list(r.values()) or [a["label"] for a in r.get("annotations", [])] == v
                             or v in meta.values() or list(map(clean, v)) == r.get("choices")
                             or v == r.get("image", {}).get("objects"))
            else:
                lost += not (v in meta.values() or v == r.get("answer"))
check(f"round trip: of {fields} fields in {len(jsonl)} files, not to be rebuilt", 0, lost)
sys.exit(bad > 0)
END
