#!/bin/sh
# tool.sh LINE - the tool of that line of tests/generic/tools.tsv under faults.
# Whatever fails, it ends in exit 1 with one line on stderr and the old output
# file untouched, or else in exit 0 with the right output; and it leaves no
# temporary behind.
set -u
: "${work:?is set by run.sh}"
line=$1
row=$(sed -n "${line}p" "$SRC/tests/generic/tools.tsv")
tool=$(echo "$row" | cut -f 1)
in=$(echo "$row" | cut -f 3)
case $in in
records | choices) in=$work/$in ;;
*) in=$work/some-$in ;;
esac
args=$(echo "$row" | cut -f 5)
dir=$work/$line
mkdir -p "$dir/tmp" && cd "$dir" || exit 1
export TMPDIR="$dir/tmp"

attempt() { # ARGUMENT...: to status and err
	# shellcheck disable=SC2086
	timeout 100 env LD_PRELOAD="$SHIM" "$tool" $args -j 1 "$@" >stdout 2>err </dev/null
	status=$?
}

verdict() { # WHAT: nothing if all is well
	case $status in
	0) cmp expected file >/dev/null 2>&1 || echo "$1: exit 0, but the output is not right" ;;
	1)
		# What a run that ends well says too does not count.
		grep -vxFf said err >err.more
		mv err.more err
		[ "$(wc -l <err)" -eq 1 ] || { echo "$1: stderr has $(wc -l <err) lines:"; head -n 3 err; }
		[ "$(cat file)" = old ] || echo "$1: exit 1, but the old file is gone"
		;;
	*) echo "$1: exit $status"; head -n 3 err ;;
	esac
	for left in file.tmp-* sum.json.tmp-* tmp/*; do
		[ ! -e "$left" ] || { echo "$1: left behind $left"; rm -rf "$left"; }
	done
}

# Every n up to 40, then ever wider apart: allocations go into the thousands.
sweep() { # KIND
	export FAULT="$1" FAULT_AT=0 FAULT_COUNT="$dir/count"
	attempt -o file --summary sum.json "$in"
	unset FAULT_COUNT
	calls=$(cat count)
	at=1
	while [ "$at" -le "$calls" ]; do
		FAULT_AT=$at
		echo old >file
		rm -f sum.json
		attempt -o file --summary sum.json "$in"
		verdict "$1 number $at of $calls"
		at=$((at < 40 ? at + 1 : at + at / 8))
	done
	unset FAULT FAULT_AT
}

# Killed while it writes: the file is the old one, and after SIGTERM nothing is left.
killed() { # SIGNAL
	echo old >file
	cat "$in" "$in" "$in" "$in" >much
	# shellcheck disable=SC2086
	FAULT=slow LD_PRELOAD="$SHIM" "$tool" $args -o file <much 2>err &
	pid=$!
	sleep 0.15
	kill -"$1" $pid 2>/dev/null
	wait $pid 2>/dev/null
	status=$?
	[ "$(cat file)" = old ] || [ $status -eq 0 ] || echo "$1: exit $status, and the old file is gone"
	[ "$1" = KILL ] || for left in file.tmp-*; do
		[ ! -e "$left" ] || echo "$1: left behind $left"
	done
	rm -f file.tmp-*
}

report() { # NAME TEXT
	if [ -z "$2" ]; then
		echo "ok $tool $args $1"
	else
		printf 'FAIL %s: %s\n%s\n' "$tool $args" "$1" "$(echo "$2" | head -n 12 | sed 's/^/  /')"
	fi
}

# shellcheck disable=SC2086
"$tool" $args -j 1 -o expected "$in" 2>said </dev/null || {
	report plain "exit $?: $(head -n 3 said)"
	exit
}
kinds='read write open close fsync rename malloc'
[ -z "$SANITIZE" ] || kinds='read write open close fsync rename'
for kind in $kinds; do
	report "$kind" "$(sweep "$kind" 2>&1)"
done
for signal in TERM INT KILL; do
	report "kill -$signal" "$(killed $signal 2>&1)"
done
