#!/bin/sh
# JSON files against their schemas.
for f in corpora/*.json; do
	case $f in *.schema.json) continue ;; esac
	if faults=$(sh tests/generic/schema.sh corpora/profile.schema.json "$f"); then
		echo "ok schema $f"
	else
		printf 'FAIL schema %s\n%s\n' "$f" "$faults"
	fi
done
