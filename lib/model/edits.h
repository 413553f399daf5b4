/*
 * edits.h - how many tokens must be put in, left out, replaced or swapped with
 * their neighbour to make one text another.
 */
#ifndef NLI_MODEL_EDITS_H
#define NLI_MODEL_EDITS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The edit distance of two rows of token hashes, a swap of neighbours being one
 * edit, too (optimal string alignment: no token is edited twice); max + 1 if it is
 * more than max.  O(n + m) for max 1, else O(n m).
 */
unsigned nli_token_edits(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
			 unsigned max);

#endif
