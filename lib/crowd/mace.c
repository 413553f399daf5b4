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
 * 10 starts (theta and xi from U[1,2.5], scaled to sum 1), each with a seed of
 * its own, of 50 iterations, as the paper has it; but the half of them that is
 * behind after 10 iterations stops there, and half of the others after 20.  The
 * highest ELBO is kept, ELBO = sum of the E-step's log normalisers - KL(q || p).
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

/* Where a start has got to. */
struct start {
	double *know, *spam; /* (n_worker,) exp E log theta, exp E log (1 - theta) */
	double *xi;          /* (n_worker, n_class) exp E log xi */
	double *mean;        /* (n_worker,) posterior mean of theta */
	double bound;        /* ELBO of the last step */
	int iterations;
	bool converged;
};

struct state {
	const struct nli_crowd *c;
	struct nli_em em;
	struct start *at; /* the one at work, borrowed */
};

static void random_start(struct state *t, uint64_t seed)
{
	const uint32_t K = t->c->n_class;

	for (size_t j = 0; j < t->c->n_worker; j++) {
		const uint64_t h = nli_crowd_worker_hash(t->c, (uint32_t)j, seed);
		const double a = 1 + 1.5 * nli_unit(nli_mix(h)),
			     b = 1 + 1.5 * nli_unit(nli_mix(~h));
		double sum = 0;

		t->at->know[j] = a / (a + b);
		t->at->spam[j] = b / (a + b);
		for (uint32_t l = 0; l < K; l++)
			sum += t->at->xi[j * K + l] =
				1 + 1.5 * nli_unit(nli_crowd_class_hash(t->c, l, h));
		for (uint32_t l = 0; l < K; l++)
			t->at->xi[j * K + l] /= sum;
	}
}

static void set_table(struct state *t)
{
	const uint32_t K = t->c->n_class;

	for (size_t j = 0; j < t->c->n_worker; j++)
		for (uint32_t l = 0; l < K; l++) {
			const double spam = t->at->spam[j] * t->at->xi[j * K + l];
			double *row = t->em.table + (j * K + l) * K;

			for (uint32_t k = 0; k < K; k++)
				row[k] = log(spam);
			row[l] = log(spam + t->at->know[j]);
		}
	for (uint32_t k = 0; k < K; k++)
		t->em.log_prior[k] = -log(K);
}

/* exp of the E-logs of a symmetric Dirichlet; returns -KL from its prior, or 0. */
static double update(const double *n, uint32_t len, double a, double *e, bool want_kl)
{
	double prior[NLI_CROWD_MAX_CLASS], bound;

	for (uint32_t x = 0; x < len; x++)
		prior[x] = a;
	bound = nli_dirichlet_update(n, 1, len, prior, e, want_kl);
	for (uint32_t x = 0; x < len; x++)
		e[x] = exp(e[x]);
	return bound;
}

static double m_step(struct state *t, bool want_kl)
{
	const uint32_t K = t->c->n_class;
	double bound = 0;

	for (size_t j = 0; j < t->c->n_worker; j++) {
		double spam[NLI_CROWD_MAX_CLASS], n[2] = { 0, 0 }, e[2];

		for (uint32_t l = 0; l < K; l++) {
			const double *q = t->em.count + (j * K + l) * K;
			const double s = t->at->spam[j] * t->at->xi[j * K + l];
			const double knew =
				q[l] * (t->at->know[j] / (s + t->at->know[j]));

			spam[l] = -knew;
			for (uint32_t k = 0; k < K; k++)
				spam[l] += q[k];
			spam[l] = fmax(spam[l], 0); /* rounding */
			n[0] += knew;
			n[1] += spam[l];
		}
		bound += update(n, 2, A_KNOW, e, want_kl);
		bound += update(spam, K, A_XI, t->at->xi + j * K, want_kl);
		t->at->know[j] = e[0];
		t->at->spam[j] = e[1];
		t->at->mean[j] = (n[0] + A_KNOW) / (n[0] + n[1] + 2 * A_KNOW);
	}
	return bound;
}

