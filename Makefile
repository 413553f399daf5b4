# nli-tools: "make help" lists the targets.
PREFIX   = /usr/local
DESTDIR  =
CFLAGS   = -O2 -g
SANITIZE =
PKGS     = libxml-2.0 libpcre2-8 icu-uc icu-i18n zlib libarchive yyjson libxxhash
-include local.mk

B    = build$(addprefix /,$(subst $(comma),-,$(SANITIZE)))
comma := ,
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wformat=2 \
       -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes \
       $(if $(WERROR),-Werror)
SAN  = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all)
CPP_ = -I. -D_POSIX_C_SOURCE=200809L $(shell pkg-config --cflags $(PKGS)) $(CPPFLAGS)
C_   = -std=c11 -ffp-contract=off -pthread $(WARN) $(SAN) $(CFLAGS)
LIBS = $(shell pkg-config --libs $(PKGS)) -lcsv -ljq -lm

OBJS  = $(patsubst %.c,$B/%.o,$(wildcard lib/*/*.c))
TOOLS = $(patsubst cmd/%.c,$B/bin/%,$(wildcard cmd/*.c))
UNIT  = $(patsubst tests/unit/%.c,$B/unit/%,$(wildcard tests/unit/*.c))
.PHONY: all check check-unit check-cli lint asan tsan install clean
.SECONDARY:

all: $(TOOLS)
$B/libnli.a: $(OBJS)
	@rm -f $@ && $(AR) rcs $@ $^
$B/bin/%: $B/cmd/%.o $B/libnli.a
	@mkdir -p $(@D)
	$(CC) $(C_) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/unit/%: $B/tests/unit/%.o $B/libnli.a
	@mkdir -p $(@D)
	$(CC) $(C_) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS)
$B/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPP_) $(C_) -MMD -MP -c -o $@ $<
-include $(shell find $B -name '*.d' 2>/dev/null)

check: check-unit check-cli
check-unit: $(UNIT)
	@for t in $^; do $$t || exit 1; done
check-cli: all
	@sh tests/cli/run.sh $B/bin tests/cli
clean:
	rm -rf build
