/*
 * assign.h - whole groups of records to parts of given sizes.
 *
 * By hash, each group's part depends on its own hash alone.  Balanced, the
 * largest groups go first, each to the part where it brings the counts of all
 * strata closest to what is wanted (iterative stratification under a group
 * constraint; Sechidis et al. 2011 do it for single examples).  Then each group
 * may change its place for a better one, and in the end single groups are moved
 * until no move brings a part closer to its size.
 */
#ifndef NLI_MODEL_ASSIGN_H
#define NLI_MODEL_ASSIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

#define NLI_NO_PART UINT16_MAX

/* Records of a group in a stratum. */
struct nli_cell {
	uint32_t stratum, n;
};

struct nli_assign {
	size_t n_group, n_part, n_stratum;
	const uint64_t *hash;        /* (n_group,) spread evenly; no two equal */
	const uint64_t *size;        /* (n_group,) records */
	const struct nli_cell *cell; /* those of group g end at cell_end[g] */
	const size_t *cell_end;      /* (n_group,) */
	const double *want;          /* (n_part,) records */
	const bool *closed;          /* (n_part,) gets no more groups */
	uint16_t *part; /* (n_group,) in: given, or NLI_NO_PART; out: all given */
};

/* Each group that has no part yet falls into one by its hash. */
void nli_assign_hash(const struct nli_assign *a);

/*
 * As near to what is wanted as whole groups allow, in total and by stratum.
 * NLI_EINVAL in words if a group is larger than every part that is open.
 */
int nli_assign_balance(const struct nli_assign *a, struct nli_err *err);

#endif
