# Premises that stand in files of their own, by key and by part; in an archive too.
in=$SRC/tests/data/profiles/nli4ct/in
cp -r "$in" set
(cd set && tar -cf ../set.tar dev.json 'CT json')
nli-ingest -c nli4ct set.tar 2>err >archive.jsonl
nli-ingest -c nli4ct set/dev.json 2>err >folder.jsonl
cmp archive.jsonl folder.jsonl && jq -c '[.id, .premises // .premise, .group, .src["$join"]]' folder.jsonl
echo '{"a": {"Type": "Single", "Section_id": "Eligibility", "Primary_id": "NCT00000002",
 "Statement": "s", "Label": "Entailment"}, "b": {"Type": "Single", "Section_id": "Results",
 "Primary_id": "NCT00000003", "Statement": "s", "Label": "Entailment"}}' >set/dev.json
nli-ingest --max-bad 9 -c nli4ct set/dev.json
rm set/CT\ json/*
nli-ingest -c nli4ct set/dev.json
(cd set && tar -cf ../set.tar dev.json)
nli-ingest -c nli4ct set.tar
