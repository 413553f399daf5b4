# A record of 20 MiB passes, or is refused in words where it is not allowed.
{ printf '{"id":"1","premise":"'; head -c 20971520 /dev/zero | tr '\0' x; echo '"}'; } >long.jsonl
nli-split --max-line 20000000 long.jsonl
echo "exit $?"
nli-split long.jsonl | jq -r '.premise | length'
