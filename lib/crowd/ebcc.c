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
 * hebcc learns the prior of the rows from all workers and subtypes, as hbcc does
 * (ibcc.c).
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
#include "lib/base/par.h"
#include "lib/crowd/dirichlet.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

enum { M = 10, LEARN_FROM = 3 };

static const double A_PI = .1;

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

static double m_step(struct nli_em *em, const double *alpha, const double *prior,
		     bool want_kl)
{
	const uint32_t K = em->c->n_class, S = em->n_state;
	double n_k[NLI_CROWD_MAX_CLASS], tau[NLI_CROWD_MAX_CLASS], a_pi[M];
	double bound = 0;

	for (size_t j = 0; j < em->c->n_worker; j++)
		for (uint32_t s = 0; s < S; s++)
			bound += nli_dirichlet_update(em->count + j * K * S + s, S, K,
						      prior + (size_t)(s / M) * K,
						      em->table + j * K * S + s, want_kl);
	for (uint32_t m = 0; m < M; m++)
		a_pi[m] = A_PI / M;
	for (uint32_t k = 0; k < K; k++) {
		n_k[k] = 0;
		for (uint32_t m = 0; m < M; m++)
			n_k[k] += em->state_count[k * M + m];
		bound += nli_dirichlet_update(em->state_count + k * M, 1, M, a_pi,
					      em->log_prior + k * M, want_kl);
	}
	bound += nli_dirichlet_update(n_k, 1, K, alpha, tau, want_kl);
	for (uint32_t s = 0; s < S; s++)
		em->log_prior[s] += tau[s / M];
	return bound;
}

static void learn(const struct nli_em *em, double *prior)
{
	const uint32_t K = em->c->n_class, S = em->n_state;
	struct nli_learn l;

	for (uint32_t k = 0; k < K; k++) {
		nli_learn_begin(&l, prior + (size_t)k * K, K, k);
		for (size_t j = 0; j < em->c->n_worker; j++)
			for (uint32_t m = 0; m < M; m++)
				nli_learn_add(&l, em->count + j * K * S + k * M + m, S);
		nli_learn_end(&l);
	}
}

/* Class-level matrices: subtypes weighted by their expected number of labels. */
static void point_estimates(const struct nli_em *em, const double *alpha,
			    const double *prior, struct nli_crowd_fit *f)
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
				row[l] = prior[(size_t)k * K + l];
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
	bool hierarchical;
	unsigned inner; /* threads within a start */
	pthread_mutex_t lock;
	struct nli_crowd_fit best;
	size_t best_start;
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

static void iterate(const struct job *j, struct nli_em *em, double *prior,
		    struct nli_crowd_fit *f)
{
	double bound;

	nli_em_pass(em, NLI_EM_GIVEN);
	while (f->iterations < j->o->max_iter && !f->converged) {
		if (j->hierarchical && f->iterations >= LEARN_FROM)
			learn(em, prior);
		m_step(em, j->alpha, prior, false);
		nli_em_pass(em, NLI_EM_SOFT);
		f->iterations++;
		f->converged =
			!em->moved && (!j->hierarchical || f->iterations > LEARN_FROM);
	}
	/* The bound costs as much as an iteration: taken once, with one more of them. */
	bound = m_step(em, j->alpha, prior, true);
	nli_em_pass(em, NLI_EM_SOFT);
	f->objective = em->loglik + bound;
}

static void one_start(void *ctx, size_t start)
{
	struct job *j = ctx;
	const uint32_t K = j->c->n_class;
	const struct start s = { j->c, nli_mix(j->o->seed + 1) + start };
	struct nli_crowd_fit f = { 0 };
	struct nli_em em;
	double *prior;

	nli_crowd_fit_init(&f, j->c, true);
	nli_em_init(&em, j->c, j->inner, M, f.post,
		    NULL); /* run() has checked the size */
	prior = nli_xmalloc((size_t)K * K, sizeof(*prior));
	nli_dirichlet_prior(prior, K);
	em.atol = j->o->tol;
	em.rtol = 1e-5;
	em.init = split_share;
	em.ctx = &s;
	iterate(j, &em, prior, &f);
	point_estimates(&em, j->alpha, prior, &f);
	nli_em_release(&em);
	free(prior);
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
	       struct nli_crowd_fit *f, bool hierarchical, struct nli_err *err)
{
	const size_t n = (size_t)o->restarts;
	struct job j = { .c = c, .o = o, .hierarchical = hierarchical };
	double *alpha;

	if ((size_t)c->n_class * M > NLI_CROWD_MAX_STATE)
		return nli_fail(err, NLI_EINVAL, "%s: %u classes, wanted up to %d",
				f->method->name, (unsigned)c->n_class,
				NLI_CROWD_MAX_STATE / M);
	j.alpha = alpha = vote_totals(c);
	j.inner = n < o->jobs ? o->jobs : 1; /* threads by starts, or within a start */
	pthread_mutex_init(&j.lock, NULL);
	nli_par(n < o->jobs ? 1 : o->jobs, n, one_start, &j);
	pthread_mutex_destroy(&j.lock);
	free(alpha);
	j.best.method = f->method;
	j.best.restarts = o->restarts;
	*f = j.best;
	return 0;
}

static int run_ebcc(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		    struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, false, err);
}

static int run_hebcc(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		     struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, true, err);
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
	.run = run_ebcc,
};

const struct nli_crowd_method nli_crowd_hebcc = {
	.name = "hebcc",
	.about = "ebcc with the prior of the matrices learnt from all workers",
	.paper = "Li, Rubinstein, Cohn, ICML 2019; Paun et al., TACL 6, 2018",
	.skill = "probability of the right label",
	.objective = "ELBO",
	.flags = NLI_CROWD_AUTO | NLI_CROWD_RANDOM,
	.max_iter = 500,
	.restarts = 40,
	.tol = 1e-3,
	.run = run_hebcc,
};
