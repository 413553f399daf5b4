/* balance.c - see balance.h. */
#include "lib/model/balance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

/* Sweeps at most, and Newton's steps in one; the violation, in standard deviations, at which it is done; passes of flips. */
enum { SWEEPS = 60, STEPS = 8, FLIPS = 10 };
static const double DONE = 0.05, SMOOTH[] = { 1, 0.3, 0.1, 0.03 };
/* What a squared standard deviation of violation costs, in records. */
static const double VIOLATION = 300;

struct work {
	const struct nli_balance *b;
	struct nli_balanced *r;
	double smooth; /* delta */
	double *paid;  /* (n,) sum of the prices that a record pays */
	double *slack; /* (n_feat, n_label) */
	double *sd;  /* the same: of the sum of a fair sample of the feature's records */
	double *sum; /* the same: of a over the records that stay */
	size_t *of;  /* (n + 1,) features of a record */
	uint32_t *feat;
};

static double clip(double v)
{
	return v < 0 ? 0 : v > 1 ? 1 : v;
}

static double stay(const struct work *w, uint32_t r)
{
	const double t = (double)w->b->own[r];

	return clip(t + (t - w->paid[r]) / w->smooth);
}

static double coef(const struct work *w, uint32_t r, size_t y)
{
	return (double)(w->b->label[r] == y) - w->b->share[y];
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

			w->sd[f * b->n_label + y] =
				sqrt(fmax(n, 1) * fmax(p * (1 - p), 1e-6));
			w->slack[f * b->n_label + y] =
				b->slack[f] * w->sd[f * b->n_label + y];
		}
	}
}

/*
 * The sum of a x over the records of feature f if the price of y were by more,
 * and in *curve how fast it falls with it.
 */
static double sum_at(const struct work *w, size_t f, size_t y, double by, double *curve)
{
	const struct nli_balance *b = w->b;
	double sum = 0;

	*curve = 0;
	for (size_t k = b->start[f]; k < b->start[f + 1]; k++) {
		const uint32_t r = b->rec[k];
		const double t = (double)b->own[r], a = coef(w, r, y);
		const double x = t + (t - w->paid[r] - by * a) / w->smooth;

		sum += a * clip(x);
		*curve += x > 0 && x < 1 ? a * a / w->smooth : 0;
	}
	return sum;
}

/*
 * How much higher a price brings the sum to its target: Newton's steps, kept
 * between the ends that are known to be too low and too high, since the sum
 * falls with the price and has corners.
 */
static double step_to(const struct work *w, size_t f, size_t y, double target, double sum,
		      double curve)
{
	const bool up = sum > target;
	double low = 0, high = 0, at = 0, width = w->smooth;
	bool bracketed = false;

	for (int k = 0;
	     k < STEPS && fabs(sum - target) > DONE / 4 * w->sd[f * w->b->n_label + y];
	     k++) {
		double to = at + (sum - target) / fmax(curve, 1e-9);

		if (up == (sum > target))
			low = at;
		else
			high = at, bracketed = true;
		if (bracketed && (up ? to <= low || to >= high : to >= low || to <= high))
			to = (low + high) / 2;
		else if (!bracketed && fabs(to - at) > width) {
			to = at + (up ? width : -width);
			width *= 2;
		}
		at = to;
		sum = sum_at(w, f, y, at, &curve);
	}
	return at;
}

/* One price to where the dual is least along it; returns what was violated before. */
static double move_price(struct work *w, size_t f, size_t y)
{
	const struct nli_balance *b = w->b;
	const size_t at = f * b->n_label + y;
	const double old = w->r->price[at], slack = w->slack[at];
	double curve, sum = sum_at(w, f, y, 0, &curve), by;

	if (!(fabs(old) > 0) && fabs(sum) <= slack)
		return 0;
	by = step_to(w, f, y, (fabs(old) > 0 ? old > 0 : sum > 0) ? slack : -slack, sum,
		     curve);
	/* Behind nought the slack is on the other side: the price stops there. */
	if ((old > 0 && old + by < 0) || (old < 0 && old + by > 0))
		by = -old;
	for (size_t k = b->start[f]; k < b->start[f + 1]; k++)
		w->paid[b->rec[k]] += by * coef(w, b->rec[k], y);
	w->r->price[at] = old + by;
	return (fabs(sum) - slack) / w->sd[at];
}

static void sweep(struct work *w)
{
	const struct nli_balance *b = w->b;

	for (size_t k = 0; k < SWEEPS; k++, w->r->sweeps++) {
		double worst = 0;

		if (k % 10 == 0)
			set_slack(w);
		for (size_t f = 0; f < b->n_feat; f++)
			for (size_t y = 0; y < b->n_label; y++)
				worst = fmax(worst, move_price(w, f, y));
		w->r->worst = worst;
		if (worst < DONE)
			break;
	}
}

/* From prices that hold for a smooth problem to those of one that is nearly linear. */
static void ascend(struct work *w)
{
	const struct nli_balance *b = w->b;

	for (size_t f = 0; f < b->n_feat; f++)
		for (size_t k = b->start[f]; k < b->start[f + 1]; k++)
			for (size_t y = 0; y < b->n_label; y++)
				w->paid[b->rec[k]] += w->r->price[f * b->n_label + y] *
						      coef(w, b->rec[k], y);
	for (size_t d = 0; d < sizeof(SMOOTH) / sizeof(*SMOOTH); d++) {
		w->smooth = SMOOTH[d];
		sweep(w);
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
				       b->slack[f] * sqrt(n * p * (1 - p));
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
	/* In turns: what can be mended by bringing a record back must not cost one. */
	for (int pass = 0; flips && pass < FLIPS; pass++) {
		flips = pass % 2 ? 0 : 1;
		for (size_t k = 0; k < b->n; k++)
			if (w->r->keep[order[k].rec] == (pass % 2 > 0) &&
			    gain(w, order[k].rec) > 1e-9) {
				flip(w, order[k].rec);
				flips++;
			}
	}
	free(order);
}

void nli_balance_solve(const struct nli_balance *b, struct nli_balanced *r)
{
	const size_t n_price = b->n_feat * b->n_label;
	struct work w = { .b = b, .r = r, .smooth = 1 };

	if (!r->price)
		r->price = nli_xcalloc(n_price, sizeof(*r->price));
	r->keep = nli_xcalloc(b->n, sizeof(*r->keep));
	r->sweeps = 0;
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
