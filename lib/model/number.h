/*
 * number.h - what set128.h does one by one, for many hashes at once and in bounded
 * memory: by sorting (runs.h) instead of looking up.
 */
#ifndef NLI_MODEL_NUMBER_H
#define NLI_MODEL_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/hash.h"
#include "lib/base/store.h"

/*
 * Number (n,) hashes, an array of the store, 0, 1, 2... as they come first; those of
 * {0, 0} are not there and get NLI_NO_ITEM.  n is below 2^32.  Writes (n,) numbers and
 * returns how many different ones there are.
 */
size_t nli_number(struct nli_store *store, const struct nli_hash128 *hash, size_t n,
		  size_t memory, uint32_t *number);

#endif
