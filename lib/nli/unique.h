/*
 * unique.h - ids made unique in the order of the output: the second record of
 * an id gets "~2" behind it, the third "~3".
 *
 * Keeps a hash of 64 bits of each id, 16 to 32 bytes a record.  Two ids that share one by chance
 * (one pair among 10^8 records in 3000 runs) cost the later a suffix, no more.
 */
#ifndef NLI_NLI_UNIQUE_H
#define NLI_NLI_UNIQUE_H

#include "lib/base/buf.h"
#include "lib/base/map.h"

/* Owns all.  Start from {0}. */
struct nli_unique {
	uint64_t *slot; /* (cap,) hashes, 0 if free */
	size_t n, cap;
	struct nli_unique_id {
		const char *s;
		size_t len;
		uint64_t hash;
	} * id; /* (n_id,) of the lines in hand */
	size_t n_id, id_cap;
	struct nli_map64 times; /* of ids that came again: how often */
	struct nli_buf out;
	uint64_t repeated; /* records that were given a suffix */
};

/*
 * Lines that each begin with {"id":"...", and end with LF, in their order.
 * Returns them, or, where an id had come before, a copy with suffixes that is
 * valid until the next call.
 */
struct nli_str nli_unique_lines(struct nli_unique *u, struct nli_str lines);
void nli_unique_release(struct nli_unique *u);

#endif
