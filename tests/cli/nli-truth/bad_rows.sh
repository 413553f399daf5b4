# Each bad row is told, kept, and the run ends when there are more than allowed.
printf 'item,worker,label,time\na,w,x,1\nb,w\n,w,x,1\nc,,x,1\nd,w,,1\ne,w,x,soon\nf,w,y,2\ng,\377,y,2\n' >bad.csv
nli-truth -m mv --max-bad 6 --reject rej bad.csv
cat rej
nli-truth -m mv bad.csv
