# Leaks that are known: facts from the corpora's own files, texts byte for byte.
set -eu
D=$DATA
bad=0
expect() { # WHAT WANTED FOUND
	echo "$1: expected $2, found $3"
	[ "$2" = "$3" ] || bad=1
}
get() { # SUMMARY KIND: shared, of, records, of records of the first pair of parts
	jq -r --arg k "$2" '[.results.leaks[] | select(.kind == $k)][0] | "\(.shared) \(.of) \(.records) \(.of_records)"' "$1"
}

nli-ingest -c indonli "$D/indonli/train.jsonl" >train
nli-ingest -c indonli "$D/indonli/test_lay.jsonl" >lay
nli-split --leaks --as-is --summary s.json train lay >table
cat table
# 1,951 of 2,201 are the 88.6 % of lay test records whose premise is in train.
expect "IndoNLI lay test, premises in train" "750 803 1951 2201" "$(get s.json premise)"
expect "IndoNLI lay test, pairs in train" "0 2198 0 2201" "$(get s.json pair)"

nli-ingest -c inferes "$D/inferes/inferes_train.csv" "$D/inferes/inferes_test.csv" >inferes 2>/dev/null
nli-split --leaks --as-is --summary s.json inferes >table
cat table
expect "InferES test, premises in train" "743 909" "$(get s.json premise | cut -d ' ' -f 1,2)"
# 2,068 in the files; two of them differ by a blank at the end, which records have not.
expect "InferES, premises in all" 2067 "$(jq -r .premise inferes | sort -u | wc -l | tr -d ' ')"

# A split by premise, and one that is fixed, leak none.
nli-split --group premise inferes | nli-split --leaks --summary s.json --fail-if 'leaks.premise>0' >/dev/null
nli-split --group premise --fix inferes 2>moved | nli-split --leaks --fail-if 'leaks.premise>0' >/dev/null
cat moved
status=0
nli-split --leaks --fail-if 'leaks.premise>0' inferes >/dev/null 2>&1 || status=$?
expect "InferES as released, --fail-if" 3 $status

# What goes in comes out when the tool's members are taken off again.
nli-split train | jq -c 'del(.split, .source_split)' >a
jq -c 'del(.split)' train | cmp - a && echo "IndoNLI: expected the same records, found $(wc -l <a)"
exit $bad
