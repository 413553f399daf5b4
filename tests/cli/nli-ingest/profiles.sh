# Made-up records in the layout of each corpus: tests/data/profiles/NAME/in, and what they mean.
# want.jsonl: premise, hypothesis or choices, label or answer, language, split.
scratch_run=$PWD
for want in "$SRC"/tests/data/profiles/*/want.jsonl; do
	dir=${want%/want.jsonl} name=$(basename "${want%/want.jsonl}")
	cd "$dir/in" || exit 1
	# Labels and other parts beside the records are found by nli-ingest itself.
	find . -type f ! -name '*-labels.lst' ! -name '*_metadata.json' \
		! -path '*/CT json/*' ! -path '*/all_csv/*' | sed 's|^\./||' | sort |
		xargs nli-ingest -c "$name" 2>"$scratch_run/err" |
		jq -c '[.premise, .hypothesis // .choices,
			if .task == "choice" then .answer else .label end, .lang, .split]' \
			>"$scratch_run/got"
	cd "$scratch_run" || exit 1
	cmp -s got "$want" || {
		echo "== $name"
		diff "$want" got
		cat err
	}
done
# There are some for every profile that says how its corpus is written; demo's are in its folder.
for profile in "$SRC"/corpora/*.json; do
	name=$(basename "$profile" .json)
	[ "$name" != demo ] && jq -e '.title and (.fields or .layouts)' "$profile" >/dev/null &&
		[ ! -s "$SRC/tests/data/profiles/$name/want.jsonl" ] && echo "no made-up records of $name"
done
true
