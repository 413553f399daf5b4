# A record of 20 MiB is refused in words, or passes where it is allowed.
{ printf '{"id":"1","premise":"'; head -c 20971520 /dev/zero | tr '\0' x; echo '"}'; } >long.jsonl
nli-split long.jsonl
echo "exit $?"
nli-split --max-line 30000000 long.jsonl | jq -r '.premise | length'
