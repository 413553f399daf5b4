# SemEval-2014's "trial" is the field's dev: by the column of the whole of SICK, by the
# file's name where a file of the shared task is read as SICK.
printf 'pair_ID\tsentence_A\tsentence_B\tentailment_label\tSemEval_set\n1\tA dog runs\tA dog moves\tENTAILMENT\tTRIAL\n' >SICK.txt
printf 'pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n2\tA cat runs\tA cat moves\t4.5\tENTAILMENT\n' >SICK_trial.txt
for c in sick sick_br sick_nl; do
	nli-ingest -c $c SICK.txt SICK_trial.txt 2>/dev/null | jq -c '[.corpus, .split]'
done
nli-ingest -c sick_semeval SICK_trial.txt 2>/dev/null | jq -c '[.corpus, .split]'
