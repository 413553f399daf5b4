/*
 * rows.h - sparse rows of hashed features, and how they become numbers.
 *
 * A row is a set of features, each a 32-bit hash whose lowest three bits name its
 * block (words, characters...).  nli_rows_finish() drops the rare ones, numbers
 * the rest by block and falling frequency, so that what is read most lies
 * together, and stores the rows in an order given by the caller.  The numbers
 * depend on the set of rows alone, never on the order they were added in.
 *
 * Different features that share a hash share a weight (K. Weinberger et al.,
 * "Feature hashing for large scale multitask learning", ICML 2009): with 29
 * bits, 1 in 500 of a million features.
 */
#ifndef NLI_MODEL_ROWS_H
#define NLI_MODEL_ROWS_H

#include <stddef.h>
#include <stdint.h>

enum { NLI_BLOCK_BITS = 3, NLI_N_BLOCK = 1 << NLI_BLOCK_BITS };

/* The hash of a feature of block b. */
static inline uint32_t nli_feat_hash(uint64_t h, unsigned b)
{
	return ((uint32_t)(h >> 32) & ~(uint32_t)(NLI_N_BLOCK - 1)) | b;
}

/* Finished rows.  Owns start, id and hash.  Feature 0 is the constant 1 of every row. */
struct nli_rows {
	size_t n;
	size_t *start;               /* (n + 1,) */
	uint32_t *id;                /* (start[n],) no repeats inside a row; 0 first */
	uint32_t n_feat;             /* with feature 0 */
	uint32_t *hash;              /* (n_feat,) hash of each; hash[0] is 0 */
	uint32_t bound[NLI_N_BLOCK]; /* block b ends before this feature */
};

/* Rows being gathered: hashes as they came.  Start from {0}.  Owns all. */
struct nli_rows_builder {
	uint32_t *item; /* the features of all rows */
	size_t *end;    /* (n,) where each row ends in item */
	size_t n_item, item_cap, n, end_cap;
	unsigned drop; /* blocks that are left out, bits 1 << block */
};

/* Add a row of n different feature hashes. */
void nli_rows_add(struct nli_rows_builder *b, const uint32_t *hash, size_t n);

/* The same from n * 4 bytes that need not be aligned. */
void nli_rows_add_bytes(struct nli_rows_builder *b, const void *hash, size_t n);

/* Leave out the features of blocks (bits 1 << block), of rows that are there and to come. */
void nli_rows_drop(struct nli_rows_builder *b, unsigned blocks);

/*
 * Make the rows and empty the builder.  order[i] is the added row that becomes
 * row i (NULL: as added).  Features in fewer than min_count rows are dropped.
 */
void nli_rows_finish(struct nli_rows_builder *b, const size_t *order, uint32_t min_count,
		     struct nli_rows *out);

/* Free all and zero; both are safe to call twice. */
void nli_rows_builder_release(struct nli_rows_builder *b);
void nli_rows_release(struct nli_rows *r);

/* The golden ratio of 64 bits: a product with it spreads a hash over its upper half. */
#define NLI_FEAT_SPREAD 0x9e3779b97f4a7c15u

/* Where a hash is looked for first: the bits that the block decides must not decide alone. */
static inline size_t nli_feat_home(uint32_t hash, size_t cap)
{
	return (hash * NLI_FEAT_SPREAD >> 32) & (cap - 1);
}

#endif
