# export_load.py - the exports in this folder as pandas loads them: rows, and the type of
# each column guessed from the first rows and from all.
#
#	usage: export_load.py ROWS FORMAT...
import csv, json, sys
import pandas

rows, bad = int(sys.argv[1]), 0
for name in sys.argv[2:]:
    if name in ("fasttext", "libsvm"):
        continue
    want = None
    if name in ("csv", "tsv"):
        t = pandas.read_csv(name, sep="," if name == "csv" else "\t", dtype=str, keep_default_na=False)
        first, want = t.dtypes, rows
        for v in t["choices"]:
            if v and type(json.loads(v)) is not list:
                bad = 1
    elif name == "glue-tsv":
        t = pandas.read_csv(name, sep="\t", quoting=csv.QUOTE_NONE, keep_default_na=False)
        first = t.dtypes
    elif name == "anthropic-batch":
        t = pandas.json_normalize(json.load(open(name))["requests"])
        first = t.head(1).dtypes
    else:
        read = lambda n: pandas.read_json(name, lines=True, nrows=n, dtype=False, convert_dates=False)
        t, first = read(None), read(1).dtypes
    nested = [c for c in t.columns if len({type(v) for v in t[c]}) > 1]
    same = list(first) == list(t.dtypes) and not t.isnull().values.any()
    want = want or {"trl-kto": 2 * rows}.get(name, len(t))
    print("pandas %-16s %5d rows, expected %5d; columns of mixed types: expected [], found %s%s" % (
        name, len(t), want, nested, "" if same else "; TYPES CHANGE"))
    bad |= len(t) != want or bool(nested) or not same
sys.exit(bad)
