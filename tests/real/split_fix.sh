# --fix and --respect on released splits that leak: nothing leaks after, what moved is the
# least, what did not leak stays; against a search in Python (split_fix.py).
set -eu
D=$DATA
bad=0
nli-ingest -c indonli -o indonli "$D/indonli/train.jsonl" "$D/indonli/val.jsonl" "$D/indonli/test_lay.jsonl" "$D/indonli/test_expert.jsonl" 2>/dev/null
nli-ingest -c inferes -o inferes "$D/inferes/inferes_train.csv" "$D/inferes/inferes_test.csv" 2>/dev/null
nli-ingest -c sick_semeval -o sick "$D/sick/SICK_train.txt" "$D/sick/SICK_trial.txt" "$D/sick/SICK_test_annotated.txt" 2>/dev/null
for f in indonli inferes sick; do
	echo "$f: $(jq -r .split $f | sort | uniq -c | awk '{ printf "%s %s  ", $2, $1 }')"
	for fields in premise hypothesis "premise hypothesis"; do
		for how in fix respect; do
			# shellcheck disable=SC2046
			nli-split --$how $(printf -- '--group %s ' $fields) -o out $f 2>told
			cat told
			# shellcheck disable=SC2086
			python3 "$SRC/tests/real/split_fix.py" $how $fields <out || bad=1
			for kind in $fields; do
				nli-split --leaks --fail-if "leaks.$kind>0" out >/dev/null || bad=1
			done
		done
	done
	# Near premises, as nli-dedup has them, and premises in one.
	nli-dedup --by premise,hypothesis -o near $f
	nli-split --fix --group premise --group dedup.cluster -o out near 2>told
	cat told
	python3 "$SRC/tests/real/split_fix.py" fix premise dedup.cluster <out || bad=1
done
exit $bad
