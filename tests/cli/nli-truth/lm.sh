# Language models as workers: probabilities in place of labels.
cat >lm.jsonl <<'X'
{"item":"a","worker":"m1","p":{"yes":0.9,"no":0.1}}
{"item":"a","worker":"m2","p":{"yes":0.4,"no":0.6}}
{"item":"a","worker":"m3","p":{"yes":0.4,"no":0.6}}
{"item":"b","worker":"m1","p":{"yes":0.5,"no":0.5}}
{"item":"b","worker":"m2","label":"no"}
X
printf 'worker,label\nm1,.9\nm2,.6\nm3,.6\n' >weights.csv
for m in mv logit "wlogit --weights weights.csv" "best --weights weights.csv" ds; do
	nli-truth -t -m $m --max-entropy .9 lm.jsonl | jq -c '[.truth.label, .truth.p, .truth.kept]'
done
echo '{"item":"a","worker":"m1","p":{"yes":0.9,"no":0.9}}' | nli-truth -t -m mv
