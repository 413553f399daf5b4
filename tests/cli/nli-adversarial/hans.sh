# As many entailed as not of each heuristic, no pair twice, the same bytes for any -j;
# what a pack lacks, and a template that does not do what it says, are failures.
nli-adversarial -m hans --count 200 -o out
jq -r '[.adversarial.heuristic, .label, .task, .lang] | @tsv' out | sort | uniq -c
jq -c '[.premise, .hypothesis]' out | sort | uniq -d | wc -l
nli-adversarial -m hans --count 200 -j 1 | cmp - out
nli-adversarial -m hans --count 200 --seed 1 | cmp -s - out || echo another seed, other pairs
nli-adversarial -m hans --count 3 | jq -c '[.adversarial.rule, .label, .premise, .hypothesis]'
# Every language that has templates has them for each heuristic and label.
for l in de en es fr id it pt; do
	nli-adversarial -m hans --lang $l --count 300 |
		jq -r '[.lang, .adversarial.heuristic, .label] | @tsv' | sort | uniq -c
	nli-adversarial -m hans --lang $l --count 2 | jq -c '[.adversarial.rule, .premise, .hypothesis]'
done
nli-adversarial -m hans --lang xx 2>&1
mkdir packs
cp "$SRC/langs/langpack.rng" packs
sed 's|<hypothesis>The {noun.2} {verb+intransitive.1:past}.|<hypothesis>A {noun.2} {verb+intransitive.1:past}.|' "$SRC/langs/en.xml" >packs/en.xml
nli-adversarial -m hans --langs packs 2>&1 >/dev/null
echo "exit $?"
