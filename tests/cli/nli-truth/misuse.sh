nli-truth -m no-such-method /dev/null 2>&1 | head -n 1 | cut -c 1-60
nli-truth --threshold 2 x.csv
