# The same for any number of threads, and for each record whatever the order.
awk 'BEGIN { srand(1); for (i = 0; i < 900; i++)
	printf "{\"id\":\"%d\",\"task\":\"nli\",\"premise\":\"p%d\",\"hypothesis\":\"w%d w%d w%d\",\"label\":\"%s\"}\n", i, i / 3, rand() * 40, rand() * 40, i % 3 * 40 + rand() * 60, i % 3 ? i % 3 == 2 ? "neutral" : "contradiction" : "entailment" }' >in
nli-hyponly -q -i hypothesis -i length -i both -j 1 --summary s1 in >a
nli-hyponly -q -i hypothesis -i length -i both -j 8 --summary s8 in >b
cmp a b && cmp s1 s8 && echo threads
sort -r in | nli-hyponly -q -i hypothesis -i length -i both -j 2 | sort >c
sort a | cmp - c && echo order
nli-hyponly -q -i hypothesis -i length -i both a | cmp - a && echo again
jq -c '.hyponly.inputs | keys' a | sort -u
