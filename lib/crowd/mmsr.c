/*
 * mmsr.c - matrix mean-subsequence-reduced (Ma, Olshevsky, "Adversarial
 * crowdsourcing through robust rank-one matrix completion", NeurIPS 2020).
 *
 * Where c_jk is the share of shared items on which workers j and k agree,
 *
 *	E[K/(K-1) c_jk - 1/(K-1)] = s_j s_k,  P(right) = s (K-1)/K + 1/K
 *
 * so skills are a rank-one completion of the observed entries.  |X| = u v' is
 * fitted by alternating means of x_jk / u_j from which the F largest above and
 * the F smallest below the current value are taken away, F = floor(d/2) - 1,
 * d the least number of companions of a worker, at most 10,000 times, until
 * u v' moves by less than 1e-10.  Then a vote weighs log((K-1) p / (1-p)).
 *
 * Differs from crowd-kit: F is at least 0; the signs of the skills are those of
 * the leading eigenvector of X (power iteration), turned so that most trust is
 * positive, in place of an eigenproblem with a row a pair of workers, which
 * needs gigabytes; workers without a companion weigh nothing.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"
#include "lib/model/stats.h"

enum { MAX_WORKERS = 6000, POWER_STEPS = 500 };

struct state {
	uint32_t W;
	float *x;    /* (W, W) K/(K-1) agreement - 1/(K-1) */
	uint32_t *n; /* (W, W) shared items; 0: not observed */
	double *u, *v, *work;
	double least; /* 1 / sqrt(items) */
	size_t F;
};

static void count_pairs(struct state *t, const struct nli_crowd *c)
{
	const size_t W = t->W;
	const double K = c->n_class;

	for (uint32_t i = 0; i < c->n_item; i++)
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
			for (uint64_t s = c->start[i]; s < c->start[i + 1]; s++) {
				const size_t at = c->worker[r] * W + c->worker[s];

				if (c->worker[r] == c->worker[s])
					continue;
				t->n[at]++;
				t->x[at] += c->label[r] == c->label[s];
			}
	for (size_t at = 0; at < W * W; at++)
		if (t->n[at])
			t->x[at] =
				(float)(((double)t->x[at] / t->n[at] * K - 1) / (K - 1));
}

/* The least number of companions among workers that have any. */
static size_t least_degree(const struct state *t)
{
	size_t least = SIZE_MAX;

	for (size_t j = 0; j < t->W; j++) {
		size_t d = 0;

		for (size_t k = 0; k < t->W; k++)
			d += t->n[j * t->W + k] > 0;
		least = d && d < least ? d : least;
	}
	return least == SIZE_MAX ? 0 : least;
}

/* The mean of x[0..n) without the F extremes on each side of now, or now if none is left. */
static double trimmed_mean(const struct state *t, double *x, size_t n, double now)
{
	size_t below = 0, above = 0, from, to;
	double sum = 0;

	qsort(x, n, sizeof(*x), nli_cmp_double);
	for (size_t i = 0; i < n; i++) {
		below += x[i] < now;
		above += x[i] > now;
	}
	from = below < t->F ? below : t->F;
	to = n - (above < t->F ? above : t->F);
	if (from >= to)
		return now;
	for (size_t i = from; i < to; i++)
		sum += x[i];
	if (to - from == 1 && sum == 0)
		return t->least;
	return sum / (double)(to - from);
}

static void half_step(const struct state *t, const double *from, double *to)
{
	for (size_t j = 0; j < t->W; j++) {
		size_t n = 0;

		for (size_t k = 0; k < t->W; k++)
			if (t->n[j * t->W + k] && from[k] != 0)
				t->work[n++] = fabs(t->x[j * t->W + k]) / from[k];
		if (n)
			to[j] = trimmed_mean(t, t->work, n, to[j]);
	}
}

/* |u v' - old u v'| in the Frobenius norm, from inner products. */
static double moved(const struct state *t, const double *u, const double *v)
{
	double uu = 0, vv = 0, u0 = 0, v0 = 0, ux = 0, vx = 0;

	for (size_t j = 0; j < t->W; j++) {
		uu += t->u[j] * t->u[j];
		vv += t->v[j] * t->v[j];
		u0 += u[j] * u[j];
		v0 += v[j] * v[j];
		ux += t->u[j] * u[j];
		vx += t->v[j] * v[j];
	}
	return sqrt(fmax(uu * vv + u0 * v0 - 2 * ux * vx, 0));
}

