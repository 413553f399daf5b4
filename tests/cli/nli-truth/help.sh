nli-truth --help | head -n 3
