# Members of archives; litter and READMEs are passed over, encrypted ones refused.
mkdir -p multinli_1.0/__MACOSX in && printf x >multinli_1.0/__MACOSX/._a && printf x >multinli_1.0/.DS_Store
line='{"promptID":"1","pairID":"1e","genre":"x","gold_label":"entailment","sentence1":"A b.","sentence2":"A.","sentence1_parse":"x","sentence2_binary_parse":"y","annotator_labels":["entailment"]}'
echo "$line" >multinli_1.0/multinli_1.0_train.jsonl
echo "$line" >multinli_1.0/multinli_1.0_dev_matched.jsonl
echo "Read me, please." >multinli_1.0/README.txt
tar cf a.tar multinli_1.0 && gzip -k a.tar && xz -k a.tar && zstd -q a.tar && bzip2 -k a.tar
python3 - <<'END'
import zipfile, os
with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for d, _, fs in os.walk("multinli_1.0"):
        for f in sorted(fs):
            z.write(os.path.join(d, f))
raw = bytearray(open("a.zip", "rb").read())
for sig, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
    i = raw.find(sig)
    while i >= 0:
        raw[i + at] |= 1
        i = raw.find(sig, i + 1)
open("locked.zip", "wb").write(raw)
END
for a in a.tar a.tar.gz a.tar.xz a.tar.zst a.tar.bz2 a.zip; do
	nli-ingest -c mnli "$a" 2>/dev/null | jq -r .id | sort | tr '\n' ' '
done
echo
cat a.tar.gz | nli-ingest -c mnli --member '*dev*' 2>/dev/null | jq -r .id
nli-ingest a.zip 2>&1 >/dev/null | grep -v expects | sort
nli-ingest -c mnli locked.zip
echo "exit $?"
nli-ingest -c mnli --max-size 100 a.zip
echo "exit $?"
head -c 300 a.tar.gz >cut.tar.gz
nli-ingest -c mnli cut.tar.gz >/dev/null
echo "exit $?"
