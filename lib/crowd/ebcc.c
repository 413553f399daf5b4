/*
 * ebcc.c - enhanced Bayesian classifier combination (Li, Rubinstein, Cohn,
 * "Exploiting worker correlation for label aggregation in crowdsourcing",
 * ICML 2019), mean-field variational.
 *
 * A class k has M = 10 subtypes of items; workers depend on the subtype, so
 * that those who err on the same items are not counted twice:
 *
 *	tau ~ Dir(alpha), alpha_k = summed shares of the votes ("empirical prior")
 *	pi_k ~ Dir(.1/M, ...),  v_jkm ~ Dir(1, ..., 4 at k, ..., 1)
 *	log q_i(k,m) = E log tau_k + E log pi_km + sum_j E log v_jkm[l_ij] + const
 *
 * Begins with the shares of the votes, each split by a draw from Dir(1,...,1)
 * over the subtypes; ends when no class posterior moved by more than 1e-3 +
 * 1e-5 of itself.  40 starts, of which the highest ELBO is kept.
 *
 * ELBO = sum of the E-step's log normalisers - KL(q(theta) || p(theta)): it
 * includes the priors' normalisers, which the authors' code leaves out.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/gamma.h"
#include "lib/crowd/methods.h"
#include "lib/crowd/par.h"

enum { M = 10 };

static const double ON = 4, OFF = 1, A_PI = .1;

struct start {
	const struct nli_crowd *c;
	uint64_t seed;
};

/* Shares of the votes times a flat Dirichlet draw, by hash of item, class, subtype. */
static void split_share(const void *ctx, uint32_t i, double *q)
{
	const struct start *s = ctx;
	const struct nli_crowd *c = s->c;
	const uint64_t item = nli_crowd_item_hash(c, i, s->seed);
	double share[NLI_CROWD_MAX_CLASS];

	nli_vote_share(c, i, share);
	nli_crowd_clamp(c, i, share);
	for (uint32_t k = 0; k < c->n_class; k++, q += M) {
		const uint64_t h = nli_crowd_class_hash(c, k, item);
		double sum = 0;

		for (uint32_t m = 0; m < M; m++)
			sum += q[m] = -log1p(-nli_unit(nli_mix(h + m)));
		for (uint32_t m = 0; m < M; m++)
			q[m] *= share[k] / sum;
	}
}

/*
 * E-logs of Dir(n + a), where cell x has the prior a or, at on, a_on; returns,
 * if asked, log B(n + a) - log B(a) - sum n E, that is -KL against the prior.
 */
static double dirichlet(const double *n, size_t step, uint32_t len, double a, double a_on,
			uint32_t on, double *e, bool want_kl)
{
	double sum = 0, sum_a = 0, kl = 0, psi;

	for (uint32_t x = 0; x < len; x++) {
		sum_a += x == on ? a_on : a;
		sum += n[x * step] + (x == on ? a_on : a);
	}
	psi = nli_digamma(sum);
	for (uint32_t x = 0; x < len; x++) {
		const double prior = x == on ? a_on : a, have = n[x * step];

		e[x * step] = nli_digamma(have + prior) - psi;
		if (want_kl && have != 0)
			kl += nli_lgamma(have + prior) - nli_lgamma(prior) -
			      have * e[x * step];
	}
	return want_kl ? kl - nli_lgamma(sum) + nli_lgamma(sum_a) : 0;
}

static double m_step(struct nli_em *em, const double *alpha, bool want_kl)
{
	const uint32_t K = em->c->n_class, S = em->n_state;
	double n_k[NLI_CROWD_MAX_CLASS], tau[NLI_CROWD_MAX_CLASS];
	double bound = 0, sum = 0, sum_a = 0;

	for (size_t j = 0; j < em->c->n_worker; j++)
		for (uint32_t s = 0; s < S; s++)
			bound += dirichlet(em->count + j * K * S + s, S, K, OFF, ON,
					   s / M, em->table + j * K * S + s, want_kl);
	for (uint32_t k = 0; k < K; k++) {
		n_k[k] = 0;
		for (uint32_t m = 0; m < M; m++)
			n_k[k] += em->state_count[k * M + m];
		bound += dirichlet(em->state_count + k * M, 1, M, A_PI / M, A_PI / M, M,
				   em->log_prior + k * M, want_kl);
		sum += n_k[k] + alpha[k];
		sum_a += alpha[k];
	}
	for (uint32_t k = 0; k < K; k++) {
		tau[k] = nli_digamma(n_k[k] + alpha[k]) - nli_digamma(sum);
		bound += nli_lgamma(n_k[k] + alpha[k]) - nli_lgamma(alpha[k]) -
			 n_k[k] * tau[k];
		for (uint32_t m = 0; m < M; m++)
			em->log_prior[k * M + m] += tau[k];
	}
	return bound - nli_lgamma(sum) + nli_lgamma(sum_a);
}

/* Class-level matrices: subtypes weighted by their expected number of labels. */
static void point_estimates(const struct nli_em *em, const double *alpha,
			    struct nli_crowd_fit *f)
{
	const uint32_t K = em->c->n_class, S = em->n_state;
	double total = 0;

