# Why an item goes out; late labels open it anew, or are dropped with --once.
printf 'item,worker,label\na,w1,x\nb,w1,y\na,w2,x\na,w3,y\nb,w2,x\nb,w3,x\na,w4,x\n' >t.csv
nli-truth --online --threshold .7 --budget 3 t.csv | jq -c '[.id, .truth.label, .truth.n, .truth.why]'
nli-truth --online --threshold .7 --budget 3 --once --summary s t.csv | jq -c '[.id, .truth.why]'
jq -c '[.results.votes, .results.late, .results.emitted]' s
