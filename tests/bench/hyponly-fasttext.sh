# nli-hyponly, trained on 550,000 hypotheses, against fastText with bigrams: user
# and system seconds of training and scoring, and accuracy on 20,000 held out.
. "$SRC/tests/bench/lib.sh"
need fasttext
lines=${BENCH_LINES:-570000}
held=20000
"$B/tests/bench/gen_snli" "$lines" lean >all.jsonl
nli-ingest -c snli -o records all.jsonl 2>/dev/null
head -n -$held records >train
tail -n $held records >test
for part in train test; do
	jq -r '"__label__\(.label) \(.hypothesis | ascii_downcase | gsub("(?<p>[^\\w\\s])"; " \(.p) "))"' \
		$part >$part.txt
done
set -e
printf '%s\n' 'fasttext supervised -input train.txt -output model -wordNgrams 2 -lr .5 -thread 1 >log 2>&1 &&
	fasttext test model.bin test.txt >accuracy' >fast.sh
cost "fastText, bigrams, 5 epochs" sh fast.sh
theirs=$seconds
their_accuracy=$(awk '/^P@1/ { print $2 }' accuracy)
cost "nli-hyponly --train" nli-hyponly --train train -o scored test
our_accuracy=$(jq -s '[.[] | .hyponly.correct // .hyponly.hypothesis.correct | if . then 1 else 0 end] | add / length' scored)
echo "accuracy: fastText $their_accuracy, nli-hyponly $our_accuracy"
ratio "fastText / nli-hyponly" "$theirs" "$seconds" 5
awk -v a="$our_accuracy" -v b="$their_accuracy" 'BEGIN { exit !(a >= b) }'
