# Tools, manuals, completions and data go where PREFIX and DESTDIR say; uninstall
# takes away all of it; the tools find their data there.
make() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$SRC" B="$B" DESTDIR="$PWD/root" PREFIX=/opt/n "$@"; }
make install
(cd "$SRC/cmd" && ls nli-*.c) | sed 's/\.c$//' >tools
ls root/opt/n/bin | diff tools -
ls root/opt/n/share/man/man1 | sed 's/\.1$//' | diff tools -
ls root/opt/n/share/bash-completion/completions | diff tools -
ls root/opt/n/share/fish/vendor_completions.d | sed 's/\.fish$//' | diff tools -
ls root/opt/n/share/zsh/site-functions | sed 's/^_//' | diff tools -
for d in corpora langs; do
	(cd "$SRC/$d" && find . -maxdepth 1 -type f \( -name '*.json' -o -name '*.xml' -o -name '*.rng' \)) | sort >want
	(cd root/opt/n/share/nli-tools/$d && find . -type f \( -name '*.json' -o -name '*.xml' -o -name '*.rng' \)) | sort | diff want -
done
make uninstall
find root -type f
