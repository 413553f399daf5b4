# Fields and labels as people spell them, in several languages; marks of byte order; what an
# error tells to do, done.
ingest() { # premise, hypothesis and label of each record
	nli-ingest -j1 --no-src "$@" | jq -c '[.task, .premise, .hypothesis, .label]'
}
echo '-- case, and what stands between words'
printf '{"Premise":"a","hypo_thesis":"b","goldLabel":"neutral"}\n' >camel.jsonl
ingest camel.jsonl
printf 'Sentence A,Sentence-B,Entailment_Label,Pair ID\na,b,neutral,7\n' >words.csv
nli-ingest -j1 words.csv | jq -c '[.id, .premise, .hypothesis, .label, .src]'
echo '-- other languages'
for words in 'Prämisse;Hypothese;Etikett;Widerspruch' 'prémisse;hypothèse;étiquette;neutre' \
	'premisa;hipótesis;etiqueta;contradicción' '前提;假设;标签;蕴含' '전제;가설;라벨;모순' \
	'посылка;гипотеза;метка;следование'; do
	printf '%s\n' "$words" | awk -F ';' '{ printf "%s;%s;%s\na;b;%s\n", $1, $2, $3, $4 }' >words.csv
	ingest words.csv
done
echo '-- no label: it is said'
printf 'premise,hypothesis,entailment,neutral\na,b,.9,.1\n' >shares.csv
ingest shares.csv
echo '-- marks: two, in the middle, UTF-32'
printf '\357\273\277\357\273\277{"premise":"a","hypothesis":"b","label":"e"}\n\357\273\277{"premise":"c","hypothesis":"d","label":"e"}\n' >marks.jsonl
ingest marks.jsonl
printf 'premise,hypothesis,label\né,b,e\n' | iconv -f UTF-8 -t UTF-32LE | (printf '\377\376\0\0'; cat) >wide.csv
ingest wide.csv
echo '-- integers, and pandas that writes them as fractions'
printf 'premise,hypothesis,label\na,b,1.0\nc,d,\ne,f,0.0\n' >pandas.csv
ingest pandas.csv
ingest --labels 0.0=entailment,1.0=contradiction pandas.csv
ingest --labels 0=entailment,1=contradiction pandas.csv
printf '{"name":"mine","title":"Mine","languages":["en"],"task":"nli","licence":"CC0","fields":{"premise":"premise","hypothesis":"hypothesis","label":"label"},"labels":{"integers":["entailment","neutral","contradiction"]}}' >mine.json
ingest -c ./mine.json pandas.csv
printf 'premise,hypothesis,label\na,b,0\nc,d,4\ne,f,9\n' >scale.csv
ingest scale.csv
ingest --max-bad 1 --labels 0=entailment,4=contradiction scale.csv
ingest --labels 0=entailment,4=contradiction,9= scale.csv
printf '{"premise":"a","hypothesis":"b","label":true}\n{"premise":"a","hypothesis":"c","label":false}\n' >two.jsonl
ingest --labels true=entailment,false=not_entailment two.jsonl
printf 'premise,hypothesis,label\na,b,folgt\n' >words.csv
ingest words.csv
ingest --labels folgt=entailment words.csv
for list in 0 0= 0=maybe 0=not_entailment,1=neutral; do
	nli-ingest --labels "$list" scale.csv
	echo "exit $?"
done
nli-ingest -c snli --labels 0=neutral scale.csv
echo "exit $?"
printf '{"question":"a","choices":["b","c"],"label":7,"x1":3}\n' >choice.jsonl
ingest choice.jsonl
echo '-- what was found is said; objects of several lines'
printf '# of today\npremise\thypothesis\tlabel\na\tb\tneutral\n' >comment.tsv
ingest comment.tsv
printf '{\n "premise": "a",\n "hypothesis": "b",\n "label": "e"\n}\n{\n "premise": "c",\n "hypothesis": "d",\n "label": "n"\n}\n' >pretty.json
ingest pretty.json
jq -c . pretty.json | ingest -
printf '<c><item gold="e"><premise>a</premise><hypothesis>b</hypothesis></item></c>' >pairs.xml
ingest pairs.xml
