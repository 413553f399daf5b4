# crowd-kit's documentation: three labels in three ways, and alpha of its example.
printf 'item,worker,label\na,1,x\na,2,y\na,3,z\n' | nli-truth -t -m mv | jq .truth.entropy
printf 'item,worker,label\nX,A,Yes\nX,B,Yes\nY,A,No\nY,B,No\nZ,A,Yes\nZ,B,No\n' |
	nli-truth -t -n -m mv | jq .agreement.alpha
