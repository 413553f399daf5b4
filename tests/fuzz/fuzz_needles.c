/*
 * fuzz_needles.c - hostile patterns of a pack through the prefilter: where PCRE2 finds a
 * pattern in a text, needles and finder must not have said that it cannot be there.
 *
 * The input's last line is the text, each line before it a pattern; all patterns are sets
 * of one finder, as those of a pack are.
 */
#include <stdint.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/text/finder.h"
#include "lib/text/needles.h"
#include "lib/text/norm.h"
#include "lib/text/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_PATTERNS = 130, MAX_INPUT = 4096 };

struct patterns {
	struct nli_pattern *of[MAX_PATTERNS];
	size_t n;
	struct nli_finder *finder;
};

static void add_needles(struct patterns *p, struct nli_str text)
{
	struct nli_arena arena = { 0 };
	struct nli_needles k;

	if (!nli_needles(&k, text, &arena))
		nli_finder_always(p->finder, p->n);
	else if (k.twice)
		nli_finder_twice(p->finder, p->n);
	for (size_t i = 0; i < k.n; i++)
		nli_finder_add(p->finder, p->n, k.needle[i]);
	nli_arena_release(&arena);
}

/* Patterns that do not compile are in no pack. */
static void add_pattern(struct patterns *p, struct nli_str text)
{
	struct nli_err err;

	if (nli_pattern_new(&p->of[p->n], text, NLI_PATTERN_CASELESS, &err))
		return;
	add_needles(p, text);
	p->n++;
}

/* Read the lines of all; returns the last. */
static struct nli_str add_lines(struct patterns *p, struct nli_str all)
{
	const char *end;

	while (p->n < MAX_PATTERNS && all.len && (end = memchr(all.s, '\n', all.len))) {
		const size_t n = (size_t)(end - all.s);

		add_pattern(p, (struct nli_str){ all.s, n });
		all.s += n + 1;
		all.len -= n + 1;
	}
	return all;
}

static void check(const struct patterns *p, struct nli_str text)
{
	uint64_t *found = nli_xcalloc(nli_finder_words(MAX_PATTERNS), sizeof(*found));
	struct nli_match *m = nli_match_new();
	struct nli_err err;

	nli_finder_scan(p->finder, text, found);
	for (size_t i = 0; i < p->n; i++)
		if (!(found[i / 64] >> i % 64 & 1) &&
		    nli_pattern_find(p->of[i], m, text, 0, &err) == 1)
			abort();
	nli_match_free(m);
	free(found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nli_str all = { (const char *)data,
				     size < MAX_INPUT ? size : MAX_INPUT };
	struct patterns p = { .finder = nli_finder_new(MAX_PATTERNS) };

	/* Packs and records are UTF-8. */
	if (nli_utf8_valid(all) == all.len) {
		const struct nli_str text = add_lines(&p, all);

		nli_finder_build(p.finder);
		check(&p, text);
	}
	for (size_t i = 0; i < p.n; i++)
		nli_pattern_free(p.of[i]);
	nli_finder_free(p.finder);
	return 0;
}
