# Files of strangers: what cannot be read is said in words, nothing is taken for what it is not.
ingest() { # FILE...: records in short, then the exit
	nli-ingest -j1 --no-src "$@" | jq -c '[.id, .split, .premise, .hypothesis // .choices, .label // .answer]'
}
printf '\n \n' >blank.jsonl
printf '[ ]' >array.json
ingest blank.jsonl array.json
echo '-- lines that end in CR alone'
printf 'premise\thypothesis\tlabel\ra\tb\tneutral\rc\td\tentailment\r' >mac.tsv
ingest mac.tsv
echo '-- the first line is the broken one, or lacks what the others have'
printf '{"premise":"a","hypothesis":"b","score":NaN}\n{"premise":"c","hypothesis":"d","label":"neutral"}\n' >nan.jsonl
ingest --max-bad 1 nan.jsonl
printf '{"premise":"a","hypothesis":"b"}\n{"premise":"c","hypothesis":"d","label":"neutral"}\n' >later.jsonl
ingest later.jsonl
printf '[{"premise":"a","hypothesis":"b"},\n{"premise":"c","hypothesis":"d","label":"neutral"}]\n' >later.json
ingest later.json
printf "{'premise': 'a', 'hypothesis': 'b'}\n{'premise': 'c', 'hypothesis': 'd'}\n" >python.txt
ingest python.txt
printf '{"premise":"a","hypothesis":"b"}\n{"premise":"c","hypothesis":"d","label":"n","x":NaN}\n{"premise":"e","hypothesis":"f","label":"n"}\n' >middle.jsonl
ingest --max-bad 1 middle.jsonl
echo '-- a table by column, an object of splits, an object with more than its arrays'
printf '{"premise":["a","b"],"hypothesis":["c","d"],"label":["neutral","entailment"]}' >columns.json
ingest columns.json
# What it says to do does it.
jq -c 'range(.hypothesis | length) as $i | map_values(.[$i])' columns.json | ingest -
printf '{"train":[{"premise":"a","hypothesis":"b","label":"e"}],"dev":[{"premise":"c","hypothesis":"d","label":"n"}]}' >splits.json
ingest splits.json
printf '{"data":[{"premise":"a","hypothesis":"b","label":"e"}],"version":"1.0","n":1}' >version.json
ingest version.json
echo '-- blanks in the header'
printf 'premise, hypothesis, label\na, b, neutral\n' >blanks.csv
ingest blanks.csv
echo '-- answers by other names; candidates are named'
printf '{"context":"a","question":"b","answerA":"x","answerB":"y","correct":"B"}\n' >siqa_trn.jsonl
ingest siqa_trn.jsonl
printf '[{"context":"a","question":"b","answers":["x","y"],"label":1}]' >answers.json
ingest answers.json
printf '[[["a","b"],[{"question":"c","choice":["x","y"],"answer":"y"}],"1-2"]]' >dialogues.json
ingest dialogues.json
printf 'i\tI am\ta\tb\tc\td\t2\n' >seven.tsv
ingest seven.tsv
echo '-- columns between bars, sets of labels'
printf 'premise|hypothesis|label\na, b|c, d|neutral\ne, f|g, h|entailment\n' >bars.txt
ingest bars.txt
ingest_set() {
	nli-ingest -j1 --no-src "$1" | jq -c '[.id, .label, .label_set]'
}
printf '{"premise":"a","hypothesis":"b","label":"nc"}\n{"premise":"a","hypothesis":"b","label":"e"}\n' >letters.jsonl
ingest_set letters.jsonl
printf '{"premise":"a","hypothesis":"b","label":"entailment, neutral"}\n{"premise":"a","hypothesis":"b","label":"neutral"}\n' >list.jsonl
ingest_set list.jsonl
