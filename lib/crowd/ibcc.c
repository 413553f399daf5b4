/*
 * ibcc.c - independent Bayesian classifier combination, mean-field variational.
 *
 * Dawid-Skene with Dirichlet priors (Kim, Ghahramani, AISTATS 2012): a row of a
 * worker's matrix ~ Dir(4 on the diagonal, 1 off), class shares ~ Dir(1).  The
 * updates are EM's with E[log pi] = psi(n + prior) - psi(row sum) for log pi.
 * Begins with the shares of the votes; ends when no posterior moved by more
 * than 1e-3 + 1e-5 of itself, as the code of Li, Rubinstein, Cohn (ICML 2019).
 *
 * hbcc learns the prior of the rows from all workers (dirichlet.h), one step at
 * every iteration from the fourth on: what most confuse, a worker with few
 * labels is expected to confuse.  The hierarchical Dawid-Skene of Paun et al.
 * (TACL 6, 2018) in spirit, by empirical Bayes.
 *
 * ELBO = sum of the E-step's log normalisers - KL(q(theta) || p(theta)), with
 * the q(theta) that the E-step used.
 */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/crowd/dirichlet.h"
#include "lib/crowd/em.h"
#include "lib/crowd/gamma.h"
#include "lib/crowd/methods.h"

enum { LEARN_FROM = 3 };

static const double ALPHA = 1;

/* E-logs of all matrices and of the shares; returns -KL of all of them. */
static double m_step(struct nli_em *em, const double *prior, bool want_kl)
{
	const uint32_t K = em->c->n_class;
	double alpha[NLI_CROWD_MAX_CLASS], bound = 0;

	for (size_t j = 0; j < em->c->n_worker; j++)
		for (size_t k = 0; k < K; k++)
			bound += nli_dirichlet_update(em->count + j * K * K + k, K, K,
						      prior + k * K,
						      em->table + j * K * K + k, want_kl);
	for (uint32_t k = 0; k < K; k++)
		alpha[k] = ALPHA;
	return bound +
	       nli_dirichlet_update(em->state_count, 1, K, alpha, em->log_prior, want_kl);
}

static void learn(const struct nli_em *em, double *prior)
{
	const uint32_t K = em->c->n_class;
	struct nli_learn s;

	for (uint32_t k = 0; k < K; k++) {
		nli_learn_begin(&s, prior + (size_t)k * K, K, k);
		for (size_t j = 0; j < em->c->n_worker; j++)
			nli_learn_add(&s, em->count + j * K * K + k, K);
		nli_learn_end(&s);
	}
}

static void point_estimates(const struct nli_em *em, const double *prior,
			    struct nli_crowd_fit *f)
{
	const uint32_t K = em->c->n_class;

	for (uint32_t k = 0; k < K; k++)
		f->prior[k] = (em->state_count[k] + ALPHA) / (em->c->n_item + K * ALPHA);
	for (size_t j = 0; j < em->c->n_worker; j++)
		for (uint32_t k = 0; k < K; k++) {
			double *row = f->confusion + (j * K + k) * K, sum = 0;

			for (uint32_t l = 0; l < K; l++)
				sum += row[l] = em->count[(j * K + l) * K + k] +
						prior[(size_t)k * K + l];
			for (uint32_t l = 0; l < K; l++)
				row[l] /= sum;
			f->skill[j] += f->prior[k] * row[k];
		}
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, bool hierarchical, struct nli_err *err)
{
	double *prior, bound;
	struct nli_em em;
	int rc;

	nli_crowd_fit_init(f, c, true);
	rc = nli_em_init(&em, c, o->jobs, 1, f->post, err);
	if (rc)
		return rc;
	prior = nli_xmalloc((size_t)c->n_class * c->n_class, sizeof(*prior));
	nli_dirichlet_prior(prior, c->n_class);
	em.atol = o->tol;
	em.rtol = 1e-5;
	nli_em_pass(&em, NLI_EM_GIVEN);
	while (f->iterations < o->max_iter && !f->converged) {
		if (hierarchical && f->iterations >= LEARN_FROM)
			learn(&em, prior);
		bound = m_step(&em, prior, true);
		nli_em_pass(&em, NLI_EM_SOFT);
		f->objective = em.loglik + bound;
		f->iterations++;
		f->converged = !em.moved && (!hierarchical || f->iterations > LEARN_FROM);
	}
	point_estimates(&em, prior, f);
	nli_em_release(&em);
	free(prior);
	return 0;
}

static int run_ibcc(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		    struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, false, err);
}

static int run_hbcc(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		    struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, true, err);
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
	.run = run_ibcc,
};

const struct nli_crowd_method nli_crowd_hbcc = {
	.name = "hbcc",
	.about = "ibcc with the prior of the matrices learnt from all workers",
	.paper = "Paun, Carpenter, Chamberlain, Hovy, Kruschwitz, Poesio, TACL 6, 2018",
	.skill = "probability of the right label",
	.objective = "ELBO",
	.flags = NLI_CROWD_AUTO,
	.max_iter = 500,
	.tol = 1e-3,
	.run = run_hbcc,
};
