/*
 * leaks.h - what the parts of a split have in common.
 *
 * For each pair of parts and each kind of thing that may be shared, how many
 * different ones stand in both, how many there are in the second, and how many
 * of its records hold one.  Near ones stand in one part and have a near
 * duplicate (dedup.h), but no equal, in the other.
 *
 * Like tool.h, for cmd/ alone: nli_leaks_run() prints and exits.
 */
#ifndef NLI_MODEL_LEAKS_H
#define NLI_MODEL_LEAKS_H

#include <stdbool.h>

#include "lib/io/tool.h"

struct nli_leaks_args {
	double jaccard;      /* what is near */
	bool as_is;          /* case, punctuation and width count */
	size_t memory;       /* bytes, see store.h; 0: as many as it takes */
	const char *fail_if; /* "leaks.pair>0", or NULL */
};

/* NULL, or what is wrong with a condition. */
const char *nli_leaks_check(const char *condition);

void nli_leaks_run(struct nli_run *run, const struct nli_leaks_args *a);

#endif
