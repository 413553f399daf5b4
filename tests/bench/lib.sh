# shellcheck shell=sh
# lib.sh - for benchmarks to source: what a command costs.

# need PROGRAM...: without its rivals a benchmark says nothing, and says so.
need() {
	for p; do
		command -v "$p" >/dev/null || { echo "$p is not here: install it to compare"; exit 1; }
	done
}

# cost NAME COMMAND...: run it, its output thrown away; print user+sys seconds and
# peak MiB, and set $seconds.
cost() {
	label=$1
	: "${scratch:?is set by run.sh}"
	shift
	python3 - "$scratch/cost" "$@" <<'END'
import os, subprocess, sys
# Of this child alone: what python itself may have run when it started is not its cost.
child = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL)
_, status, u = os.wait4(child.pid, 0)
child.returncode = rc = os.waitstatus_to_exitcode(status)
with open(sys.argv[1], "w") as f:
    print("%.3f %.1f %d" % (u.ru_utime + u.ru_stime, u.ru_maxrss / 1024, rc), file=f)
END
	read -r seconds mib status <"$scratch/cost"
	printf '%-32s %8.2f s %8.1f MiB\n' "$label" "$seconds" "$mib"
	[ "$status" -eq 0 ] || { echo "$label: exit $status" >&2; return 1; }
}

# ratio NAME A B WANTED: print A/B; false if it is below what was promised.
ratio() {
	awk -v name="$1" -v a="$2" -v b="$3" -v want="$4" 'BEGIN {
		r = a / (b > .001 ? b : .001)
		printf "%-32s %8.2f   (wanted %s)\n", name, r, want
		exit r < want
	}'
}
