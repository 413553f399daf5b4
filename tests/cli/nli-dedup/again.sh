# A file is read again where a pipe is kept: the same bytes, with blank lines, a mark at
# the beginning, lines that are rejected, members of other files and no LF at the end.
{
	printf '\357\273\277'
	awk 'BEGIN { for (i = 0; i < 3000; i++) {
		printf "{\"id\":\"%d\",\"premise\":\"Some %d sentence\",\"hypothesis\":\"Another of %d\",\"annotations\":[{\"label\":\"x\"}%s],\"label\":\"x\"}%s\n", i, i % 500, i % 700, i % 2 ? ",{\"label\":\"y\"}" : "", i % 7 ? "" : "\r"
		if (i % 11 == 0) print ""
		if (i % 900 == 5) print "{\"id\":" } }'
	printf '{"id":"last","premise":"Some 1 sentence","hypothesis":"b"}'
} >a.jsonl
printf '{"id":"more","premise":"p","hypothesis":"Another of 1"}\n' >b.jsonl
gzip -k b.jsonl
run() { nli-dedup --exact --by pair,hypothesis --max-bad 9 "$@" 2>/dev/null; }
run -j 1 a.jsonl b.jsonl >files
cat a.jsonl | run -j 1 - b.jsonl | cmp - files
run -j 4 - b.jsonl.gz <a.jsonl | cmp - files
{ read -r first; run; } <a.jsonl | wc -l # from where it stands
wc -l <files
nli-split --leaks --as-is a.jsonl b.jsonl --max-bad 9 2>/dev/null >leaks
cat a.jsonl | nli-split --leaks --as-is - b.jsonl --max-bad 9 2>/dev/null | sed 's/-/a.jsonl/' | cmp - leaks
