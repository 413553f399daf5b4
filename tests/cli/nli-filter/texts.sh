# Rules that read the texts, in languages with and without spaces.
cat >in <<'END'
{"id":"short","task":"nli","label":"contradiction","premise":"A man sleeps on a bench.","hypothesis":"Nobody sleeps."}
{"id":"half","task":"nli","label":"neutral","premise":"A man sleeps on a bench.","hypothesis":"A MAN dreams, in order to rest."}
{"id":"inside","task":"nli","label":"entailment","premise":"A man sleeps on a bench.","hypothesis":"a man sleeps"}
{"id":"nobody else","task":"nli","label":"neutral","premise":"A man sleeps.","hypothesis":"Nobody sleeps here."}
{"id":"chinese","task":"nli","label":"contradiction","premise":"一个男人在公园里睡觉。","hypothesis":"没有人在睡觉。"}
{"id":"choices","task":"choice","label":null,"premise":"A man.","choices":["One two three four.","One"],"answer":0}
{"id":"none","task":"nli","label":"neutral","premise":"A man.","hypothesis":null}
END
cat >cues <<'END'
{"kind":"head","items":9}
{"feature":"nobody","family":"word","label":"contradiction","n_w":50,"z":9.1,"replicated":true}
{"feature":"in order","family":"bigram","label":"neutral","n_w":50,"z":5,"replicated":true}
{"feature":"man","family":"word","label":"entailment","z":-5,"replicated":true}
{"feature":"sleeps","family":"word","label":"entailment","z":5,"replicated":false}
{"feature":"没有","family":"word","label":"contradiction","z":5,"replicated":true}
{"feature":"negation","family":"lexical","label":"contradiction","z":20,"replicated":true}
END
say() {
	echo "== $*"
	nli-filter -q "$@" in >out || echo failed
	jq -rc '[.id, (.filter.reasons | join(" ")), .filter.scores] | @text' out
}
say --length 3..8
say --premise-length ..5
say --overlap 0.3..0.9
say --cue cues --emit-filter f.json
cat f.json
nli-filter -q -f f.json in | cmp - out
echo '{"no":1}' >cues
nli-filter --cue cues in
echo $?
