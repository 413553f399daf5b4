# Several fields join groups: 1-2 by premise, 2-3 by topic, 4-5 by annotator.
cat >in.jsonl <<'EOS'
{"id":"1","premise":"A","hypothesis":"x","meta":{"topic":"a"},"annotations":[{"worker":"w1","label":"neutral"}]}
{"id":"2","premise":"a.","hypothesis":"y","meta":{"topic":"b"},"annotations":[]}
{"id":"3","premise":"B","hypothesis":"z","meta":{"topic":"b"}}
{"id":"4","premise":"C","hypothesis":"z","meta":{"topic":"c"},"annotations":[{"worker":"w2","label":"neutral"},{"worker":"w3","label":"neutral"}]}
{"id":"5","premise":"D","hypothesis":"z","meta":{"topic":"d"},"annotations":[{"worker":"w3","label":"neutral"}]}
EOS
for seed in 1 2 3 4 5 6 7 8; do
	nli-split --seed $seed --parts a=50%,b=50% -g premise -g meta.topic --annotator-disjoint in.jsonl |
		jq -r .split | tr '\n' ' '
	nli-split --seed $seed --kfold 3 -g annotator in.jsonl | jq -r .fold | tr '\n' ' '
	echo
done | awk '{ if ($1 != $2 || $2 != $3 || $4 != $5 || $9 != $10) print "cut: " $0; seen[$1 != $4]++ }
	END { print (seen[0] && seen[1]) ? "both ways" : "always the same" }'
nli-split -g premise -g meta.absent in.jsonl
echo "exit $?"
# One field planned is one field streamed, when nothing else is asked for.
awk 'BEGIN { for (i = 0; i < 900; i++) printf "{\"id\":\"%d\",\"premise\":\"p %d\"}\n", i, i % 300 }' >many.jsonl
nli-split -g premise many.jsonl >one
nli-split -g premise --respect many.jsonl 2>/dev/null | cmp - one
nli-split -k 7 -g premise many.jsonl >one
nli-split -k 7 -g premise -g annotator many.jsonl | cmp - one
