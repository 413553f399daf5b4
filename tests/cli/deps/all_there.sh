# Nothing missing: silent, and apt is not called.
. "$SRC/tests/cli/deps/lib"
fake apt-get 'echo "called: $*"'
PATH=$PWD/bin:$PATH sh "$SRC/.ci/deps.sh" build
