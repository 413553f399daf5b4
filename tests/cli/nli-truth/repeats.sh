printf 'item,worker,label,time\na,w,x,5\na,w,y,3\na,v,z,1\n' >r.csv
for rule in last first all; do
	nli-truth -m mv --repeats $rule r.csv | jq -c '.truth.p'
done
nli-truth -m mv -n r.csv | jq -c '[.annotations, .repeats]'
