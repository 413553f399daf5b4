# Each wrong request is refused in words, with exit 2.
try() { nli-dedup "$@" </dev/null 2>&1 | head -n 1; nli-dedup "$@" </dev/null >/dev/null 2>&1 || echo "exit $?"; }
try --by sentence
try --by pair,pair
try --by ''
try --jaccard 0.1
try --keep newest
try --conflicts ignore
