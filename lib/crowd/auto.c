/* auto.c - see auto.h. */
#include "lib/crowd/auto.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/stats.h"

enum {
	MIN_GOLD = 20,
	FOLDS = 5,
	RESTARTS = 10,
	HELD_RESTARTS = 2, /* a start is judged, not kept */
	BIG = 1000000,
	BIG_RESTARTS = 2,
	EM_MAX = 1000
};

static const double SHRINK = 4, MIX = .01, LEAST_P = 1e-3, EM_TOL = 1e-6;

struct hold {
	const struct nli_crowd *c;
	const uint8_t *fold_of; /* (c->n,) */
	unsigned fold;
};

/* What each method gave to the hidden annotations. */
struct stack {
	size_t n_method, n; /* n: annotations hidden in some fold */
	float *p;           /* (n_method, n) */
};

static int is_hidden(const void *ctx, uint32_t i, uint64_t r)
{
	const struct hold *h = ctx;

	(void)i;
	return h->fold_of[r] == h->fold;
}

/*
 * A fold for each annotation, by hash of item and worker: whatever the order.  What a
 * worker says of an item goes together, but those without a name are many.
 */
static uint8_t *folds_of(const struct nli_crowd *c, uint64_t seed)
{
	uint8_t *fold = nli_xmalloc(c->n, sizeof(*fold));
	uint32_t seen[NLI_CROWD_MAX_CLASS];

	for (uint32_t i = 0; i < c->n_item; i++) {
		const uint64_t item = nli_crowd_item_hash(c, i, seed);

		memset(seen, 0, c->n_class * sizeof(*seen));
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			const uint32_t j = c->worker[r], k = c->label[r];
			uint64_t x = nli_crowd_worker_hash(c, j, item);

			if (j == c->nameless)
				x = nli_crowd_class_hash(c, k, x + seen[k]++);
			fold[r] = (uint8_t)(nli_mix(x) % FOLDS);
		}
	}
	return fold;
}

/* Many starts of one model cost more than they bring when there are many labels. */
static struct nli_crowd_opts bounded(const struct nli_crowd *c,
				     const struct nli_crowd_opts *o)
{
	struct nli_crowd_opts b = *o;

	if (b.restarts <= 0)
		b.restarts = c->n > BIG ? BIG_RESTARTS : RESTARTS;
	return b;
}

static struct nli_crowd_opts for_hidden(const struct nli_crowd_opts *o)
{
	struct nli_crowd_opts b = *o;

	b.restarts = b.restarts > HELD_RESTARTS ? HELD_RESTARTS : b.restarts;
	return b;
}

/* Matrices from counts weighted by q, shrunk to the pooled one: (W, true, said). */
static double *plug_in(const struct nli_crowd *c, const double *post)
{
	const size_t K = c->n_class, cells = c->n_worker * K * K;
	double *pi = nli_xcalloc(cells, sizeof(*pi));
	double *pool = nli_xmalloc(K * K, sizeof(*pool));

	for (size_t k = 0; k < K * K; k++)
		pool[k] = 1;
	for (uint32_t i = 0; i < c->n_item; i++)
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
			for (size_t k = 0; k < K; k++) {
				const double x = nli_crowd_weight(c, r) * post[i * K + k];

				pi[(c->worker[r] * K + k) * K + c->label[r]] += x;
				pool[k * K + c->label[r]] += x;
			}
	for (size_t k = 0; k < K; k++) {
		double sum = 0;

		for (size_t l = 0; l < K; l++)
			sum += pool[k * K + l];
		for (size_t l = 0; l < K; l++)
			pool[k * K + l] /= sum;
	}
	for (size_t at = 0; at < cells; at += K) {
		const double *p = pool + at % (K * K);
		double sum = SHRINK;

		for (size_t l = 0; l < K; l++)
			sum += pi[at + l];
		for (size_t l = 0; l < K; l++)
			pi[at + l] = (pi[at + l] + SHRINK * p[l]) / sum;
	}
	free(pool);
	return pi;
}

static void mean_shares(const struct nli_crowd *c, const double *post, double *share)
{
	memset(share, 0, c->n_class * sizeof(*share));
	for (uint32_t i = 0; i < c->n_item; i++)
		for (uint32_t k = 0; k < c->n_class; k++)
			share[k] += post[(size_t)i * c->n_class + k] / c->n_item;
}

