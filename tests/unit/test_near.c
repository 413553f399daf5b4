/*
 * Unit tests of near-duplicate search: grams by hand, signatures against
 * J + (1-J)/256 and sqrt(J(1-J)/128), pairs found against all pairs compared,
 * token edits by hand.
 */
#include "tests/unit/rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/edits.h"
#include "lib/model/gram.h"
#include "lib/model/minhash.h"
#include "lib/model/near.h"
#include "lib/model/texts.h"

/* Jaccard similarities counted by hand. */
static const struct gram_row {
	const char *name, *a, *b;
	size_t n_a; /* different grams of a */
	double j;
} gram_rows[] = {
	{ "equal texts", "a man is out", "a man is out", 9, 1 },
	{ "the last letter differs", "abcdefg", "abcdefh", 4, 3.0 / 5 },
	{ "nothing shared", "abcd", "efgh", 1, 0 },
	{ "shorter than a gram is one gram", "abc", "abc", 1, 1 },
	{ "and not a part of a longer one", "abc", "abcd", 1, 0 },
	{ "empty is one gram", "", "", 1, 1 },
	{ "empty and not", "", "a", 1, 0 },
	{ "repeats count once", "aaaaaaaa", "aaaaa", 1, 1 },
	{ "four letters are counted, not bytes", "\u00e9\u00e9\u00e9\u00e9a",
	  "\u00e9\u00e9\u00e9\u00e9", 2, 1.0 / 2 },
	{ "Han in twos", "\u6211\u4eec\u559c\u6b22", "\u6211\u4eec\u559c\u7231", 3,
	  2.0 / 4 },
	{ "one Han character is one gram", "\u6211", "\u6211", 1, 1 },
	{ "Thai in fours", "\u0e09\u0e31\u0e19\u0e23\u0e31\u0e01",
	  "\u0e09\u0e31\u0e19\u0e23\u0e31\u0e02", 3, 2.0 / 4 },
	{ "Han among letters", "ab\u6211\u4eec", "ab\u6211\u4eec", 2, 1 },
	{ "outside the BMP", "\U0001f602\U0001f602\U0001f602\U0001f602",
	  "\U0001f602\U0001f602\U0001f602\U0001f603", 1, 0 },
};
enum { N_GRAM = sizeof(gram_rows) / sizeof(*gram_rows) };

static void check_grams(void **state)
{
	const struct gram_row *r = *state;
	struct nli_grams a = { 0 }, b = { 0 };
	size_t shared, least;
	double j;

	nli_grams_of(&a, nli_str_of(r->a));
	nli_grams_of(&b, nli_str_of(r->b));
	assert_int_equal(a.n, r->n_a);
	for (size_t i = 1; i < a.n; i++)
		assert_true(a.gram[i - 1] < a.gram[i]);
	shared = nli_gram_shared(a.gram, a.n, b.gram, b.n, 0);
	j = (double)shared / (double)(a.n + b.n - shared);
	if (fabs(j - r->j) > 1e-15)
		fail_msg("got %.17g, want %.17g", j, r->j);
	if (fabs(nli_gram_jaccard(nli_str_of(r->a), nli_str_of(r->b)) - r->j) > 1e-15)
		fail_msg("slowly: %.17g",
			 nli_gram_jaccard(nli_str_of(r->a), nli_str_of(r->b)));
	/* The least number for this very similarity is what they share. */
	least = nli_gram_least(a.n, b.n, j);
	assert_int_equal(least, shared);
	assert_int_equal(nli_gram_shared(a.gram, a.n, b.gram, b.n, least), shared);
	nli_grams_release(&a);
	nli_grams_release(&b);
}

