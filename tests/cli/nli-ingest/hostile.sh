# Files that would harm, or that hold what readers stumble over: each is read whole or said no to.
ingest() { # FILE...: premise, hypothesis and label of each record, and the exit
	nli-ingest -j1 --no-src "$@" >out
	echo "exit $?"
	jq -c '[.premise, .hypothesis // .choices, .label // .answer]' out
}
pair() { printf '<pair id="1" value="TRUE" task="IR"><t>%s</t><h>b</h></pair>' "$1"; }
echo '-- XML: entities that grow, files from elsewhere, depth'
{
	printf '<!DOCTYPE c [<!ENTITY a0 "aaaaaaaaaa">'
	for i in 1 2 3 4 5 6 7 8 9; do
		printf '<!ENTITY a%d "' "$i"
		for _ in 1 2 3 4 5 6 7 8 9 10; do printf '&a%d;' $((i - 1)); done
		printf '">'
	done
	printf ']>\n<c>%s</c>\n' "$(pair '&a9;')"
} >bomb.xml
ingest -c rte1 bomb.xml
echo secret >secret.txt
printf '<!DOCTYPE c [<!ENTITY x SYSTEM "secret.txt">]>\n<c>%s</c>\n' "$(pair '&x;')" >outside.xml
ingest -c rte1 outside.xml
awk 'BEGIN { for (i = 0; i < 9999; i++) printf "<a>" }' >deep.xml
ingest -c rte1 deep.xml
awk 'BEGIN { printf "{\"premise\":\"a\",\"hypothesis\":\"b\",\"x\":"; for (i = 0; i < 999; i++) printf "["
	for (i = 0; i < 999; i++) printf "]"; print "}" }' >deep.jsonl
ingest deep.jsonl
echo '-- archives: more than they should unpack to, names that lead out'
awk 'BEGIN { for (i = 0; i < 50000; i++) print "{\"premise\":\"a\",\"hypothesis\":\"b\",\"label\":\"e\"}" }' >train.jsonl
gzip -k train.jsonl && tar -czf bomb.tgz train.jsonl
ingest --max-size 1000000 train.jsonl.gz | head -n 1
ingest --max-size 1000000 bomb.tgz | head -n 1
mkdir in && head -n 1 train.jsonl >in/dev.jsonl
tar -cPf out.tar --transform 's|in/dev|../escaped|' in/dev.jsonl
ingest -n t out.tar
ls ../escaped.jsonl 2>/dev/null
echo '-- a quote that does not close; CRLF; no final newline'
printf 'premise,hypothesis,label\na,b,neutral\nc,"d,neutral\ne,f,neutral\n' >open.csv
ingest open.csv
{
	printf 'premise,hypothesis,label\n"a\nb","c\nd",neutral\ne,"f\ng","h'
	awk 'BEGIN { for (i = 0; i < 40000; i++) print "i,j,neutral" }'
} >far.csv
ingest --max-line 50000 far.csv
printf 'premise\thypothesis\tlabel\r\na\tb\tneutral\r\nc\td\tentailment' >crlf.tsv
ingest crlf.tsv
echo '-- what Unicode calls line ends are none'
printf 'premise\thypothesis\tlabel\na\302\205b\342\200\250c\013d\014e\tf\342\200\251g\tneutral\n' >ends.tsv
ingest ends.tsv
printf '{"premise":"a\302\205b\342\200\250c","hypothesis":"f\342\200\251g","label":"neutral"}\n' >ends.jsonl
ingest ends.jsonl
echo '-- a field of 20 MB'
{
	printf 'premise\thypothesis\tlabel\n'
	awk 'BEGIN { for (i = 0; i < 4000000; i++) printf "abcd " }'
	printf 'end\tb\tneutral\n'
} >large.tsv
ingest --max-line 20000000 large.tsv
nli-ingest --no-src large.tsv | jq -c '[(.premise | length), .hypothesis]'
echo '-- encodings'
printf 'premise\thypothesis\tlabel\n\303\261and\303\272\tb\tneutral\n' >utf8.tsv
for e in UTF-16 UTF-16LE UTF-16BE; do
	iconv -f UTF-8 -t $e utf8.tsv >$e.tsv
	ingest $e.tsv
done
printf 'premise\thypothesis\tlabel\n\224\114\202\252\220\121\202\304\202\242\202\351\t\224\114\202\252\202\242\202\351\206\317\tneutral\n' >sjis.tsv
ingest sjis.tsv
printf 'premise,hypothesis,label\nIt\222s a cat\205,caf\351,neutral\n' >cp1252.csv
ingest cp1252.csv
