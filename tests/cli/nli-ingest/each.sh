# Several questions of one passage: arrays side by side must be of one length.
in='{"answers": ["A"], "options": [["a", "b"], ["c", "d"]], "questions": ["x", "y"], "article": "z", "id": "1"}'
echo "$in" >1.txt
nli-ingest -c race --max-bad 1 --reject bad 1.txt
cat bad
# What each record keeps of its source is its own element.
echo "$in" | sed 's/\["A"\]/["A", "B"]/' >2.txt
nli-ingest -c race 2.txt | jq -c '[.id, .premises, .choices, .answer, .src]'
# A prefix that only some choices have is part of them.
printf '\na\nt\nq\nA.x\nB.y\nC.z\nD.w\n\nb\nt\nq\nA.x\ny\nz\nw\n' >3.txt
nli-ingest -c logiqa 3.txt | jq -c '[.choices, .answer]'
# An object of arrays of arrays is keyed; what tells more of it need not be there.
cp -r "$SRC/tests/data/profiles/tabfact/in" t
(cd t && tar -cf ../t.tar data tokenized_data)
nli-ingest -c tabfact t.tar >archive.jsonl
(cd t/tokenized_data && nli-ingest -c tabfact val_examples.json) >folder.jsonl
cmp archive.jsonl folder.jsonl
rm t/data/all_csv/2-18-1.html.csv
nli-ingest --max-bad 1 -c tabfact t/tokenized_data/val_examples.json | jq -c '[.premise, .hypothesis, .label]'
