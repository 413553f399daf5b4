/*
 * auto.h - run the robust methods and let what they predict decide.
 *
 * Without gold, posteriors are stacked (Yao, Vehtari, Simpson, Gelman, "Using
 * stacking to average Bayesian predictive distributions", Bayesian Analysis 13(3),
 * 2018): no model of annotators is true, and the best of several by evidence is
 * often not the best labeller.  The annotations are cut in five by hash of item and
 * worker; each fifth is hidden once (above a million annotations one alone), the
 * methods are run on the rest, and a hidden label l of worker j on item i gets the
 * chance
 *
 *	p_m(l) = sum_k q_mi(k) pi_mj[k][l]
 *
 * from method m, with pi from counts weighted by q, shrunk to the pooled matrix by
 * four labels, and q mixed with one part in a hundred of the class shares.  It
 * depends on q alone, so methods without a likelihood have it too.  The weights w
 * maximise sum log sum_m w_m p_m(l) + sum_m log w_m, by EM; the last part (a flat
 * start's worth of one label a method) keeps them even where there is little to go
 * by.  The answer is sum_m w_m q_m of the methods run on all annotations.
 *
 * With 20 gold items or more, the one with the highest mean log posterior of gold
 * labels wins alone: they are cut in two by hash, and each half is hidden once
 * (probabilities below .001 count as that).
 */
#ifndef NLI_CROWD_AUTO_H
#define NLI_CROWD_AUTO_H

#include "lib/crowd/fit.h"

enum { NLI_AUTO_MAX = 32 };

struct nli_auto_row {
	const struct nli_crowd_method *method;
	double objective; /* of all annotations, if the method has one */
	int iterations;
	bool converged;
	double weight;        /* in the answer; they add up to 1 */
	double held, held_se; /* mean log likelihood of a hidden annotation */
	uint64_t n_held;      /* 0: not enough to hide */
	double gold;          /* mean log posterior of hidden gold labels */
	uint64_t n_gold;      /* 0: gold was not asked */
};

struct nli_auto {
	struct nli_auto_row row[NLI_AUTO_MAX];
	size_t n;
	const char *by; /* "gold" or "stacking" */
};

/*
 * Fills *a and *f: the fit of the method chosen by gold, or the average, whose matrices
 * and skills are those of its counts.
 */
int nli_crowd_auto(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_auto *a, struct nli_crowd_fit *f, struct nli_err *err);

#endif
