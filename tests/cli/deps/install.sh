# As root on a release that has all packages: one update, tried twice, one install.
. "$SRC/tests/cli/deps/lib"
fake id 'echo 0'
fake sleep :
fake apt-cache 'echo "  Candidate: 0.10.0"'
fake apt-get 'echo "apt-get $*"; case "$1" in update) [ -e tried ] || { : >tried; exit 100; } ;; esac'
PATH=$PWD/bin sh "$SRC/.ci/deps.sh" build
