# Any number of threads, and a second run, give the same bytes: nli-ingest on the
# corpora, then each tool on the records of IndoNLI and PMR.
set -eu
same() { # NAME COMMAND...: with -j 1, 2, 8 and 8 again
	what=$1
	shift
	"$@" -j 1 >first
	for j in 2 8 8; do
		"$@" -j $j >other
		cmp first other || { echo "$what differs with -j $j"; exit 1; }
	done
	echo "$what: expected the same bytes, found $(wc -c <first) of them"
}
D=$DATA
same "ingest indonli" nli-ingest -c indonli "$D/indonli/train.jsonl" "$D/indonli/val.jsonl"
same "ingest indonli" nli-ingest -c indonli "$D/indonli/test_lay.jsonl"
mv first indonli
same "ingest inferes" nli-ingest -c inferes "$D/inferes/inferes_train.csv"
same "ingest pmr" nli-ingest -c pmr "$D/pmr/val-ori.jsonl" "$D/pmr/test-ori.jsonl"
mv first pmr
same "ingest mnli" nli-ingest -c mnli "$D/mnli/mnli_train.tsv"
same "ingest snli" nli-ingest -c snli "$D/snli/dev_lean.jsonl"
for records in indonli pmr; do
	same "split $records" nli-split $records
	same "dedup $records" nli-dedup $records
	same "hyponly $records" nli-hyponly -k 5 $records
	mv first scored
	same "cues $records" nli-cues $records
	same "filter $records" nli-filter -q --easy 0.9 scored
	same "export $records" nli-export -f verl scored
	same "report $records" nli-report -f html scored
done
