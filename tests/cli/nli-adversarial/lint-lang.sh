# The packs of the suite are fit; one that is not says where, and a pattern that runs
# wild ends by the match limit, with the pack and the rule.
mkdir langs
cp "$SRC/langs/langpack.rng" langs/
for p in "$SRC"/langs/??.xml; do
	nli-adversarial --lint-lang "$p" || echo "exit $? for $(basename "$p")"
done
pack() { # ATTRIBUTES MATCH REPLACE EXAMPLES
	cat >langs/qq.xml <<EOS
<langpack lang="qq" name="Q" version="1" spaces="yes"><source licence="CC0-1.0">q</source>
<negation><cue negates="verb" scope="right">nu</cue></negation>
<quantifiers><quantifier kind="universal" restrictor="down" body="up">al</quantifier></quantifiers>
<numbers><number value="1">un</number></numbers>
<function><words>la</words></function>
<rules>
<rule id="r" op="negate" $1>
<match>$2</match><replace>$3</replace>
$4
</rule>
</rules>
</langpack>
EOS
	nli-adversarial --langs langs --lint-lang langs/qq.xml
	echo "exit $?"
}
two='<example><in>a</in><out>a nu</out></example><example><in>b</in></example>'
self='relation="negation" inverse="r"'
pack "$self" '^a$' 'a nu' "$two"
pack "$self" '^a(' 'a nu' "$two"
pack "$self" '^a$' '{none}' "$two"
pack "$self" '^{{none}}$' 'a nu' "$two"
pack 'relation="negation" inverse="s"' '^a$' 'a nu' "$two"
pack 'relation="wrong" inverse="r"' '^a$' 'a nu' "$two"
pack 'relation="forward" inverse="r"' '^(?&lt;x>a|b)$' '{x}' "$two"
pack "$self" '^(?:a+)+$' 'a nu' "$two"
echo '{"id":"q","task":"nli","lang":"qq","premise":"b","hypothesis":"'"$(printf '%05000d' 0 | tr 0 a)"'b","label":"neutral"}' |
	nli-adversarial --langs langs -m negate
echo "exit $?"
