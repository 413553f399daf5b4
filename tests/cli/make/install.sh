# Tools, manuals, completions and data go where PREFIX and DESTDIR say, and the tools
# find their data there; uninstall takes away all of it.
mkdir b
cp -a "$B/lib" "$B/cmd" "$B/bin" "$B/libnli.a" "$B"/assets.* "$B/share-is" b/
make() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$SRC" B="$PWD/b" CC="${CC:-cc}" SANITIZE="${SANITIZE-}" "$@"; }
make install PREFIX="$PWD/at" | grep -v '^  '
(cd "$SRC/cmd" && ls nli-*.c) | sed 's/\.c$//' >tools
ls at/bin | diff tools -
ls at/share/man/man1 | sed 's/\.1$//' | diff tools -
ls at/share/bash-completion/completions | diff tools -
ls at/share/fish/vendor_completions.d | sed 's/\.fish$//' | diff tools -
ls at/share/zsh/site-functions | sed 's/^_//' | diff tools -
for d in corpora langs; do
	(cd "$SRC/$d" && find . -maxdepth 1 -type f \( -name '*.json' -o -name '*.xml' -o -name '*.rng' \)) | sort >want
	(cd at/share/nli-tools/$d && find . -type f \( -name '*.json' -o -name '*.xml' -o -name '*.rng' \)) | sort | diff want -
done
# Moved away from the tree: what is built in is PREFIX, and nothing else is found.
cp "$SRC/corpora/demo/dev.jsonl" .
at/bin/nli-ingest -c demo --strict dev.jsonl | wc -l
mv at/share/nli-tools/corpora at/share/nli-tools/hidden
at/bin/nli-ingest -c demo dev.jsonl >out 2>err
echo "exit $?"
mv at/share/nli-tools/hidden at/share/nli-tools/corpora
make install DESTDIR="$PWD/root" PREFIX="$PWD/at" | grep -v '^  '
(cd "root$PWD/at" && find . -type f | sort) >staged
(cd at && find . -type f | sort) | diff staged -
make uninstall PREFIX="$PWD/at"
find at -type f
