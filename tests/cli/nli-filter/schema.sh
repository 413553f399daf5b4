# One of every rule, emitted, is what corpora/filter.schema.json says and applies again.
cat >cues <<'END'
{"feature":"nobody","family":"word","label":"contradiction","z":9.1,"replicated":true}
END
echo '{"worker":"w","skill":0.1}' >workers
echo '{"id":"a","reward":1,"model":"m"}' >rolls
echo '{"id":"a","task":"nli","lang":"en","label":"neutral","premise":"A b.","hypothesis":"A c.","w":1,"filter":{"keep":true},"hyponly":{"p":{"neutral":0.4},"correct":true},"dedup":{"representative":true},"truth":{"p":{"neutral":1},"n":3,"entropy":0,"label":"neutral"},"annotations":[{"worker":"v","label":"neutral"}]}' >in
nli-filter -q --marked --lang en --where . --duplicate --conflict --leak --posterior 0.5 --entropy 1 \
	--votes 2 --annotator 0.5 --workers workers --length 1..9 --premise-length 1.. --overlap ..1 \
	--cue cues --easy 0.9 --blind 0.9 --blind-model m --rollouts rolls --pass 0.5 --model m \
	--reward reward --join id --max-age 3 --length-penalty 0.0003 --group 8 --band 0..1 --gamma 0.9 \
	--pools --zero-variance --useful 0.5 --target-lengths 2000,4000 --easy-top 0.1 \
	--label-balance --label-shares --within lang --quota lang=5 --sample 5 --weight w \
	--emit-filter f.json in >out
sh "$SRC/tests/generic/schema.sh" "$SRC/corpora/filter.schema.json" f.json
jq -c '.rules | length' f.json
jq -r '.rules[].rule' f.json | sort -u | tr '\n' ' '
nli-filter -q -f f.json --rollouts rolls --emit-filter again.json in | cmp - out
cmp f.json again.json
jq -c .filter out
# Every rule of the schema is known, and every one of the program's is in the schema.
jq -r '."$defs"[].properties?.rule?.const // empty' "$SRC/corpora/filter.schema.json" | sort |
	while read -r rule; do
		printf '{"nli_filter":1,"rules":[{"rule":"%s"}]}' "$rule" >one.json
		nli-filter -f one.json </dev/null 2>&1 | grep 'no rule'
	done
