/*
 * split.h - which part of a split a record goes to.
 *
 * The part is a pure function of (seed, group): records of one group land
 * together, and no record moves when others are added.
 */
#ifndef NLI_NLI_SPLIT_H
#define NLI_NLI_SPLIT_H

#include <stdint.h>

#include "lib/nli/parts.h"
#include "lib/nli/record.h"

struct nli_split {
	struct nli_parts parts;
	int64_t kfold;     /* folds in place of parts; 0: parts */
	const char *group; /* the field whose values are not cut */
	uint64_t seed;
};

/*
 * The hash of the record's value of field.  "group" falls back to the premise
 * where there is none; texts are compared in their match form, so that two
 * spellings of a premise are one.  NLI_EDATA if the record has no such field.
 */
int nli_split_group(const struct nli_record *r, const char *field, struct nli_buf *tmp,
		    uint64_t *hash, struct nli_err *err);

/* Append the record with that split, and what it was before as source_split. */
void nli_split_write(const struct nli_record *r, struct nli_str part, struct nli_buf *tmp,
		     struct nli_buf *out);

/* Append the record with its split (and source_split), or its fold. */
int nli_split_record(const struct nli_split *s, const struct nli_record *r,
		     struct nli_buf *tmp, struct nli_buf *out, struct nli_err *err);

#endif
