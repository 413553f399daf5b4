/*
 * minimax.c - regularised minimax conditional entropy, the categorical model
 * (Zhou, Liu, Platt, Meek, "Aggregating ordinal labels from crowds by minimax
 * conditional entropy", ICML 2014).
 *
 *	P(l_ij = l | t_i = k) = exp(s_j[k][l] + t_i[k][l]) / Z
 *
 * with a confusion s_j of the worker and t_i of the item, which maximise
 *
 *	sum_ij sum_k q_i(k) log P(l_ij | k) - lambda_w |s|^2 / 2 - lambda_t |t|^2 / 2,
 *	lambda_w = K^2 / 4, lambda_t = lambda_w (labels a worker / labels an item)
 *
 * as Liu's code has it.  q_i(k) is proportional to prod_j P(l_ij | k), begins
 * with the shares of the votes; workers, then items, then q, in turn, until no
 * q moves by more than 5e-3 or 50 times.  Each row s_j[k] and t_i[k] is a
 * problem of its own, concave in K variables: damped Newton, begun where the
 * last one ended (the code runs L-BFGS on all rows at once).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

enum { MAX_CLASS = 32, NEWTON = 25 };

static const double NEWTON_TOL = 1e-4;

/* One term of a row's problem: weight q, label, and the other side's row. */
struct term {
	double q;
	const double *offset; /* (n_class,) */
	uint8_t label;
};

struct state {
	const struct nli_crowd *c;
	struct nli_crowd_fit *f;
	double *s, *t; /* (n_worker, K, K), (n_item, K, K) */
	double lambda_w, lambda_t;
	uint64_t *at;   /* (n_worker + 1,) rows by worker: */
	uint64_t *row;  /* (n,) */
	uint32_t *item; /* (n,) item of a row */
	double *change; /* (parts,) */
	size_t n_part;
};

/* Value, gradient and Hessian (negated) of a row's problem at a. */
static double evaluate(const struct term *x, size_t n, uint32_t K, double lambda,
		       const double *a, double *g, double *h)
{
	double value = 0, p[MAX_CLASS];

	for (uint32_t l = 0; l < K; l++) {
		value -= lambda / 2 * a[l] * a[l];
		g[l] = -lambda * a[l];
		for (uint32_t m = 0; m < K; m++)
			h[l * K + m] = l == m ? lambda : 0;
	}
	for (size_t i = 0; i < n; i++) {
		const double q = x[i].q;

		for (uint32_t l = 0; l < K; l++)
			p[l] = a[l] + x[i].offset[l];
		value += q * p[x[i].label];
		value -= q * nli_softmax(p, K);
		g[x[i].label] += q;
		for (uint32_t l = 0; l < K; l++) {
			g[l] -= q * p[l];
			h[l * K + l] += q * p[l];
			for (uint32_t m = 0; m < K; m++)
				h[l * K + m] -= q * p[l] * p[m];
		}
	}
	return value;
}

/* Solve h d = g for positive definite h, by Cholesky, in place; d is left in g. */
static void solve(double *h, double *g, uint32_t K)
{
	for (uint32_t l = 0; l < K; l++) {
		for (uint32_t m = 0; m < l; m++)
			h[l * K + l] -= h[l * K + m] * h[l * K + m];
		h[l * K + l] = sqrt(h[l * K + l]);
		for (uint32_t r = l + 1; r < K; r++) {
			for (uint32_t m = 0; m < l; m++)
				h[r * K + l] -= h[r * K + m] * h[l * K + m];
			h[r * K + l] /= h[l * K + l];
		}
	}
	for (uint32_t l = 0; l < K; l++) {
		for (uint32_t m = 0; m < l; m++)
			g[l] -= h[l * K + m] * g[m];
		g[l] /= h[l * K + l];
	}
	for (uint32_t l = K; l-- > 0;) {
		for (uint32_t m = l + 1; m < K; m++)
			g[l] -= h[m * K + l] * g[m];
		g[l] /= h[l * K + l];
	}
}

static void maximise(const struct term *x, size_t n, uint32_t K, double lambda, double *a)
{
	double g[MAX_CLASS], h[MAX_CLASS * MAX_CLASS], next[MAX_CLASS];
	double value = evaluate(x, n, K, lambda, a, g, h);

	for (int it = 0; it < NEWTON; it++) {
		double d[MAX_CLASS], greatest = 0, step = 1, v;

		for (uint32_t l = 0; l < K; l++)
			greatest = fmax(greatest, fabs(g[l]));
		if (greatest < NEWTON_TOL)
			return;
		memcpy(d, g, sizeof(d));
		solve(h, d, K);
		for (;; step /= 2) {
			for (uint32_t l = 0; l < K; l++)
				next[l] = a[l] + step * d[l];
			v = evaluate(x, n, K, lambda, next, g, h);
			if (v >= value || step < 1e-6)
				break;
		}
		if (v < value)
			return;
		value = v;
		memcpy(a, next, K * sizeof(*a));
	}
}

static void update_workers(void *ctx, size_t part)
{
	struct state *t = ctx;
	const struct nli_crowd *c = t->c;
	const size_t K = c->n_class;
	const size_t from = c->n_worker * part / t->n_part;
	const size_t to = c->n_worker * (part + 1) / t->n_part;
	struct term *x = NULL;
	size_t cap = 0;

	for (size_t j = from; j < to; j++) {
		const size_t n = t->at[j + 1] - t->at[j];

		nli_grow(&x, &cap, n + 1, sizeof(*x));
		for (size_t k = 0; k < K; k++) {
			for (size_t e = 0; e < n; e++) {
				const uint64_t r = t->row[t->at[j] + e];
				const size_t i = t->item[r];

				x[e] = (struct term){ nli_crowd_weight(c, r) *
							      t->f->post[i * K + k],
						      t->t + (i * K + k) * K,
						      c->label[r] };
			}
			maximise(x, n, (uint32_t)K, t->lambda_w, t->s + (j * K + k) * K);
		}
	}
	free(x);
}

