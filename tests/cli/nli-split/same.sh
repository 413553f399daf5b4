# Same bytes for any -j; a record keeps its part when the order changes, when
# others are added, and no group is cut.
awk 'BEGIN { for (i = 0; i < 6000; i++)
	printf "{\"id\":\"%d\",\"premise\":\"premise %d\",\"group\":\"g%d\"}\n", i, i % 1500, i % 1500 }' >in.jsonl
nli-split -j 1 in.jsonl >one
nli-split -j 8 in.jsonl | cmp - one
nli-split -j 2 in.jsonl | cmp - one
sort -R --random-source=/dev/zero in.jsonl | nli-split | sort >shuffled
sort one | cmp - shuffled
head -n 3000 in.jsonl | nli-split >half
head -n 3000 one | cmp - half
jq -r '[.group, .split] | @tsv' one | sort -u | cut -f 1 | uniq -d
jq -r .split one | sort | uniq -c
nli-split --seed 1 in.jsonl | cmp -s - one && echo "the seed does nothing"
nli-split --kfold 5 in.jsonl | jq -r .fold | sort | uniq -c
# Folds of one part are as even as those of all.
jq -c 'select(.split == "train")' one | nli-split --kfold 2 | jq -r .fold | sort | uniq -c
