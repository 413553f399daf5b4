/*
 * oneedit.h - all pairs of token rows that are one edit apart, without comparing
 * all pairs.
 *
 * Two rows that differ by one token left out are found where the shorter one is
 * equal to the other without that token; two with a token replaced where both are
 * equal without it (deletion neighbourhoods: Mor and Fraenkel 1982); two with
 * neighbours swapped where one is equal to the other swapped.  Each row of n
 * tokens makes 3 n keys at most, each in constant time by a rolling hash, so all
 * is linear in the tokens.  Those of one row alone are left out (twice.h), the
 * others sorted (runs.h) and equal ones joined.  The caller compares: there is no
 * false pair.
 *
 * Every pair is found, but where more than NLI_BUCKET rows are equal without the
 * same token: these are sorted by name and each is compared with the next
 * NLI_REACH.
 *
 * What is found does not depend on threads, nor on the order of the items.
 */
#ifndef NLI_MODEL_ONEEDIT_H
#define NLI_MODEL_ONEEDIT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/hash.h"
#include "lib/base/store.h"

struct nli_one_edit {
	size_t n;                       /* items, below 2^32 */
	const struct nli_hash128 *name; /* (n,) unequal: what orders items */
	unsigned jobs;
	struct nli_store *store; /* of what tokens() and compare() read; NULL: none */
	size_t memory; /* bytes for filters and sorting; 0: 4 a token, and 8 a key kept */
	void *ctx;
	/* The tokens of an item, in two stretches; one of none is left out.  Any thread. */
	void (*tokens)(void *ctx, uint32_t item, const uint64_t *from[2], size_t n[2]);
	/* As in near.h: */
	size_t slot;
	void (*load)(void *ctx, uint32_t item, void *slot);
	void (*unload)(void *ctx, void *slot);
	float (*compare)(void *ctx, void *a, void *b);
	/* A near pair, i < j, perhaps more than once; on the calling thread. */
	void (*found)(void *ctx, uint32_t i, uint32_t j, float similarity);
};

void nli_one_edit_search(const struct nli_one_edit *s);

#endif
