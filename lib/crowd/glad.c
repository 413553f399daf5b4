/*
 * glad.c - abilities and difficulties (Whitehill, Ruvolo, Wu, Bergsma,
 * Movellan, "Whose vote should count more", NIPS 2009).
 *
 *	P(l_ij = t_i) = s(x), x = alpha_j exp(beta_i), s the logistic function,
 *
 * the rest spread evenly; alpha_j and beta_i have N(1,1) priors, classes are
 * uniform.  E-step: a vote adds x + log(K-1) to its class, for the factor
 * 1 - s(x) is common to all.  M-step of
 *
 *	Q = sum_ij q log s(x) + (1-q) log(1-s(x)) - sum (alpha-1)^2/2 - sum (beta-1)^2/2,
 *
 * q = q_i(l_ij), by one Newton step in alpha (concave) and two in beta, whose
 * curvature is kept positive by dropping its indefinite term, at every EM
 * iteration (generalised EM, Neal and Hinton 1998) where the reference runs 25
 * steps of conjugate gradients on both: the same objective and stationary
 * points, far less work.  Ends when no posterior moved by more than 1e-4.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

enum { BETA_STEPS = 2 };

/* Abilities and log difficulties beyond this change no double-precision sigmoid. */
static const double MAX_STEP = 1, MAX_BETA = 6;

struct part {
	double *grad, *curve; /* (n_worker,) of Q in alpha */
	double change, loglik;
};

struct state {
	const struct nli_crowd *c;
	struct nli_crowd_fit *f;
	double *alpha, *beta;
	bool last; /* compute the likelihood too */
	size_t n_part;
	struct part *part;
};

static double logistic(double x)
{
	return 1 / (1 + exp(-x));
}

/* log(1 + exp(x)) without overflow. */
static double softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double e_step(const struct state *t, uint32_t i, double *q)
{
	const struct nli_crowd *c = t->c;
	const double e = exp(t->beta[i]), rest = log(c->n_class > 1 ? c->n_class - 1 : 1);
	double base = -log(c->n_class), z;

	memset(q, 0, c->n_class * sizeof(*q));
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		const double x = t->alpha[c->worker[r]] * e, w = nli_crowd_weight(c, r);

		q[c->label[r]] += w * (x + rest);
		if (t->last)
			base -= w * (softplus(x) + rest);
	}
	z = nli_softmax(q, c->n_class);
	nli_crowd_clamp(c, i, q);
	return z + base;
}

static void step_beta(struct state *t, uint32_t i, const double *q)
{
	const struct nli_crowd *c = t->c;
	const double e = exp(t->beta[i]);
	double grad = 1 - t->beta[i], curve = 1, step;

	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		const double x = t->alpha[c->worker[r]] * e, s = logistic(x);
		const double w = nli_crowd_weight(c, r), g = w * (q[c->label[r]] - s) * x;

		grad += g;
		curve += w * s * (1 - s) * x * x + fmax(-g, 0);
	}
	step = fmax(fmin(grad / curve, MAX_STEP), -MAX_STEP);
	t->beta[i] = fmax(fmin(t->beta[i] + step, MAX_BETA), -MAX_BETA);
}

static void add_alpha(const struct state *t, struct part *p, uint32_t i, const double *q)
{
	const struct nli_crowd *c = t->c;
	const double e = exp(t->beta[i]);

	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		const uint32_t j = c->worker[r];
		const double s = logistic(t->alpha[j] * e), w = nli_crowd_weight(c, r);

		p->grad[j] += w * (q[c->label[r]] - s) * e;
		p->curve[j] += w * s * (1 - s) * e * e;
	}
}

