# TSV raw: a quote that opens a field and never closes is text; a short row has no genre.
printf 'sentence1\tsentence2\tlabel\tgenre\n"A dog runs.\tA dog moves.\tentailment\tfiction\nHe said "no".\tHe spoke.\tneutral\n' >mnli_val.tsv
nli-ingest -c mnli mnli_val.tsv
