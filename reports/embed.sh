#!/bin/sh
# embed.sh - write the assets of the report as a C file on stdout; see lib/show/asset.h.
#
#	usage: reports/embed.sh FILE...	(names from this folder on)
set -eu
export LC_ALL=C
cd "$(dirname "$0")"

hex_to_base64() {
	sed 's/../& /g' | awk '{
		for (i = 1; i <= NF; i++) {
			h = index("0123456789abcdef", substr($i, 1, 1)) - 1
			l = index("0123456789abcdef", substr($i, 2, 1)) - 1
			bits = bits bin(h) bin(l)
		}
		while (length(bits) % 6) bits = bits "0"
		for (i = 1; i <= length(bits); i += 6) {
			v = 0
			for (k = 0; k < 6; k++) v = v * 2 + substr(bits, i + k, 1)
			out = out substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", v + 1, 1)
		}
		while (length(out) % 4) out = out "="
		print out
	}
	function bin(v, s, k) {
		for (k = 8; k >= 1; k /= 2) { s = s (v >= k ? 1 : 0); if (v >= k) v -= k }
		return s
	}'
}

sha256() {
	{ sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d' ' -f1
}

printf '/* Made by reports/embed.sh. */\n#include "lib/show/asset.h"\n\n'
n=0
for f; do
	printf 'static const char f%d[] = {\n' "$n"
	od -An -v -tx1 "$f" | sed 's/ \([0-9a-f][0-9a-f]\)/(char)0x\1,/g'
	printf '0 };\n'
	n=$((n + 1))
done
printf 'const struct nli_asset nli_assets[] = {\n'
n=0
for f; do
	printf '\t{ "%s", { f%d, sizeof(f%d) - 1 } },\n' "$f" "$n" "$n"
	n=$((n + 1))
done
printf '\t{ 0, { 0, 0 } },\n};\nconst char nli_asset_script_sha256[] = "%s";\n' \
	"$(sha256 script.js | hex_to_base64)"
