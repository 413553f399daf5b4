# nli-ingest against DuckDB, polars, jq and miller reading three fields of each
# line, and against zcat; megabytes a second of each dialect.  One thread each,
# user+sys seconds, the least of five turns: what else the machine does can only
# add to a turn, and all are run in each of them.  What starting costs a rival
# that lives in node is taken from it.  NODE_PATH=.../node_modules, from
# "npm install @duckdb/node-api nodejs-polars" and polars' package for the machine.
. "$SRC/tests/bench/lib.sh"
need jq
lines=${BENCH_LINES:-570152}
gen=$B/tests/bench/gen_snli
bad=0
"$gen" "$lines" >snli_1.0_train.jsonl
"$gen" "$lines" lean >lean.jsonl

# enter NAME COMMAND...: a command for the next race.
enter() {
	name=$1
	shift
	for word; do printf "'%s' " "$word"; done >"race.$name"
}

# race: all that have entered, in turns; NAME's seconds are in best.NAME.
race() {
	rm -f all.*
	for turn in 1 2 3 4 5; do
		for f in race.*; do
			eval "set -- $(cat "$f")"
			cost "$f" "$@" >turn 2>&1 || { cat turn; exit 1; }
			echo "$seconds $mib" >>"all.${f#race.}"
		done
	done
	for f in race.*; do
		f=${f#race.}
		sort -n "all.$f" | sed -n 1p >"best.$f"
		read -r seconds mib <"best.$f"
		printf '%-32s %8.3f s %8.1f MiB\n' "$f" "$seconds" "$mib"
	done
	rm race.*
}

best() { cut -d ' ' -f 1 "best.$1"; }
less() { awk -v a="$(best "$1")" -v b="$(best "$2")" 'BEGIN { print a - b }'; }
rate() { ratio "$1, MB/s" "$(wc -c <"$2" | awk '{ print $1 / 1e6 }')" "$(best "$1")" "$3" || bad=1; }
versus() { ratio "$1 / $2" "$(best "$1")" "$(best "$2")" "$3" || bad=1; }

# rivals FILE MEMBER...: enter those that are here, and say of the others that they are not.
rivals() {
	here=
	for r in duckdb polars; do
		if ! node "$SRC/tests/bench/rival.js" $r 2>why; then
			echo "skipped: $r is not here: $(tail -n 1 why)"
			continue
		fi
		here="$here $r"
		enter "$r-start" node "$SRC/tests/bench/rival.js" $r
		enter $r node "$SRC/tests/bench/rival.js" $r "$@" /dev/null
	done
}

# beats RIVAL OURS WANTED: without what starting costs it.
beats() {
	ratio "$1 / $2" "$(less "$1" "$1-start")" "$(best "$2")" "$3" || bad=1
}

echo "-- SNLI's layout, $lines lines"
enter cat cat snli_1.0_train.jsonl
enter ingest nli-ingest -j 1 -c snli snli_1.0_train.jsonl
enter no-src nli-ingest -j 1 --no-src -c snli snli_1.0_train.jsonl
enter jq jq -c '{premise:.sentence1,hypothesis:.sentence2,label:.gold_label}' snli_1.0_train.jsonl
if command -v mlr >/dev/null; then
	enter miller mlr --ijson --ojsonl cut -f sentence1,sentence2,gold_label snli_1.0_train.jsonl
else
	echo "skipped: miller is not here"
fi
rivals snli_1.0_train.jsonl sentence1 sentence2 gold_label
race
rate ingest snli_1.0_train.jsonl 0
versus ingest cat 0
versus jq ingest 12
versus jq no-src 20
[ ! -e best.miller ] || versus miller ingest 1
for r in $here; do beats "$r" ingest 1; done

echo "-- lean, $lines lines"
enter lean nli-ingest -j 1 lean.jsonl
rivals lean.jsonl premise hypothesis label
race
rate lean lean.jsonl 0
for r in $here; do
	[ "$r" = duckdb ] && want=3 || want=1
	beats "$r" lean $want
done

echo "-- gzip"
gzip -1 -k snli_1.0_train.jsonl
enter zcat zcat snli_1.0_train.jsonl.gz
enter plain nli-ingest -j 1 --no-src -c snli snli_1.0_train.jsonl
enter gz nli-ingest -j 1 --no-src -c snli snli_1.0_train.jsonl.gz
race
ratio "zcat / reading it" "$(best zcat)" "$(less gz plain)" 2.5 || bad=1
versus zcat gz 0
rm snli_1.0_train.jsonl.gz

echo "-- megabytes a second"
"$gen" "$lines" tsv >snli_1.0_train.txt
"$gen" "$lines" csv >esnli_train.csv
"$gen" "$lines" xml >rte_dev.xml
enter tsv nli-ingest -j 1 -c snli snli_1.0_train.txt
enter csv nli-ingest -j 1 -c esnli esnli_train.csv
enter xml nli-ingest -j 1 -c rte2 rte_dev.xml
race
rate tsv snli_1.0_train.txt 500
rate csv esnli_train.csv 150
rate xml rte_dev.xml 80

rm snli_1.0_train.txt esnli_train.csv rte_dev.xml

# One and two threads by turns, so that what else the machine does meets both; three
# times the lines, so that starting is little of it.  Two processes at once, one thread
# each, show what a second core gives here at all: of a virtual machine's, which may be
# two threads of one core, often less than twice as much.  1.7 is promised, or as much
# as they get.  Of a pipe nothing is: its reader needs a core as well.
echo "-- two threads, wall clock, $((3 * lines)) lines: the least of seven turns"
"$gen" $((3 * lines)) >snli_1.0_train.jsonl
now() { date +%s.%N; }
to_null() { nli-ingest -j "$1" -c snli snli_1.0_train.jsonl >/dev/null; }
to_pipe() { nli-ingest -j "$1" -c snli snli_1.0_train.jsonl | cat >/dev/null; }
to_file() { nli-ingest -j "$1" -c snli -o records.jsonl snli_1.0_train.jsonl; }
two_at_once() {
	to_null 1 &
	to_null 1
	wait
}
least() { sort -n "wall.$1" | sed -n 1p; }

# turn NAME COMMAND...: the seconds of one more go to wall.NAME
turn() {
	name=$1
	shift
	t=$(now)
	"$@"
	echo "$t $(now)" | awk '{ print $2 - $1 }' >>"wall.$name"
}

for k in 1 2 3 4 5 6 7; do
	turn null1 to_null 1
	turn null2 to_null 2
	turn both two_at_once
	turn pipe1 to_pipe 1
	turn pipe2 to_pipe 2
	turn file1 to_file 1
	turn file2 to_file 2
done
for to in null pipe file; do
	printf '%-32s %8.3f s %8.3f s\n' "$to, -j 1 and -j 2" "$(least ${to}1)" "$(least ${to}2)"
	ratio "-j 1 / -j 2, $to" "$(least ${to}1)" "$(least ${to}2)" 0
done
most=$(echo "$(least null1) $(least both)" | awk '{ m = 2 * $1 / $2; print m < 1.7 ? m : 1.7 }')
ratio "two processes at once" "$(least null1)" "$(echo "$(least both)" | awk '{ print $1 / 2 }')" 0
ratio "-j 1 / -j 2" "$(least null1)" "$(least null2)" "$most" || bad=1
rm records.jsonl snli_1.0_train.jsonl

echo "-- memory: twice the records cost the ids' table and no more"
"$gen" $((2 * lines)) lean >twice.jsonl
cost "once" nli-ingest -j 1 lean.jsonl
once=$mib
cost "twice" nli-ingest -j 1 twice.jsonl
awk -v a="$once" -v b="$mib" -v n="$lines" 'BEGIN {
	more = (b - a) * 1048576 / n
	printf "%-32s %8.1f   (wanted at most 25)\n", "bytes a further record", more
	exit more > 25 }' || bad=1
exit $bad
