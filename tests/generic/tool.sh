#!/bin/sh
# tool.sh LINE [CHECK...] - every check on the tool, and with the arguments, of
# that line of tools.tsv.  A check prints what is wrong, and nothing if nothing is.
set -u
: "${work:?is set by run.sh}"
line=$1
shift
row=$(sed -n "${line}p" "$SRC/tests/generic/tools.tsv")
tool=$(echo "$row" | cut -f 1)
kind=$(echo "$row" | cut -f 2)
in=$(echo "$row" | cut -f 3)
case $in in
records | choices) in=$work/$in ;;
*) in=$work/some-$in ;; # a part of it, under a name from which nothing is expected
esac
claims=" $(echo "$row" | cut -f 4 | tr ',' ' ') "
args=$(echo "$row" | cut -f 5)
member=${tool#nli-}
n=$(wc -l <"$in")
dir=$work/$line
mkdir -p "$dir" && cd "$dir" || exit 1

# run WANTED-EXIT ARGUMENT...: to out and err; says how the exit differs.
run() {
	want=$1
	shift
	# shellcheck disable=SC2086 # args is a list
	timeout 200 "$tool" $args "$@" >out 2>err </dev/null
	status=$?
	[ "$status" -eq "$want" ] || { echo "$*: exit $status, wanted $want:"; head -n 5 err; }
}

# One line on stderr, with $1 in it; what a run that ends well says too does not count.
one_line() {
	grep -vxFf "$work/$line.said" err >err.more
	mv err.more err
	if [ "$(wc -l <err)" -ne 1 ]; then
		echo "stderr has $(wc -l <err) lines, wanted 1:"
		head -n 5 err
	fi
	case $(head -n 1 err) in
	"$tool: "*"$1"*) ;;
	*) echo "stderr is \"$(head -n 1 err)\", wanted \"$tool: ... $1\"" ;;
	esac
}

silent() { [ ! -s err ] || { echo "stderr is not empty:"; head -n 5 err; }; }

same() { cmp "$1" "$2" 2>&1; }

check_help() {
	run 0 --help
	silent
	head -n 1 out | grep -q "^usage: $tool " || echo "--help begins: $(head -n 1 out)"
	awk 'length($0) > 140 { print "a line of " length($0) " bytes: " $0 }' out
}

check_version() {
	run 0 --version
	silent
	grep -qE "^$tool \(nli-tools\) [0-9]+\.[0-9]+" out || cat out
}

check_misuse() {
	for bad in --no-such-option --jobs=0 --seed=x --max-bad=-1 --help=1 --output; do
		run 2 "$bad"
		[ ! -s out ] || echo "$bad: stdout is not empty"
		head -n 1 err | grep -q "^$tool: " || echo "$bad: stderr begins: $(head -n 1 err)"
		sed -n 2p err | grep -q "^usage: $tool " ||
			echo "$bad: no synopsis on line 2 of stderr"
	done
}

check_completion() {
	for shell in bash zsh fish; do
		run 0 --completion $shell
		silent
		grep -q help out || echo "no --help in the completion for $shell"
		command -v $shell >/dev/null || continue
		$shell -n out 2>&1
	done
	run 2 --completion csh
}

check_empty() {
	: >empty
	case $claims in
	*" full "*) run 1 empty && one_line "" ;;
	*) run 0 empty && silent ;;
	esac
	[ "$kind" = make ] || [ ! -s out ] || echo "something came out of nothing"
}

check_bad_line() {
	cp "$in.bad" bad.jsonl
	run 1 bad.jsonl
	one_line bad.jsonl:3:
	run 0 --max-bad 1 --reject rejected bad.jsonl
	[ "$(wc -l <rejected)" -eq 1 ] || echo "$(wc -l <rejected) lines in the reject file"
	grep -q 'broken' rejected || echo "the reject file does not hold the line"
	mv out with_bad
	cp "$in" bad.jsonl
	run 0 bad.jsonl
	same out with_bad
	cp "$in.bad" bad.jsonl
	run 1 --max-bad 0.1% --reject rejected bad.jsonl
	run 0 --max-bad 5% --reject rejected bad.jsonl
}

check_odd_bytes() {
	for odd in nul utf8; do
		cp "$in.$odd" $odd.jsonl
		run 1 $odd.jsonl
		one_line $odd.jsonl:2:
	done
}

check_long_record() {
	cp "$in.long" long.jsonl
	run 1 --max-line 16777216 long.jsonl
	one_line long.jsonl:2:
	run 0 long.jsonl
}

check_missing_file() {
	run 1 no-such-file.jsonl
	one_line no-such-file.jsonl
	run 1 .
	one_line ""
}

check_gzip() {
	cp "$in" file
	run 0 file
	mv out plain
	cp "$in.gz" file
	run 0 file
	same plain out
	cp "$in.cut.gz" cut.gz
	run 1 cut.gz
	one_line cut.gz
}

check_stdin() {
	# shellcheck disable=SC2086
	"$tool" $args <"$in" >plain 2>err || echo "exit $? on standard input"
	# shellcheck disable=SC2086
	cat "$in" | "$tool" $args - >piped 2>err || echo "exit $? on a pipe"
	same plain piped
}

