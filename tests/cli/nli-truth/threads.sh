# The same bytes for any -j, and again.
awk 'BEGIN { srand(1); print "item,worker,label"
	for (i = 0; i < 30000; i++) for (n = 0; n < 3; n++)
		printf "i%d,w%d,%d\n", i, (i * 7 + n * 13) % 40, (i * (n + 3) * 2654435761) % 5 % 3 }' >t.csv
for m in ds ebcc glad mace kos zc auto; do
	nli-truth -m $m --restarts 2 --iterations 8 -j 1 -w w1 t.csv >a
	nli-truth -m $m --restarts 2 --iterations 8 -j 8 -w w8 t.csv >b
	cmp a b && cmp w1 w8 && echo $m
done