static void update_item(struct state *t, uint32_t i, struct term *x)
{
	const struct nli_crowd *c = t->c;
	const size_t K = c->n_class, n = c->start[i + 1] - c->start[i];

	for (size_t k = 0; k < K; k++) {
		for (size_t e = 0; e < n; e++) {
			const uint64_t r = c->start[i] + e;

			x[e] = (struct term){ nli_crowd_weight(c, r) *
						      t->f->post[i * K + k],
					      t->s + (c->worker[r] * K + k) * K,
					      c->label[r] };
		}
		maximise(x, n, (uint32_t)K, t->lambda_t, t->t + (i * K + k) * K);
	}
}

/* The new posterior of an item; returns its greatest change. */
static double update_post(struct state *t, uint32_t i)
{
	const struct nli_crowd *c = t->c;
	const size_t K = c->n_class;
	double q[MAX_CLASS], p[MAX_CLASS], change = 0;

	for (size_t k = 0; k < K; k++) {
		q[k] = 0;
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			double mine;

			for (size_t l = 0; l < K; l++)
				p[l] = t->s[(c->worker[r] * K + k) * K + l] +
				       t->t[(i * K + k) * K + l];
			mine = p[c->label[r]];
			q[k] += nli_crowd_weight(c, r) *
				(mine - nli_softmax(p, (uint32_t)K));
		}
	}
	nli_softmax(q, (uint32_t)K);
	nli_crowd_clamp(c, i, q);
	for (size_t k = 0; k < K; k++) {
		change = fmax(change, fabs(q[k] - t->f->post[i * K + k]));
		t->f->post[i * K + k] = q[k];
	}
	return change;
}

static void update_items(void *ctx, size_t part)
{
	struct state *t = ctx;
	const struct nli_crowd *c = t->c;
	struct term *x = NULL;
	size_t cap = 0;
	uint32_t from, to;

	t->change[part] = 0;
	nli_crowd_part(c, t->n_part, part, &from, &to);
	for (uint32_t i = from; i < to; i++) {
		nli_grow(&x, &cap, c->start[i + 1] - c->start[i] + 1, sizeof(*x));
		update_item(t, i, x);
		t->change[part] = fmax(t->change[part], update_post(t, i));
	}
	free(x);
}

static void index_workers(struct state *t)
{
	const struct nli_crowd *c = t->c;

	t->at = nli_xcalloc((size_t)c->n_worker + 2, sizeof(*t->at));
	t->row = nli_xmalloc(c->n, sizeof(*t->row));
	t->item = nli_xmalloc(c->n, sizeof(*t->item));
	for (uint64_t r = 0; r < c->n; r++)
		t->at[c->worker[r] + 2]++;
	for (uint32_t j = 0; j < c->n_worker; j++)
		t->at[j + 2] += t->at[j + 1];
	for (uint32_t i = 0; i < c->n_item; i++)
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			t->row[t->at[c->worker[r] + 1]++] = r;
			t->item[r] = i;
		}
}

static void matrices(struct state *t)
{
	const size_t K = t->c->n_class;

	memcpy(t->f->confusion, t->s, t->c->n_worker * K * K * sizeof(double));
	for (size_t j = 0; j < t->c->n_worker; j++)
		for (size_t k = 0; k < K; k++) {
			nli_softmax(t->f->confusion + (j * K + k) * K, (uint32_t)K);
			t->f->skill[j] +=
				t->f->confusion[(j * K + k) * K + k] / (double)K;
		}
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct nli_err *err)
{
	const size_t K = c->n_class;
	struct state t = { .c = c, .f = f, .lambda_w = .25 * (double)(K * K) };

	if (K > MAX_CLASS)
		return nli_fail(err, NLI_EINVAL, "minimax: %zu classes, wanted up to %d",
				K, MAX_CLASS);
	nli_crowd_fit_init(f, c, true);
	t.lambda_t = t.lambda_w * c->n_item / c->n_worker;
	t.s = nli_xcalloc(c->n_worker * K * K, sizeof(double));
	t.t = nli_xcalloc(c->n_item * K * K, sizeof(double));
	t.n_part = nli_crowd_parts(c, 0);
	t.change = nli_xcalloc(t.n_part, sizeof(double));
	index_workers(&t);
	for (uint32_t i = 0; i < c->n_item; i++) {
		nli_vote_share(c, i, f->post + i * K);
		nli_crowd_clamp(c, i, f->post + i * K);
	}
	while (f->iterations < o->max_iter && !f->converged) {
		double change = 0;

		nli_par(o->jobs, t.n_part, update_workers, &t);
		nli_par(o->jobs, t.n_part, update_items, &t);
		for (size_t p = 0; p < t.n_part; p++)
			change = fmax(change, t.change[p]);
		f->iterations++;
		f->converged = change <= o->tol;
	}
	matrices(&t);
	free(t.s);
	free(t.t);
	free(t.at);
	free(t.row);
	free(t.item);
	free(t.change);
	return 0;
}

const struct nli_crowd_method nli_crowd_minimax = {
	.name = "minimax",
	.about = "minimax conditional entropy: confusions of workers and of items",
	.paper = "Zhou, Liu, Platt, Meek, ICML 2014",
	.skill = "probability of the right label, mean over the classes",
	.max_iter = 50,
	.tol = 5e-3,
	.run = run,
};
