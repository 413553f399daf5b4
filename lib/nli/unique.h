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

/* An id of a block of lines, noted by whoever wrote it. */
struct nli_id {
	size_t at, len; /* in the block, as it is written there */
	uint64_t hash;
};

/* Append the struct nli_id of text[at..at + len) to note, which holds nothing else. */
void nli_id_note(struct nli_buf *note, const char *text, size_t at, size_t len);

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
 * A block of lines, in the order of the blocks, with the notes of its ids.
 * Returns it, or, where an id had come before, a copy with suffixes that is valid
 * until the next call.
 */
struct nli_str nli_unique_lines(struct nli_unique *u, struct nli_str lines,
				struct nli_str note);
void nli_unique_release(struct nli_unique *u);

#endif
