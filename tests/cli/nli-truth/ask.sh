# The tied item first, by the better of the workers who have not seen it.
awk 'BEGIN { print "item,worker,label"
	for (i = 0; i < 40; i++) for (w = 0; w < 4; w++)
		print "i" i ",w" w "," (w == 3 ? (i * 7) % 3 == 0 : i % 2) }' >t.csv
printf 'tied,w0,0\ntied,w3,1\nlone,w3,1\n' >>t.csv
nli-truth -m ds --ask 2 t.csv | jq -c '[.id, .worker]'
for by in entropy margin lc committee; do
	nli-truth -m mv --ask 1 --ask-by $by t.csv | jq -c '[.id, .score]'
done
nli-truth -m mv --ask 1000 t.csv | wc -l
