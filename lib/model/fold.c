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

/* Number the groups of the items; returns how many, *out of them to free. */
static size_t find_groups(size_t n, const uint64_t *group, uint64_t seed, uint32_t *of,
			  struct group **out)
{
	struct nli_map64 map = { 0 };
	struct group *g = NULL;
	size_t n_group = 0, cap = 0;

	for (size_t i = 0; i < n; i++) {
		bool fresh;
		uint64_t *at = nli_map64_put(&map, group[i], &fresh);

		if (fresh) {
			nli_grow(&g, &cap, n_group + 1, sizeof(*g));
			g[n_group] = (struct group){ .rank = nli_mix(group[i] ^
								     nli_mix(seed)) };
			*at = n_group++;
		}
		of[i] = (uint32_t)*at;
		g[*at].n++;
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
		double least = 0;

		/* Start at a fold of the group's own, so that ties do not fill the first. */
		for (size_t j = 0; j < n_fold; j++) {
			const size_t f = (g->rank + j) % n_fold;
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

size_t nli_fold_groups(size_t n, const uint64_t *group, const int16_t *y, size_t n_class,
		       size_t n_fold, uint64_t seed, uint8_t *fold)
{
	uint32_t *of = nli_xmalloc(n, sizeof(*of)),
		 *label = nli_xmalloc(n, sizeof(*label));
	double *weight = nli_xcalloc(n_class + 1, sizeof(*weight));
	struct group *g = NULL, **order;
	const size_t n_group = find_groups(n, group, seed, of, &g);
	size_t at = 0;

	order = nli_xmalloc(n_group, sizeof(*order));
	for (size_t k = 0; k < n_group; k++) {
		g[k].first = at;
		at += g[k].n;
		g[k].n = 0;
		order[k] = &g[k];
	}
	for (size_t i = 0; i < n; i++) {
		const size_t c = y[i] < 0 ? n_class : (size_t)y[i];

		label[g[of[i]].first + g[of[i]].n++] = (uint32_t)c;
		weight[c]++;
	}
	for (size_t c = 0; c <= n_class; c++)
		weight[c] = weight[c] > 0 ? 1 / (weight[c] * weight[c]) : 0;
	qsort(order, n_group, sizeof(*order), by_size);
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
