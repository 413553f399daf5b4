/*
 * twice.h - which of many keys may stand there more than once.
 *
 * A filter of two bits a cell, one for a key that was seen and one for a second (a
 * spectral Bloom filter of one hash: Cohen and Matias, SIGMOD 2003).  What it says no
 * to was there once at most; to one key in 8 or less it says yes for another's sake.
 * Most keys of a search for what is alike are alone: the rest is all that is to be
 * sorted.
 */
#ifndef NLI_BASE_TWICE_H
#define NLI_BASE_TWICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owns word. */
struct nli_twice {
	uint64_t *word; /* 32 cells each */
	size_t n_word;
	unsigned shift; /* of a spread key, for the number of its cell */
};

/* Of n keys; memory: bytes that it may take, at least a few hundred; 0: as many as it takes. */
void nli_twice_init(struct nli_twice *t, size_t n, size_t memory);
void nli_twice_clear(struct nli_twice *t);
void nli_twice_release(struct nli_twice *t); /* safe on {0} */

static inline uint64_t nli_twice_cell(const struct nli_twice *t, uint32_t key)
{
	return key * 0x9e3779b97f4a7c15u >> t->shift;
}

/* Fetch what the next three will read of that key soon. */
static inline void nli_twice_expect(const struct nli_twice *t, uint32_t key)
{
	__builtin_prefetch(&t->word[nli_twice_cell(t, key) >> 5]);
}

static inline void nli_twice_add(struct nli_twice *t, uint32_t key)
{
	const uint64_t cell = nli_twice_cell(t, key),
		       one = (uint64_t)1 << 2 * (cell & 31);

	t->word[cell >> 5] |= one | (t->word[cell >> 5] & one) << 1;
}

/* May it have been added, and more than once? */
static inline bool nli_twice_had(const struct nli_twice *t, uint32_t key)
{
	const uint64_t cell = nli_twice_cell(t, key);

	return t->word[cell >> 5] >> 2 * (cell & 31) & 1;
}

static inline bool nli_twice_again(const struct nli_twice *t, uint32_t key)
{
	const uint64_t cell = nli_twice_cell(t, key);

	return t->word[cell >> 5] >> 2 * (cell & 31) & 2;
}

#endif
