awk 'BEGIN { print "item,worker,label,time"
	for (i = 0; i < 40; i++) for (w = 0; w < 4; w++)
		print "i" i ",w" w "," (w == 3 ? 1 : (i * 5 + w) % 9 ? i % 2 : 1 - i % 2) "," i * (w + 1) * 1000 }' >t.csv
nli-truth -m ds -n -w w.jsonl --pairs p.jsonl t.csv >/dev/null
jq -c '[.worker, .n, .flags, .median_step]' w.jsonl
jq -c '[.a, .b, .n]' p.jsonl
jq -c 'select(.worker == "w3") | .confusion' w.jsonl
