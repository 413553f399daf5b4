/* seen.h - what tally.c and seen.c share; not for others. */
#ifndef NLI_SHOW_SEEN_H
#define NLI_SHOW_SEEN_H

#include "lib/show/tally.h"

struct nli_tally_scratch; /* buffers for reading one record */

struct nli_tally_scratch *nli_seen_scratch_new(void);
void nli_seen_scratch_free(struct nli_tally_scratch *s);

/* The number of a value of a dimension, which is added if it is new. */
size_t nli_tally_value(struct nli_tally *t, size_t dim, struct nli_str s);

/* The dimension of a field of "meta", or NLI_DIM_MAX if there are too many. */
size_t nli_tally_dim(struct nli_tally *t, struct nli_str name);

void nli_tally_count(struct nli_tally *t, enum nli_count kind, size_t a, size_t b,
		     size_t c, size_t d, uint64_t n);
void nli_tally_key(struct nli_tally *t, uint64_t key, uint64_t label);
void nli_tally_sample(struct nli_tally *t, enum nli_sample_kind kind, size_t value,
		      const uint64_t order[2], struct nli_str line);

#endif
