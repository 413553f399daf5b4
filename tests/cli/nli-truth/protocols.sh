cat >p.csv <<X
item,worker,label,time
ok,1,e,1
ok,2,e,2
ok,3,e,3
late,1,e,1
late,2,n,2
late,3,e,3
late,4,n,4
late,5,e,5
late,6,n,6
late,7,n,7
more,1,e,1
more,2,n,2
more,3,c,3
out,1,e,1
out,2,n,2
out,3,c,3
out,4,e,4
out,5,n,5
X
nli-truth -m indonli p.csv | jq -c '[.id, .truth.label, .truth.status]'
nli-truth -m snli p.csv | jq -c '[.id, .truth.label, .truth.status]'
