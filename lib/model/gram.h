/*
 * gram.h - a text as its set of character n-grams, and how alike two sets are.
 *
 * A gram is 4 characters, or 2 where it begins with one that stands for a
 * syllable or a word (Han, Kana, Hangul): about as much of a sentence either
 * way.  A text too short for any gram is one gram as a whole, so that no text
 * has none.  Words are not used: 13 % of SNLI's hypotheses have fewer than five
 * (facts: methods.md, 2.5).
 *
 * A gram is kept as 32 bits.  For grams of Latin-1 these are a bijection of its
 * four bytes, so sets are exact; other grams are hashed, and nli_gram_jaccard()
 * counts again with 64 bits where that could matter.
 */
#ifndef NLI_MODEL_GRAM_H
#define NLI_MODEL_GRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

/* Han, Kana and Hangul: a character says about as much as two of an alphabet. */
bool nli_gram_is_syllable(uint32_t c);

/* Scratch and result of one thread.  Owns all; start from {0}. */
struct nli_grams {
	uint32_t *gram; /* (n,) ascending, no two equal */
	size_t n, cap;
	bool latin; /* are all Latin-1: is gram exact */
	uint32_t *tmp, *cp;
	size_t tmp_cap, cp_cap;
};

/* The grams of text, which is valid UTF-8. */
void nli_grams_of(struct nli_grams *g, struct nli_str text);
void nli_grams_release(struct nli_grams *g);

/*
 * How many values two ascending sets share, if that is at least least; else
 * some smaller number, as soon as it is clear.
 */
size_t nli_gram_shared(const uint32_t *a, size_t n, const uint32_t *b, size_t m,
		       size_t least);

/* The fewest shared values that make sets of n and m values similar to degree j. */
size_t nli_gram_least(size_t n, size_t m, double j);

/* |A and B| / |A or B| of the grams themselves, slowly. */
double nli_gram_jaccard(struct nli_str a, struct nli_str b);

#endif
