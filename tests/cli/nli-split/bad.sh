# A bad record is told with file and line and kept in the reject file; more
# than --max-bad end the run.
printf '{"id":"1","premise":"p"}\nnot json\n{"premise":"no id"}\n{"id":"2","premise":"q\303("}\n' >in.jsonl
nli-split --max-bad 3 --reject bad.jsonl --summary s.json in.jsonl
cat bad.jsonl
nli-split in.jsonl
echo "exit $?"
nli-split --group topic --max-bad 9 in.jsonl
echo "exit $?"
jq -c '[.tool, .in, .out, .dropped, .rejected]' s.json
