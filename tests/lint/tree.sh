#!/bin/sh
# The tree itself: scripts, stray files, paths and hosts of one machine.
files=$(git ls-files 2>/dev/null)
[ -n "$files" ] || exit 0 # an unpacked archive: nothing to hold it against

if command -v shellcheck >/dev/null; then
	# shellcheck disable=SC2046
	if shellcheck -S warning $(git ls-files '.ci/*' ':(glob)tests/*.sh' ':(glob)tests/*/run.sh' \
		'tests/lint/*.sh' 'tests/generic/*.sh' 'tests/fault/*.sh' 'corpora/*.sh' \
		'reports/*.sh'); then
		echo "ok shellcheck"
	else
		echo "FAIL shellcheck, see above"
	fi
fi
stray=$(echo "$files" | cut -d/ -f1 | sort -u |
	grep -vxE 'Makefile|README\.md|LICENSE|cmd|lib|corpora|langs|reports|tests|\..*')
if [ -n "$stray" ]; then echo "FAIL stray at the top: $stray"; else echo "ok top level"; fi

# Spelt so that this file does not find itself.
if git grep -nIE '/(work|farm)/|/tmp/bash_[j]obs' -- . ':!tests/lint/tree.sh'; then
	echo "FAIL paths of one machine, see above"
else
	echo "ok paths"
fi
if git grep -nIE '(deb|security|ftp)\.debian[.]org|archive\.ubuntu[.]com|registry\.npmjs[.]org'; then
	echo "FAIL hosts of package registries, see above"
else
	echo "ok hosts"
fi
big=$(echo "$files" | while read -r f; do
	[ ! -f "$f" ] || [ "$(wc -c <"$f")" -le 1048576 ] || echo "$f"
done)
if [ -n "$big" ]; then echo "FAIL over 1 MiB: $big"; else echo "ok sizes"; fi
