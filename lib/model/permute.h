/*
 * permute.h - is there anything to learn at all?  A permutation test.
 *
 * Null hypothesis: given the inputs and the strata, the labels are exchangeable:
 * any record of a stratum could as well have the label of any other.  For choice:
 * any option of an item could as well be the answer.
 *
 * Two statistics: the accuracy of a naive Bayes classifier of the first blocks of
 * features (words, n-grams of words) on records whose fold it was not trained on,
 * ties broken by the mean probability of the labels, which sees many weak cues; and
 * the largest chi-square of one feature and the labels, which sees one cue of few
 * records that thousands of other words drown in the first.  The labels are drawn
 * anew, both are taken anew, each draw is ranked by both, and p is the share of
 * draws, the real labels among them, whose better rank is at least as good (L.
 * Tippett, 1931).  That p is exact whatever the statistic (E. Pitman, 1937; B.
 * Phipson and G. Smyth, 2010, for the count of the real one).
 */
#ifndef NLI_MODEL_PERMUTE_H
#define NLI_MODEL_PERMUTE_H

#include "lib/model/logit.h"

struct nli_permute_opts {
	size_t n_perm;          /* draws; 0: no test */
	size_t n_max;           /* items used, from the first */
	const uint32_t *strata; /* (p->n,) or NULL: one stratum */
	uint64_t seed;
	int64_t jobs;
};

struct nli_permute_test {
	size_t n_perm, n; /* n: labelled items used */
	double accuracy;  /* of the real labels */
	double null_mean; /* mean accuracy of the draws */
	double null_var;  /* and its variance */
	double p;
};

/* Variance of the draws' accuracy over that of as many independent records. */
double nli_permute_inflation(const struct nli_permute_test *t);

/* fold: NLI_FOLD_TEST items are left out.  p->scale2 and nb do not matter. */
void nli_permutation_test(const struct nli_problem *p, const struct nli_permute_opts *o,
			  struct nli_permute_test *out);

#endif
