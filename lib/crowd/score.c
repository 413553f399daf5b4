/* score.c - see score.h. */
#include "lib/crowd/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/fit.h"

enum { GROUPS = 64 };

static const double Z95 = 1.9599639845400545, T63 = 1.9983405425207;

/* A probability of 0 would make the log loss infinite; this is sklearn's floor. */
static const double LEAST_P = 1e-15;

/* Expected confusion of an item: (said, true) cells of one group. */
struct cells {
	double *hit, *said, *true_; /* (n_class,) */
};

static double macro_f1(const struct cells *all, const struct cells *less, uint32_t K)
{
	double sum = 0;
	int n = 0;

	for (uint32_t k = 0; k < K; k++) {
		const double hit = all->hit[k] - (less ? less->hit[k] : 0);
		const double said = all->said[k] - (less ? less->said[k] : 0);
		const double have = all->true_[k] - (less ? less->true_[k] : 0);

		if (all->said[k] + all->true_[k] <= 0)
			continue;
		n++;
		sum += said + have > 1e-9 ? 2 * hit / (said + have) : 0;
	}
	return n ? sum / n : 0;
}

static struct nli_interval around(double mean, double half)
{
	return (struct nli_interval){ fmax(mean - half, 0), mean + half };
}

static struct nli_interval mean_ci(const struct nli_welford *w)
{
	return around(w->mean,
		      w->n > 1 ? Z95 * sqrt(nli_welford_var(w) / (double)w->n) : 1);
}

struct scoring {
	const struct nli_crowd *c;
	struct nli_score *s;
	struct nli_welford brier, log_loss;
	struct cells all, group[GROUPS];
};

static void to_bin(struct nli_score *s, double top, double right)
{
	int b = (int)(top * NLI_SCORE_BINS);

	b = b < 0 ? 0 : b >= NLI_SCORE_BINS ? NLI_SCORE_BINS - 1 : b;
	s->bin[b].n++;
	s->bin[b].mean_p += top;
	s->bin[b].right += right;
}

static void add_item(struct scoring *g, uint32_t i, const double *p, int32_t truth)
{
	const uint32_t K = g->c->n_class;
	const unsigned ties = nli_crowd_ties(p, K);
	struct cells *cell = &g->group[nli_crowd_item_hash(g->c, i, 0) % GROUPS];
	const bool known = truth < (int32_t)K;
	double top = 0, brier = known ? 0 : 1, right = 0;

	for (uint32_t k = 0; k < K; k++)
		top = p[k] > top ? p[k] : top;
	for (uint32_t k = 0; k < K; k++) {
		const double share = p[k] >= top * (1 - NLI_CROWD_TIE) ? 1. / ties : 0;
		const bool is = (int32_t)k == truth;

		cell->said[k] += share;
		cell->hit[k] += is ? share : 0;
		cell->true_[k] += is;
		right += is ? share : 0;
		brier += (p[k] - is) * (p[k] - is);
	}
	g->s->n++;
	g->s->right += right;
	to_bin(g->s, top, right);
	nli_welford_add(&g->brier, brier);
	nli_welford_add(&g->log_loss, -log(known ? fmax(p[truth], LEAST_P) : LEAST_P));
}

static void add_groups(struct scoring *g)
{
	const uint32_t K = g->c->n_class;

	for (int j = 0; j < GROUPS; j++)
		for (uint32_t k = 0; k < 3 * K; k++)
			g->all.hit[k] +=
				g->group[j].hit[k]; /* hit, said, true_ are one block */
}

static void f1_interval(struct scoring *g)
{
	const uint32_t K = g->c->n_class;
	double x[GROUPS], mean = 0, ss = 0;

	for (int j = 0; j < GROUPS; j++) {
		x[j] = macro_f1(&g->all, &g->group[j], K);
		mean += x[j] / GROUPS;
	}
	for (int j = 0; j < GROUPS; j++)
		ss += (x[j] - mean) * (x[j] - mean);
	g->s->f1_ci = around(g->s->macro_f1, T63 * sqrt(ss * (GROUPS - 1) / GROUPS));
	g->s->f1_ci.hi = fmin(g->s->f1_ci.hi, 1);
}

static void per_class(struct scoring *g)
{
	for (uint32_t k = 0; k < g->c->n_class; k++) {
		struct nli_score_class *r = &g->s->by_class[k];
		const struct cells *a = &g->all;

		r->n = (uint64_t)llround(a->true_[k]);
		r->precision = a->said[k] > 0 ? a->hit[k] / a->said[k] : 0;
		r->recall = a->true_[k] > 0 ? a->hit[k] / a->true_[k] : 0;
		r->f1 = a->said[k] + a->true_[k] > 0
				? 2 * a->hit[k] / (a->said[k] + a->true_[k])
				: 0;
	}
}

static void finish(struct scoring *g)
{
	struct nli_score *s = g->s;
	const double n = (double)s->n;

	add_groups(g);
	s->accuracy = s->right / n;
	s->accuracy_ci = nli_wilson_real(s->right, n, .95);
	s->macro_f1 = macro_f1(&g->all, NULL, g->c->n_class);
	f1_interval(g);
	s->brier = g->brier.mean;
	s->brier_ci = mean_ci(&g->brier);
	s->log_loss = g->log_loss.mean;
	s->log_loss_ci = mean_ci(&g->log_loss);
	for (int b = 0; b < NLI_SCORE_BINS; b++) {
		struct nli_score_bin *bin = &s->bin[b];

		if (!bin->n)
			continue;
		s->ece += fabs(bin->mean_p - bin->right) / n;
		bin->mean_p /= (double)bin->n;
		bin->right /= (double)bin->n;
	}
	per_class(g);
}

void nli_score(const struct nli_crowd *c, const double *post, const int32_t *truth,
	       struct nli_score *s)
{
	const size_t K = c->n_class;
	double *block = nli_xcalloc(3 * K * (GROUPS + 1), sizeof(*block));
	struct scoring g = { .c = c, .s = s };

	memset(s, 0, sizeof(*s));
	s->by_class = nli_xcalloc(K, sizeof(*s->by_class));
	for (size_t j = 0; j <= GROUPS; j++) {
		double *at = block + 3 * K * j;

		*(j < GROUPS ? &g.group[j] : &g.all) =
			(struct cells){ at, at + K, at + 2 * K };
	}
	for (uint32_t i = 0; i < c->n_item; i++)
		if (truth[i] >= 0 && c->start[i + 1] > c->start[i])
			add_item(&g, i, post + i * K, truth[i]);
	if (s->n)
		finish(&g);
	free(block);
}

void nli_score_release(struct nli_score *s)
{
	free(s->by_class);
	memset(s, 0, sizeof(*s));
}
