/*
 * conflict.h - the votes for each label of pairs that carry several, and the
 * annotations of records that are to be merged.
 *
 * Filled in a second pass over the records, so that only those concerned are
 * kept.
 */
#ifndef NLI_MODEL_CONFLICT_H
#define NLI_MODEL_CONFLICT_H

#include "lib/model/dedup.h"

/* Votes of one pair for one label. */
struct nli_tally {
	uint32_t item;  /* of NLI_BY_PAIR */
	uint32_t label; /* in labels */
	uint32_t votes; /* annotations, or records where those have none */
	uint32_t gold;  /* records that carry it as their label */
};

struct nli_merged {
	uint32_t item, record;
	size_t end; /* of its annotations, as JSON with commas between, in text */
};

/* Owns all.  Start from {0}. */
struct nli_disputes {
	struct nli_tally *tally; /* (n,) by item, then label */
	size_t n, cap;
	struct nli_merged *merged; /* (n_merged,) by item, then record id */
	size_t n_merged, merged_cap;
	struct nli_intern labels;
	struct nli_buf text;
};

/* Is the record of a pair whose votes are wanted? */
bool nli_conflict_wants(const struct nli_dedup *d, uint32_t record);

/* What is to be known of it, appended as bytes.  Any thread. */
void nli_conflict_read(const struct nli_dedup *d, uint32_t record,
		       const struct nli_record *r, struct nli_buf *out);

/* Take in what nli_conflict_read() wrote. */
void nli_conflict_add(struct nli_disputes *c, const struct nli_dedup *d,
		      struct nli_str read);

/* Once all are in. */
void nli_conflict_end(struct nli_disputes *c, const struct nli_dedup *d);

/* The tallies of a pair: (*n,) */
const struct nli_tally *nli_conflict_of(const struct nli_disputes *c, uint32_t item,
					size_t *n);

/* The label with more votes than any other, or {NULL, 0}. */
struct nli_str nli_conflict_majority(const struct nli_disputes *c, uint32_t item);

/* Append the annotations of all records of a pair as one JSON array. */
void nli_conflict_annotations(const struct nli_disputes *c, uint32_t item,
			      struct nli_buf *out);

void nli_conflict_release(struct nli_disputes *c);

#endif
