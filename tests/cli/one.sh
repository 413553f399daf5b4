#!/bin/sh
# one.sh CASE.sh - run one case in a scratch directory of its own and leave the
# verdict, with a diff where it failed, in $scratch/result.
set -u
case=$1
base=${case%.sh}
name=$(basename "$(dirname "$case")")/$(basename "$base")
here=${scratch:?is set by run.sh}/$name
mkdir -p "$here/run" "$here/tmp" "$scratch/result"

(
	cd "$here/run" || exit 125
	TMPDIR=$here/tmp timeout 300 sh "$case"
) >"$here/out" 2>"$here/err" </dev/null
echo $? >"$here/exit"

# A path of this machine in a message is compared as the variable it came from.
for f in out err; do
	if grep -qF -e "$SRC" -e "$here" "$here/$f" 2>/dev/null; then
		sed -e "s|$here/run|\$PWD|g" -e "s|$here/tmp|\$TMPDIR|g" -e "s|$SRC|\$SRC|g" \
			"$here/$f" >"$here/edited" && mv "$here/edited" "$here/$f"
	fi
done

differs() { # FILE EXPECTED
	cmp -s "$1" "$2" && return 1
	printf -- '--- %s\n' "$name.${1##*/}"
	diff -u "$2" "$1" | sed -n '3,40p'
}

want() { # PART: the file of what is expected
	if [ -e "$base.$1" ]; then
		echo "$base.$1"
	elif [ "$1" = exit ]; then
		echo 0 >"$here/none" && echo "$here/none"
	else
		echo /dev/null
	fi
}

verdict() {
	for part in out err exit; do
		if [ -n "$UPDATE" ]; then
			rm -f "$base.$part"
			cmp -s "$here/$part" "$(want $part)" || cp "$here/$part" "$base.$part"
		else
			differs "$here/$part" "$(want $part)"
		fi
	done
	find "$here/tmp" -mindepth 1 | sed 's|.*/|left behind in TMPDIR: |'
}
report=$(verdict)
file=$(echo "$name" | tr / =)
if [ -z "$report" ]; then
	echo "ok $name"
else
	printf 'FAIL %s (%s)\n%s\n' "$name" "${case#"$SRC"/}" "$report"
fi >"$scratch/result/$file"
rm -rf "$here"
