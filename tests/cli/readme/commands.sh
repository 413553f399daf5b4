# The blocks of README.md that are marked "sh" run as they stand, from the top of the tree.
for d in corpora langs reports cmd; do
	ln -s "$SRC/$d" $d
done
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$SRC/README.md" >commands
grep -c '^nli-' commands
sh -e commands 2>err || { echo "exit $?"; cat err; }
head -n 1 curated.json | jq -r 'keys_unsorted | join(" ")'
# Every tool that is there stands in the table, and no other.
(cd "$SRC/cmd" && ls nli-*.c) | sed 's/\.c$//' | sort >tools
grep -o '^| `nli-[a-z]*`' "$SRC/README.md" | grep -o 'nli-[a-z]*' | sort | diff tools -
# Every file that it links to is there.
grep -oE '\]\([^)]*\)' "$SRC/README.md" | tr -d '()]' | while read -r f; do
	[ -e "$SRC/$f" ] || echo "there is no $f"
done
