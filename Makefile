# nli-tools: "make help" lists the targets.
#
# CC=clang, CFLAGS, WERROR=1, V=1 (show commands), JOBS=N and
# SANITIZE=address,undefined work with every target; local.mk may set them for good.
PREFIX   = /usr/local
DESTDIR  =
CFLAGS   = -O2 -g
SANITIZE =
JOBS     = $(shell getconf _NPROCESSORS_ONLN)
DATA     = ../shared/data
FUZZ_SECONDS = 60
FUZZ_CC  = clang
PKGS     = libxml-2.0 libpcre2-8 icu-uc icu-i18n zlib libarchive libisal yyjson libxxhash
-include local.mk

comma := ,
B    := build$(addprefix /,$(subst $(comma),-,$(SANITIZE)))
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wformat=2 \
       -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes \
       $(if $(WERROR),$(if $(SANITIZE),,-Werror))
# Not with a sanitizer: gcc then warns of uninitialized values that are none.
SAN  = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all)
# Asked of pkg-config once, and only when something is compiled: "make deps" must run without it.
pkg_cflags = $(eval pkg_cflags := $(shell pkg-config --cflags $(PKGS)))$(pkg_cflags)
pkg_libs   = $(eval pkg_libs := $(shell pkg-config --libs $(PKGS)))$(pkg_libs)
SHARE = $(PREFIX)/share/nli-tools
CPP_ = -I. -D_POSIX_C_SOURCE=200809L $(pkg_cflags) $(CPPFLAGS)
C_   = -std=c11 -ffp-contract=off -pthread $(WARN) $(SAN) $(CFLAGS)
LIBS = $(pkg_libs) -lcsv -ljq -lm

# What of reports/ is built into the library; names from that folder on.
ASSETS := $(patsubst reports/%,%,$(sort $(wildcard reports/*.css reports/*.js reports/reference/*.json)))
LIB   := $(patsubst %.c,$B/%.o,$(wildcard lib/*/*.c)) \
         $(if $(wildcard reports/embed.sh),$B/assets.o)
TOOLS := $(patsubst cmd/%.c,$B/bin/%,$(wildcard cmd/*.c))
UNIT  := $(patsubst %.c,$B/%,$(wildcard tests/unit/test_*.c))
FUZZ  := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
BENCH := $(patsubst %.c,$B/%,$(wildcard tests/bench/*.c))
DEMO  := $(patsubst %.c,$B/%.o,$(wildcard corpora/demo/*.c))
HELPERS = $(if $(wildcard tests/fault/shim.c),$B/tests/fault/shim.so) \
          $(if $(DEMO),$B/demo/gen) $B/tests/net/httpd $(FUZZ:%=$B/tests/fuzz/%) $(BENCH)
OBJS  = $(LIB) $(DEMO) $(patsubst %.c,$B/%.o,$(wildcard cmd/*.c tests/*/*.c))

# A sub-make with all cores, unless the user said -j.
fast = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))
Q    = $(if $(V),,@echo '  $(if $(filter %.o,$@),CC,$(if $(filter %.c,$@),MK,LD)) $@';)
run  = SRC='$(CURDIR)' B='$(CURDIR)/$B' BIN='$(CURDIR)/$B/bin' JOBS='$(JOBS)' \
       CC='$(CC)' SANITIZE='$(SANITIZE)' sh tests/run.sh
checks = check-lint check-unit check-cli check-generic check-fault check-fuzz
phony = all always help deps deps-fetch deps-test demo demo-corpus picture \
        check $(checks) check-real check-browser test-programs lint asan tsan bench fuzz \
        install uninstall dist clean
.PHONY: $(phony) $(filter audit/% corpora/%,$(MAKECMDGOALS))
.SECONDARY:
.DELETE_ON_ERROR:

all: $(TOOLS)         ## build the tools in build/bin

help:                 ## this list
	@sed -n 's/^$$(filter [^:]*: //; s/^\([a-z%/-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | \
		awk -F '|' '{ sub("%", "NAME", $$1); printf "%-13s %s\n", $$1, $$2 }'

$B/libnli.a: $(LIB)
	$Qrm -f $@ && $(AR) rcs $@ $^
$B/bin/%: $B/cmd/%.o $B/libnli.a
	@mkdir -p $(@D)
	$Q$(CC) $(C_) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/tests/unit/%: $B/tests/unit/%.o $B/libnli.a
	$Q$(CC) $(C_) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS)
$B/tests/bench/%: $B/tests/bench/%.o $B/libnli.a
	$Q$(CC) $(C_) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/tests/fuzz/fuzz_%: $B/tests/fuzz/fuzz_%.o $B/tests/fuzz/replay.o $B/libnli.a
	$Q$(CC) $(C_) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/tests/fault/shim.so: tests/fault/shim.c
	@mkdir -p $(@D)
	$Q$(CC) -std=c11 -D_GNU_SOURCE $(WARN) -O2 $(if $(SANITIZE),-DNO_MALLOC) -fPIC -shared -o $@ $< -ldl
$B/tests/net/httpd: tests/net/httpd.c
	@mkdir -p $(@D)
	$Q$(CC) $(CPP_) $(C_) -o $@ $<
$B/demo/gen: $(DEMO) $B/libnli.a
	@mkdir -p $(@D)
	$Q$(CC) $(C_) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/assets.c: reports/embed.sh $(ASSETS:%=reports/%)
	@mkdir -p $(@D)
	$Qsh $< $(ASSETS) >$@.tmp && mv $@.tmp $@
$B/assets.o: $B/assets.c
	$Q$(CC) $(CPP_) $(C_) -MMD -MP -c -o $@ $<