/* Sets of random grams whose similarity is known by count: 400 pairs each. */
static void signatures_estimate(void **state)
{
	enum { SIZE = 60, TRIALS = 400 };
	struct nli_sig_rows rows;

	(void)state;
	nli_sig_rows_init(&rows);
	for (uint32_t both = 10; both <= 50; both += 10) {
		const double j = (double)both / (2 * SIZE - both);
		const double want = j + (1 - j) / 256;
		const double sd = sqrt(want * (1 - want) / NLI_SIG_LEN);
		double sum = 0, squares = 0, found = 0;

		for (uint32_t t = 0; t < TRIALS; t++) {
			uint32_t x[SIZE], y[SIZE], hit, equal = 0;
			struct nli_sig a, b;
			bool band = false;

			for (uint32_t i = 0; i < SIZE; i++) {
				x[i] = (uint32_t)nli_mix(t * 1000 + i);
				y[i] = i < both ? x[i]
						: (uint32_t)nli_mix(t * 1000 + 500 + i);
			}
			nli_sig_of(&rows, x, SIZE, &a);
			nli_sig_of(&rows, y, SIZE, &b);
			for (size_t k = 0; k < NLI_SIG_LEN; k++)
				equal += a.row[k] == b.row[k];
			for (size_t k = 0; k < NLI_BANDS; k++)
				band |= nli_sig_band(&a, k) == nli_sig_band(&b, k);
			assert_int_equal(nli_sig_scan(&a, &b, 1, equal, &hit), 1);
			assert_int_equal(nli_sig_scan(&a, &b, 1, equal + 1, &hit), 0);
			sum += (double)equal / NLI_SIG_LEN;
			squares += pow((double)equal / NLI_SIG_LEN, 2);
			found += band;
		}
		sum /= TRIALS;
		if (fabs(sum - want) > 4 * sd / sqrt(TRIALS))
			fail_msg("J %g: mean %g, want %g", j, sum, want);
		if (fabs(sqrt(squares / TRIALS - sum * sum) / sd - 1) > 0.15)
			fail_msg("J %g: deviation %g, want %g", j,
				 sqrt(squares / TRIALS - sum * sum), sd);
		found /= TRIALS;
		if (found < nli_sig_recall(j) - 0.06 || found > nli_sig_recall(j) + 0.08)
			fail_msg("J %g: found %g, want %g", j, found, nli_sig_recall(j));
	}
}

static void a_pair_is_half_of_each(void **state)
{
	struct nli_sig a, b, p;

	(void)state;
	memset(&a, 1, sizeof(a));
	memset(&b, 2, sizeof(b));
	nli_sig_pair(&a, &b, &p);
	for (size_t k = 0; k < NLI_BANDS; k++)
		assert_int_equal(nli_sig_band(&p, k), 0x02020101);
}

/* 900 texts of a few words, in two orders. */
enum { N_TEXT = 900 };

static void make_text(uint64_t i, struct nli_buf *b)
{
	static const char *const word[] = { "man",  "woman",  "runs", "sleeps",
					    "park", "street", "the",  "old" };

	nli_buf_clear(b);
	for (uint64_t k = 0; k < 4 + i % 5; k++) {
		const uint64_t h = nli_mix(i * 16 + k);

		if (k)
			nli_buf_addc(b, ' ');
		nli_buf_adds(b, word[h % 8]);
		if (h >> 32 & 1)
			nli_buf_addc(b, 's');
	}
}

struct pairs {
	struct nli_texts t;
	uint64_t hash; /* of the set of pairs, whatever their order */
	size_t n;
	bool *seen; /* (n_text, n_text) */
	double least;
};

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
	const struct pairs *p = ctx;

	return (float)nli_texts_compare(&p->t, *(uint32_t *)a, *(uint32_t *)b, p->least);
}

static bool never(void *ctx, void *a, void *b)
{
	(void)ctx;
	(void)a;
	(void)b;
	return false;
}

static void found(void *ctx, uint32_t i, uint32_t j, float similarity)
{
	struct pairs *p = ctx;
	bool *seen = &p->seen[(size_t)i * p->t.set.n + j];

	assert_true(i < j && similarity >= (float)p->least);
	if (*seen)
		return;
	*seen = true;
	p->n++;
	p->hash += nli_mix(p->t.set.hash[i].lo ^ p->t.set.hash[j].lo);
}

static void search(struct pairs *p, bool backwards, unsigned jobs,
		   struct nli_store *store)
{
	struct nli_buf b = { 0 };

	p->t.store = p->t.set.store = store;
	for (uint64_t i = 0; i < N_TEXT; i++) {
		make_text(backwards ? N_TEXT - 1 - i : i, &b);
		nli_texts_add(&p->t, nli_buf_str(&b), nli_hash128(b.data, b.len));
	}
	nli_texts_sign(&p->t, NULL, 0, jobs, store ? 1 << 16 : 0);
	p->seen = nli_xcalloc(p->t.set.n * p->t.set.n, sizeof(*p->seen));
	nli_near_search(&(struct nli_near){ .n = p->t.set.n,
					    .sig = p->t.sig,
					    .name = p->t.set.hash,
					    .least = p->least,
					    .jobs = jobs,
					    .store = store,
					    .memory = 1 << 16,
					    .ctx = p,
					    .slot = sizeof(uint32_t),
					    .load = load,
					    .unload = unload,
					    .compare = compare,
					    .settled = never,
					    .found = found });
	nli_buf_release(&b);
}

