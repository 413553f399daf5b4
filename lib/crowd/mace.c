/*
 * mace.c - multi-annotator competence estimation (Hovy, Berg-Kirkpatrick,
 * Vaswani, Hovy, "Learning whom to trust with MACE", NAACL 2013).
 *
 * A worker knows with probability theta_j and then gives the true label, or
 * spams, and then draws a label from xi_j whatever the truth:
 *
 *	P(l | t) = theta_j 1[l = t] + (1 - theta_j) xi_j[l]
 *
 * Variational Bayes with theta ~ Beta(.5,.5), xi ~ Dir(10,...,10) and uniform
 * classes: the M-step takes exp(E log) of each, exp(psi(n + a)) / exp(psi(sum)).
 * 10 starts (theta and xi from U[1,2.5], scaled to sum 1) of 50 iterations, each
 * with a seed of its own; the highest ELBO is kept, ELBO = sum of the E-step's
 * log normalisers - KL(q || p).
 *
 * Since P(l | t) is a table by worker, said and true, the E-step is the
 * confusion loop, and the expected counts of spamming and knowing follow from
 * its counts.  Differs from crowd-kit in working on logarithms, in starts that
 * differ, and in no floor under the evidence.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/crowd/dirichlet.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

static const double A_KNOW = .5, A_XI = 10;

struct state {
	const struct nli_crowd *c;
	struct nli_em em;
	double *know, *spam; /* (n_worker,) exp E log theta, exp E log (1 - theta) */
	double *xi;          /* (n_worker, n_class) exp E log xi */
	double *mean;        /* (n_worker,) posterior mean of theta */
};

static void random_start(struct state *t, uint64_t seed)
{
	const uint32_t K = t->c->n_class;

	for (size_t j = 0; j < t->c->n_worker; j++) {
		const uint64_t h = nli_crowd_worker_hash(t->c, (uint32_t)j, seed);
		const double a = 1 + 1.5 * nli_unit(nli_mix(h)),
			     b = 1 + 1.5 * nli_unit(nli_mix(~h));
		double sum = 0;

		t->know[j] = a / (a + b);
		t->spam[j] = b / (a + b);
		for (uint32_t l = 0; l < K; l++)
			sum += t->xi[j * K + l] =
				1 + 1.5 * nli_unit(nli_crowd_class_hash(t->c, l, h));
		for (uint32_t l = 0; l < K; l++)
			t->xi[j * K + l] /= sum;
	}
}

static void set_table(struct state *t)
{
	const uint32_t K = t->c->n_class;

	for (size_t j = 0; j < t->c->n_worker; j++)
		for (uint32_t l = 0; l < K; l++) {
			const double spam = t->spam[j] * t->xi[j * K + l];
			double *row = t->em.table + (j * K + l) * K;

			for (uint32_t k = 0; k < K; k++)
				row[k] = log(spam);
			row[l] = log(spam + t->know[j]);
		}
	for (uint32_t k = 0; k < K; k++)
		t->em.log_prior[k] = -log(K);
}

/* exp of the E-logs of a symmetric Dirichlet; returns -KL from its prior. */
static double update(const double *n, uint32_t len, double a, double *e)
{
	double prior[NLI_CROWD_MAX_CLASS], bound;

	for (uint32_t x = 0; x < len; x++)
		prior[x] = a;
	bound = nli_dirichlet_update(n, 1, len, prior, e, true);
	for (uint32_t x = 0; x < len; x++)
		e[x] = exp(e[x]);
	return bound;
}

