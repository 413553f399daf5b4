/* balance.c - see balance.h. */
#include "lib/model/balance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

/* Sweeps at most; the violation, in standard deviations, at which it is done; passes of flips. */
enum { SWEEPS = 300, FLIPS = 6 };
static const double DONE = 0.05;
/* What a squared standard deviation of violation costs, in records. */
static const double VIOLATION = 50;

struct work {
	const struct nli_balance *b;
	struct nli_balanced *r;
	double *paid;  /* (n,) sum of the prices that a record pays */
	double *slack; /* (n_feat, n_label) */
	double *sd;    /* the same: of the sum of a fair sample of the feature's records */
	double *sum;   /* the same: of a over the records that stay */
	size_t *of;    /* (n + 1,) features of a record */
	uint32_t *feat;
};

static double clip(double v)
{
	return v < 0 ? 0 : v > 1 ? 1 : v;
}

static double stay(const struct work *w, uint32_t r)
{
	return clip((double)w->b->own[r] - w->paid[r]);
}

static double coef(const struct work *w, uint32_t r, size_t y)
{
	return (double)(w->b->label[r] == y) - w->b->share[y];
}

static double soft(double v, double by)
{
	return v > by ? v - by : v < -by ? v + by : 0;
}

/* Size of what is allowed, by how much of the feature stays now. */
static void set_slack(struct work *w)
{
	const struct nli_balance *b = w->b;

	for (size_t f = 0; f < b->n_feat; f++) {
		double n = 0;

		for (size_t k = b->start[f]; k < b->start[f + 1]; k++)
			n += stay(w, b->rec[k]);
		for (size_t y = 0; y < b->n_label; y++) {
			const double p = b->share[y];

			w->sd[f * b->n_label + y] = sqrt(fmax(n, 1) * p * (1 - p));
			w->slack[f * b->n_label + y] =
				b->slack * w->sd[f * b->n_label + y];
		}
	}
}

/*
 * One price: the dual is minimised along it by a step that its curvature, at
 * most sum a^2, makes safe (proximal step; the slack is an l1 term).
 */
static double move_price(struct work *w, size_t f, size_t y)
{
	const struct nli_balance *b = w->b;
	const size_t at = f * b->n_label + y;
	double sum = 0, curve = 0, old = w->r->price[at], to;

	for (size_t k = b->start[f]; k < b->start[f + 1]; k++) {
		const double a = coef(w, b->rec[k], y), x = stay(w, b->rec[k]);

		sum += a * x;
		/* Where x is at an end and stays there, it does not bend. */
		curve += (x > 0 && x < 1) || fabs((double)b->own[b->rec[k]] -
						  w->paid[b->rec[k]] - x) < 0.1
				 ? a * a
				 : 0;
	}
	curve = fmax(curve, 0.5);
	to = soft(old + sum / curve, w->slack[at] / curve);
	for (size_t k = b->start[f]; fabs(to - old) > 0 && k < b->start[f + 1]; k++)
		w->paid[b->rec[k]] += (to - old) * coef(w, b->rec[k], y);
	w->r->price[at] = to;
	return (fabs(sum) - w->slack[at]) / w->sd[at];
}

static void ascend(struct work *w)
{
	const struct nli_balance *b = w->b;

	for (size_t f = 0; f < b->n_feat; f++)
		for (size_t k = b->start[f]; k < b->start[f + 1]; k++)
			for (size_t y = 0; y < b->n_label; y++)
				w->paid[b->rec[k]] += w->r->price[f * b->n_label + y] *
						      coef(w, b->rec[k], y);
	for (w->r->sweeps = 0; w->r->sweeps < SWEEPS; w->r->sweeps++) {
		double worst = 0;

		if (w->r->sweeps % 10 == 0)
			set_slack(w);
		for (size_t f = 0; f < b->n_feat; f++)
			for (size_t y = 0; y < b->n_label; y++)
				worst = fmax(worst, move_price(w, f, y));
		w->r->worst = worst;
		if (worst < DONE)
			break;
	}
}

/* The bound at the best of some scales of the prices; s as if all records were there. */
static double bound(const struct work *w)
{
	const struct nli_balance *b = w->b;
	double best = INFINITY;

	for (double scale = 0; scale < 8; scale += 0.25) {
		double sum = 0;

		for (size_t r = 0; r < b->n; r++)
			sum += fmax(0, (double)b->own[r] - scale * w->paid[r]);
		for (size_t f = 0; f < b->n_feat; f++)
			for (size_t y = 0; y < b->n_label; y++) {
				const double n = (double)(b->start[f + 1] - b->start[f]);
				const double p = b->share[y];

				sum += scale * fabs(w->r->price[f * b->n_label + y]) *
				       b->slack * sqrt(n * p * (1 - p));
			}
		best = fmin(best, sum);
	}
	return best;
}

