/*
 * set128.h - different 128-bit hashes, numbered 0, 1, 2... as they come.
 *
 * Open addressing at a load of at most 2/3; a slot holds 32 bits of the hash, so
 * that a look-up seldom reads more than one line of memory.  Equal hashes are
 * taken for equal texts: among 10^9 the odds of one error are below 10^-20.
 */
#ifndef NLI_MODEL_SET128_H
#define NLI_MODEL_SET128_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/hash.h"
#include "lib/base/store.h"

#define NLI_NO_ITEM UINT32_MAX

/* Owns all but store.  Start from {0}. */
struct nli_set128 {
	struct nli_store *store;  /* where the arrays are; NULL: memory */
	struct nli_hash128 *hash; /* (n,) */
	size_t n, hash_cap;
	uint64_t *slot; /* (cap,) lower half of hash.lo << 32 | number + 1; 0 if free */
	size_t cap;     /* a power of two, or 0 */
};

/* The number of h, which is added if it is new (*fresh says so). */
uint32_t nli_set128_add(struct nli_set128 *s, struct nli_hash128 h, bool *fresh);

/* Make room for n. */
void nli_set128_reserve(struct nli_set128 *s, size_t n);

/* Add one that is known to be new, in a set where none will be looked up. */
void nli_set128_append(struct nli_set128 *s, struct nli_hash128 h);

/* Fetch the memory that nli_set128_add() of h will read soon. */
static inline void nli_set128_expect(const struct nli_set128 *s, struct nli_hash128 h)
{
	if (s->cap)
		__builtin_prefetch(&s->slot[(uint32_t)h.lo & (s->cap - 1)]);
}

void nli_set128_release(struct nli_set128 *s);

/* A total order: < 0, 0, > 0. */
static inline int nli_hash128_cmp(struct nli_hash128 a, struct nli_hash128 b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return (a.lo > b.lo) - (a.lo < b.lo);
}

#endif
