# Not root, and no sudo: the one line that root must say.
. "$SRC/tests/cli/deps/lib"
fake id 'echo 1000'
fake apt-get 'echo "called: $*"'
PATH=$PWD/bin sh "$SRC/.ci/deps.sh" build,fetch
