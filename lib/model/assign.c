/* assign.c - see assign.h. */
#include "lib/model/assign.h"

#include <math.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

void nli_assign_hash(const struct nli_assign *a)
{
	double all = 0;

	for (size_t p = 0; p < a->n_part; p++)
		all += a->closed[p] ? 0 : a->want[p];
	for (size_t g = 0; g < a->n_group; g++) {
		double left = nli_unit(a->hash[g]) * all;
		size_t last = 0;

		if (a->part[g] != NLI_NO_PART)
			continue;
		for (size_t p = 0; p < a->n_part && left >= 0; p++)
			if (!a->closed[p] && a->want[p] > 0) {
				left -= a->want[p];
				last = p;
			}
		a->part[g] = (uint16_t)last;
	}
}

struct state {
	const struct nli_assign *a;
	double *have;    /* (n_part,) records given so far */
	double *cell;    /* (n_part, n_stratum) */
	double *stratum; /* (n_stratum,) of all records */
	double n;        /* records */
};

static size_t first_cell(const struct nli_assign *a, size_t g)
{
	return g ? a->cell_end[g - 1] : 0;
}

static void give(struct state *s, size_t g, size_t p, double sign)
{
	const struct nli_assign *a = s->a;

	s->have[p] += sign * (double)a->size[g];
	for (size_t c = first_cell(a, g); c < a->cell_end[g]; c++)
		s->cell[p * a->n_stratum + a->cell[c].stratum] += sign * a->cell[c].n;
}

/* The growth of (have - want)^2 / want when n are added; a want below 1 counts as 1. */
static double growth(double n, double have, double want)
{
	return n * (n + 2 * (have - want)) / (want > 1 ? want : 1);
}

/*
 * How much farther from what is wanted part p is with group g: Pearson's
 * chi-square over the part's size and its strata, so that small parts and rare
 * strata count as much as large ones.
 */
static double cost(const struct state *s, size_t g, size_t p)
{
	const struct nli_assign *a = s->a;
	double sum = growth((double)a->size[g], s->have[p], a->want[p]);

	for (size_t c = first_cell(a, g); c < a->cell_end[g]; c++) {
		const uint32_t k = a->cell[c].stratum;

		sum += growth(a->cell[c].n, s->cell[p * a->n_stratum + k],
			      a->want[p] * s->stratum[k] / s->n);
	}
	return sum;
}

struct turn {
	uint64_t size, hash;
	size_t g;
};

static int by_size(const void *x, const void *y)
{
	const struct turn *a = x, *b = y;

	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	return (a->hash > b->hash) - (a->hash < b->hash);
}

static struct turn *in_turn(const struct nli_assign *a, size_t *n)
{
	struct turn *t = nli_xmalloc(a->n_group, sizeof(*t));

	*n = 0;
	for (size_t g = 0; g < a->n_group; g++)
		if (a->part[g] == NLI_NO_PART)
			t[(*n)++] = (struct turn){ a->size[g], a->hash[g], g };
	qsort(t, *n, sizeof(*t), by_size);
	return t;
}

static size_t cheapest(const struct state *s, size_t g)
{
	const struct nli_assign *a = s->a;
	size_t best = a->n_part;
	double least = INFINITY;

	for (size_t p = 0; p < a->n_part; p++) {
		double c;

		if (a->closed[p] || !(a->want[p] > 0))
			continue;
		c = cost(s, g, p);
		if (c < least) {
			least = c;
			best = p;
		}
	}
	return best;
}

/* Give each group a second choice, now that all have a place, until none takes it. */
static void refine(struct state *s, const struct turn *t, size_t n)
{
	const struct nli_assign *a = s->a;
	bool moved = true;

	for (int round = 0; moved && round < 16; round++) {
		moved = false;
		for (size_t i = 0; i < n; i++) {
			const size_t g = t[i].g, from = a->part[g];
			size_t to;

			give(s, g, from, -1);
			to = cheapest(s, g);
			/* Only for a gain that rounding cannot make up. */
			if (to != from && cost(s, g, to) > cost(s, g, from) - 1e-9)
				to = from;
			give(s, g, to, 1);
			a->part[g] = (uint16_t)to;
			moved |= to != from;
		}
	}
}

/*
 * Move groups, the smallest that were placed first, from parts that are too
 * large to parts that are too small, as long as both come closer to their size.
 */
static void settle(struct state *s, const struct turn *t, size_t n)
{
	const struct nli_assign *a = s->a;
	bool moved = true;

	for (int round = 0; moved && round < 8; round++) {
		moved = false;
		for (size_t i = n; i--;) {
			const size_t g = t[i].g, from = a->part[g];
			const double size = (double)a->size[g];
			size_t to = a->n_part;

			if (s->have[from] - a->want[from] < size)
				continue;
			for (size_t p = 0; p < a->n_part; p++)
				if (!a->closed[p] && a->want[p] - s->have[p] >= size &&
				    (to == a->n_part || cost(s, g, p) < cost(s, g, to)))
					to = p;
			if (to == a->n_part)
				continue;
			give(s, g, from, -1);
			give(s, g, to, 1);
			a->part[g] = (uint16_t)to;
			moved = true;
		}
	}
}

static int check_sizes(const struct nli_assign *a, const struct turn *t, size_t n,
		       struct nli_err *err)
{
	double room = 0;

	for (size_t p = 0; p < a->n_part; p++)
		if (!a->closed[p] && a->want[p] > room)
			room = a->want[p];
	if (n && (double)t[0].size > ceil(room))
		return nli_fail(err, NLI_EINVAL,
				"a group of %llu records must not be cut, but the "
				"largest part is to have %.0f",
				(unsigned long long)t[0].size, room);
	return 0;
}

int nli_assign_balance(const struct nli_assign *a, struct nli_err *err)
{
	struct state s = { .a = a };
	size_t n;
	struct turn *t = in_turn(a, &n);
	const int rc = check_sizes(a, t, n, err);

	s.have = nli_xcalloc(a->n_part, sizeof(*s.have));
	s.cell = nli_xcalloc(a->n_part * a->n_stratum, sizeof(*s.cell));
	s.stratum = nli_xcalloc(a->n_stratum, sizeof(*s.stratum));
	for (size_t g = 0; g < a->n_group; g++) {
		s.n += (double)a->size[g];
		for (size_t c = first_cell(a, g); c < a->cell_end[g]; c++)
			s.stratum[a->cell[c].stratum] += a->cell[c].n;
		if (a->part[g] != NLI_NO_PART)
			give(&s, g, a->part[g], 1);
	}
	for (size_t i = 0; !rc && i < n; i++) {
		a->part[t[i].g] = (uint16_t)cheapest(&s, t[i].g);
		give(&s, t[i].g, a->part[t[i].g], 1);
	}
	if (!rc) {
		refine(&s, t, n);
		settle(&s, t, n);
	}
	free(s.have);
	free(s.cell);
	free(s.stratum);
	free(t);
	return rc;
}
