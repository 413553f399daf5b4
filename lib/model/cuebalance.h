/*
 * cuebalance.h - which records to leave out, or to add, so that nli-cues finds
 * nothing: its own counts and tests, on the records that stay, over and over.
 */
#ifndef NLI_MODEL_CUEBALANCE_H
#define NLI_MODEL_CUEBALANCE_H

#include "lib/model/cues.h"

enum { NLI_CUE_BALANCE_ROUNDS = 24 };

/* What is taken for a cue. */
struct nli_cue_balance_args {
	struct nli_cues_params params;
	const char *families; /* names with commas, as nli-cues has them; "all" */
	double q;        /* listed is a cue with a Benjamini-Hochberg q of at most that */
	double from;     /* and held is every feature with a z of at least that */
	double slack;    /* to a z of at most that */
	const bool *own; /* (n,) by item: false for a candidate */
	const uint64_t *chance; /* (n,) a hash of the record */
	size_t n;               /* items of the store */
};

struct nli_cue_balance_round {
	uint64_t kept, added; /* own items and candidates in the set */
	uint64_t listed;      /* cues in it, of the families chosen */
	uint64_t held;        /* features that the next round holds */
	double bound;         /* own items that any subset could keep so */
};

struct nli_cue_balance {
	bool *keep; /* (n,) owns */
	struct nli_cue_balance_round round[NLI_CUE_BALANCE_ROUNDS];
	size_t n_round; /* round[0] is of the input as it came */
};

/* NULL if every name is a family of nli-cues, else what was wanted. */
const char *nli_cue_families_check(const char *families);

/* NLI_EDATA if there are fewer than two labels. */
int nli_cue_balance(const struct nli_cues *c, const struct nli_cue_balance_args *a,
		    struct nli_cue_balance *out, struct nli_err *err);
void nli_cue_balance_release(struct nli_cue_balance *b); /* safe twice */

#endif
