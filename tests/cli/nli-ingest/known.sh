# Which of the made-up files are told by content and name: corpus, file, and what it is
# taken for, where that is not the corpus itself. None may be taken for another's.
cd "$SRC/tests/data/profiles" || exit 1
find . -path '*/in/*' -type f ! -name '*-labels.lst' ! -name '*_metadata.json' \
	! -path '*/CT json/*' ! -path '*/all_csv/*' |
	sort | xargs nli-ingest --detect |
	jq -r '(.file | split("/")) as $p | (.profile // if .error then "refused" else "fields" end) as $of |
		select($of != $p[1]) | [$p[1], ($p[3:] | join("/")), $of] | join(" ")'
