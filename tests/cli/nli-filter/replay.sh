# A filter file, emitted and applied again, to the records shuffled, decides the same.
awk 'BEGIN { for (i = 0; i < 500; i++) printf "{\"id\":\"r%d\",\"task\":\"nli\",\"lang\":\"%s\",\"label\":\"neutral\",\"hyponly\":{\"p\":{\"neutral\":%.3f}}}\n", i, i % 3 ? "en" : "zh-Hant", i * 7919 % 500 / 500 }' >in
nli-filter -q --drop-easy 0.75 --lang zh --emit-filter rules.json in | jq -r .id | sort >first
cat rules.json
sort -R --random-source=rules.json in >mixed
nli-filter -q -f rules.json --drop mixed | jq -r .id | sort | cmp - first
wc -l <first
