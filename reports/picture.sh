#!/bin/sh
# picture.sh - the picture of the report that README.md shows, from "make demo".
#
#	usage: reports/picture.sh    (needs chromium; writes reports/demo.png)
set -eu
cd "$(dirname "$0")"
[ -e demo/index.html ] || { echo "picture: no demo/index.html; make demo writes it" >&2; exit 1; }
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,1940 \
	--screenshot="$PWD/demo.png" "file://$PWD/demo/index.html" >/dev/null 2>&1
ls -l demo.png