	for (uint32_t k = 0; k < K; k++) {
		f->prior[k] = alpha[k];
		for (uint32_t m = 0; m < M; m++)
			f->prior[k] += em->state_count[k * M + m];
		total += f->prior[k];
	}
	for (uint32_t k = 0; k < K; k++)
		f->prior[k] /= total;
	for (size_t j = 0; j < em->c->n_worker; j++) {
		f->skill[j] = 0;
		for (uint32_t k = 0; k < K; k++) {
			double *row = f->confusion + (j * K + k) * K, sum = 0;

			for (uint32_t l = 0; l < K; l++) {
				row[l] = k == l ? ON : OFF;
				for (uint32_t m = 0; m < M; m++)
					row[l] += em->count[(j * K + l) * S + k * M + m];
				sum += row[l];
			}
			for (uint32_t l = 0; l < K; l++)
				row[l] /= sum;
			f->skill[j] += f->prior[k] * row[k];
		}
	}
}

struct job {
	const struct nli_crowd *c;
	const struct nli_crowd_opts *o;
	const double *alpha;
	unsigned inner; /* threads within a start */
	pthread_mutex_t lock;
	struct nli_crowd_fit best;
	size_t best_start;
	int rc;
	struct nli_err err;
};

/* Keep the higher ELBO; of equal ones the earlier start: no matter who ends first. */
static void keep_best(struct job *j, size_t start, struct nli_crowd_fit *f)
{
	struct nli_crowd_fit loser = *f;

	pthread_mutex_lock(&j->lock);
	if (!j->best.post || f->objective > j->best.objective ||
	    (f->objective == j->best.objective && start < j->best_start)) {
		loser = j->best;
		j->best = *f;
		j->best_start = start;
	}
	pthread_mutex_unlock(&j->lock);
	nli_crowd_fit_release(&loser);
}

static void one_start(void *ctx, size_t start)
{
	struct job *j = ctx;
	const struct start s = { j->c, nli_mix(j->o->seed + 1) + start };
	struct nli_crowd_fit f = { 0 };
	struct nli_em em;
	double bound;

	nli_crowd_fit_init(&f, j->c, true);
	if (nli_em_init(&em, j->c, j->inner, M, f.post, &j->err)) {
		j->rc = NLI_EINVAL;
		nli_crowd_fit_release(&f);
		return;
	}
	em.atol = j->o->tol;
	em.rtol = 1e-5;
	em.init = split_share;
	em.ctx = &s;
	nli_em_pass(&em, NLI_EM_GIVEN);
	while (f.iterations < j->o->max_iter && !f.converged) {
		m_step(&em, j->alpha, false);
		nli_em_pass(&em, NLI_EM_SOFT);
		f.converged = !em.moved;
		f.iterations++;
	}
	/* The bound costs as much as an iteration: taken once, with one more of them. */
	bound = m_step(&em, j->alpha, true);
	nli_em_pass(&em, NLI_EM_SOFT);
	f.objective = em.loglik + bound;
	point_estimates(&em, j->alpha, &f);
	nli_em_release(&em);
	keep_best(j, start, &f);
}

static double *vote_totals(const struct nli_crowd *c)
{
	double *alpha = nli_xcalloc(c->n_class, sizeof(*alpha)), q[NLI_CROWD_MAX_CLASS];

	for (uint32_t i = 0; i < c->n_item; i++) {
		nli_vote_share(c, i, q);
		for (uint32_t k = 0; k < c->n_class; k++)
			alpha[k] += q[k];
	}
	for (uint32_t k = 0; k < c->n_class;
	     k++) /* a class of --gold alone has no votes */
		alpha[k] = alpha[k] > 1e-3 ? alpha[k] : 1e-3;
	return alpha;
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct nli_err *err)
{
	const size_t n = (size_t)o->restarts;
	struct job j = { .c = c, .o = o, .inner = n < o->jobs ? o->jobs : 1 };

	if ((size_t)c->n_class * M > NLI_CROWD_MAX_STATE)
		return nli_fail(err, NLI_EINVAL, "ebcc: %u classes, wanted up to %d",
				(unsigned)c->n_class, NLI_CROWD_MAX_STATE / M);
	j.alpha = vote_totals(c);
	pthread_mutex_init(&j.lock, NULL);
	nli_par(j.inner > 1 ? 1 : o->jobs, n, one_start, &j);
	pthread_mutex_destroy(&j.lock);
	free((void *)j.alpha);
	if (j.rc) {
		nli_crowd_fit_release(&j.best);
		return nli_fail(err, j.rc, "ebcc: %s", j.err.msg);
	}
	j.best.method = f->method;
	j.best.restarts = o->restarts;
	*f = j.best;
	return 0;
}

const struct nli_crowd_method nli_crowd_ebcc = {
	.name = "ebcc",
	.about = "enhanced BCC: subtypes of items make workers' errors correlate",
	.paper = "Li, Rubinstein, Cohn, ICML 2019",
	.skill = "probability of the right label",
	.objective = "ELBO",
	.flags = NLI_CROWD_AUTO | NLI_CROWD_RANDOM,
	.max_iter = 500,
	.restarts = 40,
	.tol = 1e-3,
	.run = run,
};
