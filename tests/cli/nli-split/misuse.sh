# Each wrong request is refused in words, with exit 2.
try() { nli-split "$@" </dev/null 2>&1 | head -n 1; nli-split "$@" </dev/null >/dev/null 2>&1 || echo "exit $?"; }
try --parts train=50%
try --parts train=90%,dev=20%
try --parts a=50%,a=50%
try --parts a=1x
try --parts a
try --parts a=10,b=20
try --parts a=rest,b=rest
try --kfold 1001
try --nothing
try --by-date meta.date
try --holdout topic
try --fix --respect
try --fix --leaks
try --kfold 3 --respect
try --fail-if 'leaks.pair>0'
try --leaks --fail-if 'pair>0'
try --leaks --fail-if 'leaks.pairs>0'
try --leaks --fail-if 'leaks.pair=0'
try --leaks --fail-if 'leaks.pair>x'