static void search_is_all_pairs(void **state)
{
	struct pairs p = { .least = 0.6 }, q = { .least = 0.6 };
	struct nli_store *store = nli_store_new(1 << 16);
	size_t all = 0, missed = 0;

	(void)state;
	search(&p, false, 1, NULL);
	for (uint32_t i = 0; i < p.t.set.n; i++)
		for (uint32_t j = i + 1; j < p.t.set.n; j++) {
			const bool near = nli_gram_jaccard(nli_texts_get(&p.t, i),
							   nli_texts_get(&p.t, j)) >= 0.6;

			all += near;
			missed += near && !p.seen[(size_t)i * p.t.set.n + j];
			assert_true(near || !p.seen[(size_t)i * p.t.set.n + j]);
		}
	if (all < 500 || (double)missed > 0.01 * (double)all)
		fail_msg("%zu of %zu pairs missed", missed, all);
	search(&q, true, 8, store);
	assert_int_equal(p.n, q.n);
	assert_true(p.hash == q.hash);
	free(p.seen);
	free(q.seen);
	nli_texts_release(&p.t);
	nli_texts_release(&q.t);
	nli_store_free(store);
}

static const struct edit_row {
	const char *name, *a, *b;
	unsigned max, want;
} edit_rows[] = {
	{ "none", "abc", "abc", 3, 0 },
	{ "replaced", "abc", "axc", 3, 1 },
	{ "put in", "abc", "abxc", 3, 1 },
	{ "left out", "abc", "ac", 3, 1 },
	{ "changed places", "abc", "acb", 3, 1 },
	{ "changed places, one edit at most", "abcd", "acbd", 1, 1 },
	{ "changed places over one", "abc", "cba", 3, 2 },
	{ "changed places and another", "abcd", "bacx", 3, 2 },
	{ "one at most, two there", "abcd", "axcy", 1, 2 },
	{ "not edited twice", "ab", "bxa", 3, 3 },
	{ "moved far", "abcde", "bcdea", 3, 2 },
	{ "more than asked for", "abcd", "wxyz", 2, 3 },
	{ "longer by more", "a", "abcd", 2, 3 },
	{ "from nothing", "", "ab", 3, 2 },
	{ "both nothing", "", "", 0, 0 },
	{ "first and last", "abcde", "xbcdy", 3, 2 },
};
enum { N_EDIT = sizeof(edit_rows) / sizeof(*edit_rows) };

static void check_edits(void **state)
{
	const struct edit_row *r = *state;
	uint64_t a[8], b[8];

	for (size_t i = 0; r->a[i]; i++)
		a[i] = (uint64_t)r->a[i];
	for (size_t i = 0; r->b[i]; i++)
		b[i] = (uint64_t)r->b[i];
	assert_int_equal(nli_token_edits(a, strlen(r->a), b, strlen(r->b), r->max),
			 r->want);
	assert_int_equal(nli_token_edits(b, strlen(r->b), a, strlen(r->a), r->max),
			 r->want);
}

static void recall_is_the_formula(void **state)
{
	(void)state;
	/* 1 - (1 - 0.6^4)^32, by Python. */
	assert_true(fabs(nli_sig_recall(0.6) - 0.9882238254) < 1e-9);
	assert_true(nli_sig_recall(0) <= 0 && nli_sig_recall(1) >= 1);
	assert_int_equal(nli_sig_least(0), 0);
	assert_true(nli_sig_least(0.6) == 60);
}

int main(void)
{
	struct CMUnitTest tests[N_GRAM + N_EDIT + 4] = {
		[N_GRAM + N_EDIT] = cmocka_unit_test(signatures_estimate),
		cmocka_unit_test(a_pair_is_half_of_each),
		cmocka_unit_test(search_is_all_pairs),
		cmocka_unit_test(recall_is_the_formula),
	};

	ROW_TESTS(tests, gram_rows, check_grams);
	ROW_TESTS(tests + N_GRAM, edit_rows, check_edits);
	return cmocka_run_group_tests_name("near", tests, NULL, NULL);
}
