# The simulations of tests/unit/test_gain.c in full: 200 corpora of each kind.
SIM_RUNS=${SIM_RUNS:-200} "$B/tests/unit/test_gain"
