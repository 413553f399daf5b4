# Rules on what other tools left in the record: one record a case, the reasons beside it.
cat >in <<'END'
{"id":"first","task":"nli","lang":"en","label":"neutral","dedup":{"representative":true,"kind":"exact","conflict":false,"overlap":[]}}
{"id":"copy","task":"nli","lang":"en","label":"neutral","dedup":{"representative":false,"kind":"exact","conflict":false,"overlap":[]}}
{"id":"alike","task":"nli","lang":"en","label":"neutral","dedup":{"representative":false,"kind":"near","conflict":false,"overlap":null}}
{"id":"named","task":"nli","lang":"en","label":"neutral","dedup":{"representative":true,"conflict":{"labels":["neutral","entailment"]},"overlap":null}}
{"id":"leaks","task":"nli","lang":"en","label":"neutral","dedup":{"representative":false,"kind":"near","conflict":null,"overlap":{"id":"t/1","by":"pair","kind":"exact"}}}
{"id":"edited","task":"nli","lang":"en","label":"neutral","dedup":{"representative":false,"kind":"edit","conflict":null,"overlap":null}}
{"id":"sure","task":"nli","lang":"id","label":"neutral","truth":{"label":"neutral","p":{"neutral":0.9,"entailment":0.1},"entropy":0.3,"n":5}}
{"id":"unsure","task":"nli","lang":"id","label":"entailment","truth":{"label":"neutral","p":{"neutral":0.9,"entailment":0.1},"entropy":0.3,"n":5}}
{"id":"torn","task":"nli","lang":"id","label":null,"truth":{"label":"neutral","p":{"neutral":0.6,"entailment":0.4},"entropy":0.67,"n":5}}
{"id":"few","task":"nli","lang":"zh-Hant","label":null,"truth":{"label":"neutral","p":{"neutral":1},"entropy":0,"n":1}}
{"id":"bad votes","task":"nli","lang":"zho","label":null,"annotations":[{"worker":"w1","label":"neutral"},{"worker":"w2","label":"neutral"}]}
{"id":"good votes","task":"nli","label":null,"annotations":[{"worker":"w1","label":"neutral"},{"worker":"w3","label":"neutral"},{"worker":"w2","label":"neutral"}]}
{"id":"marked","task":"nli","lang":"en","label":null,"filter":{"keep":false,"reasons":["x"],"scores":{}}}
END
cat >workers <<'END'
{"worker":"w1","n":9,"accuracy":0.9,"skill":0.2}
{"worker":"w2","n":9,"accuracy":0.8,"skill":0.9}
{"worker":"w3","n":9,"accuracy":0.5}
END
say() {
	nli-filter -q "$@" in | jq -r '"\(.id): \(.filter.reasons | join(" "))"' >out || echo failed
	echo "== $*"
	grep -v ': $' out
}
say --duplicate --conflict --leak
say --posterior 0.5
say --entropy 0.5
say --votes 2
say --annotator 0.5 --workers workers
say --lang en,zh
say --marked
say --where '.truth.n > 4' --where '.label'
# A kind of duplicates alone is for a filter file.
echo '{"nli_filter":1,"rules":[{"rule":"duplicate","kind":"near"}]}' >near.json
say -f near.json
# In a record with a truth that makes no sense the rule says what is wrong.
echo '{"id":"a","task":"nli","label":"neutral","truth":{"p":{"neutral":7},"n":1,"entropy":0}}' |
	nli-filter -q --posterior 0.5
echo $?
nli-filter -q --annotator 0.5 in 2>&1 | head -1
