# A saved model scores as --train did, byte for byte but for the rank, whatever is scored
# with it and by however many threads; what is not a whole model of ours is refused.
awk 'BEGIN { srand(3); for (i = 0; i < 900; i++) {
	l = i % 3
	to = i % 2 ? "test" : "train"
	printf "{\"id\":\"%d\",\"task\":\"nli\",\"lang\":\"en\",\"premise\":\"a w%d is not w%d\",\"hypothesis\":\"%s w%d w%d\",\"label\":\"%s\"}\n", i, i / 3, i % 13, rand() < .6 ? l ? l == 2 ? "maybe" : "never" : "yes" : "it", rand() * 30, i % 11, l ? l == 2 ? "neutral" : "contradiction" : "entailment" > to
	if (i % 3 == 0)
		printf "{\"id\":\"c%d\",\"task\":\"choice\",\"premise\":\"p%d\",\"choices\":[\"%s w%d\",\"the w%d\",\"a w%d\"],\"answer\":%d}\n", i, i, "so", i % 7, i % 5, i % 3, rand() < .7 ? 0 : 2 > to } }'
tail -n 50 test | jq -c '.label = null | .answer = null' >>test
n=0
for args in "" "-i premise -i length" "-i overlap -i shuffled" "-i both" "--model nb" "--words 1 --chars 0 --bias"; do
	n=$((n + 1))
	out=; case $args in *--bias*) out=--bias ;; esac
	nli-hyponly -q $args -t train --model-out m$n test >trained
	nli-hyponly -j 1 $out --model-in m$n test >one
	nli-hyponly -j 8 $out --model-in m$n test >eight
	cmp one eight
	jq -c '.hyponly.rank = null' trained >a
	jq -c . one >b
	cmp a b && echo "same: $args"
	nli-hyponly -q $args -t train test --model-out again >/dev/null
	cmp m$n again
done
# a part of the records gets what it got among all
head -n 100 test | nli-hyponly --model-in m1 >part
head -n 100 test >hundred
nli-hyponly -q -t train hundred | jq -c '.hyponly.rank = null' >a
jq -c . part | cmp - a && echo "part: same"
nli-hyponly --model-in m1 --summary sum test >/dev/null
jq -c '.results | [.mode, .tasks.nli.hypothesis.n, .tasks.choice.hypothesis.n]' sum

refuse() { nli-hyponly --model-in "$@" test >out; echo "exit $? $(wc -c <out)"; }
size=$(wc -c <m1)
head -c $((size - 1)) m1 >cut && refuse cut
head -c 60 m1 >short && refuse short
: >empty && refuse empty
sed '1s/"version":1/"version":2/' m1 >newer && refuse newer
{ head -c $((size / 2)) m1; printf X; tail -c $((size - size / 2 - 1)) m1; } >bent && refuse bent
refuse nowhere
echo '{"id":"x","task":"nli","premise":"p","hypothesis":"h","label":"perhaps"}' >odd
nli-hyponly --model-in m1 odd; echo "exit $?"
nli-hyponly --model-in m1 --max-bad 1 --reject bad odd; echo "exit $? $(cut -c 1-30 bad)"
nli-hyponly -q -t train --model-out nono odd; echo "exit $? $(ls nono 2>/dev/null)"
nli-hyponly --model-out m test 2>&1 >/dev/null | head -n 1
nli-hyponly --model-in m1 -t train test 2>&1 >/dev/null | head -n 1
