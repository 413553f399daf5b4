nli-split --help | sed -n 1,9p
