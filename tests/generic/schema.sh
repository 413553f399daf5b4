#!/bin/sh
# schema.sh SCHEMA.json [FILE...]: hold JSON values, one or many a file, against a
# schema.  Prints the first faults and exits 1 if there are any.
schema=$1
shift
faults=$(jq -r --argjson schema "$(cat "$schema")" -f "$(dirname "$0")/schema.jq" "$@" 2>&1 | head -n 10)
[ -z "$faults" ] || { echo "$faults"; exit 1; }
