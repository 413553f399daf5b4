#!/bin/sh
# Manual pages: one a tool, clean mdoc, the sections of the house, the synopsis
# and options of --help, and examples that run.
set -u
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
PATH=$BIN:$PATH
sections='NAME SYNOPSIS DESCRIPTION OPTIONS MEMORY EXAMPLES SEE_ALSO EXIT_STATUS'

words() { tr -s ' \n\t' '   ' | sed 's/^ //; s/ $//'; }

rendered() { mandoc -T ascii -O width=500 "$1" | sed "s/.$(printf '\b')//g"; }

section() { # NAME < rendered page
	awk -v want="$1" '/^[A-Z]/ { on = $0 == want; next } on'
}

# The commands of EXAMPLES: what stands in literal displays and .Dl lines.
examples() {
	awk '
		/^\.Sh / { on = /EXAMPLES/ }
		on && /^\.Bd .*-literal/ { code = 1; next }
		on && /^\.Ed/ { code = 0 }
		on && /^\.Dl / { sub(/^\.Dl /, ""); print; next }
		on && code
	' "$1" | sed -e 's/^[$] //' -e 's/\\e/\\/g' -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" \
		-e 's/\\(dq/"/g' -e 's/\\&//g' -e 's/\\(ti/~/g' -e 's/\\(ha/^/g' -e 's/\\(ga/`/g'
}

run_examples() { # TOOL
	mkdir "$scratch/$1" && cd "$scratch/$1" || return 1
	for d in corpora langs reports; do
		ln -s "$SRC/$d" $d
	done
	examples "$SRC/cmd/$1.1" >"$scratch/$1.sh"
	[ -s "$scratch/$1.sh" ] || { echo "there are none"; return 1; }
	timeout 300 sh -e "$scratch/$1.sh" </dev/null 2>&1 >"$scratch/$1.out" || {
		echo "exit $?, in:"
		cat "$scratch/$1.sh"
		return 1
	}
}

verdict() { # NAME PROBLEM
	if [ -z "$2" ]; then echo "ok $1"; else printf 'FAIL %s\n%s\n' "$1" "$2"; fi
}

check() { # TOOL
	page=cmd/$1.1
	if [ ! -e "$page" ]; then
		echo "FAIL man $1: there is no $page"
		return
	fi
	verdict "mandoc $1" "$(mandoc -T lint -W warning "$page" 2>&1)"
	rendered "$page" >"$scratch/page"
	"$1" --help >"$scratch/help"

	verdict "sections $1" "$(for s in $sections; do
		grep -qx "$(echo "$s" | tr _ ' ')" "$scratch/page" || echo "  no $s"
	done)"

	section SYNOPSIS <"$scratch/page" | words >"$scratch/synopsis"
	echo >>"$scratch/synopsis"
	sed -n '/^usage: /,/^$/p' "$scratch/help" | sed 's/^usage: //' | words >"$scratch/usage"
	echo >>"$scratch/usage"
	verdict "synopsis $1" "$(diff "$scratch/usage" "$scratch/synopsis")"

	verdict "options $1" "$(grep -oE -- '^ +(-.,)? *--[a-z0-9-]+' "$scratch/help" |
		grep -oE -- '--[a-z0-9-]+' | while read -r o; do
		grep -qE -- "(^|[ ,[])$o([] ,=.]|\$)" "$scratch/page" || echo "  no $o"
	done)"
	verdict "examples $1" "$(run_examples "$1")"
}

for t in cmd/nli-*.c; do
	[ -e "$t" ] || continue
	t=$(basename "$t" .c)
	if [ -x "$BIN/$t" ]; then
		check "$t"
	else
		echo "FAIL man $t: $BIN/$t is not built"
	fi
done
