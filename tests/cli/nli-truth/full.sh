printf 'item,worker,label\na,w,x\n' | nli-truth -t -m mv >/dev/full
