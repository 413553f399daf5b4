/*
 * unique.h - ids made unique in the order of the output: the second record of
 * an id gets "~2" behind it, the third "~3".
 *
 * Keeps a hash of 64 bits of each id, 11 to 22 bytes a record.  Two ids that share one by chance
 * (one pair among 10^8 records in 3000 runs) cost the later a suffix, no more.
 */
#ifndef NLI_NLI_UNIQUE_H
#define NLI_NLI_UNIQUE_H

#include "lib/base/buf.h"
#include "lib/base/map.h"

/* The ids of a block of lines, found by whoever wrote them.  Owns v.  Start from {0}. */
struct nli_ids {
	struct nli_id {
		size_t at, len; /* in the block, as it is written there */
		uint64_t hash;
	} * v; /* (n,) */
	size_t n, cap;
};

/* Note the id at text[at..at + len), behind those that are there. */
void nli_ids_add(struct nli_ids *ids, const char *text, size_t at, size_t len);

/* Forget the ids from place at of the block on: what was written there is not. */
void nli_ids_cut(struct nli_ids *ids, size_t at);
void nli_ids_release(struct nli_ids *ids);

/* Owns all.  Start from {0}. */
struct nli_unique {
	uint64_t *slot; /* (1 << bits,) hashes, 0 if free; NULL at first */
	unsigned bits;
	size_t n;
	struct nli_map64 times; /* of ids that came again: how often */
	struct nli_buf out;
	uint64_t repeated; /* records that were given a suffix */
};

/*
 * A block of lines, in the order of the blocks; ids are those in it.  Returns
 * it, or, where an id had come before, a copy with suffixes that is valid until
 * the next call.
 */
struct nli_str nli_unique_lines(struct nli_unique *u, struct nli_str lines,
				const struct nli_ids *ids);
void nli_unique_release(struct nli_unique *u);

#endif
