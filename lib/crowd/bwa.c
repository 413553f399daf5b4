/*
 * bwa.c - Bayesian weighted average (Li, Rubinstein, Cohn, ICML 2019).
 *
 * Votes for class k against the rest are numbers y_ij in {0,1} with a precision
 * v_j of the worker and a value z_i of the item:
 *
 *	v_j = (a_v + n_j) / (b_v + sum_i (z_i - y_ij)^2)
 *	z_i = (lambda mu + sum_j v_j y_ij) / (lambda + sum_j v_j)
 *
 * with mu = mean z, a_v = 15, lambda = 1 and b_v = a_v c sum_i n_i z_i (1-z_i) / n
 * at the first z, the shares of the votes, c = 4 (1 - 1/K).  Ends when no z
 * moved by more than 1e-8 + 1e-3 z.  The K values of an item are scaled to sum
 * 1: the same winner as the paper's argmax.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

static const double A_V = 15, LAMBDA = 1, ATOL = 1e-8;

struct part {
	double *errors; /* (n_worker,) sum of w (z - y)^2 */
	double z_sum;
	uint64_t moved;
};

struct state {
	const struct nli_crowd *c;
	struct nli_crowd_fit *f;
	uint32_t class;
	double *v, *n, mu, rtol;
	bool first; /* z is the share of the votes */
	size_t n_part;
	struct part *part;
};

static double value_of(const struct state *t, uint32_t i)
{
	const struct nli_crowd *c = t->c;
	double num = t->first ? 0 : LAMBDA * t->mu, den = t->first ? 0 : LAMBDA;

	if (c->gold && c->gold[i] >= 0)
		return c->gold[i] == (int)t->class;
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		const double w =
			nli_crowd_weight(c, r) * (t->first ? 1 : t->v[c->worker[r]]);

		num += c->label[r] == t->class ? w : 0;
		den += w;
	}
	return den > 0 ? num / den : 1. / c->n_class;
}

static void pass_part(void *ctx, size_t part)
{
	struct state *t = ctx;
	const struct nli_crowd *c = t->c;
	struct part *p = &t->part[part];
	uint32_t from, to;

	memset(p->errors, 0, c->n_worker * sizeof(*p->errors));
	p->z_sum = 0;
	p->moved = 0;
	nli_crowd_part(c, t->n_part, part, &from, &to);
	for (uint32_t i = from; i < to; i++) {
		double *z = &t->f->post[(size_t)i * c->n_class + t->class];
		const double old = *z;

		*z = value_of(t, i);
		p->z_sum += *z;
		p->moved += fabs(*z - old) > ATOL + t->rtol * *z;
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			const double d = *z - (c->label[r] == t->class);

			p->errors[c->worker[r]] += nli_crowd_weight(c, r) * d * d;
		}
	}
}

/* One pass over the items; errors of all parts end up in the first. */
static uint64_t pass(struct state *t, unsigned jobs)
{
	uint64_t moved = 0;
	double sum = 0;

	nli_par(nli_crowd_jobs(t->c, jobs, t->c->n_class), t->n_part, pass_part, t);
	for (size_t k = 0; k < t->n_part; k++) {
		moved += t->part[k].moved;
		sum += t->part[k].z_sum;
		for (uint32_t j = 0; k && j < t->c->n_worker; j++)
			t->part[0].errors[j] += t->part[k].errors[j];
	}
	t->mu = sum / t->c->n_item;
	return moved;
}

/* sum over rows of z (1 - z), for b_v. */
static double spread(const struct state *t)
{
	const struct nli_crowd *c = t->c;
	double sum = 0, n = 0;

	for (uint32_t i = 0; i < c->n_item; i++) {
		const double z = t->f->post[(size_t)i * c->n_class + t->class];

		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			sum += nli_crowd_weight(c, r) * z * (1 - z);
			n += nli_crowd_weight(c, r);
		}
	}
	return sum / n;
}

static void one_class(struct state *t, const struct nli_crowd_opts *o)
{
	const uint32_t W = t->c->n_worker;
	double b_v;
	int it = 0;
	bool done = false;

	t->first = true;
	pass(t, o->jobs);
	t->first = false;
	b_v = A_V * spread(t) * 4 * (1 - 1. / t->c->n_class);
	while (it < o->max_iter && !done) {
		for (uint32_t j = 0; j < W; j++)
			t->v[j] = (A_V + t->n[j]) /
				  fmax(b_v + t->part[0].errors[j], 1e-300);
		done = !pass(t, o->jobs);
		it++;
	}
	t->f->iterations = it > t->f->iterations ? it : t->f->iterations;
	t->f->converged = t->f->converged && done;
	for (uint32_t j = 0; j < W; j++)
		t->f->skill[j] += t->v[j] / t->c->n_class;
}

static void scale_rows(const struct nli_crowd *c, double *post)
{
	for (uint32_t i = 0; i < c->n_item; i++, post += c->n_class) {
		double sum = 0;

		for (uint32_t k = 0; k < c->n_class; k++)
			sum += post[k];
		if (!(sum > 0))
			nli_vote_share(c, i, post);
		for (uint32_t k = 0; sum > 0 && k < c->n_class; k++)
			post[k] /= sum;
	}
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct nli_err *err)
{
	const size_t bytes = c->n_worker * sizeof(double);
	struct state t = { .c = c, .f = f, .rtol = o->tol };

	(void)err;
	nli_crowd_fit_init(f, c, false);
	f->converged = true;
	t.n = nli_crowd_worker_weight(c);
	t.v = nli_xcalloc(c->n_worker, sizeof(double));
	t.n_part = nli_crowd_parts(c, bytes);
	t.part = nli_xcalloc(t.n_part, sizeof(*t.part));
	for (size_t p = 0; p < t.n_part; p++)
		t.part[p].errors = nli_xmalloc(bytes, 1);
	for (t.class = 0; t.class < c->n_class; t.class ++)
		one_class(&t, o);
	scale_rows(c, f->post);
	for (size_t p = 0; p < t.n_part; p++)
		free(t.part[p].errors);
	free(t.part);
	free(t.v);
	free(t.n);
	return 0;
}

const struct nli_crowd_method nli_crowd_bwa = {
	.name = "bwa",
	.about = "Bayesian weighted average of votes, one class against the rest",
	.paper = "Li, Rubinstein, Cohn, ICML 2019",
	.skill = "precision of a vote, mean over the classes",
	.flags = NLI_CROWD_AUTO | NLI_CROWD_VOTES,
	.max_iter = 500,
	.tol = 1e-3,
	.run = run,
};
