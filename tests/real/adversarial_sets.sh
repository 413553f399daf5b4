# nli-adversarial over whole sets of real corpora: matched distractors of PMR, balance on
# IndoNLI and SNLI, neutrals of InferES, pairs of choices and back.
set -eu
fail=0
is() { # NUMBER < NUMBER, told in words
	awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }' || { echo "NOT SO"; fail=1; }
}
gain() { jq '[.. | objects | select(has("gain")).gain] | first' "$1"; }

nli-ingest -c pmr -o val "$DATA/pmr/val-ori.jsonl" 2>/dev/null
nli-ingest -c pmr -o test "$DATA/pmr/test-ori.jsonl" 2>/dev/null
cat val test >both
nli-adversarial -m match --summary match.json -o matched both
uses=$(jq -r '.adversarial.choices_from[]' matched | sort | uniq -c | awk '{ print $1 }' | sort -u)
echo "pmr: $(wc -l <matched) of $(wc -l <both) items matched, each answer used $uses times: expected 4"
[ "$uses" = 4 ] || fail=1
jq -c .results.match match.json
jq -c 'select(.split == "dev")' matched >val_adv
jq -c 'select(.split == "test")' matched >test_adv
for half in '' _adv; do
	nli-hyponly -q -i choices -t "val$half" --summary s.json -o /dev/null "test$half"
	echo "pmr$half: choices alone gain $(gain s.json) over chance"
done
is "$(gain s.json)" 0.02
is -0.02 "$(gain s.json)"
echo "pmr: places of the answer $(jq .answer matched | sort | uniq -c | tr -s ' \n' ' ')"

nli-adversarial -m to-nli both | nli-adversarial -m to-choice 2>/dev/null | jq -c '[.key, .answer]' | sort >back
jq -c 'select(.choices | length == (unique | length)) | [.key, .answer]' both | sort >went
echo "pmr to pairs and back: $(comm -12 back went | wc -l) of $(wc -l <went) items are the same: expected all"
[ -z "$(comm -13 back went)" ] || fail=1

nli-ingest -c indonli -o indonli "$DATA/indonli/train.jsonl" 2>/dev/null
nli-ingest -c snli -o snli "$DATA/snli/dev_lean.jsonl" 2>/dev/null
families='word bigram negation quantifier number length containment'
# audited CORPUS FILE: what nli-cues and nli-hyponly say of FILE, additions and all.
audited() {
	left=$(nli-cues -q 0.05 "$2" | jq -r 'select(.q_bh != null).family' |
		grep -cxF "$(echo $families | tr ' ' '\n')" || true)
	nli-hyponly -q --summary after.json -o /dev/null "$2"
	echo "$1: $left cues left, expected 0; gain $(gain before.json), then $(gain after.json): expected at most half"
	[ "$left" -eq 0 ] || fail=1
	is "$(gain after.json)" "$(gain before.json | awk '{ print $1 / 2 }')"
	jq -r '"  " + (.adversarial.method // "own") + " " + (.label // "none")' "$2" | sort | uniq -c
}
kept() { jq '.results.balance.rounds | .[-1].kept / .[0].kept' "$1"; }
for c in indonli snli; do
	nli-hyponly -q --summary before.json -o /dev/null $c
	nli-adversarial -m balance --summary b.json -o "$c.left" $c 2>curve
	cat curve
	audited "$c, records left out alone" "$c.left"
	sort -R --random-source=$c $c | nli-adversarial -m balance 2>/dev/null | sort >mixed
	sort "$c.left" | cmp - mixed || fail=1

	# What negate, contrast and monotone prove may be added.
	nli-adversarial -m negate,contrast,monotone -o made $c 2>/dev/null
	nli-adversarial -m balance --candidates made --summary "$c.json" -o "$c.both" $c 2>curve
	cat curve
	audited "$c, with additions" "$c.both"
	echo "$c: $(kept "$c.json") of the records kept, expected at least 0.6"
	is 0.6 "$(kept "$c.json")"
	sort -R --random-source=$c made >made.mixed
	sort -R --random-source=$c $c |
		nli-adversarial -m balance --candidates made.mixed 2>/dev/null | sort >mixed
	sort "$c.both" | cmp - mixed || fail=1
	nli-adversarial -j 1 -m balance --candidates made $c 2>/dev/null | cmp - "$c.both" || fail=1
done
# Without additions, that four in ten may go is enough on SNLI (the last).  On IndoNLI it is
# not: negation stands in so many contradictions that the bound itself is below six in ten.
is 0.6 "$(kept b.json)"

nli-ingest -c inferes "$DATA"/inferes/*.csv 2>/dev/null | jq -c 'select(.meta.strategy == "Generate")' >generate
jq -r .premise generate | sort -u | head -n 300 >raw
nli-adversarial -m neutral --topic meta.topic --raw raw -o neutrals generate
jq -r .adversarial.rule neutrals | sort | uniq -c
for kind in same-topic other-topic; do
	twice=$(jq -r --arg k $kind 'select(.adversarial.rule == $k).adversarial.hypothesis_from' neutrals | sort | uniq -d | wc -l)
	echo "inferes: $twice hypotheses twice among $kind, expected 0"
	[ "$twice" -eq 0 ] || fail=1
done
exit $fail
