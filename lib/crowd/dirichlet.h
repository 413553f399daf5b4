/*
 * dirichlet.h - the variational updates of Dirichlet rows, and of their prior.
 */
#ifndef NLI_CROWD_DIRICHLET_H
#define NLI_CROWD_DIRICHLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The expected logs of Dir(n + a): e[x] = psi(n[x] + a[x]) - psi(sum).  n and e
 * have len cells step apart, a has len cells side by side.  Returns -KL of
 * Dir(n + a) from Dir(a) if want_kl, which is
 * log B(n + a) - log B(a) - sum n e, else 0 (it costs as much again).
 */
double nli_dirichlet_update(const double *n, size_t step, uint32_t len, const double *a,
			    double *e, bool want_kl);

/* The prior of confusion matrices: a row a class, 4 on and 1 off the diagonal. (K, K) */
void nli_dirichlet_prior(double *a, uint32_t n_class);

/*
 * One step of empirical Bayes for row k of that prior: Minka's fixed point
 * ("Estimating a Dirichlet distribution", 2000, eq. 55) on expected counts,
 *
 *	a_l <- a_l sum_j [psi(n_jl + a_l) - psi(a_l)] / sum_j [psi(n_j + A) - psi(A)],
 *
 * with one worker more than there are, whose counts are the fixed prior's, so
 * that few or silent workers leave it near that.  Kept within [.01, 1000].
 *
 * Start with nli_learn_begin(), add every row of counts of class k, end.
 */
struct nli_learn {
	double *a; /* (len,) borrowed */
	uint32_t len;
	double sum, den, num[250]; /* NLI_CROWD_MAX_CLASS */
};
void nli_learn_begin(struct nli_learn *s, double *a, uint32_t len, uint32_t on);
void nli_learn_add(struct nli_learn *s, const double *n, size_t step);
void nli_learn_end(struct nli_learn *s);

#endif
