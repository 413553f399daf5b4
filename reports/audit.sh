#!/bin/sh
# audit.sh - the whole pipe on one corpus, ending in a report.
#
#	usage: audit.sh NAME DATA OUT    (make audit/NAME DATA=folder, make demo)
#
# Reads the files of corpora/NAME.json in DATA/NAME, or in DATA itself.  Leaves in
# OUT: the records with all that was found (records.jsonl.gz), those that stay, for
# a trainer (curated.json), a summary of each tool, the cues, and the report.
set -eu

name=${1:?"usage: audit.sh NAME DATA OUT"}
data=$2
out=$3
here=$(dirname "$0")
[ ! -d "$data/$name" ] || data=$data/$name
[ -d "$data" ] || { echo "audit: there is no folder $data" >&2; exit 1; }

tab=$(printf '\t')
row=$(grep "^$name$tab" "$here/audit.tsv") || row=
set -f
files=$(printf '%s\n' "$row" | cut -f 2)
hyponly=$(printf '%s\n' "$row" | cut -f 3)
# shellcheck disable=SC2046,SC2086 # lists of words
if [ -n "$files" ]; then
	set -- $files
else
	set +f
	set -- $(cd "$data" && ls)
fi
for f; do
	set -- "$@" "$data/$f"
	shift
done

step=0
say() { # what comes next
	step=$((step + 1))
	printf '%s. %s\n' $step "$*"
}

mkdir -p "$out"
rm -f "$out"/*.json "$out"/*.jsonl "$out"/*.jsonl.gz # of an earlier run
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
at=$work/0.jsonl

# A tool that reads the records and writes them with what it adds.
pass() { # TOOL ARGUMENT...
	tool=$1
	shift
	next=$work/$step.jsonl
	"$tool" "$@" --summary "$out/${tool#nli-}.json" -o "$next" "$at"
	rm "$at"
	at=$next
}

say "nli-ingest: records out of $# files"
nli-ingest -c "$name" --summary "$out/ingest.json" -o "$at" "$@"
say "nli-dedup: copies, conflicts"
pass nli-dedup
say "nli-split: parts that cut no group"
pass nli-split --group group
say "nli-hyponly: what can be told without the premise"
# shellcheck disable=SC2086
pass nli-hyponly --explain 8 ${hyponly:--i hypothesis -i premise -i length -i overlap}
say "nli-cues: which words give the label away"
nli-cues --summary "$out/cues.json" -o "$out/cues.jsonl" "$at"
set -- "$out/cues.jsonl"
if grep -qm 1 '"annotations":\[{"worker"' "$at"; then
	say "nli-truth: whom to trust"
	pass nli-truth --workers "$out/workers.jsonl"
	set -- "$@" "$out/workers.jsonl"
fi
say "nli-filter: what is too easy is marked"
pass nli-filter --quiet --easy 0.9 --emit-filter "$out/filter.json"
say "nli-hyponly again, on what stays: is it repaired?"
nli-filter --quiet --marked --drop --summary "$out/kept.json" "$at" 2>"$work/said" |
	nli-hyponly --quiet --summary "$out/after.json" -o "$work/after" ||
	{ cat "$work/said" >&2; exit 1; }
if grep -qm 1 '"task":"nli' "$at"; then
	say "nli-adversarial: the records without those that make cues"
	nli-adversarial -m balance --summary "$out/adversarial.json" -o "$work/balanced" "$at" \
		2>"$work/said" || { cat "$work/said" >&2; exit 1; }
	cat "$work/said"
	say "nli-hyponly and nli-cues again, on those: is it repaired?"
	nli-hyponly --quiet --summary "$out/repaired.json" -o "$work/repaired" "$work/balanced"
	nli-cues --summary "$out/repaired-cues.json" -o "$work/cues" "$work/balanced"
fi
if grep -qm 1 '"task":"choice' "$at"; then
	say "nli-adversarial: right answers of others as the wrong choices"
	# Every answer is right once and wrong elsewhere, so folds of one set would teach
	# the opposite of what is asked: the model learns from one part and is asked on others.
	nli-filter --quiet --drop --where '.split == "train"' -o "$work/train" "$at"
	nli-filter --quiet --drop --where '.split != "train"' -o "$work/rest" "$at"
	nli-adversarial -m match -o "$work/matched-train" "$work/train" 2>"$work/said" &&
		nli-adversarial -m match --summary "$out/adversarial.json" -o "$work/matched" \
			"$work/rest" 2>"$work/said" || { cat "$work/said" >&2; exit 1; }
	cat "$work/said"
	say "nli-hyponly and nli-cues again, on those: is it repaired?"
	nli-hyponly --quiet -t "$work/matched-train" --summary "$out/repaired.json" \
		-o "$work/repaired" "$work/matched"
	nli-cues --summary "$out/repaired-cues.json" -o "$work/cues" "$work/matched"
fi
say "nli-export: what stays, for a trainer"
nli-export -f verl --summary "$out/export.json" -o "$out/curated.json" "$at"
say "nli-report"
for tool in ingest dedup split hyponly cues truth filter kept after adversarial repaired repaired-cues export; do
	[ ! -e "$out/$tool.json" ] || set -- "$@" "$out/$tool.json"
done
[ ! -e "$data/planted.json" ] || set -- --planted "$data/planted.json" "$@"
nli-report --html "$out/index.html" --markdown "$out/report.md" --json "$out/report.json" \
	"$at" "$@"
gzip -nc "$at" >"$out/records.jsonl.gz"
printf '\nThe report is in %s\n' "$out/index.html"
