# Tables and classifiers' files, read by their own readers; texts with everything that
# can break a row come back as they were, or as the format can hold them.
nli-ingest -c demo -o pairs "$SRC/corpora/demo/train.jsonl"
jq -c 'if .id == "demo/train/en-001n" then .hypothesis = "a \"quoted\",\ttabbed\nand broken line \u0001 \\" else . end' \
	pairs >odd
for f in csv tsv; do
	nli-export -f $f -o t.$f odd
done
python3 - <<'END'
import csv, json
rows = [json.loads(l) for l in open("odd")]
for name, d in (("csv", ","), ("tsv", "\t")):
    got = list(csv.DictReader(open("t." + name, newline=""), delimiter=d))
    same = all(g["hypothesis"] == r["hypothesis"] and g["premise"] == r["premise"] and
               g["id"] == r["id"] and g["label"] == (r["label"] or "") and
               json.loads(g["meta"]) == r["meta"] for g, r in zip(got, rows))
    print(name, len(got), len(rows), same)
END
nli-export -f glue-tsv odd | awk -F '\t' 'NF != 4 || (NR > 1 && $1 != NR - 2)' | head -3
nli-export -f fasttext odd | awk '{ print $1 }' | sort | uniq -c
nli-export -f fasttext --text pair odd | sed -n 2p
nli-export -f libsvm odd | python3 -c '
import sys
for line in sys.stdin:
    label, *features = line.split()
    index = [int(f.split(":")[0]) for f in features]
    assert label in "012" and index == sorted(set(index)) and index[0] >= 1 and index[-1] <= 262144, line'
# SNLI and back: the same texts, labels and keys, so the same items.
nli-export -f snli pairs >snli_1.0_train.jsonl
nli-ingest -c snli snli_1.0_train.jsonl 2>/dev/null | jq -c '[.key, .premise, .hypothesis, .label, .group]' >back
jq -c '[.key, .premise, .hypothesis, .label, .group]' pairs | cmp - back
# Records of choices are no pairs; they are examples one by one.
nli-ingest -c demo "$SRC/corpora/demo/choices.jsonl" | head -n 1 >choice
nli-export -f snli choice
echo $?
nli-export -f fasttext choice
