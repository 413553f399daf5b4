# JSON lines by a profile: label spelt out, ids, votes, group, meta; the rest is src.
cat >in.jsonl <<'END'
{"annotator_labels":["neutral","entailment"],"captionID":"1.jpg#0","gold_label":"neutral","pairID":"1.jpg#0r1n","sentence1":"Two  dogs run. ","sentence1_binary_parse":"( a )","sentence1_parse":"(ROOT)","sentence2":"Dogs race.","sentence2_binary_parse":"( b )","sentence2_parse":"(ROOT b)","extra":[1, 2.50,{"x":"\u00e9"}]}
{"annotator_labels":["neutral",""],"captionID":"1.jpg#0","gold_label":"-","pairID":"1.jpg#0r2n","sentence1":"Two dogs run.","sentence1_binary_parse":"( a )","sentence1_parse":"(ROOT)","sentence2":"Dogs\u2028sleep.","sentence2_binary_parse":"( b )","sentence2_parse":"(ROOT b)"}
END
cp in.jsonl snli_1.0_dev.jsonl
nli-ingest -c snli snli_1.0_dev.jsonl
echo "-- without src"
nli-ingest -c snli --no-src -n mine <in.jsonl
