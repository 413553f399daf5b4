# Without apt: the names for the other package managers.
. "$SRC/tests/cli/deps/lib"
PATH=$PWD/bin sh "$SRC/.ci/deps.sh" build
