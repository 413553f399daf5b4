# A stream cut in three, with its state in a file, gives the bytes of the whole.
awk 'BEGIN { print "item,worker,label,time,skill"
	for (n = 0; n < 6; n++) for (i = 0; i < 300; i++)
		printf "i%d,w%d,%d,%d,%s\n", i, (i * 7 + n * 5) % 11, (i * 13 + n * n * 7) % 9 < 6 ? i % 3 : n % 3, n * 300 + i, i % 2 ? "x" : "y" }' >t.csv
for m in sbic sem; do
	run() { nli-truth --online -m $m --by skill --threshold .9 --budget 5 --forget .98 "$@"; }
	run -t t.csv >whole
	head -n 1 t.csv >head
	rm -f s
	for cut in 2,500 501,1111 1112,9999; do
		(cat head; sed -n ${cut}p t.csv) >part
		[ $cut != 1112,9999 ] || last=--flush
		run --state s $last part
	done >parts
	last=
	cmp whole parts && wc -l <whole
	# Killed in the middle of its input, it has changed neither state nor output.
	run -t --state t -o first part >/dev/null; cp t t0
	run -t --state t -o one t.csv; cp t once; cp t0 t
	mkfifo p; nli-truth --online -m $m --by skill --threshold .9 --budget 5 --forget .98 \
		-t --state t -o two p 2>/dev/null &
	exec 3>p; head -n 900 t.csv >&3; sleep .3; kill -9 $!; wait $! 2>/dev/null; exec 3>&-; rm p
	cmp t t0 && ls two 2>/dev/null
	run -t --state t -o two t.csv; cmp one two && cmp t once && echo same
	rm -f t two*
done
nli-truth --online -m sbic --state s t.csv
printf '{"nli_truth_state":1}\n' >broken; nli-truth --online --state broken t.csv
(cat head; tail -n 5 t.csv; head -n 5 t.csv | tail -n 2) >back.csv
nli-truth --online back.csv >/dev/null
nli-truth --replay --threshold .9 t.csv >a; shuf t.csv --random-source=t.csv | grep -v item, >b
(cat head b) | nli-truth -t --replay --threshold .9 >c; sort a >a1; sort c >c1; cmp a1 c1