/* The chance that q, made without them, gives to each hidden annotation of c. */
static size_t score_hidden(const struct hold *h, const struct nli_crowd *rest,
			   const double *post, float *to)
{
	const struct nli_crowd *c = h->c;
	const size_t K = c->n_class;
	double share[NLI_CROWD_MAX_CLASS], *pi = plug_in(rest, post);
	size_t n = 0;

	mean_shares(rest, post, share);
	for (uint32_t i = 0; i < c->n_item; i++) {
		if (rest->start[i + 1] == rest->start[i])
			continue;
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			double p = 0;

			if (!is_hidden(h, i, r))
				continue;
			for (size_t k = 0; k < K; k++)
				p += ((1 - MIX) * post[i * K + k] + MIX * share[k]) *
				     pi[(c->worker[r] * K + k) * K + c->label[r]];
			to[n++] = (float)fmax(p, 1e-30);
		}
	}
	free(pi);
	return n;
}

static void sum_up(const float *p, size_t n, struct nli_auto_row *row)
{
	struct nli_welford w = { 0 };

	for (size_t i = 0; i < n; i++)
		nli_welford_add(&w, log((double)p[i]));
	row->held = w.mean;
	row->n_held = w.n;
	row->held_se = w.n > 1 ? sqrt(nli_welford_var(&w) / (double)w.n) : 0;
}

/*
 * Hide each fifth of the annotations in turn, of a big table one: the rows of s->p,
 * in the order of a->row.  A method that cannot serve the table has no row.
 */
static void held_out(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		     struct nli_auto *a, struct stack *s)
{
	uint8_t *fold_of = folds_of(c, nli_mix(o->seed + 7));
	struct hold h = { c, fold_of, 0 };
	const struct nli_crowd_opts b = for_hidden(o);
	const unsigned folds = c->n > BIG ? 1 : FOLDS;
	const size_t room = c->n / (c->n > BIG ? FOLDS - 1 : 1); /* a fifth, and spare */

	s->p = nli_xmalloc(a->n * room, sizeof(*s->p));
	for (; h.fold < folds; h.fold++) {
		struct nli_crowd rest;
		size_t n = 0;

		nli_crowd_filter(&rest, c, is_hidden, &h);
		for (size_t m = 0; rest.n && rest.n < c->n && m < a->n; m++) {
			struct nli_crowd_fit f;

			if (nli_crowd_run(a->row[m].method, &rest, &b, &f, NULL))
				continue;
			n = score_hidden(&h, &rest, f.post, s->p + m * room + s->n);
			a->row[m].n_held += n;
			nli_crowd_fit_release(&f);
		}
		s->n += n;
		nli_crowd_release(&rest);
	}
	free(fold_of);
	for (size_t m = 0; m < a->n; m++) {
		if (a->row[m].n_held < s->n)
			continue;
		memmove(s->p + s->n_method * s->n, s->p + m * room, s->n * sizeof(*s->p));
		sum_up(s->p + s->n_method * s->n, s->n, &a->row[m]);
		a->row[s->n_method++] = a->row[m];
	}
	a->n = s->n_method;
}

/* One step of EM for the weights w of the mixture; how much the likest one moved. */
static double step(const struct stack *s, double *w)
{
	double sum[NLI_AUTO_MAX] = { 0 }, moved = 0;

	for (size_t i = 0; i < s->n; i++) {
		double part[NLI_AUTO_MAX], all = 0;

		for (size_t m = 0; m < s->n_method; m++)
			all += part[m] = w[m] * (double)s->p[m * s->n + i];
		for (size_t m = 0; m < s->n_method; m++)
			sum[m] += part[m] / all;
	}
	for (size_t m = 0; m < s->n_method; m++) {
		const double v = (1 + sum[m]) / (double)(s->n_method + s->n);

		moved = fmax(moved, fabs(v - w[m]));
		w[m] = v;
	}
	return moved;
}

static void weigh(const struct stack *s, struct nli_auto *a)
{
	double w[NLI_AUTO_MAX];

	for (size_t m = 0; m < s->n_method; m++)
		w[m] = 1. / (double)s->n_method;
	for (int it = 0; it < EM_MAX && step(s, w) > EM_TOL; it++)
		;
	for (size_t m = 0; m < s->n_method; m++)
		a->row[m].weight = w[m];
}

/* Hide the gold of one half; add up the log posterior of what was hidden. */
static void gold_half(struct nli_crowd *c, const int16_t *gold, unsigned half,
		      const struct nli_crowd_opts *o, struct nli_auto_row *row)
{
	struct nli_crowd_fit f;

	for (uint32_t i = 0; i < c->n_item; i++)
		c->gold[i] = (nli_crowd_item_hash(c, i, o->seed + 9) & 1) == half
				     ? -1
				     : gold[i];
	if (nli_crowd_run(row->method, c, o, &f, NULL))
		return;
	for (uint32_t i = 0; i < c->n_item; i++)
		if (gold[i] >= 0 && c->gold[i] < 0) {
			const double p = f.post[(size_t)i * c->n_class + (size_t)gold[i]];

			row->gold += log(fmax(p, LEAST_P));
			row->n_gold++;
		}
	nli_crowd_fit_release(&f);
}

