# What a file is, by content: names and suffixes are hints at most.
mkdir snli_1.0 && cd snli_1.0
printf '{"captionID":"1","pairID":"1r","gold_label":"-","sentence1":"a","sentence2":"b","sentence1_parse":"x","sentence2_binary_parse":"y","annotator_labels":[]}\n' >misnamed.csv
printf '[{"premise":"a","hypothesis":"b","label":"e"}]' >array.jsonl
printf 'premise\thypothesis\tlabel\n"a ""b"""\tc\tneutral\n' >tabs.csv
printf 'sentence1;sentence2;gold_label\na, b;c;entailment\n' >semicolons.tsv
printf 'entailment\tA, b.\tC.\nnot_entailment\tD.\tE, f.\n' >headless.txt
printf 'premise,hypothesis,label\na,b,0\nc,d,2\n' >integers.csv
printf '{"premise":"a","hypothesis":"b","label":true}\n' >booleans.jsonl
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n' >lfs.jsonl
printf '<!DOCTYPE html>\n<html><body>404</body></html>\n' >page.json
printf 'PAR1xxxx' >data.parquet
printf 'Just a text, with words.\nAnd more.\n' >README
printf '\377\376p\000r\000e\000m\000i\000s\000e\000\t\000h\000y\000p\000o\000\t\000l\000a\000b\000e\000l\000\n\000a\000\t\000\351\000\t\000n\000\n\000' >utf16.tsv
: >empty
nli-ingest --detect misnamed.csv array.jsonl tabs.csv semicolons.tsv headless.txt integers.csv booleans.jsonl lfs.jsonl page.json data.parquet README utf16.tsv empty |
	jq -c '[.file, .profile, .dialect, .delimiter, .quoted, .header, .encoding, .task, .error]'
nli-ingest --no-src tabs.csv semicolons.tsv headless.txt utf16.tsv 2>/dev/null | jq -c '[.task, .premise, .hypothesis, .label]'
nli-ingest integers.csv
echo "exit $?"
# The candidates are those that give every integer here a meaning.
printf 'premise,hypothesis,label\na,b,0\nc,d,1\ne,f,4\n' >five.csv
nli-ingest five.csv
echo "exit $?"
