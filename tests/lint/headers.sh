#!/bin/sh
# Each header compiles alone, as C and as C++.
flags="-I. -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -fsyntax-only"
for h in lib/*/*.h; do
	# shellcheck disable=SC2086
	if out=$(printf '#include "%s"\n' "$h" | ${CC:-cc} $flags -std=c11 -x c - 2>&1); then
		echo "ok header $h"
	else
		printf 'FAIL header %s does not compile alone\n%s\n' "$h" "$out"
	fi
	# shellcheck disable=SC2086
	if out=$(printf 'extern "C" {\n#include "%s"\n}\n' "$h" |
		c++ $flags '-D_Noreturn=[[noreturn]]' -Wno-missing-field-initializers -std=c++17 -x c++ - 2>&1); then
		echo "ok C++ header $h"
	else
		printf 'FAIL header %s does not parse as C++\n%s\n' "$h" "$out"
	fi
done
