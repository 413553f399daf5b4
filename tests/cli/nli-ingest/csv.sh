# CSV: quotes, doubled quotes, line ends in a field, CRLF, no line end at the end.
printf 'ID,Premise,Hypothesis,Label,Topic,Anno,Anno_Type\r\n7,"Dice ""no"", y se va.","Se\n va.",ent,4,6,Rewrite\r\n8,Uno,Dos,cnt,1,2,Generate' >inferes_test.csv
nli-ingest -c inferes inferes_test.csv
