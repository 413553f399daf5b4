# Whatever stands in a line of a real file comes out byte for byte: each line of each
# JSONL file is given an id and goes through nli-split; what that added taken away,
# it is the line that went in.  Lines that are no records (a label that is a number)
# must be in the reject file instead.
set -eu
cat >check.py <<'END'
import json, re, sys

lines = {}
with open("lines", "rb") as f:
    for l in f:
        lines[json.loads(l)["id"]] = l.rstrip(b"\n")
same = 0
with open("out", "rb") as f:
    for l in f:
        l = l.rstrip(b"\n")
        new = json.loads(l)
        old = lines.pop(new["id"])
        had = json.loads(old)
        if "split" in had:
            # Set in its place; the old one stands last, as it was.
            l = l[: l.rindex(b',"source_split":')] + b"}"
            now = re.search(rb'"split"\s*:\s*(%s)' % json.dumps(new["split"]).encode(), l)
            ok = l[: now.start(1)] == old[: now.start(1)] and old.endswith(l[now.end() :])
        else:
            added = ',"split":%s,"source_split":null}' % json.dumps(new["split"])
            ok = l == old[:-1].rstrip() + added.encode()
        if not ok:
            sys.exit("expected %s\nfound %s" % (old[:300], l[:300]))
        same += 1
with open("bad", "rb") as f:
    rejected = sum(1 for _ in f)
print("%d lines, %d the same, %d rejected" % (same + len(lines), same, rejected))
sys.exit(len(lines) != rejected)
END
files=0
for f in $(cd "$DATA" && find . -name '*.jsonl' | sort); do
	head -n 3000 "$DATA/$f" | sed '1s/^\xef\xbb\xbf//' | grep -a '^{.*}[[:space:]]*$' |
		grep -av '"id" *:' | awk '{ print "{\"id\":\"n" NR "\"," substr($0, 2) }' >lines || continue
	nli-split --max-bad 100% --reject bad lines >out 2>/dev/null
	printf '%s: ' "$f"
	python3 check.py
	files=$((files + 1))
done
echo "$files files, expected 30 or more"
[ "$files" -ge 30 ]
