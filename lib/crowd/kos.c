/*
 * kos.c - iterative message passing (Karger, Oh, Shah, NIPS 2011; Operations
 * Research 62(1), 2014).
 *
 * Binary, A_ij = +-1 for a label of worker j on item i:
 *
 *	x_{i->j} = sum_{j' on i, not j} A_ij' y_{j'->i}
 *	y_{j->i} = sum_{i' of j, not i} A_i'j x_{i'->j}
 *
 * y begins with N(1,1) draws; the answer is the sign of sum_j A_ij y_{j->i}.
 * Messages are scaled to mean square 1 at each step (the answer does not change
 * and nothing overflows).  More than two classes: one against the rest for
 * each, and the highest sum wins.  100 iterations, 10 would do: ends when the
 * messages changed by less than 1e-6 of their size.
 *
 * The sums are no log odds.  post is the softmax of the sums over their root
 * mean square: the order is KOS's, the numbers are not calibrated.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

struct state {
	const struct nli_crowd *c;
	uint32_t class;
	double *x, *y; /* (n,) messages by row */
	double *sum;   /* (n_worker,) */
};

static double sign_of(const struct state *t, uint64_t r)
{
	return (t->c->label[r] == t->class ? 1 : -1) * nli_crowd_weight(t->c, r);
}

/* Box and Muller, from two hashes of (item, worker); the class is left out, so
 * that the two sides of a binary problem see the same draw. */
static double normal_draw(const struct nli_crowd *c, uint32_t i, uint32_t j,
			  uint64_t seed)
{
	const uint64_t h = nli_crowd_worker_hash(c, j, nli_crowd_item_hash(c, i, seed));
	const double u = 1 - nli_unit(nli_mix(h)), v = nli_unit(nli_mix(~h));

	return 1 + sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static void items_to_workers(struct state *t)
{
	const struct nli_crowd *c = t->c;

	memset(t->sum, 0, c->n_worker * sizeof(*t->sum));
	for (uint32_t i = 0; i < c->n_item; i++) {
		double sum = 0;

		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
			sum += sign_of(t, r) * t->y[r];
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			t->x[r] = sum - sign_of(t, r) * t->y[r];
			t->sum[c->worker[r]] += sign_of(t, r) * t->x[r];
		}
	}
}

/* New y, scaled; returns the greatest change. */
static double workers_to_items(struct state *t)
{
	const struct nli_crowd *c = t->c;
	double square = 0, change = 0, scale;

	for (uint64_t r = 0; r < c->n; r++) {
		t->x[r] = t->sum[c->worker[r]] - sign_of(t, r) * t->x[r];
		square += t->x[r] * t->x[r];
	}
	scale = square > 0 ? 1 / sqrt(square / (double)c->n) : 0;
	for (uint64_t r = 0; r < c->n; r++) {
		const double y = t->x[r] * scale;

		change = fmax(change, fabs(y - t->y[r]));
		t->y[r] = y;
	}
	return change;
}

static void one_class(struct state *t, const struct nli_crowd_opts *o,
		      struct nli_crowd_fit *f)
{
	const struct nli_crowd *c = t->c;
	bool done = false;
	int it = 0;

	for (uint32_t i = 0; i < c->n_item; i++)
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
			t->y[r] = normal_draw(c, i, c->worker[r], o->seed);
	for (; it < o->max_iter && !done; it++) {
		items_to_workers(t);
		done = workers_to_items(t) <= o->tol;
	}
	for (uint32_t i = 0; i < c->n_item; i++) {
		double *q = &f->post[(size_t)i * c->n_class + t->class];

		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
			*q += sign_of(t, r) * t->y[r];
	}
	for (uint64_t r = 0; r < c->n; r++)
		f->skill[c->worker[r]] += t->y[r] / c->n_class;
	f->iterations = it > f->iterations ? it : f->iterations;
	f->converged = f->converged && done;
}

static void scores_to_post(const struct nli_crowd *c, double *post)
{
	const size_t n = (size_t)c->n_item * c->n_class;
	double square = 0;

	for (size_t i = 0; i < n; i++)
		square += post[i] * post[i];
	for (size_t i = 0; i < n && square > 0; i++)
		post[i] /= sqrt(square / (double)n);
	for (uint32_t i = 0; i < c->n_item; i++, post += c->n_class) {
		nli_softmax(post, c->n_class);
		nli_crowd_clamp(c, i, post);
	}
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct nli_err *err)
{
	double *n = nli_crowd_worker_weight(c);
	struct state t = { .c = c };

	(void)err;
	nli_crowd_fit_init(f, c, false);
	f->converged = true;
	t.x = nli_xcalloc(c->n, sizeof(double));
	t.y = nli_xcalloc(c->n, sizeof(double));
	t.sum = nli_xcalloc(c->n_worker, sizeof(double));
	for (t.class = 0; t.class < c->n_class; t.class ++)
		one_class(&t, o, f);
	scores_to_post(c, f->post);
	for (uint32_t j = 0; j < c->n_worker; j++)
		f->skill[j] = n[j] > 0 ? f->skill[j] / n[j] : 0;
	free(t.x);
	free(t.y);
	free(t.sum);
	free(n);
	return 0;
}

const struct nli_crowd_method nli_crowd_kos = {
	.name = "kos",
	.about = "KOS message passing, one class against the rest beyond two",
	.paper = "Karger, Oh, Shah, NIPS 2011",
	.skill = "mean message: reliability up to scale",
	.flags = NLI_CROWD_RANDOM | NLI_CROWD_VOTES,
	.max_iter = 100,
	.tol = 1e-6,
	.run = run,
};
