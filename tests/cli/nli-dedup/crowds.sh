# Inputs that invite to compare all pairs, or to lose some: thousands of equal texts,
# of texts that share most of a long one, of texts equal but for one word, empty ones,
# and one long text beside its edits.  Nothing is lost, all are joined as they should.
say() { # NAME < in
	cat >in.jsonl
	nli-dedup --by hypothesis --summary s.json "$@" in.jsonl 2>/dev/null >out
	jq -r .id in.jsonl >ids
	jq -r .id out | cmp - ids
	jq -c '[.in, .out, .results.hypothesis]' s.json
}
rows() { # N HYPOTHESIS, an expression of awk in i
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "{\"id\":\"%d\",\"premise\":\"p%d\",\"hypothesis\":\"%s\"}\n", i, i, '"$2"' }'
}
rows 20000 '"A man is playing a guitar."' | say
common=$(seq -s ' word' 60)
rows 4000 "\"$common \" i" | say
rows 4000 '"There were " i " of us"' | say
rows 4000 'substr(" ?! ", i % 4, i % 4)' | say
# "a a a ..." and with one more word; the same in Han; edits far from each other.
many() { yes "$1" | head -n "$2" | tr -d '\n'; }
long() {
	for tail in '' ' b'; do printf '{"id":"a%s","premise":"p","hypothesis":"%s%s"}\n' "$tail" "$(many 'a ' 300000)" "$tail"; done
	for tail in '' 国; do printf '{"id":"h%s","premise":"p","hypothesis":"%s%s"}\n' "$tail" "$(many 中 300000)" "$tail"; done
}
long | say
long | say --edits 3
long | sed '2s/a a a/a c a/' | say --edits 2
