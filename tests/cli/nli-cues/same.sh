# The same bytes for any number of threads, for shuffled input, for counts that were cut
# inside of groups and merged in another order, compressed or not, and for little memory.
nli-ingest -c demo "$SRC/corpora/demo/train.jsonl" 2>/dev/null >records
opts='--tag meta.genre --by lang -n 5'
nli-cues $opts -j 1 records 2>/dev/null >want
same() { cmp want got && echo "$1"; }
nli-cues $opts -j 7 records 2>/dev/null >got
same 'seven threads'
awk '{ print (NR * 7919) % 100003, $0 }' records | sort -n | sed 's/^[0-9]* //' |
	nli-cues $opts 2>/dev/null >got
same 'shuffled'
split -l 211 records part.
for p in part.*; do
	nli-cues $opts --partial -j 3 -o "$p.counts.gz" "$p" 2>/dev/null
done
nli-cues $opts --merge $(ls -r part.*.counts.gz) 2>/dev/null >got
same 'counts merged'
nli-cues $opts --merge --partial part.aa.counts.gz part.ab.counts.gz -o ab 2>/dev/null
nli-cues $opts --merge ab part.a[c-z].counts.gz 2>/dev/null >got
same 'counts of counts merged'
nli-cues $opts --memory 1 records 2>/dev/null >got
same 'little memory'
