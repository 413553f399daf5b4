#!/bin/sh
# deps.sh - see that all that building and testing needs is there; install
# what is not.  Silent and without network where nothing is missing.
#
#	.ci/deps.sh build            install what building needs (apt), or say how
#	.ci/deps.sh build,fetch      and what downloading corpora needs
#	.ci/deps.sh build,fetch,test and what the tests need
#	.ci/deps.sh build --dry-run  only say what is missing; exit 1 if anything is
#
# Debian 12 has no yyjson: its two packages are then taken from Debian 13, over
# the mirror that this machine's own apt sources name, and checked by the
# archive keyring.  They want nothing newer than libc 2.14.
set -eu

# For what, how it is known, and its name with apt, dnf, pacman and brew ("-": comes with it).
needs() {
	cat <<-'END'
	build cmd:cc         gcc            gcc                gcc        -
	build cmd:make       make           make               make       make
	build cmd:pkg-config pkg-config     pkgconf-pkg-config pkgconf    pkgconf
	build pkg:libxml-2.0 libxml2-dev    libxml2-devel      libxml2    libxml2
	build pkg:libpcre2-8 libpcre2-dev   pcre2-devel        pcre2      pcre2
	build pkg:icu-i18n   libicu-dev     libicu-devel       icu        icu4c
	build pkg:zlib       zlib1g-dev     zlib-devel         zlib       zlib
	build pkg:libarchive libarchive-dev libarchive-devel   libarchive libarchive
	build pkg:libisal    libisal-dev    isa-l-devel        isa-l      isa-l
	build inc:csv.h      libcsv-dev     libcsv-devel       libcsv     libcsv
	build pkg:libxxhash  libxxhash-dev  xxhash-devel       xxhash     xxhash
	build inc:jq.h       libjq-dev      jq-devel           jq         jq
	build pkg:yyjson     libyyjson-dev  yyjson-devel       yyjson     yyjson
	fetch cmd:jq         jq             jq                 jq         jq
	fetch cmd:curl       curl           curl               curl       curl
	test  cmd:c++        g++            gcc-c++            gcc        -
	test  pkg:cmocka     libcmocka-dev  libcmocka-devel    cmocka     cmocka
	test  cmd:mandoc     mandoc         mandoc             mandoc     mandoc
	test  cmd:xmllint    libxml2-utils  libxml2            libxml2    libxml2
	test  cmd:python3    python3        python3            python     python3
	test  cmd:zip        zip            zip                zip        zip
	test  cmd:zstd       zstd           zstd               zstd       zstd
	test  cmd:xz         xz-utils       xz                 xz         xz
	test  cmd:bzip2      bzip2          bzip2              bzip2      bzip2
	ci    cmd:clang      clang          clang              clang      llvm
	END
}

say() { printf 'deps: %s\n' "$*"; }
die() { printf 'deps: %s\n' "$*" >&2; exit 1; }

there() { # KIND:NAME
	case $1 in
	cmd:*) command -v "${1#*:}" ;;
	pkg:*) pkg-config --exists "${1#*:}" ;;
	inc:*) printf '#include <stddef.h>\n#include <stdio.h>\n#include <%s>\n' "${1#*:}" |
		cc -E -x c - ;;
	esac >/dev/null 2>&1
}

# The names with package manager $1 of what is missing, in one line.
missing() {
	needs | while read -r for what apt dnf pacman brew; do
		case $purpose in *"$for"*) ;; *) continue ;; esac
		there "$what" && continue
		case $1 in
		apt) printf '%s ' "$apt" ;;
		dnf) printf '%s ' "$dnf" ;;
		pacman) printf '%s ' "$pacman" ;;
		brew) [ "$brew" = - ] || printf '%s ' "$brew" ;;
		esac
	done
}

other_systems() {
	say "no apt here; with your package manager, one of:"
	printf '  dnf install %s\n' "$(missing dnf)"
	printf '  pacman -S --needed %s\n' "$(missing pacman)"
	printf '  brew install %s\n' "$(missing brew)"
	exit 1
}

update() { "$@" update -q || { sleep 5 && "$@" update -q; }; }

# Fetch libyyjson0 and libyyjson-dev of Debian 13 to $tmp; leaves no source behind.
fetch_yyjson() {
	# shellcheck disable=SC2016 # apt expands it
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		'Label: Debian' 'Component: main' | sort | uniq -c | sort -rn |
		awk 'NR == 1 { print $2 }')
	[ -n "$mirror" ] || die "the apt sources of this machine name no Debian mirror"
	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r "$keys" ] || die "$keys is not there: cannot verify packages"
	mkdir -p "$tmp/lists/partial" "$tmp/archives/partial" "$tmp/debs"
	printf 'deb [signed-by=%s] %s trixie main\n' "$keys" "$mirror" >"$tmp/sources.list"
	other="apt-get -o Dir::Etc::SourceList=$tmp/sources.list -o Dir::Etc::SourceParts=-
		-o Dir::State::Lists=$tmp/lists -o Dir::Cache::Archives=$tmp/archives
		-o Dir::Cache::PkgCache= -o Dir::Cache::SrcPkgCache=
		-o Acquire::Languages=none"
	# shellcheck disable=SC2086 # a list of words
	update $other
	# shellcheck disable=SC2086
	(cd "$tmp/debs" && $other download -q libyyjson0 libyyjson-dev)
}

install() { # PACKAGE...
	update $root apt-get
	case " $* " in
	*" libyyjson-dev "*)
		if ! apt-cache policy libyyjson-dev | grep -q 'Candidate: [0-9]'; then
			[ "${ID-} ${VERSION_ID-}" = "debian 12" ] ||
				die "this release has no libyyjson-dev; install yyjson by hand"
			say "libyyjson0 and libyyjson-dev: from Debian 13"
			fetch_yyjson
			new=
			for p in "$@"; do
				[ "$p" = libyyjson-dev ] || new="$new $p"
			done
			# shellcheck disable=SC2086
			set -- $new "$tmp"/debs/*.deb
		fi
		;;
	esac
	$root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
		--no-install-recommends "$@" </dev/null
}

purpose=${1-build,fetch,test}
list=$(missing apt)
[ -n "$list" ] || exit 0
if [ "${2-}" = --dry-run ]; then
	say "missing: $list"
	exit 1
fi
command -v apt-get >/dev/null || other_systems

# shellcheck source=/dev/null
[ ! -r /etc/os-release ] || . /etc/os-release
root=
if [ "$(id -u)" != 0 ]; then
	if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
		root=sudo
	else
		say "not root and no sudo; as root:"
		printf '  apt-get update && apt-get install -y --no-install-recommends %s\n' "$list"
		exit 1
	fi
fi
say "installing with apt: $list"

tmp=$(mktemp -d)
chmod 755 "$tmp" # apt downloads as user _apt
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
# shellcheck disable=SC2086
install $list

list=$(missing apt)
[ -z "$list" ] || die "still missing after the installation: $list"
say "all there"
