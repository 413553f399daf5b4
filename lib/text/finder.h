/*
 * finder.h - which of many sets of strings have one in a text: all sets in one pass
 * over its bytes, by the automaton of A. Aho and M. Corasick ("Efficient string
 * matching", CACM 18, 1975).
 *
 * It may say "found" of a set that has none in the text, and never "not found" of one
 * that has: a test before a dearer one.
 */
#ifndef NLI_TEXT_FINDER_H
#define NLI_TEXT_FINDER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

struct nli_finder; /* opaque; unchanged after nli_finder_build() */

/* In a string to be found: here a word begins or ends (\b of patterns); here the text begins. */
#define NLI_FINDER_EDGE '\1'
#define NLI_FINDER_START '\2'

/* With n sets, of which none has a string. */
struct nli_finder *nli_finder_new(size_t n);
void nli_finder_free(struct nli_finder *f); /* NULL is fine */

/*
 * Add s, which is not empty, to a set.  ASCII letters stand for either case; other
 * characters for themselves.  An edge counts at its ends alone, the start before it.
 */
void nli_finder_add(struct nli_finder *f, size_t set, struct nli_str s);
/* Of this set nothing is known: it is always found. */
void nli_finder_always(struct nli_finder *f, size_t set);
/* This set is found where it has strings in two places at least. */
void nli_finder_twice(struct nli_finder *f, size_t set);
/* No more is added.  Past a bound of memory (60,000 bytes of strings) all are always found. */
void nli_finder_build(struct nli_finder *f);

/* Words of found[] below, for n sets: half of them are room. */
static inline size_t nli_finder_words(size_t n)
{
	return (n + 63) / 64 * 2;
}

/* Set bit i of found[i / 64] for each set i that has a string in text; clear the others. */
void nli_finder_scan(const struct nli_finder *f, struct nli_str text, uint64_t *found);

#endif