static void by_gold(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		    struct nli_auto_row *row)
{
	struct nli_crowd copy = *c; /* shares all but gold */

	copy.gold = nli_xmalloc(c->n_item, sizeof(*copy.gold));
	for (unsigned half = 0; half < 2; half++)
		gold_half(&copy, c->gold, half, o, row);
	row->gold /= row->n_gold ? (double)row->n_gold : 1;
	free(copy.gold);
}

static uint64_t count_gold(const struct nli_crowd *c)
{
	uint64_t n = 0;

	for (uint32_t i = 0; c->gold && i < c->n_item; i++)
		n += c->gold[i] >= 0;
	return n;
}

/* The method that found hidden gold likeliest has all the weight. */
static void choose(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_auto *a)
{
	size_t best = 0;

	for (size_t m = 0; m < a->n; m++) {
		by_gold(c, o, &a->row[m]);
		a->row[m].weight = 0;
		best = a->row[m].n_gold && a->row[m].gold > a->row[best].gold ? m : best;
	}
	a->row[best].weight = 1;
}

static void add_part(struct nli_crowd_fit *to, const struct nli_crowd_fit *f, size_t n,
		     double weight)
{
	for (size_t i = 0; i < n; i++)
		to->post[i] += weight * f->post[i];
	to->iterations = f->iterations > to->iterations ? f->iterations : to->iterations;
	to->converged &= f->converged;
}

/* What is asked of a method beside posteriors, from those. */
static void describe(const struct nli_crowd *c, struct nli_crowd_fit *f)
{
	const size_t K = c->n_class;

	f->prior = nli_xcalloc(K, sizeof(*f->prior));
	f->skill = nli_xcalloc(c->n_worker, sizeof(*f->skill));
	mean_shares(c, f->post, f->prior);
	f->confusion = plug_in(c, f->post);
	for (size_t j = 0; j < c->n_worker; j++)
		for (size_t k = 0; k < K; k++)
			f->skill[j] += f->prior[k] * f->confusion[(j * K + k) * K + k];
}

static const struct nli_crowd_method stacked = {
	.name = "stacked",
	.about = "posteriors of several methods, averaged",
	.paper = "Yao, Vehtari, Simpson, Gelman, Bayesian Analysis 13(3), 2018",
	.skill = "probability of the right label",
};

/*
 * Run all on all annotations: fills rows, and *f by their weights.  Returns the
 * weight of those that could run: all, unless there was too little to hide.
 */
static double run_all(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		      struct nli_auto *a, struct nli_crowd_fit *f)
{
	const size_t cells = (size_t)c->n_item * c->n_class;
	double used = 0;

	*f = (struct nli_crowd_fit){ .method = &stacked, .converged = true };
	f->post = nli_xcalloc(cells, sizeof(*f->post));
	for (size_t m = 0; m < a->n; m++) {
		struct nli_auto_row *row = &a->row[m];
		struct nli_crowd_fit one;

		if (nli_crowd_run(row->method, c, o, &one, NULL))
			continue;
		used += row->weight;
		row->objective = one.objective;
		row->iterations = one.iterations;
		row->converged = one.converged;
		if (row->weight >= 1) { /* one alone: it has more to tell */
			nli_crowd_fit_release(f);
			*f = one;
			continue;
		}
		if (f->method == &stacked)
			add_part(f, &one, cells, row->weight);
		nli_crowd_fit_release(&one);
	}
	for (size_t i = 0; f->method == &stacked && used > 0 && i < cells; i++)
		f->post[i] /= used;
	if (f->method == &stacked)
		describe(c, f);
	return used;
}

int nli_crowd_auto(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_auto *a, struct nli_crowd_fit *best, struct nli_err *err)
{
	const struct nli_crowd_opts b = bounded(c, o);
	struct stack s = { 0 };

	memset(a, 0, sizeof(*a));
	memset(best, 0, sizeof(*best));
	a->by = count_gold(c) >= MIN_GOLD ? "gold" : "stacking";
	for (size_t m = 0; m < nli_crowd_n_method; m++)
		if (nli_crowd_methods[m]->flags & NLI_CROWD_AUTO)
			a->row[a->n++].method = nli_crowd_methods[m];
	held_out(c, &b, a, &s);
	weigh(&s, a);
	free(s.p);
	if (a->n && !strcmp(a->by, "gold"))
		choose(c, &b, a);
	if (a->n && run_all(c, &b, a, best) > 0)
		return 0;
	nli_crowd_fit_release(best);
	return nli_fail(err, NLI_EINVAL, "auto: no method could serve this table");
}
