# -m lists the methods; each stands in the manual.
nli-truth -m no-such-method /dev/null 2>&1 | head -n 1 | sed 's/.*one of //' | tr ' ' '\n' | while read -r m; do
	grep -qE "^\.It Cm $m\$|^\.Cm $m( |\$)" "$SRC/cmd/nli-truth.1" || echo "$m is not there"
done
