# crowd-kit's toy table; t1 is a tie. TSV in another column order gives the same.
cat >toy.csv <<X
worker,task,label
w1,t1,no
w1,t2,yes
w1,t3,yes
w1,t4,yes
w1,t5,yes
w2,t1,yes
w2,t2,yes
w2,t3,no
w2,t4,yes
w2,t5,no
w3,t2,yes
w3,t3,no
w3,t4,yes
w3,t5,no
w4,t1,yes
w4,t2,no
w4,t3,yes
w4,t4,yes
w4,t5,no
w5,t1,no
w5,t2,no
w5,t3,no
w5,t4,yes
w5,t5,no
X
nli-truth -m mv toy.csv
awk -F, 'BEGIN { OFS = "\t" } { print $3, $2, $1, "x" NR }' toy.csv | sed '1s/x1/extra/' >toy.tsv
nli-truth -m mv toy.csv >a && nli-truth -m mv toy.tsv >b && cmp a b
sed 's/^/{"worker":"/; s/,/","task":"/; s/,/","answer":"/2; s/$/"}/' toy.csv | sed 's/task":"\(t.\),/task":"\1","answer":"/' | tail -n +2 >toy.jsonl
nli-truth -t -m mv toy.jsonl >c && cmp a c
nli-truth -m mv toy.jsonl >d && cmp a d
