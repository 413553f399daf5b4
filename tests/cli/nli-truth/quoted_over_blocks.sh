# A row with a line end in it that lies across the blocks in which files are read.
awk 'BEGIN { print "item,worker,label"
	for (i = 0; i < 40000; i++) printf "\"item\n%d\",w%d,%d\n", i, i % 7, i % 3 }' >q.csv
nli-truth -m mv q.csv >out
wc -l <out
tail -n 1 out | jq -c '[.id, .truth.label]'
