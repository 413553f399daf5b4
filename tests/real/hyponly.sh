# nli-hyponly on IndoNLI and CAD: published predictions on easy and hard records, naive
# Bayes against scikit-learn on the same counts, a saved model, the verdict between files.
set -eu
D=$DATA/indonli
for part in train test_lay test_expert; do
	nli-ingest -c indonli "$D/$part.jsonl" -o $part 2>/dev/null
done
nli-hyponly -q -t train --model-out model test_lay -o lay
nli-hyponly --model-in model test_expert -o expert
nli-hyponly --model-in model test_lay | jq -c . >later
jq -c '.hyponly.rank = null' lay | cmp - later
echo "model: expected the scores of --train, found them"

# papers.md, section 2: means of three seeds, in percent
means() { # FILE RECORDS: model, full, hard, easy
	nli-hyponly --preds "$D/$1" "$2" | jq -r '[(.model | sub("_[0-9]$"; "")), .accuracy, .hard.accuracy, .easy.accuracy] | @tsv' |
		awk '{ n[$1]++; a[$1] += $2; h[$1] += $3; e[$1] += $4 }
			END { for (m in n) printf "%s %.2f %.1f %.1f\n", m, 100 * a[m] / n[m], 100 * h[m] / n[m], 100 * e[m] / n[m] }' | sort
}
bad=0
full() { # FILE RECORDS MODEL EXPECTED
	means "$1" "$2" >means
	found=$(awk -v m="$3" '$1 == m { print $2 }' means)
	echo "$1 $3: expected $4, found $found; hard, easy: $(awk -v m="$3" '$1 == m { print $3, $4 }' means)"
	[ "$found" = "$4" ] || bad=1
	awk -v m="$3" '$1 == m { exit !($4 > $3 + 8) }' means || { echo "easy is not 8 points over hard"; bad=1; }
}
full preds_full_lay.csv lay xlm-r 82.75
full preds_full_lay.csv lay m-bert 73.54
full preds_full_expert.csv expert xlm-r 74.72
full preds_full_expert.csv expert m-bert 58.94
full preds_hyponly_lay.csv lay xlm-r 59.88
full preds_hyponly_lay.csv lay indobert-large 59.53
full preds_hyponly_expert.csv expert m-bert 44.48
# the wrong test set is noticed
if nli-hyponly --preds "$D/preds_full_lay.csv" expert >out 2>err; then bad=1; echo "lay predictions passed for expert ones"; fi
head -n 1 err

# Naive Bayes: words alone and the bins of length, whose features Python makes again
nli-hyponly -q --model nb --words 1 --chars 0 -t train test_lay -o nb
cat >nb.py <<'END'
import json, re, sys
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
def features(s):
    s = s.casefold()
    toks = re.findall(r"\w+|[^\w\s]", s)
    n = sum(1 for t in toks if re.match(r"\w", t))
    return sorted(set(toks)) + ["LENGTH %d" % min(n, 40)]
def read(name):
    return [json.loads(l) for l in open(name, encoding="utf-8")]
train, test = read("train"), read("nb")
cv = CountVectorizer(analyzer=lambda r: features(r["hypothesis"]), binary=True, min_df=2)
m = MultinomialNB(alpha=1.0).fit(cv.fit_transform(train), [r["label"] for r in train])
p = m.predict_proba(cv.transform(test))
worst = max(abs(p[i][k] - r["hyponly"]["p"][c]) for i, r in enumerate(test) for k, c in enumerate(m.classes_))
print("naive Bayes: expected the p of scikit-learn within 1e-4, found a difference of at most %.2g" % worst)
sys.exit(int(worst > 1e-4))
END
/usr/bin/python3 nb.py || bad=1

for part in train test; do
	nli-ingest -c snli_cad "$DATA/snli_cad/$part.tsv" -o cad.$part 2>/dev/null
done
nli-hyponly -q -t cad.train --summary cad cad.test >/dev/null
found=$(jq -r '.results.inputs.hypothesis | "\(.verdict) \(.p_gain <= .05) \(.gain_lo > 0)"' cad)
echo "CAD, train to test: expected weak true true, found $found ($(jq -c '.results.inputs.hypothesis | [.gain, .gain_lo, .gain_hi, .p_gain]' cad))"
[ "$found" = "weak true true" ] || bad=1
exit $bad
