# Duplicates and conflicts that are known from other sources.
set -eu
D=$DATA
bad=0
expect() { # WHAT WANTED FOUND
	echo "$1: expected $2, found $3"
	[ "$2" = "$3" ] || bad=1
}

# The converter of dev_wrong_labels.csv took label2 for gold_label: of the 9,815
# matched pairs, which come first, 1,212 carry another label than the right file.
nli-ingest -c mnli "$D/mnli/dev_matched_lean.jsonl" >right
nli-ingest -c mnli "$D/mnli/dev_wrong_labels.csv" | head -n 9815 >wrong
nli-dedup wrong right | head -n 9815 | jq -c 'select(.dedup.conflict)' >conflicts
expect "MNLI, labels from the wrong column" 1212 "$(wc -l <conflicts | tr -d ' ')"

# CAD is made of minimal pairs: texts revised until the label is another.  Equal
# pairs are counted once more with jq; most pairs must have a near one.
nli-ingest -c snli_cad "$D/snli_cad/train.tsv" >cad
nli-dedup --keep-case --keep-marks --keep-width --summary s.json cad >deduped
expect "CAD train, records with an equal one" \
	"$(jq -s '[group_by([.premise, .hypothesis])[] | select(length > 1) | length] | add // 0' cad)" \
	"$(jq .results.pair.exact s.json)"
expect "CAD train, records in conflict" \
	"$(jq -s '[group_by([.premise, .hypothesis])[] | select(map(.label) | unique | length > 1) | length] | add // 0' cad)" \
	"$(jq .results.conflict s.json)"
nli-dedup --by pair,hypothesis,premise --summary s.json cad >deduped
jq -r '"CAD train: \(.in) records; near or equal by pair \(.results.pair | .exact + .near), by premise \(.results.premise | .exact + .near), by hypothesis \(.results.hypothesis | .exact + .near)"' s.json
expect "CAD train, more than half have a minimal pair" true "$(jq '(.results.pair | .exact + .near) > .in / 2' s.json)"

# The demo's planted duplicates, by the ids that planted.json names.
nli-ingest -c demo "$SRC"/corpora/demo/train.jsonl "$SRC"/corpora/demo/dev.jsonl \
	"$SRC"/corpora/demo/test.jsonl 2>/dev/null >demo
nli-dedup demo | jq -r 'select(.dedup.kind != "none") | [(.id | split("/")[2]), .dedup.kind, (.dedup.conflict != null)] | @tsv' >found
for kind in exact near conflict; do
	jq -r ".$kind[].id" "$SRC/corpora/demo/planted.json" | sort >planted
	case $kind in
	exact) awk -F '\t' '$2 == "exact" { print $1 }' found ;;
	near) cut -f 1 found ;;
	conflict) awk -F '\t' '$3 == "true" { print $1 }' found ;;
	esac | sort >hits
	expect "demo, planted $kind" "$(wc -l <planted | tr -d ' ')" \
		"$(comm -12 planted hits | wc -l | tr -d ' ')"
done
exit $bad