static void pass_part(void *ctx, size_t part)
{
	struct state *t = ctx;
	const struct nli_crowd *c = t->c;
	struct part *p = &t->part[part];
	double q[NLI_CROWD_MAX_CLASS];
	uint32_t from, to;

	memset(p->grad, 0, c->n_worker * sizeof(*p->grad));
	memset(p->curve, 0, c->n_worker * sizeof(*p->curve));
	p->change = p->loglik = 0;
	nli_crowd_part(c, t->n_part, part, &from, &to);
	for (uint32_t i = from; i < to; i++) {
		double *post = t->f->post + (size_t)i * c->n_class;

		p->loglik += e_step(t, i, q);
		for (uint32_t k = 0; k < c->n_class; k++) {
			p->change = fmax(p->change, fabs(q[k] - post[k]));
			post[k] = q[k];
		}
		if (t->last)
			continue;
		for (int s = 0; s < BETA_STEPS; s++)
			step_beta(t, i, q);
		add_alpha(t, p, i, q);
	}
}

static double pass(struct state *t, unsigned jobs)
{
	double change = 0;

	nli_par(nli_crowd_jobs(t->c, jobs, 4 * t->c->n_class), t->n_part, pass_part, t);
	for (size_t k = 0; k < t->n_part; k++) {
		change = fmax(change, t->part[k].change);
		for (uint32_t j = 0; k && j < t->c->n_worker; j++) {
			t->part[0].grad[j] += t->part[k].grad[j];
			t->part[0].curve[j] += t->part[k].curve[j];
		}
	}
	return change;
}

static void step_alpha(struct state *t)
{
	const struct part *p = &t->part[0];

	for (uint32_t j = 0; j < t->c->n_worker; j++) {
		const double grad = p->grad[j] + 1 - t->alpha[j];
		const double step = grad / (p->curve[j] + 1);

		t->alpha[j] += fmax(fmin(step, MAX_STEP), -MAX_STEP);
	}
}

/* Log likelihood of the labels plus log of the priors, up to their constants. */
static double objective(struct state *t, unsigned jobs)
{
	double sum = 0;

	t->last = true;
	pass(t, jobs);
	for (size_t k = 0; k < t->n_part; k++)
		sum += t->part[k].loglik;
	for (uint32_t j = 0; j < t->c->n_worker; j++)
		sum -= (t->alpha[j] - 1) * (t->alpha[j] - 1) / 2;
	for (uint32_t i = 0; i < t->c->n_item; i++)
		sum -= (t->beta[i] - 1) * (t->beta[i] - 1) / 2;
	return sum;
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct nli_err *err)
{
	const size_t bytes = c->n_worker * sizeof(double);
	struct state t = { .c = c, .f = f };

	(void)err;
	nli_crowd_fit_init(f, c, false);
	f->easiness = nli_xcalloc(c->n_item, sizeof(double));
	t.alpha = f->skill;
	t.beta = f->easiness;
	for (uint32_t j = 0; j < c->n_worker; j++)
		t.alpha[j] = 1;
	for (uint32_t i = 0; i < c->n_item; i++)
		t.beta[i] = 1;
	t.n_part = nli_crowd_parts(c, 2 * bytes);
	t.part = nli_xcalloc(t.n_part, sizeof(*t.part));
	for (size_t p = 0; p < t.n_part; p++) {
		t.part[p].grad = nli_xmalloc(bytes, 1);
		t.part[p].curve = nli_xmalloc(bytes, 1);
	}
	while (f->iterations < o->max_iter && !f->converged) {
		f->converged = pass(&t, o->jobs) <= o->tol;
		step_alpha(&t);
		f->iterations++;
	}
	f->objective = objective(&t, o->jobs);
	for (size_t p = 0; p < t.n_part; p++) {
		free(t.part[p].grad);
		free(t.part[p].curve);
	}
	free(t.part);
	for (uint32_t k = 0; k < c->n_class; k++)
		f->prior[k] = 1. / c->n_class;
	return 0;
}

const struct nli_crowd_method nli_crowd_glad = {
	.name = "glad",
	.about = "GLAD: an ability a worker, a difficulty an item",
	.paper = "Whitehill, Ruvolo, Wu, Bergsma, Movellan, NIPS 2009",
	.skill = "ability alpha: 0 is a coin, below 0 an adversary",
	.objective = "log posterior",
	.flags = NLI_CROWD_AUTO,
	.max_iter = 100,
	.tol = 1e-4,
	.run = run,
};
