# split_fix.py HOW FIELD... < records: what --fix or --respect made of a split, held against
# a search of its own: no value of FIELD (a dotted name, or annotator; texts without case
# and marks) in two parts; by HOW, what moved is the least, or what did not leak stays.
import json, sys, unicodedata
from collections import Counter, defaultdict, deque


def is_mark(c):
    return c != "%" and (unicodedata.category(c)[0] == "P" or unicodedata.category(c) == "Sk")


def form(text):
    t = unicodedata.normalize("NFKC", text).casefold()
    t = "".join("" if c in "\u00ad\u200b\u200e\u200f\u2060\ufeff" else " " if is_mark(c) else c for c in t)
    return " ".join(t.split()) or text


def values(r, fields):
    for f in fields:
        if f == "annotator":
            yield from ((f, a["worker"]) for a in r.get("annotations", []) if a.get("worker"))
            continue
        v = r
        for step in f.split("."):
            v = v[step]
        yield f, form(v) if f in ("premise", "hypothesis") else v


how, fields = sys.argv[1], sys.argv[2:]
records = [json.loads(line) for line in sys.stdin]
holds = defaultdict(list)
own = []
for i, r in enumerate(records):
    own.append(list(values(r, fields)))
    for v in own[i]:
        holds[v].append(i)
leaks = sum(len({records[i]["split"] for i in at}) > 1 for at in holds.values())
was_leaks = sum(len({records[i].get("source_split") for i in at} - {None}) > 1 for at in holds.values())

seen, least, stirred, components, largest = set(), 0, 0, 0, 0
for i in range(len(records)):
    if i in seen:
        continue
    queue, component = deque([i]), []
    seen.add(i)
    while queue:
        k = queue.popleft()
        component.append(k)
        for v in own[k]:
            for j in holds.pop(v, ()):
                if j not in seen:
                    seen.add(j)
                    queue.append(j)
    # A record without a split has nothing to keep.
    was = Counter(s for s in (records[k].get("source_split") for k in component) if s)
    least += sum(was.values()) - max(was.values(), default=0)
    components += 1
    largest = max(largest, len(component))
    if len(was) == 1:
        stirred += sum(records[k]["split"] not in was for k in component)
moved = sum(r["split"] != (r.get("source_split") or r["split"]) for r in records)
print("  %s by %s: %d records, %d components, the largest of %d" % (how, ", ".join(fields), len(records), components, largest))
print("  values in two parts: %d before, expected 0 after, found %d" % (was_leaks, leaks))
if how == "fix":
    print("  moved: expected %d, the least, found %d" % (least, moved))
else:
    print("  moved although it did not leak: expected 0, found %d (moved in all: %d)" % (stirred, moved))
sys.exit(leaks > 0 or (stirred if how == "respect" else moved != least))
