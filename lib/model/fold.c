/* fold.c - see fold.h. */
#include "lib/model/fold.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/base/mem.h"

/* Unlabelled items are balanced too, as a class of their own. */
struct group {
	uint64_t rank; /* hash of (seed, group): the order among groups of one size */
	size_t first;  /* its labels begin here in sorted */
	size_t n;
	uint8_t fold;
};

static int by_size(const void *pa, const void *pb)
{
	const struct group *a = *(struct group *const *)pa;
	const struct group *b = *(struct group *const *)pb;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

static uint64_t rank_of(uint64_t group, uint64_t seed)
{
	return nli_mix(group ^ nli_mix(seed));
}

/* Whether the items of each group stand together, in the order of ranks. */
static bool is_ranked(size_t n, const uint64_t *group, uint64_t seed)
{
	uint64_t last = 0;

	for (size_t i = 0; i < n; i++) {
		const uint64_t rank = rank_of(group[i], seed);

		if (i && group[i] != group[i - 1] && rank <= last)
			return false;
		last = rank;
	}
	return true;
}

/* Number the groups of the items; returns how many, *out of them to free. */
static size_t find_groups(size_t n, const uint64_t *group, uint64_t seed, bool ranked,
			  uint32_t *of, struct group **out)
{
	struct nli_map64 map = { 0 };
	struct group *g = NULL;
	size_t n_group = 0, cap = 0;

	for (size_t i = 0; i < n; i++) {
		bool fresh = ranked && (!i || group[i] != group[i - 1]);
		uint64_t at = fresh ? n_group : i ? of[i - 1] : 0;

		if (!ranked) {
			uint64_t *found = nli_map64_put(&map, group[i], &fresh);

			at = *found = fresh ? n_group : *found;
		}
		if (fresh) {
			nli_grow(&g, &cap, n_group + 1, sizeof(*g));
			g[n_group++] = (struct group){ .rank = rank_of(group[i], seed) };
		}
		of[i] = (uint32_t)at;
		g[at].n++;
	}
	nli_map64_release(&map);
	*out = g;
	return n_group;
}

/*
 * How uneven the labels become if a group goes to fold f: the growth of
 * sum_c (count of c in f / count of c)^2, which is least for equal shares.
 */
static double cost(const double *load, const double *weight, const uint32_t *label,
		   size_t n)
{
	double sum = 0;

	/* Items one by one: (x + 1)^2 - x^2 = 2x + 1; twins inside a group are few. */
	for (size_t i = 0; i < n; i++)
		sum += (2 * load[label[i]] + 1) * weight[label[i]];
	return sum;
}

static void deal(struct group **order, size_t n_group, const uint32_t *label,
		 const double *weight, size_t n_label, size_t n_fold)
{
	double *load = nli_xcalloc(n_fold * n_label, sizeof(*load));

	for (size_t k = 0; k < n_group; k++) {
		struct group *g = order[k];
		/* Start at a fold of the group's own, so that ties do not fill the first. */
		size_t f = g->rank % n_fold;
		double least = 0;

		for (size_t j = 0; j < n_fold; j++, f = f + 1 < n_fold ? f + 1 : 0) {
			const double c =
				cost(load + f * n_label, weight, label + g->first, g->n);

			if (!j || c < least) {
				least = c;
				g->fold = (uint8_t)f;
			}
		}
		for (size_t i = 0; i < g->n; i++)
			load[g->fold * n_label + label[g->first + i]]++;
	}
	free(load);
}

/* In order by size; where the groups come by rank, a count of sizes does it. */
static struct group **order_groups(struct group *g, size_t n, bool ranked)
{
	struct group **order = nli_xmalloc(n, sizeof(*order));
	size_t *at, largest = 0;

	for (size_t k = 0; k < n; k++) {
		order[k] = &g[k];
		largest = g[k].n > largest ? g[k].n : largest;
	}
	if (!ranked) {
		qsort(order, n, sizeof(*order), by_size);
		return order;
	}
	at = nli_xcalloc(largest + 1, sizeof(*at));
	for (size_t k = 0; k < n; k++)
		at[largest - g[k].n]++;
	for (size_t s = 0, sum = 0; s <= largest; s++) {
		const size_t some = at[s];

		at[s] = sum;
		sum += some;
	}
	for (size_t k = 0; k < n; k++)
		order[at[largest - g[k].n]++] = &g[k];
	free(at);
	return order;
}

size_t nli_fold_groups(size_t n, const uint64_t *group, const int16_t *y, size_t n_class,
		       size_t n_fold, uint64_t seed, uint8_t *fold)
{
	uint32_t *of = nli_xmalloc(n, sizeof(*of)),
		 *label = nli_xmalloc(n, sizeof(*label));
	double *weight = nli_xcalloc(n_class + 1, sizeof(*weight));
	struct group *g = NULL, **order;
	const bool ranked = is_ranked(n, group, seed);
	const size_t n_group = find_groups(n, group, seed, ranked, of, &g);
	size_t at = 0;

	order = order_groups(g, n_group, ranked);
	for (size_t k = 0; k < n_group; k++) {
		g[k].first = at;
		at += g[k].n;
		g[k].n = 0;
	}
	for (size_t i = 0; i < n; i++) {
		const size_t c = y[i] < 0 ? n_class : (size_t)y[i];

		label[g[of[i]].first + g[of[i]].n++] = (uint32_t)c;
		weight[c]++;
	}
	for (size_t c = 0; c <= n_class; c++)
		weight[c] = weight[c] > 0 ? 1 / (weight[c] * weight[c]) : 0;
	deal(order, n_group, label, weight, n_class + 1, n_fold);
	for (size_t i = 0; i < n; i++)
		fold[i] = g[of[i]].fold;
	free(of);
	free(label);
	free(weight);
	free(order);
	free(g);
	return n_group;
}
