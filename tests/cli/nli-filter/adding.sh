# Adding records never changes what is decided of the old ones, but by rules within the set.
awk 'BEGIN { for (i = 0; i < 900; i++) printf "{\"id\":\"r%d\",\"key\":\"%026d\",\"task\":\"nli\",\"lang\":\"%s\",\"label\":\"neutral\",\"premise\":\"a b c d\",\"hypothesis\":\"a b x%d y%d\",\"hyponly\":{\"p\":{\"neutral\":%.3f}}}\n", i, i, i % 3 ? "en" : "id", i, i % 2, i % 100 / 100 }' >all
awk 'BEGIN { for (i = 0; i < 900; i++) for (k = 0; k < 8; k++) printf "{\"id\":\"r%d\",\"reward\":%d}\n", i, (i * 31 + k * 17) % 11 < i % 12 }' >rolls
rules='--lang en --easy 0.9 --overlap 0.2..0.9 --rollouts rolls --band 0.1..0.8 --gamma 0.6 --pools --zero-variance'
nli-filter -q $rules --decisions every all >/dev/null
head -n 400 all | nli-filter -q $rules --decisions some >/dev/null 2>&1
head -n 400 every | cmp - some
jq -r '.reasons[]' every | sort | uniq -c
