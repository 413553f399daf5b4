# Bad records are told with file, line and reason, and kept whole; in = out + dropped + rejected.
cat >train.jsonl <<'END'
{"pair_id":1,"premise_id":1,"premise":"a","hypothesis":"b","label":"e","annotator_type":"lay","sentence_size":"single"}
not json
{"pair_id":2,"premise_id":1,"premise":"a","label":"e","annotator_type":"lay","sentence_size":"single"}
{"pair_id":3,"premise_id":1,"premise":"a","hypothesis":"b","label":"maybe","annotator_type":"lay","sentence_size":"single"}
{"pair_id":4,"premise_id":1,"premise":"a","hypothesis":"b","label":0,"annotator_type":"lay","sentence_size":"single"}
{"pair_id":1,"premise_id":1,"premise":"","hypothesis":"b","annotator_type":"lay","sentence_size":"single"}
END
nli-ingest -c indonli --max-bad 4 --reject bad.jsonl --summary s.json train.jsonl
jq -c '[.line,.reason]' bad.jsonl
jq -c '[.in,.out,.rejected,.results.labels,.results.rejected,.results["repeated ids"]]' s.json
nli-ingest -c indonli train.jsonl >/dev/null
echo "exit $?"
nli-ingest -c indonli --max-bad 9 --strict train.jsonl >/dev/null
echo "exit $?"
