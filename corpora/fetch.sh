#!/bin/sh
# fetch.sh - download a corpus as its profile says, check it, make records of it.
#
#	usage: fetch.sh NAME|PROFILE.json   (make corpora/NAME)
#	       fetch.sh list                (make corpora/list)
#
# Files are kept in CACHE/NAME/source, records go to CACHE/NAME/NAME.jsonl.gz;
# CACHE is corpora/.cache unless the environment says otherwise.  MIRROR, a
# folder or an address, is tried first: MIRROR/NAME/FILE, then MIRROR/FILE.
# A download that is cut short goes on where it stopped.  A file whose bytes or
# SHA-256 differ from the profile is refused.
set -eu

say() { printf 'corpora/%s: %s\n' "$name" "$*" >&2; }
die() { say "$@"; exit 1; }

# get ADDRESS PART: fetch into PART, again where a connection breaks; 22 is curl's "no such page".
get() {
	try=0
	while :; do
		rc=0
		curl -fsSL --connect-timeout 20 -C - -o "$2" -- "$1" || rc=$?
		[ "$rc" -ne 0 ] || return 0
		# 33, 36: the server cannot resume.  Begin again.
		case $rc in 33|36) rm -f "$2" ;; esac
		try=$((try + 1))
		[ "$rc" -ne 22 ] && [ "$try" -lt "$tries" ] || return "$rc"
		say "broken off (curl says $rc), trying again"
		sleep "$wait"
	done
}

# from_mirror FILE PART: take it from MIRROR if it is there.
from_mirror() {
	for place in "$MIRROR/$name/$1" "$MIRROR/$1"; do
		case $MIRROR in
		http://*|https://*) get "$place" "$2" 2>/dev/null && return 0 ;;
		*) [ -f "$place" ] && cp -- "$place" "$2" && return 0 ;;
		esac
	done
	return 1
}

sum_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

# check FILE BYTES SHA256: complain and fail unless it is what the profile says; "-" is unknown.
check() {
	bytes=$(wc -c <"$1" | tr -d ' ')
	if [ "$2" != - ] && [ "$bytes" != "$2" ]; then
		say "${1##*/} has $bytes bytes, wanted $2"
		return 1
	fi
	[ "$3" != - ] || return 0
	sum=$(sum_of "$1")
	[ "$sum" = "$3" ] || {
		say "${1##*/} has SHA-256 $sum, wanted $3"
		return 1
	}
}

# fetch URL SAVE BYTES SHA256
fetch() {
	file=$dir/$2
	if [ -f "$file" ] && check "$file" "$3" "$4"; then
		say "$2 is here already"
		return 0
	fi
	if [ -n "$MIRROR" ] && from_mirror "$2" "$file.part"; then
		say "$2 from the mirror"
	else
		say "$2 from $1"
		get "$1" "$file.part" || die "cannot download $1"
	fi
	if ! check "$file.part" "$3" "$4"; then
		mv -f -- "$file.part" "$file.refused"
		die "refused; kept as $file.refused"
	fi
	[ "$4" != - ] || say "$2: no SHA-256 is known, got $(sum_of "$file.part")"
	mv -f -- "$file.part" "$file"
}

table() {
	jq -r '.results.files[] | .file as $file | .splits as $splits | .labels | to_entries[] |
		[$file, ($splits | keys | join(" ")), .key, .value] | @tsv' "$1" |
		awk -F '\t' '{ printf "%-28s %-6s %-16s %9d\n", $1, $2, $3, $4 }'
	jq -r '"\(.in) in, \(.out) out, \(.dropped) dropped, \(.rejected) rejected"' "$1"
}

corpus=${1:?"usage: fetch.sh NAME"}
name=$(basename "$corpus" .json)
MIRROR=${MIRROR-}
tries=${TRIES-5} wait=${WAIT-2}
here=$(dirname "$0")
[ "$name" != list ] || exec nli-ingest --list
profile=$(nli-ingest --show "$corpus") || exit 1
field() { printf '%s\n' "$profile" | jq -r "$1"; }

dir=${CACHE-$here/.cache}/$name/source
out=${dir%/source}
field '"\(.title)\nlicence: \(.licence)\n\(.notes // "")"' >&2
[ "$(field '.files // [] | length')" -gt 0 ] ||
	die "$(field '"access is \(.access // "open"): " +
		"no file can be fetched. \(.notes // .homepage // "")"')"
mkdir -p "$dir"
field '.files[] | [.url, .save // (.url | sub("[?].*"; "") | sub(".*/"; "")),
	.bytes // "-", .sha256 // "-"] | @tsv' >"$out/files.tsv"
tab=$(printf '\t')
while IFS=$tab read -r url save bytes sum; do
	fetch "$url" "$save" "$bytes" "$sum"
done <"$out/files.tsv"

set --
while IFS=$tab read -r url save bytes sum; do
	set -- "$@" "$dir/$save"
done <"$out/files.tsv"
nli-ingest -c "$corpus" -o "$out/$name.jsonl.gz" --summary "$out/summary.json" "$@"
table "$out/summary.json"
say "records are in $out/$name.jsonl.gz"
