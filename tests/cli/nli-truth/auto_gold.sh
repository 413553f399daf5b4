# With gold, auto chooses one method by gold, else it stacks; the report shows all.
awk 'BEGIN { print "item,worker,label" > "t.csv"; print "item,truth" > "g.csv"
	for (i = 0; i < 60; i++) { t = i % 2; print "i" i "," t > "g.csv"
		for (w = 0; w < 5; w++) print "i" i ",w" w "," ((i * 31 + w * 17) % 10 < 2 ? 1 - t : t) > "t.csv" } }'
nli-truth -n --gold g.csv t.csv | jq -c '[.auto.by, (.auto.methods | length), ([.auto.methods[] | select(.weight == 1)] | length)]'
nli-truth -n --truth g.csv t.csv | jq -c '[.auto.by, .method, .score.accuracy > 0.8, (([.auto.methods[].weight] | add) - 1 | fabs < 1e-5), ([.auto.methods[] | select(.held_out_n > 0)] | length)]'
