LC_ALL=C; export LC_ALL
# The hand-read sample (tests/data/adversarial/en.tsv) is still what is made: each line of it,
# of the sentences beside it; and at least 95 of 100 were found grammatical.
d=$SRC/tests/data/adversarial
awk -F '|' '{ printf "{\"id\":\"own/%d\",\"task\":\"nli\",\"lang\":\"en\",\"premise\":\"%s\",\"hypothesis\":\"%s\",\"label\":\"entailment\"}\n", NR, $1, $2 }' "$d/en.sources" |
	nli-adversarial -m negate,contrast,monotone,invariant 2>/dev/null >made
sh "$d/sample.sh" 100000 <made | cut -f 1-4 | sort >now
grep -v '^#' "$d/en.tsv" | cut -f 1-4 | sort | comm -23 - now
awk -F '\t' '!/^#/ { n++; ok += ($5 == "ok") } END { print n, "read,", (ok >= .95 * n ? "enough" : "too few"), "grammatical" }' "$d/en.tsv"
