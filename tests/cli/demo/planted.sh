# The cues stand in the corpus at the strengths that planted.json states: counted
# here by other means than the generator's.
cd "$SRC/corpora/demo"
share() { # LABEL, of pairs that are no copies: negated, with a purpose, of ten words or more
	cat train.jsonl dev.jsonl test.jsonl | jq -r --arg y "$1" '
		select(.gold_label == $y and (.pairID | test("exact|near|conflict") | not)) |
		[.language, .sentence2] | @tsv' | awk '
		{ n++; t = tolower($0) " "; gsub(/[,.]/, " ", t) }
		t ~ / (not|nobody|no|nadie|tidak) / || t ~ /\tn(o|adie|obody) / || t ~ /\ttidak / { neg++ }
		t ~ /^en.* in order to / || t ~ /^es.* para / || t ~ /^id.* untuk / { goal++ }
		NF >= 11 { long++ }
		END { printf "%d %.2f %.2f %.2f\n", n, neg / n, goal / n, long / n }'
}
for y in entailment neutral contradiction; do
	echo "$y $(share $y)"
done
jq -r '.cues | [.negation, .purpose, .ten_words_or_more] |
	([.[].entailment], [.[].neutral], [.[].contradiction]) | @tsv' planted.json
# Premises have 8 to 16 words.
cat train.jsonl dev.jsonl test.jsonl | jq -r .sentence1 |
	awk '{ if (NF < 8 || NF > 16) bad++ } END { print bad + 0, "premises too short or long" }'
