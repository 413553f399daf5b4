/*
 * near.h - all pairs of items that are near, without comparing all pairs.
 *
 * Locality-sensitive hashing over signatures: items that share a band are
 * candidates; those whose signatures agree in enough rows are compared exactly
 * by the caller's function, so there is no false pair, and a near pair is missed
 * only if chance gave it no band (minhash.h).  For each band the items are
 * sorted by its key, and equal keys are a bucket; no hash tables.  With a store they
 * are sorted on disk (runs.h), and no more is in memory than the largest bucket.
 *
 * A bucket of more than NLI_BUCKET items is not compared pair by pair: its items
 * are sorted by the bands that follow and each is compared with the next
 * NLI_REACH, so that time stays near-linear whatever the input is.
 *
 * What is found does not depend on threads, nor on the order of the items.
 */
#ifndef NLI_MODEL_NEAR_H
#define NLI_MODEL_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/hash.h"
#include "lib/base/store.h"
#include "lib/model/minhash.h"

enum { NLI_BUCKET = 128, NLI_REACH = 8 };

struct nli_near {
	size_t n;                  /* items, below 2^32 */
	const struct nli_sig *sig; /* borrowed */
	const uint32_t
		*at; /* (n,) where in sig; NULL, as with a store: item i is sig[i] */
	const struct nli_hash128 *name; /* (n,) unequal: what orders items */
	double least; /* similarity that is wanted, for the filter by rows */
	unsigned jobs;
	struct nli_store
		*store; /* where all of these and what is found are; NULL: memory */
	size_t memory;  /* with a store: bytes for sorting */
	void *ctx;
	/*
	 * An item at hand: load() makes slot bytes of it, once for all comparisons of a
	 * bucket, unload() frees what they own.  Called, as the others, on any thread.
	 */
	size_t slot;
	void (*load)(void *ctx, uint32_t item, void *slot);
	void (*unload)(void *ctx, void *slot);
	/* The similarity of two items if they are near, else < 0. */
	float (*compare)(void *ctx, void *a, void *b);
	/*
	 * Is it of no use to compare them, as much has been found already?  Asked in
	 * crowded buckets alone, while nothing is told to found().
	 */
	bool (*settled)(void *ctx, void *a, void *b);
	/* A near pair, i < j, perhaps more than once; on the calling thread. */
	void (*found)(void *ctx, uint32_t i, uint32_t j, float similarity);
};

void nli_near_search(const struct nli_near *s);

#endif