$B/%.o: %.c
	@mkdir -p $(@D)
	$Q$(CC) $(CPP_) $(C_) -MMD -MP -c -o $@ $<
# The one object that knows where things are installed: made anew for another PREFIX.
$B/lib/io/share.o: CPPFLAGS += -DNLI_SHARE='"$(SHARE)"'
$B/lib/io/share.o: $B/share-is
$B/share-is: always
	@mkdir -p $(@D)
	@echo '$(SHARE)' | cmp -s - $@ || echo '$(SHARE)' >$@
-include $(OBJS:.o=.d)

deps:                 ## install what building needs (apt; elsewhere: says what to install)
	@.ci/deps.sh build
deps-fetch:
	@.ci/deps.sh build,fetch
deps-test:
	@.ci/deps.sh build,fetch,test

demo: deps            ## the whole pipe on the embedded demo corpus, ending in a report
	+@$(fast) all
	@PATH='$(CURDIR)/$B/bin':"$$PATH" sh reports/audit.sh demo corpora/demo reports/demo

$(filter audit/%,$(MAKECMDGOALS)): audit/%: deps ## the pipe on corpus NAME in DATA=dir, report in reports/NAME
	+@$(fast) all
	@PATH='$(CURDIR)/$B/bin':"$$PATH" sh reports/audit.sh '$*' '$(DATA)' 'reports/$*'

$(filter corpora/%,$(MAKECMDGOALS)): corpora/%: deps-fetch ## download a corpus, verify it and make records
	+@$(fast) all
	@PATH='$(CURDIR)/$B/bin':"$$PATH" MIRROR='$(MIRROR)' sh corpora/fetch.sh '$*'

check: deps-test      ## set-up, then every test; ends with "N passed, N failed"
	+@$(fast) test-programs
	@$(run) $(checks:check-%=%)
$(checks): check-%: test-programs
	@$(run) $*
check-real: all $B/tests/bench/cut_words ## the tests on real corpora in DATA=dir
	@DATA='$(abspath $(DATA))' $(run) real
check-browser: all    ## the report's pages in headless Chromium (chromium, node; npm for more)
	@SRC='$(CURDIR)' B='$(CURDIR)/$B' BIN='$(CURDIR)/$B/bin' sh tests/browser/run.sh $(PAGES)
picture: demo         ## the picture of the report in README.md (needs chromium)
	@sh reports/picture.sh
demo-corpus: $B/demo/gen ## write the demo corpus anew from its generator
	$B/demo/gen corpora/demo
test-programs: $(TOOLS) $(UNIT) $(HELPERS)

lint: check-lint      ## the rules of the tree: floors, headers, man pages, words
asan:                 ## make check under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory SANITIZE=address,undefined CFLAGS='-O1 -g' check
tsan:                 ## make check under ThreadSanitizer
	@$(MAKE) --no-print-directory SANITIZE=thread CFLAGS='-O1 -g' check
bench: all $(BENCH)   ## benchmarks against rivals run in the same minute
	@$(run) bench
fuzz:                 ## each fuzz target with libFuzzer (clang) for FUZZ_SECONDS=60
	+@$(fast) CC=$(FUZZ_CC) B=build/fuzz \
		SANITIZE=fuzzer-no-link,address,undefined $(FUZZ:%=build/fuzz/bin/%)
	@FUZZ_BIN='$(CURDIR)/build/fuzz/bin' FUZZ_SECONDS='$(FUZZ_SECONDS)' $(run) fuzz
build/fuzz/bin/fuzz_%: $B/tests/fuzz/fuzz_%.o $B/libnli.a
	@mkdir -p $(@D)
	$Q$(CC) $(C_) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LIBS)

I = $(DESTDIR)$(PREFIX)
install: all          ## install under PREFIX=/usr/local (DESTDIR is put before it)
	install -d '$I/bin' '$I/share/man/man1' '$(DESTDIR)$(SHARE)/corpora' \
		'$(DESTDIR)$(SHARE)/langs' '$(DESTDIR)$(SHARE)/reports'
	install $(TOOLS) '$I/bin'
	install -m 644 cmd/*.1 '$I/share/man/man1'
	install -m 644 corpora/*.json '$(DESTDIR)$(SHARE)/corpora'
	for d in langs reports; do \
		find $$d -type f ! -name '*.png' ! -path 'reports/*/*' \
			-o -type f -path 'reports/reference/*' | \
		while read -r f; do \
			install -D -m 644 "$$f" '$(DESTDIR)$(SHARE)'/"$$f" || exit 1; \
		done; \
	done
	for t in $(TOOLS); do \
		n=$${t##*/} && \
		for s in bash/share/bash-completion/completions/$$n \
			 zsh/share/zsh/site-functions/_$$n \
			 fish/share/fish/vendor_completions.d/$$n.fish; do \
			install -d '$I'"/$$(dirname "$${s#*/}")" && \
			$$t --completion "$${s%%/*}" >'$I'/"$${s#*/}" || exit 1; \
		done; \
	done
uninstall:            ## take away what install put there
	rm -rf '$(DESTDIR)$(SHARE)'
	for t in $(notdir $(TOOLS)); do \
		rm -f '$I/bin'/$$t '$I/share/man/man1'/$$t.1 \
			'$I/share/bash-completion/completions'/$$t \
			'$I/share/zsh/site-functions'/_$$t \
			'$I/share/fish/vendor_completions.d'/$$t.fish; \
	done

dist:                 ## a source archive of the last commit in build/
	@mkdir -p build
	git archive --prefix=nli-tools/ -o build/nli-tools.tar.gz HEAD
clean:                ## remove build/ and the reports that were made
	rm -rf build reports/demo