static double m_step(struct state *t)
{
	const uint32_t K = t->c->n_class;
	double bound = 0;

	for (size_t j = 0; j < t->c->n_worker; j++) {
		double spam[NLI_CROWD_MAX_CLASS], n[2] = { 0, 0 }, e[2];

		for (uint32_t l = 0; l < K; l++) {
			const double *q = t->em.count + (j * K + l) * K;
			const double s = t->spam[j] * t->xi[j * K + l];
			const double knew = q[l] * (t->know[j] / (s + t->know[j]));

			spam[l] = -knew;
			for (uint32_t k = 0; k < K; k++)
				spam[l] += q[k];
			spam[l] = fmax(spam[l], 0); /* rounding */
			n[0] += knew;
			n[1] += spam[l];
		}
		bound += update(n, 2, A_KNOW, e);
		bound += update(spam, K, A_XI, t->xi + j * K);
		t->know[j] = e[0];
		t->spam[j] = e[1];
		t->mean[j] = (n[0] + A_KNOW) / (n[0] + n[1] + 2 * A_KNOW);
	}
	return bound;
}

static void iterate(struct state *t, const struct nli_crowd_opts *o, uint64_t seed,
		    struct nli_crowd_fit *f)
{
	double bound;

	random_start(t, seed);
	set_table(t);
	nli_em_pass(&t->em, NLI_EM_SOFT);
	f->converged = false;
	for (f->iterations = 0; f->iterations < o->max_iter && !f->converged;
	     f->iterations++) {
		bound = m_step(t);
		set_table(t);
		nli_em_pass(&t->em, NLI_EM_SOFT);
		f->objective = t->em.loglik + bound;
		f->converged = t->em.change <= o->tol;
	}
}

/* The method's matrix: mean theta on the diagonal plus the spam by mean strategy. */
static void point_estimates(const struct state *t, struct nli_crowd_fit *f)
{
	const uint32_t K = t->c->n_class;

	for (size_t j = 0; j < t->c->n_worker; j++) {
		double sum = 0;

		f->skill[j] = t->mean[j];
		for (uint32_t l = 0; l < K; l++)
			sum += t->xi[j * K + l];
		for (uint32_t k = 0; k < K; k++)
			for (uint32_t l = 0; l < K; l++)
				f->confusion[(j * K + k) * K + l] =
					(k == l ? t->mean[j] : 0) +
					(1 - t->mean[j]) * t->xi[j * K + l] / sum;
	}
	for (uint32_t k = 0; k < K; k++)
		f->prior[k] = 1. / K;
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct nli_err *err)
{
	struct state t = { .c = c };
	uint64_t best_seed = 0;
	double best = 0;
	int rc;

	nli_crowd_fit_init(f, c, true);
	rc = nli_em_init(&t.em, c, o->jobs, 1, f->post, err);
	if (rc)
		return rc;
	t.know = nli_xcalloc(c->n_worker, sizeof(double));
	t.spam = nli_xcalloc(c->n_worker, sizeof(double));
	t.mean = nli_xcalloc(c->n_worker, sizeof(double));
	t.xi = nli_xcalloc((size_t)c->n_worker * c->n_class, sizeof(double));
	for (int r = 0; r < o->restarts; r++) {
		const uint64_t seed = nli_mix(o->seed + 1) + (uint64_t)r;

		iterate(&t, o, seed, f);
		if (!r || f->objective > best) {
			best = f->objective;
			best_seed = seed;
		}
		/* The winner is run again rather than kept: memory, not time, is scarce. */
		if (r + 1 == o->restarts && seed != best_seed)
			iterate(&t, o, best_seed, f);
	}
	f->restarts = o->restarts;
	point_estimates(&t, f);
	nli_em_release(&t.em);
	free(t.know);
	free(t.spam);
	free(t.mean);
	free(t.xi);
	return 0;
}

const struct nli_crowd_method nli_crowd_mace = {
	.name = "mace",
	.about = "MACE: a worker knows, or spams by a strategy of its own; variational",
	.paper = "Hovy, Berg-Kirkpatrick, Vaswani, Hovy, NAACL 2013",
	.skill = "probability of knowing",
	.objective = "ELBO",
	.flags = NLI_CROWD_AUTO | NLI_CROWD_RANDOM,
	.max_iter = 50,
	.restarts = 10,
	.tol = 1e-4,
	.run = run,
};
