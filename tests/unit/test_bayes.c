/* Unit tests of lib/model/{bayes,linear} and of what metric.h says of a fixed model. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/model/bayes.h"
#include "lib/model/metric.h"

static void near_(double got, double want, double tol, int line)
{
	if (!(fabs(got - want) <= tol))
		fail_msg("line %d: got %.17g, want %.17g", line, got, want);
}
#define NEAR(got, want, tol) near_(got, want, tol, __LINE__)

enum { N = 12 };

static const uint32_t item[N][4] = { { 0 },    { 1 },    { 1, 2 },    { 2 },
				     { 2, 3 }, { 3 },    { 3, 1 },    { 1, 4 },
				     { 4 },    { 4, 2 }, { 2, 4, 1 }, { 3, 4 } };
static const int16_t label[N] = { 0, 0, 0, 1, 1, 1, 2, 0, 2, 2, 1, 2 };

/*
 * scikit-learn 1.2.1: X is 12 x 4 with X[i, j - 1] = 1 for j in item[i];
 * MultinomialNB(alpha=1.0).fit(X[:9], label[:9]).predict_log_proba(X)
 */
static const double want[N][3] = {
	{ -0.810930216, -1.098612289, -1.504077397 },
	{ -0.426812993, -1.983006391, -1.561792926 },
	{ -0.446344499, -1.479289753, -2.023157184 },
	{ -0.950519611, -0.714953540, -2.085499544 },
	{ -1.807963306, -0.356001911, -1.998481630 },
	{ -1.572143913, -0.643430662, -1.320829485 },
	{ -0.931551561, -1.271349634, -1.122069885 },
	{ -0.426520317, -2.558077859, -1.310185821 },
	{ -0.725000505, -1.588046722, -1.166833257 },
	{ -0.753856208, -1.093654281, -1.637521712 },
	{ -0.382466922, -1.990776321, -1.707965178 },
	{ -1.405334283, -1.051985176, -0.902705427 },
};

static size_t hashes(size_t i, uint32_t *hash)
{
	size_t n = 0;

	for (; n < 4 && item[i][n]; n++)
		hash[n] = item[i][n] * 4;
	return n;
}

/* Trained without the items of fold 1; a hash that it never saw says nothing. */
static void same_as_sklearn(void **state)
{
	struct nli_rows_builder b = { 0 };
	struct nli_rows rows;
	uint8_t fold[N];
	struct nli_problem p = {
		.rows = &rows, .n = N, .y = label, .fold = fold, .n_class = 3
	};
	struct nli_linear m;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		uint32_t hash[4];

		nli_rows_add(&b, hash, hashes(i, hash));
		fold[i] = i >= 9;
	}
	nli_rows_finish(&b, NULL, 1, &rows);
	nli_bayes_fit(&p, 1, &m);
	for (size_t i = 0; i < N; i++) {
		uint32_t hash[5];
		float z[4];
		size_t n = hashes(i, hash);

		hash[n++] = 4000;
		nli_linear_sum(&m, hash, n, z);
		nli_log_softmax(z, 3);
		for (size_t c = 0; c < 3; c++)
			NEAR((double)z[c], want[i][c], 1e-6);
	}
	nli_linear_release(&m);
	nli_linear_release(&m);
	nli_rows_release(&rows);
}

/* For choice: log of the ratio of the answers' shares to the others', by hand. */
static void choice_by_hand(void **state)
{
	static const size_t first[] = { 0, 2, 4 };
	static const int16_t y[] = { 0, 1 };
	static const uint8_t fold[2] = { 0 };
	static const uint32_t row[4] = { 8, 12, 12, 8 };
	struct nli_rows_builder b = { 0 };
	struct nli_rows rows;
	const struct nli_problem p = {
		.rows = &rows, .n = 2, .item = first, .y = y, .fold = fold
	};
	struct nli_linear m;
	float z[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		nli_rows_add(&b, &row[i], 1);
	nli_rows_finish(&b, NULL, 1, &rows);
	nli_bayes_fit(&p, -1, &m);
	/* Answers: feature 8 twice of 2; others: feature 12 twice. (2 + 1) / (0 + 1) */
	nli_linear_sum(&m, &row[0], 1, z);
	NEAR((double)z[0], log(3), 1e-6);
	nli_linear_sum(&m, &row[1], 1, z);
	NEAR((double)z[0], -log(3), 1e-6);
	assert_true(nli_linear_has(&m, 1));
	assert_false(nli_linear_has(&m, 1 << 2));
	nli_linear_release(&m);
	nli_rows_release(&rows);
}

enum { GROUPS = 8 };

/*
 * Two records a group, the majority label 0.  In the first n_good groups the model finds
 * the other label too (gain 1), in the rest it is right where the majority is.
 */
static double p_of(size_t n_good)
{
	struct nli_scored s[2 * GROUPS];
	struct nli_metrics m;
	double p;

	for (size_t i = 0; i < 2 * GROUPS; i++)
		s[i] = (struct nli_scored){ .group = i / 2,
					    .y = i % 2 && i / 2 < n_good,
					    .pred = i % 2 && i / 2 < n_good,
					    .n_opt = 2,
					    .p = .5f,
					    .top = .5f };
	nli_metrics_of(s, 2 * GROUPS, 2, false, 0.95, 1, &m);
	p = m.p_gain;
	nli_metrics_release(&m);
	return p;
}

/* All signs as they are: 1 of 2^k flips of k groups with a gain. */
static void flips_are_counted(void **state)
{
	(void)state;
	NEAR(p_of(0), 1, 0);
	NEAR(p_of(1), 1.0 / 2, 0.05);
	NEAR(p_of(3), 1.0 / 8, 0.03);
	NEAR(p_of(6), 1.0 / 64, 0.01);
}

/* What cross-fitting adds to the variance of the hits; a fixed model adds none. */
static void widened(void **state)
{
	struct nli_metrics m = { .n = 100,
				 .accuracy = 0.5,
				 .gain = 0.1,
				 .gain_se = 0.05,
				 .gain_ci = { 0, 0.25 } };

	(void)state;
	nli_metrics_widen(&m, 0.3);
	NEAR(m.gain_ci.lo, 0, 1e-15);
	NEAR(m.inflation, 1, 0);
	/* hits: .25 / 100 = .05^2, all of the variance; 2 at most, of which half counts */
	nli_metrics_widen(&m, 7);
	NEAR(m.gain_ci.lo, 0.1 - 0.1 * sqrt(1.5), 1e-12);
	NEAR(m.gain_ci.hi, 0.1 + 0.15 * sqrt(1.5), 1e-12);
	NEAR(m.gain_se, 0.05 * sqrt(1.5), 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_sklearn),
		cmocka_unit_test(choice_by_hand),
		cmocka_unit_test(flips_are_counted),
		cmocka_unit_test(widened),
	};

	return cmocka_run_group_tests_name("bayes", tests, NULL, NULL);
}
