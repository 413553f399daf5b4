/*
 * ibcc.c - independent Bayesian classifier combination, mean-field variational.
 *
 * Dawid-Skene with Dirichlet priors (Kim, Ghahramani, AISTATS 2012): a row of a
 * worker's matrix ~ Dir(4 on the diagonal, 1 off), class shares ~ Dir(1).  The
 * updates are EM's with E[log pi] = psi(n + prior) - psi(row sum) for log pi.
 * Begins with the shares of the votes; ends when no posterior moved by more
 * than 1e-3 + 1e-5 of itself, as the code of Li, Rubinstein, Cohn (ICML 2019).
 *
 * ELBO = E log p(l, z | theta) part (log of the E-step's normalisers)
 *        - KL(q(theta) || p(theta)), with q(theta) the one the E-step used.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"
#include "lib/crowd/gamma.h"

static const double ON = 4, OFF = 1, ALPHA = 1;

/*
 * -KL of Dir(n + a) against Dir(a), given the expected logs e of the former:
 * log B(n + a) - log B(a) - sum n e.
 */
static double minus_kl(const double *n, size_t step, const double *a, const double *e,
		       uint32_t K)
{
	double kl = 0, sum_a = 0, sum = 0;

	for (uint32_t l = 0; l < K; l++) {
		kl += nli_lgamma(n[l * step] + a[l]) - nli_lgamma(a[l]) -
		      n[l * step] * e[l];
		sum += n[l * step] + a[l];
		sum_a += a[l];
	}
	return kl - nli_lgamma(sum) + nli_lgamma(sum_a);
}

/* E-logs of all matrices and of the shares; returns -KL of all of them. */
static double m_step(struct nli_em *em)
{
	const uint32_t K = em->c->n_class;
	double prior[NLI_CROWD_MAX_CLASS], e[NLI_CROWD_MAX_CLASS];
	double bound = 0;

	for (size_t j = 0; j < em->c->n_worker; j++)
		for (uint32_t k = 0; k < K; k++) {
			const double *n = em->count + j * K * K + k;
			double *t = em->table + j * K * K + k;
			double sum = 0, psi;

			for (uint32_t l = 0; l < K; l++) {
				prior[l] = k == l ? ON : OFF;
				sum += n[l * K] + prior[l];
			}
			psi = nli_digamma(sum);
			for (uint32_t l = 0; l < K; l++)
				e[l] = t[l * K] = nli_digamma(n[l * K] + prior[l]) - psi;
			bound += minus_kl(n, K, prior, e, K);
		}
	for (uint32_t k = 0; k < K; k++) {
		prior[k] = ALPHA;
		em->log_prior[k] = nli_digamma(em->state_count[k] + ALPHA) -
				   nli_digamma(em->c->n_item + K * ALPHA);
	}
	return bound + minus_kl(em->state_count, 1, prior, em->log_prior, K);
}

static void point_estimates(const struct nli_em *em, struct nli_crowd_fit *f)
{
	const uint32_t K = em->c->n_class;

	for (uint32_t k = 0; k < K; k++)
		f->prior[k] = (em->state_count[k] + ALPHA) / (em->c->n_item + K * ALPHA);
	for (size_t j = 0; j < em->c->n_worker; j++)
		for (uint32_t k = 0; k < K; k++) {
			double *row = f->confusion + (j * K + k) * K, sum = 0;

			for (uint32_t l = 0; l < K; l++)
				sum += row[l] = em->count[(j * K + l) * K + k] +
						(k == l ? ON : OFF);
			for (uint32_t l = 0; l < K; l++)
				row[l] /= sum;
			f->skill[j] += f->prior[k] * row[k];
		}
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct nli_err *err)
{
	struct nli_em em;
	double bound;
	int rc;

	nli_crowd_fit_init(f, c, true);
	rc = nli_em_init(&em, c, o->jobs, 1, f->post, err);
	if (rc)
		return rc;
	em.atol = o->tol;
	em.rtol = 1e-5;
	nli_em_pass(&em, NLI_EM_GIVEN);
	bound = m_step(&em);
	while (f->iterations < o->max_iter && !f->converged) {
		nli_em_pass(&em, NLI_EM_SOFT);
		f->objective = em.loglik + bound;
		bound = m_step(&em);
		f->iterations++;
		f->converged = !em.moved;
	}
	point_estimates(&em, f);
	nli_em_release(&em);
	return 0;
}

const struct nli_crowd_method nli_crowd_ibcc = {
	.name = "ibcc",
	.about = "independent Bayesian classifier combination, variational",
	.paper = "Kim, Ghahramani, AISTATS 2012; Li, Rubinstein, Cohn, ICML 2019",
	.skill = "probability of the right label",
	.objective = "ELBO",
	.flags = NLI_CROWD_AUTO,
	.max_iter = 500,
	.tol = 1e-3,
	.run = run,
};
