# Whatever --memory is, the bytes are the same, with other corpora, an index and all
# pairs, too; and nothing is left in the folder of temporaries.
awk 'BEGIN { for (i = 0; i < 9000; i++) {
	a = i * 7919 % 900; b = i * 104729 % 1300
	printf "{\"id\":\"%d\",\"premise\":\"Premise number %d tells of %d men and their dog\",\"hypothesis\":\"There are %d men%s\",\"label\":\"%d\"}\n", i, a, b, b, i % 3 ? " here" : "", i % 2 } }' >in.jsonl
head -n 500 in.jsonl | sed 's/men/women/' >other.jsonl
run() { # NAME OPTIONS...
	name=$1
	shift
	nli-dedup --by pair,hypothesis,premise --against other.jsonl --pairs $name.pairs --index $name.index --summary $name.json "$@" -o $name in.jsonl 2>/dev/null
}
run plain -j 1
run small -j 1 --memory 16M
run large -j 4 --memory 1g
for f in '' .pairs .index .json; do
	cmp plain$f small$f
	cmp plain$f large$f
done
ls "$TMPDIR"
nli-split --leaks plain --as-is 2>/dev/null >leaks
nli-split --leaks plain --as-is --memory 16M 2>/dev/null | cmp - leaks
# What cannot be had is told.
try() { nli-dedup "$@" in.jsonl 2>&1 >/dev/null | sed 's/store-....../store-*/' | head -n 1; nli-dedup "$@" in.jsonl >/dev/null 2>&1 || echo "exit $?"; }
try --memory 1M
try --memory 12Q
try --memory 1GB
TMPDIR=/nowhere try --memory 16M
(
	ulimit -f 64
	trap '' XFSZ
	try --memory 16M
)
