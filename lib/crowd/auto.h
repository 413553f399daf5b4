/*
 * auto.h - run the robust methods and choose one.
 *
 * By gold, where there are at least 20 gold items: they are cut in two by hash,
 * each half is hidden once, and the method with the highest mean log posterior
 * of the hidden labels wins (probabilities below .001 count as that).  Else by
 * ELBO, among the methods that have one: a lower bound of the log evidence of
 * the same labels, so comparable between them.
 *
 * For every method the held-out likelihood is given too: a fifth of the
 * annotations (by hash of item and worker) is hidden, the method is run on the
 * rest, and each hidden label is predicted by sum_k q_i(k) pi_j[k][l], with pi_j
 * from counts weighted by q, shrunk to the pooled matrix by four labels, and q
 * mixed with one part in a hundred of the class shares.  It depends on q alone,
 * so methods without a likelihood have it as well; with its standard error.
 */
#ifndef NLI_CROWD_AUTO_H
#define NLI_CROWD_AUTO_H

#include "lib/crowd/fit.h"

enum { NLI_AUTO_MAX = 32 };

struct nli_auto_row {
	const struct nli_crowd_method *method;
	double objective; /* of all annotations, if the method has one */
	int iterations;
	bool converged, chosen;
	double held, held_se; /* mean log likelihood of a hidden annotation */
	uint64_t n_held;      /* 0: not enough to hide */
	double gold;          /* mean log posterior of hidden gold labels */
	uint64_t n_gold;      /* 0: not chosen by gold */
};

struct nli_auto {
	struct nli_auto_row row[NLI_AUTO_MAX];
	size_t n;
	const char *by; /* "gold" or "ELBO" */
};

/* Fills *a and *f, the fit of the chosen method on all annotations. */
int nli_crowd_auto(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_auto *a, struct nli_crowd_fit *f, struct nli_err *err);

#endif
