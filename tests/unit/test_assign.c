/*
 * Unit tests of parts and of the assignment of groups to them: exact where it
 * must be, against the least deviation possible where all can be tried.
 */
#include "tests/unit/rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/model/assign.h"
#include "lib/nli/parts.h"

static const struct parts_row {
	const char *name, *text, *err; /* err NULL: it is right */
	size_t n;
	double share; /* of the first */
} parts_rows[] = {
	{ "shares", "a=80%,b=20%", NULL, 2, 0.8 },
	{ "rest is what is left", "a=rest,b=12.5%", NULL, 2, 0.875 },
	{ "rest beside a count", "a=rest,b=10", NULL, 2, 1 },
	{ "one part", "a=100%", NULL, 1, 1 },
	{ "thirds", "a=33.3333333333%,b=33.3333333333%,c=33.3333333334%", NULL, 3,
	  0.333333333333 },
	{ "empty", "", "\"\" is no part, wanted NAME=SIZE", 0, 0 },
	{ "no name", "=3", "\"=3\" is no part, wanted NAME=SIZE", 0, 0 },
	{ "an empty item", "a=50%,,b=50%", "\"\" is no part, wanted NAME=SIZE", 0, 0 },
	{ "negative", "a=-1",
	  "the size of part \"a\" is \"-1\", wanted such as 10%, 500 or rest", 0, 0 },
	{ "not a number", "a=nan%",
	  "the size of part \"a\" is \"nan%\", wanted such as 10%, 500 or rest", 0, 0 },
	{ "over 100%", "a=101%",
	  "the size of part \"a\" is \"101%\", wanted such as 10%, 500 or rest", 0, 0 },
	{ "a count too large", "a=99999999999999999999",
	  "the size of part \"a\" is \"99999999999999999999\", wanted such as 10%, 500 "
	  "or rest",
	  0, 0 },
};
enum { N_PARTS = sizeof(parts_rows) / sizeof(*parts_rows) };

static void check_parts(void **state)
{
	const struct parts_row *r = *state;
	struct nli_parts p;
	struct nli_err err;
	const int rc = nli_parts_parse(&p, r->text, &err);

	if (r->err) {
		assert_int_equal(rc, NLI_EINVAL);
		assert_string_equal(err.msg, r->err);
		return;
	}
	assert_int_equal(rc, 0);
	assert_int_equal(p.n, r->n);
	assert_true(fabs(p.part[0].share - r->share) < 1e-12);
	assert_int_equal(nli_parts_at(&p, 0), 0);
	assert_int_equal(nli_parts_at(&p, nextafter(1, 0)),
			 p.part[0].share < 1 ? p.n - 1 : 0);
}

enum { GROUPS = 12, MAX_PART = 3 };

struct problem {
	uint64_t hash[GROUPS], size[GROUPS];
	struct nli_cell cell[GROUPS];
	size_t cell_end[GROUPS];
	double want[MAX_PART];
	bool closed[MAX_PART];
	uint16_t part[GROUPS];
};

static struct nli_assign problem(struct problem *p, uint64_t seed)
{
	double n = 0;

	for (size_t g = 0; g < GROUPS; g++) {
		p->hash[g] = nli_mix(seed * 100 + g);
		p->size[g] = 1 + p->hash[g] % 9;
		p->cell[g] = (struct nli_cell){ 0, (uint32_t)p->size[g] };
		p->cell_end[g] = g + 1;
		p->part[g] = NLI_NO_PART;
		n += (double)p->size[g];
	}
	for (size_t k = 0; k < MAX_PART; k++)
		p->closed[k] = false;
	p->want[0] = 0.6 * n;
	p->want[1] = p->want[2] = 0.2 * n;
	return (struct nli_assign){
		.n_group = GROUPS,
		.n_part = MAX_PART,
		.n_stratum = 1,
		.hash = p->hash,
		.size = p->size,
		.cell = p->cell,
		.cell_end = p->cell_end,
		.want = p->want,
		.closed = p->closed,
		.part = p->part,
	};
}

/* The largest deviation of a part from its size. */
static double worst(const struct problem *p, const uint16_t *part)
{
	double have[MAX_PART] = { 0 }, most = 0;

	for (size_t g = 0; g < GROUPS; g++)
		have[part[g]] += (double)p->size[g];
	for (size_t k = 0; k < MAX_PART; k++)
		most = fmax(most, fabs(have[k] - p->want[k]));
	return most;
}

/* Of all 3^12 assignments, none is better by more than one record. */
static void balance_is_near_the_best(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 6; seed++) {
		struct problem p;
		const struct nli_assign a = problem(&p, seed);
		double best = INFINITY;
		struct nli_err err;

		assert_int_equal(nli_assign_balance(&a, &err), 0);
		for (size_t code = 0; code < 531441; code++) {
			uint16_t part[GROUPS];
			size_t rest = code;

			for (size_t g = 0; g < GROUPS; g++, rest /= 3)
				part[g] = (uint16_t)(rest % 3);
			best = fmin(best, worst(&p, part));
		}
		if (worst(&p, p.part) > best + 1.5)
			fail_msg("seed %d: off by %g, best is %g", (int)seed,
				 worst(&p, p.part), best);
	}
}

static void what_is_given_stays(void **state)
{
	struct problem p;
	const struct nli_assign a = problem(&p, 1);
	struct nli_err err;

	(void)state;
	p.part[3] = 2;
	p.closed[2] = true;
	assert_int_equal(nli_assign_balance(&a, &err), 0);
	for (size_t g = 0; g < GROUPS; g++)
		assert_true(g == 3 ? p.part[g] == 2 : p.part[g] < 2);
	problem(&p, 1);
	p.part[3] = 2;
	p.closed[2] = true;
	nli_assign_hash(&a);
	for (size_t g = 0; g < GROUPS; g++)
		assert_true(g == 3 ? p.part[g] == 2 : p.part[g] < 2);
}

static void what_cannot_be_is_refused(void **state)
{
	struct problem p;
	const struct nli_assign a = problem(&p, 1);
	struct nli_err err;

	(void)state;
	p.size[0] = 1000;
	assert_int_equal(nli_assign_balance(&a, &err), NLI_EINVAL);
	assert_non_null(strstr(err.msg, "a group of 1000 records must not be cut"));
}

/* A part of size 0 gets nothing, whatever the hash. */
static void nothing_for_an_empty_part(void **state)
{
	struct problem p;
	const struct nli_assign a = problem(&p, 2);

	(void)state;
	p.want[0] = 0;
	p.want[2] = 0;
	p.hash[0] = 0;
	p.hash[1] = UINT64_MAX;
	nli_assign_hash(&a);
	for (size_t g = 0; g < GROUPS; g++)
		assert_int_equal(p.part[g], 1);
}

int main(void)
{
	struct CMUnitTest tests[N_PARTS + 4] = {
		[N_PARTS] = cmocka_unit_test(balance_is_near_the_best),
		cmocka_unit_test(what_is_given_stays),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(nothing_for_an_empty_part),
	};

	ROW_TESTS(tests, parts_rows, check_parts);
	return cmocka_run_group_tests_name("assign", tests, NULL, NULL);
}