check_full_disk() {
	# shellcheck disable=SC2086
	"$tool" $args "$in" >/dev/full 2>err
	status=$?
	[ $status -eq 1 ] || echo "exit $status on /dev/full, wanted 1"
	one_line ""
	run 1 -o /dev/full "$in"
	one_line ""
}

check_closed_stdout() {
	cp "$in" source
	# shellcheck disable=SC2086
	"$tool" $args source >&- 2>err
	status=$?
	[ $status -eq 1 ] || echo "exit $status with stdout closed, wanted 1"
	one_line ""
	same "$in" source
}

check_broken_pipe() {
	# shellcheck disable=SC2086
	{ "$tool" $args "$in" "$in" "$in" "$in" 2>err; echo $? >status; } | head -c 100 >/dev/null
	status=$(cat status)
	case $status in
	0 | 141) ! grep -iE 'pipe|cannot' err ;;
	*) echo "exit $status on a broken pipe" && head -n 3 err ;;
	esac
}

check_jobs() {
	run 0 -j 1 --summary one.json "$in"
	mv out one
	for j in 1 2 8; do
		run 0 -j $j --summary j.json "$in"
		same one out
		same one.json j.json
	done
}

check_output_file() {
	run 0 "$in"
	mv out plain
	mkdir made
	run 0 -o made/file "$in"
	[ ! -s out ] || echo "-o: stdout is not empty"
	same plain made/file
	run 0 -o made/file.gz "$in"
	gzip -dc made/file.gz | cmp plain - 2>&1
	run 0 -o made/file.zst "$in"
	zstd -qdc made/file.zst | cmp plain - 2>&1
	[ "$(echo made/*)" = "made/file made/file.gz made/file.zst" ] || echo "there are" made/*
	run 1 -o no/such/folder "$in"
	one_line no/such/folder
}

check_summary() {
	run 0 --summary sum.json "$in"
	jq -e --arg t "$tool" '.tool == $t and (.version | type) == "string" and
		(.args | type) == "object" and (.results | type) == "object" and
		.in == .out + .dropped + .rejected' sum.json >/dev/null ||
		{ echo "the summary is wrong:"; head -c 400 sum.json; }
	[ "$kind" = make ] || [ "$(jq .in sum.json)" -eq "$n" ] ||
		echo "in is $(jq .in sum.json), wanted $n"
	! grep -F "$work" sum.json || echo "a path stands in the summary"
}

# What the tool does not know comes out as it came in, byte for byte.
check_unknown_members() {
	[ "$kind" != make ] || return 0
	run 0 "$in"
	[ -s out ] || echo "nothing came out"
	grep -oF "$(grep -om 1 '"x_number".*\[ 1 , null \] }' "$in")" out | wc -l >kept
	[ "$(cat kept)" -eq "$(wc -l <out)" ] || echo "unknown members changed in $(cat kept) lines"
	# Its own members taken away, the records are those that went in.
	# nli-split changes "split" and keeps the old one.
	jq -c --arg m "$member" 'if has("source_split") then .split = .source_split else . end |
		del(.source_split, .fold) | if $m == "split" then . else del(.[$m]) end' out >stripped
	jq -c . "$in" >compact
	case $kind in
	map) same compact stripped ;;
	drop) grep -vxFf compact stripped | head -n 3 ;;
	esac
}

# The output is records of the bus, whatever was added.
check_schema() {
	case $kind$claims in map*|drop*|*" records "*) ;; *) return 0 ;; esac
	run 0 "$in"
	sh "$SRC/tests/generic/schema.sh" "$SRC/corpora/record.schema.json" out
}

check_order() {
	case $claims in *" order "*) ;; *) return 0 ;; esac
	run 0 "$in"
	sort out >ordered
	run 0 "$in.shuffled"
	sort out | cmp ordered - 2>&1
}

check_shards() {
	case $claims in *" shards "*) ;; *) return 0 ;; esac
	run 0 "$in"
	mv out whole
	mkdir 1 2
	name=$(basename "$in") # which may say something to the tool
	head -n $((n / 3)) "$in" >"1/$name"
	tail -n +$((n / 3 + 1)) "$in" >"2/$name"
	run 0 "1/$name"
	mv out joined
	run 0 "2/$name"
	cat out >>joined
	same whole joined
}

[ $# -gt 0 ] || set -- help version misuse completion empty bad_line odd_bytes \
	long_record missing_file gzip stdin full_disk closed_stdout broken_pipe jobs \
	output_file summary unknown_members schema order shards
# shellcheck disable=SC2086
"$tool" $args "$in" 2>"$work/$line.said" >/dev/null </dev/null
for check; do
	rm -rf "${dir:?}"/*
	report=$("check_$check" 2>&1)
	if [ -z "$report" ]; then
		echo "ok $tool $args $check"
	else
		printf 'FAIL %s: %s\n%s\n' "$tool $args" "$check" "$(echo "$report" | head -n 12 | sed 's/^/  /')"
	fi
done
