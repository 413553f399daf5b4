/* auto.c - see auto.h. */
#include "lib/crowd/auto.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/stats.h"

enum { MIN_GOLD = 20, FOLDS = 5, RESTARTS = 10, BIG = 1000000, BIG_RESTARTS = 2 };

static const double SHRINK = 4, MIX = .01, LEAST_P = 1e-3;

struct hold {
	const struct nli_crowd *c;
	uint64_t seed;
};

static int is_hidden(const void *ctx, uint32_t i, uint64_t r)
{
	const struct hold *h = ctx;
	const uint64_t x = nli_crowd_worker_hash(h->c, h->c->worker[r],
						 nli_crowd_item_hash(h->c, i, h->seed));

	return nli_mix(x) % FOLDS == 0;
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

/* How well q, made without them, predicts the hidden annotations of c. */
static void score_hidden(const struct hold *h, const struct nli_crowd *rest,
			 const double *post, struct nli_auto_row *row)
{
	const struct nli_crowd *c = h->c;
	const size_t K = c->n_class;
	double share[NLI_CROWD_MAX_CLASS], *pi = plug_in(rest, post);
	struct nli_welford w = { 0 };

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
			nli_welford_add(&w, log(fmax(p, 1e-300)));
		}
	}
	row->held = w.mean;
	row->n_held = w.n;
	row->held_se = w.n > 1 ? sqrt(nli_welford_var(&w) / (double)w.n) : 0;
	free(pi);
}

static void held_out(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		     struct nli_auto_row *row)
{
	const struct hold h = { c, nli_mix(o->seed + 7) };
	struct nli_crowd rest;
	struct nli_crowd_fit f;

	nli_crowd_filter(&rest, c, is_hidden, &h);
	if (rest.n && rest.n < c->n && !nli_crowd_run(row->method, &rest, o, &f, NULL)) {
		score_hidden(&h, &rest, f.post, row);
		nli_crowd_fit_release(&f);
	}
	nli_crowd_release(&rest);
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

static bool is_better(const struct nli_auto *a, const struct nli_auto_row *x,
		      const struct nli_auto_row *best)
{
	const bool elbo = x->method->objective && !strcmp(x->method->objective, "ELBO");

	if (!strcmp(a->by, "gold"))
		return x->n_gold && (!best || x->gold > best->gold);
	return elbo && (!best || x->objective > best->objective);
}

static uint64_t count_gold(const struct nli_crowd *c)
{
	uint64_t n = 0;

	for (uint32_t i = 0; c->gold && i < c->n_item; i++)
		n += c->gold[i] >= 0;
	return n;
}

int nli_crowd_auto(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_auto *a, struct nli_crowd_fit *best, struct nli_err *err)
{
	const struct nli_crowd_opts b = bounded(c, o);
	struct nli_auto_row *winner = NULL;

	memset(a, 0, sizeof(*a));
	memset(best, 0, sizeof(*best));
	a->by = count_gold(c) >= MIN_GOLD ? "gold" : "ELBO";
	for (size_t m = 0; m < nli_crowd_n_method; m++) {
		struct nli_auto_row *row = &a->row[a->n];
		struct nli_crowd_fit f;

		if (!(nli_crowd_methods[m]->flags & NLI_CROWD_AUTO) ||
		    nli_crowd_run(nli_crowd_methods[m], c, &b, &f, NULL))
			continue;
		a->n++;
		row->method = nli_crowd_methods[m];
		row->objective = f.objective;
		row->iterations = f.iterations;
		row->converged = f.converged;
		held_out(c, &b, row);
		if (!strcmp(a->by, "gold"))
			by_gold(c, &b, row);
		if (is_better(a, row, winner)) {
			nli_crowd_fit_release(best);
			*best = f;
			winner = row;
		} else {
			nli_crowd_fit_release(&f);
		}
	}
	if (!winner)
		return nli_fail(err, NLI_EINVAL,
				"auto: no method could serve this table");
	winner->chosen = true;
	return 0;
}
