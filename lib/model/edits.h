/*
 * edits.h - how many tokens must be put in, left out or replaced to make one
 * text another.
 */
#ifndef NLI_MODEL_EDITS_H
#define NLI_MODEL_EDITS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The edit distance (Levenshtein 1966) of two rows of token hashes; max + 1 if
 * it is more than max.  Two neighbours that changed places count 2.
 */
unsigned nli_token_edits(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
			 unsigned max);

#endif
