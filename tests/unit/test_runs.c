/*
 * Numbers come back in order, all of them, whether they fit or not, and more than once;
 * and no key that was there twice is taken for one that was there once.
 */
#include "tests/unit/rows.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/base/runs.h"
#include "lib/base/twice.h"

/* range: how many different keys there are; memory of 16 KiB makes runs of 2048. */
static const struct row {
	const char *name;
	size_t n, memory;
	uint64_t range;
} rows[] = {
	{ "none", 0, 0, 1 },
	{ "one", 1, 1, 1 },
	{ "all fit", 100000, 0, UINT64_MAX },
	{ "all fit and are equal", 100000, 0, 1 },
	{ "just fit", 2048, 16 << 10, UINT64_MAX },
	{ "one too many", 2049, 16 << 10, UINT64_MAX },
	{ "a few runs", 5000, 16 << 10, UINT64_MAX },
	{ "runs of runs", 200000, 16 << 10, UINT64_MAX },
	{ "runs of runs, few keys", 200000, 16 << 10, 3 },
	{ "runs that are equal", 50000, 16 << 10, 1 },
	{ "many runs at once", 300000, 256 << 10, 1 << 20 },
};

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void check_row(void **state)
{
	const struct row *r = *state;
	struct nli_runs *runs = nli_runs_new(r->memory);
	uint64_t *want = nli_xmalloc(r->n + 1, sizeof(*want)), got = 0;

	for (size_t i = 0; i < r->n; i++) {
		want[i] = nli_mix(i) % r->range;
		nli_runs_add(runs, want[i]);
	}
	qsort(want, r->n, sizeof(*want), by_value);
	for (int again = 0; again < 2; again++) {
		nli_runs_sort(runs);
		for (size_t i = 0; i < r->n; i++)
			if (!nli_runs_next(runs, &got) || got != want[i])
				fail_msg("number %zu is %llu, want %llu", i,
					 (unsigned long long)got,
					 (unsigned long long)want[i]);
		assert_false(nli_runs_next(runs, &got));
		assert_false(nli_runs_next(runs, &got));
	}
	nli_runs_free(runs);
	free(want);
}

/* Of 3 n keys n are added once, n twice, n never. */
static size_t wrong_yes(size_t n, size_t memory)
{
	struct nli_twice t;
	size_t wrong = 0;

	nli_twice_init(&t, 2 * n, memory);
	for (int again = 0; again < 2; again++) {
		nli_twice_clear(&t);
		for (size_t i = 0; i < 3 * n; i++)
			for (size_t k = 0; k < i / n; k++)
				nli_twice_add(&t, (uint32_t)nli_mix(i));
	}
	for (size_t i = 0; i < 3 * n; i++) {
		const uint32_t key = (uint32_t)nli_mix(i);

		if (i >= n)
			assert_true(nli_twice_had(&t, key));
		if (i >= 2 * n)
			assert_true(nli_twice_again(&t, key));
		else
			wrong += nli_twice_again(&t, key);
	}
	nli_twice_release(&t);
	nli_twice_release(&t);
	return wrong;
}

static void twice_misses_none(void **state)
{
	enum { N = 30000 };

	(void)state;
	assert_int_equal(wrong_yes(1, 0), 0);
	/* 8 cells a key at least: a cell is another's with probability 1/8 at most. */
	assert_in_range(wrong_yes(N, 0), 1, 2 * N / 8);
	assert_in_range(wrong_yes(N, 1 << 10), 2 * N / 2, 2 * N);
}

int main(void)
{
	enum { N_ROW = sizeof(rows) / sizeof(*rows) };
	struct CMUnitTest table[N_ROW + 1] = {
		[N_ROW] = cmocka_unit_test(twice_misses_none),
	};

	nli_runs_free(NULL);
	ROW_TESTS(table, rows, check_row);
	return cmocka_run_group_tests_name("runs", table, NULL, NULL);
}
