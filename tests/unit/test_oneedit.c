/*
 * What oneedit.h finds among random rows of few tokens, against all pairs by the
 * textbook's table, for any order, number of threads and of slices; and edits.h
 * against that table.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/model/edits.h"
#include "lib/model/oneedit.h"
#include "lib/model/set128.h"

enum { N_ROW = 600, MAX_LEN = 7, ALPHABET = 7 };

struct rows {
	uint64_t token[N_ROW][MAX_LEN];
	size_t len[N_ROW], cut[N_ROW]; /* cut: tokens of the first stretch */
	struct nli_hash128 name[N_ROW];
	bool found[N_ROW][N_ROW];
	size_t n;
};

/* Optimal string alignment, the whole table (Boytsov 2011). */
static unsigned distance(const uint64_t *a, size_t n, const uint64_t *b, size_t m)
{
	unsigned d[MAX_LEN + 1][MAX_LEN + 1];

	for (size_t i = 0; i <= n; i++)
		for (size_t j = 0; j <= m; j++) {
			unsigned best = i ? (j ? UINT32_MAX : (unsigned)i) : (unsigned)j;

			if (i && j) {
				best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
				best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
				best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
			}
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	return d[n][m];
}

static bool is_near(const struct rows *r, uint32_t i, uint32_t j)
{
	return r->cut[i] == 0 && r->cut[j] == 0 && r->len[i] + r->len[j] > 2 &&
	       distance(r->token[i], r->len[i], r->token[j], r->len[j]) <= 1;
}

static void tokens(void *ctx, uint32_t i, const uint64_t *from[2], size_t n[2])
{
	const struct rows *r = ctx;

	from[0] = r->token[i];
	n[0] = r->cut[i] ? r->cut[i] : r->len[i];
	from[1] = r->token[i] + n[0];
	n[1] = r->len[i] - n[0];
}

static void load(void *ctx, uint32_t item, void *slot)
{
	(void)ctx;
	memcpy(slot, &item, sizeof(item));
}

static void unload(void *ctx, void *slot)
{
	(void)ctx;
	memset(slot, 0xff, sizeof(uint32_t));
}

static float compare(void *ctx, void *a, void *b)
{
	return is_near(ctx, *(uint32_t *)a, *(uint32_t *)b) ? 0.5f : -1;
}

static void found(void *ctx, uint32_t i, uint32_t j, float similarity)
{
	struct rows *r = ctx;

	assert_true(i < j && similarity > 0);
	r->n += !r->found[i][j];
	r->found[i][j] = true;
}

static void make(struct rows *r, bool backwards)
{
	memset(r, 0, sizeof(*r));
	for (uint32_t k = 0; k < N_ROW; k++) {
		const uint32_t i = backwards ? N_ROW - 1 - k : k;
		const uint64_t h = nli_mix(k);

		r->len[i] = 2 + h % (MAX_LEN - 1);
		for (size_t t = 0; t < r->len[i]; t++)
			r->token[i][t] = nli_mix(nli_mix(h ^ t) % ALPHABET);
		r->name[i] = nli_hash128(&k, sizeof(k));
	}
}

/* All pairs, for each limit: the band of the table misses nothing. */
static void edits_are_the_table(void **state)
{
	static struct rows r;

	(void)state;
	make(&r, false);
	for (uint32_t i = 0; i < N_ROW; i++)
		for (uint32_t j = 0; j < N_ROW; j++)
			for (unsigned max = 0; max <= MAX_LEN; max++) {
				const unsigned d = distance(r.token[i], r.len[i],
							    r.token[j], r.len[j]);

				assert_int_equal(nli_token_edits(r.token[i], r.len[i],
								 r.token[j], r.len[j],
								 max),
						 d > max ? max + 1 : d);
			}
}

static void search(struct rows *r, unsigned jobs, size_t memory)
{
	nli_one_edit_search(&(struct nli_one_edit){
		.n = N_ROW,
		.name = r->name,
		.jobs = jobs,
		.memory = memory,
		.ctx = r,
		.slot = sizeof(uint32_t),
		.load = load,
		.unload = unload,
		.tokens = tokens,
		.compare = compare,
		.found = found,
	});
}

static void search_is_all_pairs(void **state)
{
	static struct rows a, b;
	size_t all = 0;

	(void)state;
	make(&a, false);
	search(&a, 1, 0);
	for (uint32_t i = 0; i < N_ROW; i++)
		for (uint32_t j = i + 1; j < N_ROW; j++) {
			if (a.found[i][j] != is_near(&a, i, j))
				fail_msg("rows %u and %u: found %d, near %d", i, j,
					 a.found[i][j], is_near(&a, i, j));
			all += is_near(&a, i, j);
		}
	assert_true(all > 300);
	make(&b, true);
	search(&b, 8, 1 << 20);
	assert_int_equal(a.n, b.n);
	for (uint32_t i = 0; i < N_ROW; i++)
		for (uint32_t j = i + 1; j < N_ROW; j++)
			assert_int_equal(a.found[i][j],
					 b.found[N_ROW - 1 - j][N_ROW - 1 - i]);
}

/* Where the two stretches meet is part of a row: "a b | c" is not "a | b c". */
static bool met;
static void meet(void *ctx, uint32_t i, uint32_t j, float similarity)
{
	(void)ctx;
	(void)i;
	(void)j;
	(void)similarity;
	met = true;
}

static float always(void *ctx, void *a, void *b)
{
	(void)ctx;
	(void)a;
	(void)b;
	return 1;
}

static void stretches_are_told_apart(void **state)
{
	static struct rows r;
	static const struct {
		size_t cut[2];
		uint64_t last[2];
		bool want;
	} row[] = { { { 2, 2 }, { 3, 4 }, true },
		    { { 2, 1 }, { 3, 4 }, false },
		    { { 1, 1 }, { 3, 4 }, true } };

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		for (uint32_t i = 0; i < 2; i++) {
			r.len[i] = 3;
			r.cut[i] = row[k].cut[i];
			r.token[i][0] = nli_mix(1);
			r.token[i][1] = nli_mix(2);
			r.token[i][2] = nli_mix(row[k].last[i]);
			r.name[i] = nli_hash128(&i, sizeof(i));
		}
		met = false;
		nli_one_edit_search(&(struct nli_one_edit){ .n = 2,
							    .name = r.name,
							    .jobs = 1,
							    .ctx = &r,
							    .slot = sizeof(uint32_t),
							    .load = load,
							    .unload = unload,
							    .tokens = tokens,
							    .compare = always,
							    .found = meet });
		assert_int_equal(met, row[k].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_is_all_pairs),
		cmocka_unit_test(stretches_are_told_apart),
		cmocka_unit_test(edits_are_the_table),
	};

	return cmocka_run_group_tests_name("oneedit", tests, NULL, NULL);
}
