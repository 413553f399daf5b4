/*
 * needles.h - strings of which a text must have one for a pattern to match in it, after
 * R. Cox ("Regular expression matching with a trigram index", 2012; RE2's prefilter).
 *
 * Read off the pattern's text.  Where a construct is not known, or too many strings
 * would do, nothing is said.
 */
#ifndef NLI_TEXT_NEEDLES_H
#define NLI_TEXT_NEEDLES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"

enum { NLI_NEEDLES_MAX = 128 };

struct nli_needles {
	struct nli_str needle[NLI_NEEDLES_MAX]; /* (n,) in the form of nli_finder_add() */
	size_t n;
	bool twice; /* there must be two of them, or one in two places */
};

/* Those of a caseless pattern of pattern.h, in arena.  False if nothing can be said. */
bool nli_needles(struct nli_needles *n, struct nli_str pattern, struct nli_arena *arena);

#endif
