# nli-hyponly's accuracy against fastText, liblinear and scikit-learn on the same records
# and folds, each tuned on its training part alone (hyponly_rivals.py says how):
#
#	DATA=folder [SETS="lay expert ..."] sh tests/bench/run.sh hyponly-rivals
#
# pmr is multiple choice: the rivals learn of each option whether it is the answer, and
# the option they hold likeliest is theirs.
#
# Accuracy so measured, in per cent; the sets that are not listed await their run:
#
#	set       n      majority  ours  fastText  liblinear  scikit-learn
#	lay       2,201  36.7      56.0  48.9      54.3       53.3
#	expert    2,984  34.9      43.9  41.4      43.9       43.9
#	pmr       1,742  25.6      40.3  36.7      38.3       38.1
#	cad       2,000  33.9      37.7  32.7      36.9       36.8
#	generate  3,156  50.1      64.7  61.9      62.5       62.5
#	mnli20k   9,815  35.4      50.9  49.4      50.0       50.2
#	anli      3,200  33.4      46.4  45.2      45.1       44.3
#	watson   12,120  34.5      47.3  44.5      46.1       46.0
#
# Ahead by more than chance: of all three on lay, generate and watson, of fastText also on
# expert, pmr and cad, of scikit-learn also on pmr and anli; the others may be chance.
#
# Exits 1 where a rival is ahead by more than chance (McNemar, p < .05).
. "$SRC/tests/bench/lib.sh"
need fasttext
need liblinear-train
: "${DATA:?is the folder of the corpora}"
set -e
py=${PYTHON:-/usr/bin/python3} # Debian's, which python3-sklearn belongs to
records() { nli-ingest -c "$1" -o "$2" "$DATA/$3" 2>/dev/null; }
score() { nli-hyponly --quiet --permutations 0 -o scored "$@"; }
rivals() {
	name=$1
	shift
	"$py" "$SRC/tests/bench/hyponly_rivals.py" scored "$@" | sed "s/^/$name	/" | tee -a table
	# A rival that was killed has no row, which is no victory.
	[ "$(grep -c "^$name	" table)" -eq 3 ] || { echo "$name: a rival did not end"; exit 1; }
}
printf 'set\trival\tn\tmajority\trival\tours\tdifference [95 %%]\tMcNemar p\n'
: >table
for set in ${SETS:-lay expert pmr cad generate mnli20k anli watson snli mnli}; do
	case $set in
	lay | expert)
		records indonli train indonli/train.jsonl
		records indonli test "indonli/test_$set.jsonl"
		;;
	cad)
		records snli_cad train snli_cad/train.tsv
		records snli_cad test snli_cad/test.tsv
		;;
	pmr)
		records pmr train pmr/val-ori.jsonl
		records pmr test pmr/test-ori.jsonl
		;;
	mnli20k)
		records mnli train mnli/mnli_train.tsv
		nli-ingest -o test "$DATA/mnli/dev_matched_lean.jsonl" 2>/dev/null
		;;
	anli) nli-ingest -o test "$DATA/anli/test.jsonl" 2>/dev/null ;;
	mnli) nli-ingest -o test "$DATA/mnli/dev_matched_lean.jsonl" 2>/dev/null ;;
	snli) records snli test snli/dev_lean.jsonl ;;
	watson) records watson test watson/train.csv ;;
	generate)
		for part in train test; do records inferes $part inferes/inferes_$part.csv; done
		jq -c 'select(.meta.strategy == "Generate")' train test >both
		mv both test
		;;
	*)
		echo "hyponly-rivals: SETS has \"$set\", which is none of those of this script"
		exit 1
		;;
	esac
	case $set in
	lay | expert | cad | mnli20k | pmr)
		score --train train test
		rivals "$set" train
		;;
	*)
		score test
		rivals "$set"
		;;
	esac
done
awk -F '\t' '$8 < .05 && $7 ~ /^-/ { print "behind: " $1 ", " $2; bad = 1 } END { exit bad }' table
