/*
 * Unit tests of the regular assignment: what must hold of every one, on random
 * instances of any shape; the value against the best of all where all can be
 * tried; the bound above it; what cannot be assigned is said in words.
 */
#include "tests/unit/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/edit/regular.h"

enum { MOST = 64 };

struct instance {
	uint32_t cls[MOST], cand[MOST * MOST];
	size_t start[MOST + 1];
	double weight[MOST * MOST];
	struct nli_regular p;
};

/* n items in classes of at most most, each pair a candidate with chance density. */
static void draw(struct instance *x, size_t n, size_t b, size_t most, double density,
		 uint64_t seed)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++)
		x->cls[i] = (uint32_t)(i / most);
	for (size_t i = 0; i < n; i++) {
		x->start[i] = at;
		for (size_t j = 0; j < n; j++) {
			const uint64_t h = nli_mix(seed ^ nli_mix(i * MOST + j));

			if (x->cls[i] == x->cls[j] || nli_unit(h) >= density)
				continue;
			x->cand[at] = (uint32_t)j;
			x->weight[at++] = -4 * nli_unit(nli_mix(h));
		}
	}
	x->start[n] = at;
	x->p = (struct nli_regular){ .n = n,
				     .b = b,
				     .cls = x->cls,
				     .start = x->start,
				     .cand = x->cand,
				     .weight = x->weight,
				     .floor = -4.6,
				     .seed = seed };
}

/* Every answer b times, b different classes an item, never its own. */
static void check_invariants(const struct nli_regular *p,
			     const struct nli_regular_result *r)
{
	size_t used[MOST] = { 0 };

	for (size_t i = 0; i < p->n; i++) {
		bool seen[MOST] = { false };

		seen[p->cls[i]] = true;
		for (size_t k = 0; k < p->b; k++) {
			const uint32_t j = r->to[i * p->b + k];

			assert_true(j < p->n);
			used[j]++;
			assert_false(seen[p->cls[j]]);
			seen[p->cls[j]] = true;
		}
	}
	for (size_t j = 0; j < p->n; j++)
		assert_int_equal(used[j], p->b);
}

static void test_any_shape(void **state)
{
	struct instance *x = nli_xmalloc(1, sizeof(*x));
	size_t solved = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 600; seed++) {
		const size_t b = 1 + seed % 5, n = b + 1 + nli_mix(seed) % 40;
		const size_t room = n / (b + 1), most = 1 + nli_mix(seed + 9) % room;
		struct nli_regular_result r;
		struct nli_err err;

		draw(x, n, b, most, (double)(seed % 7) / 6, seed);
		assert_int_equal(nli_regular_solve(&x->p, &r, &err), 0);
		check_invariants(&x->p, &r);
		assert_true(r.value <= r.bound + 1e-9);
		solved++;
		nli_regular_release(&r);
	}
	assert_int_equal(solved, 600);
	free(x);
}

/* The best sum of a permutation without fixed points, by trying all. */
static double best_of(const struct nli_regular *p, size_t i, unsigned used)
{
	double best = -INFINITY;

	if (i == p->n)
		return 0;
	for (uint32_t j = 0; j < p->n; j++) {
		double w = p->floor;

		if (p->cls[i] == p->cls[j] || used & 1u << j)
			continue;
		for (size_t k = p->start[i]; k < p->start[i + 1]; k++)
			if (p->cand[k] == j)
				w = p->weight[k];
		best = fmax(best, w + best_of(p, i + 1, used | 1u << j));
	}
	return best;
}

/* All pairs are listed, so the auction's guarantee holds: n b times its smallest raise. */
static void test_near_the_best(void **state)
{
	struct instance *x = nli_xmalloc(1, sizeof(*x));

	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		const size_t n = 3 + seed % 5;
		struct nli_regular_result r;
		struct nli_err err;
		double best;

		draw(x, n, 1, 1, 1, seed);
		best = best_of(&x->p, 0, 0);
		assert_int_equal(nli_regular_solve(&x->p, &r, &err), 0);
		assert_true(r.value <= best + 1e-9);
		assert_true(r.bound >= best - 1e-9);
		assert_true(r.shifted || r.value >= best - 0.02 * (double)n - 0.5);
		nli_regular_release(&r);
	}
	free(x);
}

static void test_not_possible(void **state)
{
	struct instance *x = nli_xmalloc(1, sizeof(*x));
	struct nli_regular_result r;
	struct nli_err err;

	(void)state;
	draw(x, 3, 3, 1, 1, 1);
	assert_int_equal(nli_regular_solve(&x->p, &r, &err), NLI_EINVAL);
	assert_string_equal(err.msg, "3 items, wanted at least 4, since each needs the "
				     "answers of 3 others");
	draw(x, 8, 3, 3, 1, 1);
	assert_int_equal(nli_regular_solve(&x->p, &r, &err), NLI_EINVAL);
	assert_string_equal(err.msg,
			    "3 of 8 items have the same answer, wanted at most 2: "
			    "it would be two choices of one item");
	free(x);
}

static void test_trim(void **state)
{
	static const uint32_t cls[] = { 0, 0, 0, 0, 1, 2, 3, 4 };
	static const uint64_t rank[] = { 4, 3, 2, 1, 0, 0, 0, 0 };
	bool keep[8];

	(void)state;
	/* Six of class sizes 2 1 1 1 1 would need 2 <= 6 / 4: so one of class 0 stays. */
	assert_int_equal(nli_regular_trim(cls, rank, 8, 3, keep), 5);
	assert_true(keep[3] && !keep[0] && !keep[1] && !keep[2] && keep[4]);
	assert_int_equal(nli_regular_trim(cls, rank, 4, 1, keep), 0);
	assert_false(keep[0] || keep[1] || keep[2] || keep[3]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_shape),
		cmocka_unit_test(test_near_the_best),
		cmocka_unit_test(test_not_possible),
		cmocka_unit_test(test_trim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
