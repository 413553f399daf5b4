/*
 * relevance.h - which answers of other items could be taken for an item's own:
 * n-gram TF-IDF in place of the neural scorers of adversarial matching.
 *
 * The weight of answer j for item i is (Zellers et al. 2019, eq. 1)
 *
 *	log P_rel(q_i, r_j) + lambda log(1 - P_sim(r_i, r_j))
 *
 * with cosines of TF-IDF vectors of words and word pairs as the two
 * probabilities.  An answer is as relevant as the stem and the answer that it
 * came with, taken together, are similar to this stem: stems and answers seldom
 * share words, but answers to similar stems fit.
 */
#ifndef NLI_EDIT_RELEVANCE_H
#define NLI_EDIT_RELEVANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

/* What a pair is worth that nothing is known of: log of this. */
#define NLI_RELEVANCE_FLOOR 0.01

/* Borrows all. */
struct nli_relevance_args {
	size_t n;
	const struct nli_str *stem, *answer;                        /* (n,) folded */
	bool (*allowed)(void *ctx, uint32_t item, uint32_t answer); /* any thread */
	void *ctx;
	double lambda;
	size_t most; /* candidates an item */
	uint64_t seed;
	unsigned jobs;
};

/* As in struct nli_regular.  Owns all. */
struct nli_candidates {
	size_t *start;
	uint32_t *cand;
	double *weight;
};

double nli_relevance_weight(double relevance, double similarity, double lambda);

/*
 * The best candidates of each item among the postings that it looks at: those of
 * its rarest terms, a bounded number, so that cost grows with n alone.
 */
void nli_relevance_find(const struct nli_relevance_args *a, struct nli_candidates *out);
void nli_candidates_release(struct nli_candidates *c); /* safe twice */

#endif