static void complete(struct state *t, const struct nli_crowd *c,
		     const struct nli_crowd_opts *o, struct nli_crowd_fit *f)
{
	double *u = nli_xcalloc(t->W, sizeof(*u)), *v = nli_xcalloc(t->W, sizeof(*v));

	for (uint32_t j = 0; j < t->W; j++) {
		const uint64_t h = nli_crowd_worker_hash(c, j, o->seed);

		t->u[j] = nli_unit(nli_mix(h)) + 1e-3;
		t->v[j] = nli_unit(nli_mix(~h)) + 1e-3;
	}
	while (f->iterations < o->max_iter && !f->converged) {
		memcpy(u, t->u, t->W * sizeof(*u));
		memcpy(v, t->v, t->W * sizeof(*v));
		half_step(t, t->u, t->v);
		half_step(t, t->v, t->u);
		f->iterations++;
		f->converged = moved(t, u, v) <= o->tol;
	}
	free(u);
	free(v);
}

/* Signs of the leading eigenvector of X + a shift that keeps it the leading one. */
static void signs(const struct state *t, double *sign)
{
	double shift = 0, sum = 0;

	for (size_t j = 0; j < t->W; j++) {
		double row = 0;

		for (size_t k = 0; k < t->W; k++)
			row += fabs(t->x[j * t->W + k]);
		shift = fmax(shift, row);
		sign[j] = 1;
	}
	for (int it = 0; it < POWER_STEPS; it++) {
		double square = 0;

		for (size_t j = 0; j < t->W; j++) {
			t->work[j] = shift * sign[j];
			for (size_t k = 0; k < t->W; k++)
				t->work[j] += t->x[j * t->W + k] * sign[k];
			square += t->work[j] * t->work[j];
		}
		for (size_t j = 0; j < t->W; j++)
			sign[j] = t->work[j] / sqrt(square);
	}
	for (size_t j = 0; j < t->W; j++)
		sum += sign[j] * t->u[j];
	for (size_t j = 0; j < t->W; j++)
		sign[j] = (sign[j] < 0) == (sum < 0) ? 1 : -1;
}

static void set_weights(const struct state *t, const struct nli_crowd *c, double *weight)
{
	const double K = c->n_class, rest = K - 1;
	double *sign = nli_xcalloc(t->W, sizeof(*sign)), uu = 0, vv = 0, scale;

	signs(t, sign);
	for (size_t j = 0; j < t->W; j++) {
		uu += t->u[j] * t->u[j];
		vv += t->v[j] * t->v[j];
	}
	scale = vv > 0 ? sqrt(sqrt(uu) / sqrt(vv)) : 1;
	for (size_t j = 0; j < t->W; j++) {
		double s = sign[j] * t->u[j] / scale, p;
		bool alone = true;

		for (size_t k = 0; k < t->W; k++)
			alone = alone && !t->n[j * t->W + k];
		s = fmax(fmin(s, 1 - t->least), -1 / rest + t->least);
		p = s * rest / K + 1 / K;
		weight[j] = alone ? 0 : log(p * rest / (1 - p));
	}
	free(sign);
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct nli_err *err)
{
	const size_t W = c->n_worker;
	struct state t = { .W = c->n_worker, .least = 1 / sqrt(fmax(c->n_item, 2)) };
	struct nli_votes v = { .c = c, .jobs = o->jobs, .mode = NLI_VOTE_SOFTMAX };
	size_t d;

	if (W > MAX_WORKERS)
		return nli_fail(
			err, NLI_EINVAL,
			"mmsr: %zu workers, wanted up to %d (memory is their square)", W,
			MAX_WORKERS);
	if (c->n_class < 2)
		return nli_fail(err, NLI_EINVAL, "mmsr: one class, wanted two or more");
	nli_crowd_fit_init(f, c, false);
	t.x = nli_xcalloc(W * W, sizeof(*t.x));
	t.n = nli_xcalloc(W * W, sizeof(*t.n));
	t.u = nli_xcalloc(W, sizeof(double));
	t.v = nli_xcalloc(W, sizeof(double));
	t.work = nli_xcalloc(W, sizeof(double));
	count_pairs(&t, c);
	d = least_degree(&t);
	t.F = d / 2 > 1 ? d / 2 - 1 : 0;
	complete(&t, c, o, f);
	set_weights(&t, c, f->skill);
	v.weight = f->skill;
	v.post = f->post;
	nli_votes_pass(&v);
	nli_votes_release(&v);
	free(t.x);
	free(t.n);
	free(t.u);
	free(t.v);
	free(t.work);
	return 0;
}

const struct nli_crowd_method nli_crowd_mmsr = {
	.name = "mmsr",
	.about = "M-MSR: skills by robust rank-one completion of agreement",
	.paper = "Ma, Olshevsky, NeurIPS 2020",
	.skill = "log odds weight of a vote",
	.flags = NLI_CROWD_RANDOM,
	.max_iter = 10000,
	.tol = 1e-10,
	.run = run,
};