static void step(struct state *t, bool want_kl)
{
	const double bound = m_step(t, want_kl);

	set_table(t);
	nli_em_pass(&t->em, NLI_EM_SOFT);
	t->at->bound = t->em.loglik + bound;
	t->at->iterations++;
}

/* Go on to iteration last; the bound is dear, so it is taken of the last step alone. */
static void go_on(struct state *t, int last, double tol)
{
	set_table(t);
	nli_em_pass(&t->em, NLI_EM_SOFT);
	while (t->at->iterations + 1 < last && !t->at->converged) {
		step(t, false);
		t->at->converged = t->em.change <= tol;
	}
	if (t->at->iterations < last) {
		step(t, true);
		t->at->converged = t->em.change <= tol;
	}
}

static int by_bound(const void *a, const void *b)
{
	const struct start *x = *(struct start *const *)a, *y = *(struct start *const *)b;

	/* Equal bounds: the earlier start, which is the earlier in memory. */
	return x->bound != y->bound ? (x->bound < y->bound) - (x->bound > y->bound)
				    : (x > y) - (x < y);
}

/*
 * All starts to a fifth of the iterations, the better half of them to two
 * fifths, half of those to the end.  Returns the best.
 */
static struct start *race(struct state *t, struct start *start, size_t n,
			  const struct nli_crowd_opts *o)
{
	const int stop[] = { o->max_iter / 5, o->max_iter * 2 / 5, o->max_iter };
	struct start **order = nli_xmalloc(n, sizeof(struct start *)), *best;

	for (size_t r = 0; r < n; r++)
		order[r] = &start[r];
	for (int round = 0; round < 3; round++) {
		for (size_t r = 0; r < n; r++) {
			t->at = order[r];
			go_on(t, stop[round], o->tol);
		}
		qsort(order, n, sizeof(*order), by_bound);
		n = (n + 1) / 2;
	}
	best = order[0];
	free(order);
	return best;
}

/* The method's matrix: mean theta on the diagonal plus the spam by mean strategy. */
static void point_estimates(const struct state *t, struct nli_crowd_fit *f)
{
	const uint32_t K = t->c->n_class;

	for (size_t j = 0; j < t->c->n_worker; j++) {
		double sum = 0;

		f->skill[j] = t->at->mean[j];
		for (uint32_t l = 0; l < K; l++)
			sum += t->at->xi[j * K + l];
		for (uint32_t k = 0; k < K; k++)
			for (uint32_t l = 0; l < K; l++)
				f->confusion[(j * K + k) * K + l] =
					(k == l ? t->at->mean[j] : 0) +
					(1 - t->at->mean[j]) * t->at->xi[j * K + l] / sum;
	}
	for (uint32_t k = 0; k < K; k++)
		f->prior[k] = 1. / K;
}

/* The arrays of n starts in one block: know, spam, mean, xi of each. */
static struct start *make_starts(struct state *t, size_t n, uint64_t seed, double **block)
{
	const size_t W = t->c->n_worker, size = W * (3 + t->c->n_class);
	struct start *start = nli_xcalloc(n, sizeof(*start));

	*block = nli_xcalloc(n * size, sizeof(**block));
	for (size_t r = 0; r < n; r++) {
		double *at = *block + r * size;

		start[r] = (struct start){
			.know = at, .spam = at + W, .mean = at + 2 * W, .xi = at + 3 * W
		};
		t->at = &start[r];
		random_start(t, nli_mix(seed + 1) + r);
	}
	return start;
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct nli_err *err)
{
	struct state t = { .c = c };
	struct start *start;
	double *block;
	int rc;

	nli_crowd_fit_init(f, c, true);
	rc = nli_em_init(&t.em, c, o->jobs, 1, f->post, err);
	if (rc)
		return rc;
	start = make_starts(&t, (size_t)o->restarts, o->seed, &block);
	t.at = race(&t, start, (size_t)o->restarts, o);
	set_table(&t); /* the posterior of the best, which others have overwritten */
	nli_em_pass(&t.em, NLI_EM_SOFT);
	f->restarts = o->restarts;
	f->iterations = t.at->iterations;
	f->converged = t.at->converged;
	f->objective = t.at->bound;
	point_estimates(&t, f);
	nli_em_release(&t.em);
	free(start);
	free(block);
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
