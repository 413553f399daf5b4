awk 'BEGIN { print "item,worker,label"; for (i = 0; i < 9999; i++) print "i" i ",w" i % 9 "," i * i % 3 }' | gzip >t.csv.gz
nli-truth -m mv t.csv.gz | wc -l
head -c 9000 t.csv.gz >cut.csv.gz
nli-truth -m mv cut.csv.gz >/dev/null
echo "exit $?"
