# nli-truth against crowd-kit's algorithm in pandas, and what it promises by itself.
# Seconds are user+sys of whole processes, reading included.  FULL=1 adds 10^8
# annotations, once (half an hour with the making of them, 6 GB).
. "$SRC/tests/bench/lib.sh"
gen=$B/tests/bench/gen_crowd
bad=0

# at_most NAME VALUE LIMIT
at_most() {
	awk -v n="$1" -v v="$2" -v m="$3" 'BEGIN { printf "%-32s %8.2f   (wanted at most %s)\n", n, v, m; exit v > m }' || bad=1
}

"$gen" 200000 2400 6 3 >small.csv
"$gen" 1000000 2400 6 3 >big.csv
"$gen" 1000000 2400 6 3 netease >netease.csv

echo "-- 1.2 million annotations, 5 iterations of Dawid-Skene"
python=
for p in python3 /usr/bin/python3; do
	"$p" -c 'import pandas' 2>/dev/null && python=$p
done
cost "nli-truth -m ds" nli-truth -m ds --iterations 5 -n small.csv
ours=$seconds
if [ -n "$python" ]; then
	cost "crowd-kit's steps in pandas" "$python" "$SRC/tests/bench/truth_rival.py" small.csv 5
	ratio "times less CPU" "$seconds" "$ours" 20 || bad=1
else
	echo "python3 with pandas is not here: install it to compare"
fi

echo "-- 6 million annotations, 1 million items, 2,400 workers"
cost "ds, to its end" nli-truth -m ds -n big.csv
at_most "its CPU seconds" "$seconds" 10
at_most "its MiB" "$mib" 300
cost "glad" nli-truth -m glad -n big.csv
at_most "its CPU seconds" "$seconds" 120
at_most "its MiB" "$mib" 1000
cost "mace" nli-truth -m mace -n big.csv
at_most "its CPU seconds" "$seconds" 120
at_most "its MiB" "$mib" 1000

echo "-- the same with NetEaseCrowd's columns, 408 MB"
cost "majority" nli-truth -m mv -n netease.csv
at_most "its MiB" "$mib" 300
ratio "MB read a CPU second" 408 "$seconds" 200 || bad=1
cost "online, budget 6" nli-truth --online --once --threshold .99 --budget 6 netease.csv
ratio "million annotations a second" 6 "$seconds" 1 || bad=1
cost "online, nothing emitted early" nli-truth --online --threshold 1 --least 6 netease.csv
ratio "million annotations a second" 6 "$seconds" 1 || bad=1

echo "-- 215,000 annotations, EBCC with 40 starts (18 minutes in NumPy)"
"$gen" 43000 800 5 3 >ebcc.csv
cost "ebcc" nli-truth -m ebcc -n ebcc.csv
at_most "its CPU seconds" "$seconds" 120

# crowd-kit 1.4.1 in seconds of fitting alone (../shared/facts/performance.md, this
# kind of machine), against whole processes of ours and against what is left of them
# without reading, which is what majority costs.  Its Dawid-Skene and one-coin stop
# after 9 iterations there, so ours do the same.
echo "-- D_Product, or a table of its shape: 24,945 annotations, 8,315 items, 176 workers"
cp "$SRC/../shared/data/truth/product/label.csv" product.csv 2>/dev/null || "$gen" 8315 176 3 2 >product.csv
cost "majority" nli-truth -j 1 -m mv -n product.csv
base=$seconds
beat() { # METHOD CROWD-KIT WANTED [OPTION...]
	method=$1 theirs=$2 wanted=$3
	shift 3
	cost "$method $*" nli-truth -j 1 -m "$method" "$@" -n product.csv
	awk -v t="$theirs" -v s="$seconds" 'BEGIN { printf "%-32s %8.2f\n", "times, the whole process", t / s }'
	ratio "times, fitting" "$theirs" "$(awk -v s="$seconds" -v b="$base" 'BEGIN { print s - b }')" "$wanted" || bad=1
}
beat glad 23.7 200
beat mace 11.7 200
beat zbs 4.5 50
beat ds 1.7 50 --iterations 9 --tol 0
beat onecoin 0.7 50 --iterations 9 --tol 0

echo "-- time is linear: ds, 20 iterations"
for n in 1700 17000 170000 1700000 ${FULL:+17000000}; do
	"$gen" $n 2400 6 3 >n.csv
	cost "$((n * 6)) annotations" nli-truth -m ds --iterations 20 --tol 0 -n n.csv
	awk -v s="$seconds" -v n=$n 'BEGIN { printf "%-32s %8.1f ns\n", "an annotation", s * 1e9 / (n * 6) }'
done
exit $bad
