/* Unit tests of the balanced subset: its constraints, and its loss against the least. */
#include "tests/unit/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/model/balance.h"

enum { N = 400 };

/*
 * Two labels; feature 0 is in 100 records of label 0 and 40 of label 1, and
 * feature 1 is all records.  Without slack, 60 of the 100 must go, and 60 of the
 * other label too, if its share is to stay.
 */
static const struct balance_row {
	const char *name;
	double slack;
	size_t least, most; /* kept */
	bool all;           /* hold the labels' shares too */
} rows[] = {
	{ "one cue, shares free", 0, 338, 341, false },
	{ "one cue, shares kept", 0, 276, 281, true },
	{ "slack keeps more", 1, 342, 360, false },
	{ "so much slack that nothing goes", 9, N, N, false },
};
enum { N_ROWS = sizeof(rows) / sizeof(*rows) };

static void check_balance(void **state)
{
	static const double share[] = { 0.5, 0.5 };
	const struct balance_row *row = *state;
	const double slack[] = { row->slack, row->slack };
	uint8_t label[N];
	bool own[N];
	uint64_t chance[N];
	size_t start[] = { 0, 140, 140 + (row->all ? N : 0) }, kept = 0,
	       n_feat = 1 + row->all;
	uint32_t rec[140 + N];
	struct nli_balanced r = { 0 };
	double sum[2] = { 0, 0 };

	for (uint32_t i = 0; i < N; i++) {
		label[i] = (uint8_t)(i % 2);
		own[i] = true;
		chance[i] = nli_mix(i);
		rec[140 + i] = i;
	}
	for (uint32_t i = 0; i < 100; i++)
		rec[i] = 2 * i;
	for (uint32_t i = 0; i < 40; i++)
		rec[100 + i] = 2 * i + 1;
	nli_balance_solve(&(struct nli_balance){ N, 2, n_feat, label, own, chance, share,
						 start, rec, slack },
			  &r);
	for (size_t i = 0; i < N; i++) {
		kept += r.keep[i];
		sum[1] += r.keep[i] ? label[i] - 0.5 : 0;
	}
	for (size_t i = 0; i < 140; i++)
		sum[0] += r.keep[rec[i]] ? label[rec[i]] - 0.5 : 0;
	assert_true(kept >= row->least && kept <= row->most);
	assert_true(fabs(sum[0]) <= row->slack * sqrt(140 * .25) + 1);
	assert_true(!row->all || fabs(sum[1]) <= 1);
	assert_true((double)kept <= r.bound + 2);
	assert_true(r.bound <= (double)row->most + 12);
	nli_balanced_release(&r);
}

/* A candidate costs nothing and mends the cue: none that is there has to go. */
static void check_candidates(void **state)
{
	static const double share[] = { 0.5, 0.5 }, slack[] = { 0 };
	uint8_t label[200];
	bool own[200];
	uint64_t chance[200];
	size_t start[] = { 0, 200 }, kept = 0, added = 0;
	uint32_t rec[200];
	struct nli_balanced r = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		own[i] = i < 100;
		label[i] =
			i < 80 ? 0 : 1; /* 80 to 20, and 100 candidates of the second */
		chance[i] = nli_mix(i);
		rec[i] = i;
	}
	nli_balance_solve(&(struct nli_balance){ 200, 2, 1, label, own, chance, share,
						 start, rec, slack },
			  &r);
	for (size_t i = 0; i < 200; i++)
		*(own[i] ? &kept : &added) += r.keep[i];
	assert_true(kept >= 99);
	assert_in_range(added, 58, 62);
	nli_balanced_release(&r);
}

int main(void)
{
	struct CMUnitTest tests[N_ROWS + 1];

	for (size_t i = 0; i < N_ROWS; i++)
		tests[i] = (struct CMUnitTest){ rows[i].name, check_balance, NULL, NULL,
						(void *)(uintptr_t)&rows[i] };
	tests[N_ROWS] = (struct CMUnitTest)cmocka_unit_test(check_candidates);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
