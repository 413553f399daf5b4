/* agree.c - see agree.h. */
#include "lib/crowd/agree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

enum { GROUPS = 64 };

static const double T63 = 1.9983405425207; /* .975 quantile of Student's t, 63 df */

/* Sums over the items of a group, or over all but it. */
struct sums {
	double items, percent, pairs_right; /* sum of n_ik (n_ik - 1) / (n_i - 1) */
	double n;
};

struct tally {
	struct sums s;
	double *label; /* (n_class,) n_k */
};

struct figures {
	double percent, alpha, kappa;
};

static bool figures_of(const struct sums *s, const double *label, uint32_t K,
		       struct figures *f)
{
	double squares = 0, expected = 0;

	for (uint32_t k = 0; k < K; k++) {
		squares += label[k] / s->n * (label[k] / s->n);
		expected += label[k] * (label[k] - 1) / (s->n * (s->n - 1));
	}
	if (!(s->items >= 1) || !(1 - expected > 1e-12) || !(1 - squares > 1e-12))
		return false;
	f->percent = s->percent / s->items;
	f->alpha = 1 - (1 - s->pairs_right / s->n) / (1 - expected);
	f->kappa = (f->percent - squares) / (1 - squares);
	return true;
}

/* n_ik of an item, weighted; returns n_i. */
static double count_item(const struct nli_crowd *c, uint32_t i, double *n)
{
	double sum = 0;

	memset(n, 0, c->n_class * sizeof(*n));
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		n[c->label[r]] += nli_crowd_weight(c, r);
		sum += nli_crowd_weight(c, r);
	}
	return sum;
}

static void add_item(const struct nli_crowd *c, uint32_t i, struct tally *group,
		     struct nli_agree *a, double *pairs, double *chances)
{
	double n[NLI_CROWD_MAX_CLASS], right = 0;
	const double n_i = count_item(c, i, n);
	struct tally *t = &group[nli_crowd_item_hash(c, i, 0) % GROUPS];

	if (n_i < 2 - 1e-6)
		return;
	a->items++;
	a->labels += n_i;
	for (uint32_t k = 0; k < c->n_class; k++) {
		const double same = n[k] * fmax(n[k] - 1, 0);

		right += same;
		pairs[k] += same;
		chances[k] += n[k] * (n_i - 1);
		t->label[k] += n[k];
		a->label[k].n += n[k];
	}
	t->s.items++;
	t->s.n += n_i;
	t->s.percent += right / (n_i * (n_i - 1));
	t->s.pairs_right += right / (n_i - 1);
}

static struct sums minus(struct sums a, const struct sums *b)
{
	a.items -= b->items;
	a.percent -= b->percent;
	a.pairs_right -= b->pairs_right;
	a.n -= b->n;
	return a;
}

static void add(struct tally *to, const struct tally *t, uint32_t K)
{
	to->s.items += t->s.items;
	to->s.percent += t->s.percent;
	to->s.pairs_right += t->s.pairs_right;
	to->s.n += t->s.n;
	for (uint32_t k = 0; k < K; k++)
		to->label[k] += t->label[k];
}

static struct nli_interval jackknife(double value, const double *x, int n)
{
	double mean = 0, ss = 0, half;

	for (int g = 0; g < n; g++)
		mean += x[g] / n;
	for (int g = 0; g < n; g++)
		ss += (x[g] - mean) * (x[g] - mean);
	half = n > 1 ? T63 * sqrt(ss * (n - 1) / n) : 1;
	return (struct nli_interval){ fmax(value - half, -1), fmin(value + half, 1) };
}

static void intervals(const struct tally *all, const struct tally *group, uint32_t K,
		      struct nli_agree *a)
{
	double percent[GROUPS], alpha[GROUPS], kappa[GROUPS];
	double *label = nli_xmalloc(K, sizeof(*label));
	int n = 0;

	for (int g = 0; g < GROUPS; g++) {
		const struct sums rest = minus(all->s, &group[g].s);
		struct figures f;

		for (uint32_t k = 0; k < K; k++)
			label[k] = all->label[k] - group[g].label[k];
		if (group[g].s.items <= 0 || !figures_of(&rest, label, K, &f))
			continue;
		percent[n] = f.percent;
		alpha[n] = f.alpha;
		kappa[n++] = f.kappa;
	}
	a->percent_ci = jackknife(a->percent, percent, n);
	a->percent_ci.lo = fmax(a->percent_ci.lo, 0);
	a->alpha_ci = jackknife(a->alpha, alpha, n);
	a->kappa_ci = jackknife(a->kappa, kappa, n);
	free(label);
}

void nli_agree(const struct nli_crowd *c, bool (*in)(const void *ctx, uint32_t item),
	       const void *ctx, struct nli_agree *a)
{
	const uint32_t K = c->n_class;
	double *cells = nli_xcalloc((size_t)K * (GROUPS + 3), sizeof(*cells));
	double *pairs = cells, *chances = cells + K;
	struct tally all = { .label = cells + 2 * K }, group[GROUPS];
	struct figures f;

	memset(a, 0, sizeof(*a));
	memset(group, 0, sizeof(group));
	a->label = nli_xcalloc(K, sizeof(*a->label));
	for (uint32_t g = 0; g < GROUPS; g++)
		group[g].label = cells + (3 + g) * (size_t)K;
	for (uint32_t i = 0; i < c->n_item; i++)
		if (!in || in(ctx, i))
			add_item(c, i, group, a, pairs, chances);
	for (uint32_t g = 0; g < GROUPS; g++)
		add(&all, &group[g], K);
	for (uint32_t k = 0; k < K; k++) {
		a->label[k].defined = chances[k] > 0;
		a->label[k].agreement = chances[k] > 0 ? pairs[k] / chances[k] : 0;
	}
	a->defined = figures_of(&all.s, all.label, K, &f);
	if (a->defined) {
		a->percent = f.percent;
		a->alpha = f.alpha;
		a->kappa = f.kappa;
		intervals(&all, group, K, a);
	}
	free(cells);
}

void nli_agree_release(struct nli_agree *a)
{
	free(a->label);
	memset(a, 0, sizeof(*a));
}