static void index_records(struct work *w)
{
	const struct nli_balance *b = w->b;
	size_t *at;

	w->of = nli_xcalloc(b->n + 1, sizeof(*w->of));
	for (size_t k = 0; k < b->start[b->n_feat]; k++)
		w->of[b->rec[k] + 1]++;
	for (size_t r = 0; r < b->n; r++)
		w->of[r + 1] += w->of[r];
	at = nli_xmalloc(b->n + 1, sizeof(*at));
	memcpy(at, w->of, (b->n + 1) * sizeof(*at));
	w->feat = nli_xmalloc(w->of[b->n], sizeof(*w->feat));
	for (uint32_t f = 0; f < b->n_feat; f++)
		for (size_t k = b->start[f]; k < b->start[f + 1]; k++)
			w->feat[at[b->rec[k]]++] = f;
	free(at);
}

static double excess(const struct work *w, size_t at, double sum)
{
	const double over = (fabs(sum) - w->slack[at]) / w->sd[at];

	return over > 0 ? over * over : 0;
}

/* How much less is violated, in records, if record r changes sides. */
static double gain(const struct work *w, uint32_t r)
{
	const size_t n_label = w->b->n_label;
	const double sign = w->r->keep[r] ? -1 : 1;
	double less = 0;

	for (size_t k = w->of[r]; k < w->of[r + 1]; k++)
		for (size_t y = 0; y < n_label; y++) {
			const size_t at = w->feat[k] * n_label + y;

			less += excess(w, at, w->sum[at]) -
				excess(w, at, w->sum[at] + sign * coef(w, r, y));
		}
	return VIOLATION * less + sign * (double)w->b->own[r];
}

static void flip(struct work *w, uint32_t r)
{
	const size_t n_label = w->b->n_label;
	const double sign = w->r->keep[r] ? -1 : 1;

	for (size_t k = w->of[r]; k < w->of[r + 1]; k++)
		for (size_t y = 0; y < n_label; y++)
			w->sum[w->feat[k] * n_label + y] += sign * coef(w, r, y);
	w->r->keep[r] = !w->r->keep[r];
}

struct drawn {
	uint64_t chance;
	uint32_t rec;
};

static int by_chance(const void *a, const void *b)
{
	const struct drawn *x = a, *y = b;

	if (x->chance != y->chance)
		return x->chance < y->chance ? -1 : 1;
	return x->rec < y->rec ? -1 : x->rec > y->rec;
}

static void make_whole(struct work *w)
{
	const struct nli_balance *b = w->b;
	struct drawn *order = nli_xmalloc(b->n, sizeof(*order));
	size_t flips = 1;

	for (uint32_t r = 0; r < b->n; r++) {
		order[r] = (struct drawn){ nli_mix(b->chance[r]), r };
		if (nli_unit(b->chance[r]) < stay(w, r))
			flip(w, r);
	}
	if (b->n)
		qsort(order, b->n, sizeof(*order), by_chance);
	for (int pass = 0; flips && pass < FLIPS; pass++) {
		flips = 0;
		for (size_t k = 0; k < b->n; k++)
			if (gain(w, order[k].rec) > 1e-9) {
				flip(w, order[k].rec);
				flips++;
			}
	}
	free(order);
}

void nli_balance_solve(const struct nli_balance *b, struct nli_balanced *r)
{
	const size_t n_price = b->n_feat * b->n_label;
	struct work w = { .b = b, .r = r };

	if (!r->price)
		r->price = nli_xcalloc(n_price, sizeof(*r->price));
	r->keep = nli_xcalloc(b->n, sizeof(*r->keep));
	w.paid = nli_xcalloc(b->n, sizeof(*w.paid));
	w.slack = nli_xcalloc(n_price, sizeof(*w.slack));
	w.sd = nli_xcalloc(n_price, sizeof(*w.sd));
	w.sum = nli_xcalloc(n_price, sizeof(*w.sum));
	index_records(&w);
	ascend(&w);
	set_slack(&w);
	r->bound = bound(&w);
	make_whole(&w);
	free(w.paid);
	free(w.slack);
	free(w.sd);
	free(w.sum);
	free(w.of);
	free(w.feat);
}

void nli_balanced_release(struct nli_balanced *r)
{
	free(r->keep);
	free(r->price);
	memset(r, 0, sizeof(*r));
}
