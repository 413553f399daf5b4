/*
 * Unit tests of lib/model/{vmath,rows,logit,fold,metric,mdl,permute}: the solver
 * against scikit-learn, alone and beside other models; what holds out must not
 * matter; exact counts for the rest.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/hash.h"
#include "lib/model/fold.h"
#include "lib/model/logit.h"
#include "lib/model/mdl.h"
#include "lib/model/metric.h"
#include "lib/model/permute.h"
#include "lib/model/vmath.h"

static void near_(double got, double want, double tol, int line)
{
	if (!(fabs(got - want) <= tol))
		fail_msg("line %d: got %.17g, want %.17g", line, got, want);
}
#define NEAR(got, want, tol) near_(got, want, tol, __LINE__)

static void exp_and_log(void **state)
{
	(void)state;
	for (int i = -8600; i <= 8700; i++) {
		const float x = (float)i / 100, e = nli_expf(x);
		const nli_v4 e4 = nli_exp4(nli_splat4(x));

		NEAR((double)e / exp((double)x), 1, 2e-7);
		assert_true(e4[3] == e);
		assert_true(nli_log4(e4)[1] == nli_logf(e));
		NEAR((double)nli_logf(e), log((double)e),
		     2e-7 * fmax(1, fabs((double)x)));
	}
}

enum { N = 12, N_FEAT = 5 };

/* Features of each item beside the constant; the file of the reference is in the comment below. */
static const uint32_t item[N][4] = { { 0 },    { 1 },    { 1, 2 },    { 2 },
				     { 2, 3 }, { 3 },    { 3, 1 },    { 1, 4 },
				     { 4 },    { 4, 2 }, { 2, 4, 1 }, { 3, 4 } };
static const int16_t label[N] = { 0, 0, 0, 1, 1, 1, 2, 0, 2, 2, 1, 2 };

/*
 * scikit-learn 1.2.1: X is 12 x 5 with X[i, 0] = 1 and X[i, j] = 1 for j in item[i];
 * LogisticRegression(C=2.0, fit_intercept=False, tol=1e-12, max_iter=100000)
 * .fit(X, label).predict_log_proba(X)
 */
static const double want[N][3] = {
	{ -0.767670490, -1.316941670, -1.316941670 },
	{ -0.262442703, -2.159222830, -2.159222830 },
	{ -0.641730702, -0.972908971, -2.347190553 },
	{ -1.495629606, -0.479298929, -1.853580510 },
	{ -3.052919104, -0.273929855, -1.648211437 },
	{ -2.045073539, -0.831686148, -0.831686148 },
	{ -1.011225394, -1.145346949, -1.145346949 },
	{ -0.641730702, -2.347190553, -0.972908971 },
	{ -1.495629606, -1.853580510, -0.479298929 },
	{ -2.040081084, -0.832430131, -0.832430131 },
	{ -1.007579527, -1.147437520, -1.147437520 },
	{ -3.052919104, -1.648211437, -0.273929855 },
};
/* The same: -sum of log_proba[i, label[i]] + |coef_|^2 / (2 C) */
static const double want_objective = 9.377067400;

struct data {
	struct nli_rows rows;
	struct nli_problem p;
	int16_t y[N];
	uint8_t fold[N];
};

static void make_data(struct data *d)
{
	struct nli_rows_builder b = { 0 };

	memset(d, 0, sizeof(*d));
	for (size_t i = 0; i < N; i++) {
		uint32_t hash[4];
		size_t n = 0;

		for (; n < 4 && item[i][n]; n++)
			hash[n] = item[i][n] * NLI_N_BLOCK;
		nli_rows_add(&b, hash, n);
		d->y[i] = label[i];
		d->fold[i] = (uint8_t)(i % 3);
	}
	nli_rows_finish(&b, NULL, 1, &d->rows);
	assert_int_equal(d->rows.n_feat, N_FEAT);
	d->p = (struct nli_problem){ .rows = &d->rows,
				     .n = N,
				     .y = d->y,
				     .fold = d->fold,
				     .n_class = 3,
				     .scale2 = { 1, 1, 1, 1 } };
}

/* One model alone, and the same one among others, which must not touch it. */
static void same_as_sklearn(void **state)
{
	const struct nli_lane lanes[NLI_LANES] = { { { -1, -1 }, 0.5 },
						   { { 0, -1 }, 0.5 },
						   { { 1, 2 }, 3 },
						   { { -1, -1 }, 0.5 } };
	struct nli_fit fit[NLI_LANES];
	struct data d;

	(void)state;
	make_data(&d);
	for (size_t n = 1; n <= NLI_LANES; n += 3) {
		struct nli_solver *s = nli_solver_new(&d.p, lanes, n);
		float logp[NLI_LANES * 3];

		nli_solver_run(s, N, 1e-12, 20000);
		nli_solver_check(s, N, fit);
		NEAR(fit[0].objective, want_objective, 2e-5);
		assert_true(fit[0].gradient < 1e-4);
		assert_int_equal(fit[0].n, N);
		for (size_t i = 0; i < N; i++) {
			nli_solver_score(s, i, logp, 3);
			for (size_t c = 0; c < 3; c++)
				NEAR((double)logp[c], want[i][c], 1e-4);
		}
		nli_solver_free(s);
	}
	nli_rows_release(&d.rows);
}

/* A lane's weights are the same bits whatever else runs, and whatever it holds out. */
static void held_out_does_not_matter(void **state)
{
	const struct nli_lane lanes[2] = { { { 1, -1 }, 0.5 }, { { -1, -1 }, 2 } };
	float before[N][3], after[NLI_LANES * 3];
	struct nli_solver *s;
	struct data d;

	(void)state;
	make_data(&d);
	d.p.nb = 0.5;
	s = nli_solver_new(&d.p, lanes, 2);
	nli_solver_run(s, N, 1e-6, 50);
	for (size_t i = 0; i < N; i++) {
		nli_solver_score(s, i, after, 3);
		memcpy(before[i], after, sizeof(before[i]));
	}
	nli_solver_free(s);
	for (size_t i = 0; i < N; i++)
		d.y[i] = d.fold[i] == 1 ? (int16_t)((d.y[i] + 1) % 3) : d.y[i];
	s = nli_solver_new(&d.p, lanes, 2);
	nli_solver_run(s, N, 1e-6, 50);
	for (size_t i = 0; i < N; i++) {
		nli_solver_score(s, i, after, 3);
		assert_memory_equal(before[i], after, sizeof(before[i]));
	}
	nli_solver_free(s);
	nli_rows_release(&d.rows);
}

/* A choice between two options of one feature each is binary logistic regression. */
static void choice_is_conditional(void **state)
{
	struct nli_rows_builder b = { 0 };
	struct nli_rows rows;
	const struct nli_lane lane = { { -1, -1 }, 1 };
	const size_t first[] = { 0, 2, 4, 6, 8 };
	const int16_t y[] = { 0, 1, 0, 1 };
	const uint8_t fold[4] = { 0 };
	const struct nli_problem p = { .rows = &rows,
				       .n = 4,
				       .item = first,
				       .y = y,
				       .fold = fold,
				       .scale2 = { 1, 1, 1, 1 } };
	struct nli_solver *s;
	float logp[NLI_LANES * 2];
	double w;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t o = 0; o < 2; o++) {
			const uint32_t h = (int)o == y[i] ? 8 : 16;

			nli_rows_add(&b, &h, 1);
		}
	nli_rows_finish(&b, NULL, 1, &rows);
	s = nli_solver_new(&p, &lane, 1);
	nli_solver_run(s, 4, 1e-10, 5000);
	nli_solver_score(s, 0, logp, 2);
	/* With d = w(8) - w(16): d = 2 * 4 (1 - sigma(d)), so d solves d = 8 / (1 + e^d). */
	w = (double)(logp[0] - logp[1]);
	NEAR(w, 8 / (1 + exp(w)), 1e-4);
	nli_solver_free(s);
	nli_rows_release(&rows);
}

static void rare_and_dropped(void **state)
{
	const uint32_t a[] = { 8, 16, 25 }, c[] = { 16, 25 }, e[] = { 16 };
	struct nli_rows_builder b = { 0 };
	struct nli_rows r;

	(void)state;
	nli_rows_add(&b, a, 3);
	nli_rows_add(&b, e, 1);
	nli_rows_drop(&b, 1u << 1);
	nli_rows_drop(&b, 1u << 1);
	nli_rows_add(&b, c, 2);
	nli_rows_add(&b, c, 2);
	nli_rows_finish(&b, NULL, 2, &r);
	/* 8 is in one row, 25 in a block that is dropped: 16 and the constant stay. */
	assert_int_equal(r.n_feat, 2);
	assert_int_equal(r.hash[1], 16);
	assert_int_equal(r.start[4], 8);
	nli_rows_release(&r);
}

enum { MANY = 40000 };

/* Many items of three classes, of which a feature tells.  Fill rows, y and fold. */
static struct nli_problem many_items(struct nli_rows *rows, int16_t *y, uint8_t *fold)
{
	enum { WORDS = 3000, ROW = 6 };
	struct nli_rows_builder b = { 0 };

	for (size_t i = 0; i < MANY; i++) {
		uint32_t hash[ROW];

		for (size_t k = 0; k < ROW; k++)
			hash[k] = (uint32_t)(nli_mix(i * ROW + k) % WORDS * ROW + k + 1) *
				  NLI_N_BLOCK;
		nli_rows_add(&b, hash, ROW);
		y[i] = (int16_t)(nli_mix(i) % 4 ? hash[0] / NLI_N_BLOCK % 3 : i % 3);
		fold[i] = 0;
	}
	nli_rows_finish(&b, NULL, 2, rows);
	return (struct nli_problem){ .rows = rows,
				     .n = MANY,
				     .y = y,
				     .fold = fold,
				     .n_class = 3,
				     .scale2 = { 1, 1, 1, 1 } };
}

/*
 * Of many records, whose sweeps change their order and whose gap is that of a sample: what
 * is called converged lies as near to the optimum as it says.
 */
static void many_converge(void **state)
{
	static int16_t y[MANY];
	static uint8_t fold[MANY];
	const struct nli_lane lane = { { -1, -1 }, 5 };
	struct nli_rows rows;
	const struct nli_problem p = many_items(&rows, y, fold);
	struct nli_fit fit[2];

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct nli_solver *s = nli_solver_new(&p, &lane, 1);

		nli_solver_run(s, MANY, k ? 1e-5 : 3e-3, 200);
		nli_solver_check(s, MANY, &fit[k]);
		assert_true(fit[k].converged);
		nli_solver_free(s);
	}
	assert_true(fit[0].objective - fit[1].objective <= 3e-3 * 1.1 * MANY);
	assert_true(fit[0].objective >= fit[1].objective - 1e-5 * 2 * MANY);
	assert_true(fit[1].gradient < 0.01);
	nli_rows_release(&rows);
}

/* The order in which many items are swept is a lane's own, however long another takes. */
static void companions_do_not_matter(void **state)
{
	enum { SOME = 200 };
	static int16_t y[MANY];
	static uint8_t fold[MANY];
	static float logp[2][SOME][NLI_MAX_CLASS * NLI_LANES];
	struct nli_rows rows;
	const struct nli_problem p = many_items(&rows, y, fold);
	uint32_t sweeps[2];

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		const struct nli_lane lane[2] = { { { -1, -1 }, 5 },
						  { { -1, -1 }, k ? .05 : 500 } };
		struct nli_solver *s = nli_solver_new(&p, lane, 2);
		struct nli_fit fit[2];

		nli_solver_run(s, MANY, 1e-3, 200);
		nli_solver_set_lambda(s, 0, 2);
		nli_solver_run(s, MANY, 1e-3, 200);
		nli_solver_check(s, MANY, fit);
		sweeps[k] = fit[1].epochs;
		for (size_t i = 0; i < SOME; i++)
			nli_solver_score(s, i, logp[k][i], NLI_MAX_CLASS);
		nli_solver_free(s);
	}
	assert_int_not_equal(sweeps[0], sweeps[1]);
	for (size_t i = 0; i < SOME; i++)
		assert_memory_equal(logp[0][i], logp[1][i], 3 * sizeof(float));
	nli_rows_release(&rows);
}

static int by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/*
 * Of so many hashes that parts of them and slots of the table are shared, those
 * in two rows stay, as a sort counts them, by block, falling count and hash.
 */
static void rare_among_many(void **state)
{
	enum { ROWS = 4000, WIDTH = 8 };
	static uint32_t all[ROWS * WIDTH];
	struct nli_rows_builder b = { 0 };
	struct nli_rows r;
	size_t kept = 0, used = ROWS;

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		uint32_t *row = all + i * WIDTH;

		/* Each its own eighth of the hashes: a row has no hash twice. */
		for (uint32_t k = 0; k < WIDTH; k++)
			row[k] = (uint32_t)(nli_mix(i * WIDTH + k) % 3000 * WIDTH + k) *
					 NLI_N_BLOCK +
				 k % 2;
		nli_rows_add(&b, row, WIDTH);
	}
	qsort(all, ROWS * WIDTH, sizeof(*all), by_number);
	for (size_t i = 0, end; i < ROWS * WIDTH; i = end) {
		for (end = i + 1; end < ROWS * WIDTH && all[end] == all[i];)
			end++;
		kept += end - i > 1;
		used += end - i > 1 ? end - i : 0;
	}
	nli_rows_finish(&b, NULL, 2, &r);
	assert_int_equal(r.n_feat, kept + 1);
	assert_int_equal(r.start[ROWS], used);
	for (uint32_t j = 2; j < r.n_feat; j++)
		assert_true(r.hash[j - 1] % NLI_N_BLOCK <= r.hash[j] % NLI_N_BLOCK);
	assert_true(r.bound[0] > 1 && r.bound[0] < r.bound[1]);
	nli_rows_release(&r);
}

enum { N_FOLD_ITEM = 3000, N_FOLD = 5 };

struct ranked_item {
	uint64_t rank;
	size_t item;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked_item *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

/* In the order of the groups' ranks, which takes a way of its own, folds are the same. */
static void folds_in_ranks(void **state)
{
	static struct ranked_item k[N_FOLD_ITEM];
	static uint64_t group[2][N_FOLD_ITEM];
	static int16_t y[2][N_FOLD_ITEM];
	static uint8_t fold[2][N_FOLD_ITEM];

	(void)state;
	/* Groups of one to seven. */
	for (size_t i = 0, g = 0, n = 0; i < N_FOLD_ITEM; i++) {
		group[0][i] = nli_mix(g);
		y[0][i] = (int16_t)(nli_mix(i) % 3);
		k[i] = (struct ranked_item){ nli_mix(group[0][i] ^ nli_mix(7)), i };
		g += ++n > g % 7;
		n = nli_mix(g) == group[0][i] ? n : 0;
	}
	qsort(k, N_FOLD_ITEM, sizeof(*k), by_rank);
	for (size_t i = 0; i < N_FOLD_ITEM; i++) {
		group[1][i] = group[0][k[i].item];
		y[1][i] = y[0][k[i].item];
	}
	for (int o = 0; o < 2; o++)
		nli_fold_groups(N_FOLD_ITEM, group[o], y[o], 3, N_FOLD, 7, fold[o]);
	for (size_t i = 0; i < N_FOLD_ITEM; i++)
		assert_int_equal(fold[1][i], fold[0][k[i].item]);
}

static void folds_keep_groups_and_shares(void **state)
{
	static uint64_t group[N_FOLD_ITEM];
	static int16_t y[N_FOLD_ITEM];
	static uint8_t fold[N_FOLD_ITEM], back[N_FOLD_ITEM];
	size_t count[N_FOLD][3] = { { 0 } };

	(void)state;
	for (size_t i = 0; i < N_FOLD_ITEM; i++) {
		group[i] = nli_mix(i / 3);
		y[i] = (int16_t)(nli_mix(i) % 7 < 3 ? 0 : nli_mix(i) % 7 < 5 ? 1 : 2);
	}
	assert_int_equal(nli_fold_groups(N_FOLD_ITEM, group, y, 3, N_FOLD, 7, fold),
			 1000);
	for (size_t i = 0; i < N_FOLD_ITEM; i++) {
		assert_int_equal(fold[i], fold[i / 3 * 3]);
		count[fold[i]][y[i]]++;
	}
	for (size_t f = 0; f < N_FOLD; f++)
		for (size_t c = 0; c < 3; c++)
			assert_in_range(count[f][c] * N_FOLD, c ? 840 : 1260,
					c ? 880 : 1320);
	/* The other way round, every record gets the same fold. */
	for (size_t i = 0; i < N_FOLD_ITEM / 2; i++) {
		const uint64_t g = group[i];
		const int16_t l = y[i];

		group[i] = group[N_FOLD_ITEM - 1 - i];
		y[i] = y[N_FOLD_ITEM - 1 - i];
		group[N_FOLD_ITEM - 1 - i] = g;
		y[N_FOLD_ITEM - 1 - i] = l;
	}
	nli_fold_groups(N_FOLD_ITEM, group, y, 3, N_FOLD, 7, back);
	for (size_t i = 0; i < N_FOLD_ITEM; i++)
		assert_int_equal(back[i], fold[N_FOLD_ITEM - 1 - i]);
}

/* Four records counted by hand. */
static void metrics_by_hand(void **state)
{
	struct nli_scored s[] = {
		{ .group = 1,
		  .y = 0,
		  .pred = 0,
		  .n_opt = 2,
		  .p = .8f,
		  .top = .8f,
		  .pvi = 1 },
		{ .group = 1,
		  .y = 0,
		  .pred = 1,
		  .n_opt = 2,
		  .p = .4f,
		  .top = .6f,
		  .pvi = -1 },
		{ .group = 2,
		  .y = 1,
		  .pred = 1,
		  .n_opt = 2,
		  .p = .9f,
		  .top = .9f,
		  .pvi = 2 },
		{ .group = 3,
		  .y = 0,
		  .pred = 0,
		  .n_opt = 2,
		  .p = .7f,
		  .top = .7f,
		  .pvi = 0 },
	};
	struct nli_metrics m;

	(void)state;
	nli_metrics_of(s, 4, 2, false, 0.95, 0, &m);
	NEAR(m.accuracy, 0.75, 0);
	NEAR(m.majority, 0.75, 0);
	NEAR(m.gain, 0, 0);
	assert_int_equal(m.n_group, 3);
	NEAR(m.v_information, 0.5, 1e-12);
	NEAR(m.label[0].precision, 1, 0);
	NEAR(m.label[0].recall, 2.0 / 3, 1e-12);
	NEAR(m.label[1].f1, 2.0 / 3, 1e-12);
	NEAR(m.label[1].f1_ci.hi, 1, 0);
	assert_int_equal(m.confusion[1], 1);
	/* |1-.8| + |0-.6| + |1-.9| + |1-.7|, a bin each, over 4 */
	NEAR(m.ece, 1.2 / 4, 1e-6);
	assert_int_equal(nli_evidence_of(&m, 2), NLI_EVIDENCE_NONE);
	nli_metrics_release(&m);
}

enum { N_SIM = 400, N_SIM_WORD = 30 };

/* Random words; with planted, the label is the parity of the first one. */
static void simulate(struct nli_rows *rows, int16_t *y, uint8_t *fold, uint64_t *group,
		     uint64_t seed, bool planted)
{
	struct nli_rows_builder b = { 0 };

	for (size_t i = 0; i < N_SIM; i++) {
		const uint64_t h = nli_mix(seed * N_SIM + i);
		const uint32_t hash[] = { NLI_N_BLOCK * (uint32_t)(1 + h % N_SIM_WORD),
					  NLI_N_BLOCK *
						  (100 + (uint32_t)(h >> 32 & 15)) };

		nli_rows_add(&b, hash, 2);
		y[i] = planted ? (int16_t)(hash[0] / NLI_N_BLOCK % 2)
			       : (int16_t)(h >> 50 & 1);
		fold[i] = i % 8;
		group[i] = i / 2;
	}
	nli_rows_finish(&b, NULL, 1, rows);
}

/* p of the permutation test is uniform with nothing planted, least with something. */
static void permutation_is_level(void **state)
{
	enum { RUNS = 200 };
	const struct nli_permute_opts o = {
		.n_perm = 49, .n_max = N_SIM, .seed = 5, .jobs = 1
	};
	struct nli_permute_test t;
	static int16_t y[N_SIM];
	static uint8_t fold[N_SIM];
	static uint64_t group[N_SIM];
	double p[RUNS];
	struct nli_rows rows;
	struct nli_problem problem = {
		.rows = &rows, .n = N_SIM, .y = y, .fold = fold, .n_class = 2
	};

	(void)state;
	for (size_t r = 0; r < RUNS; r++) {
		simulate(&rows, y, fold, group, r, false);
		nli_permutation_test(&problem, &o, &t);
		/* Spread the steps of 1/50: uniform on (p - 1/50, p]. */
		p[r] = t.p - nli_unit(nli_mix(r)) / 50;
		nli_rows_release(&rows);
	}
	{
		double pvalue;

		nli_ks_uniform(p, RUNS, &pvalue);
		assert_true(pvalue > 0.01);
	}
	simulate(&rows, y, fold, group, 1, true);
	nli_permutation_test(&problem, &o, &t);
	NEAR(t.p, 1.0 / 50, 1e-12);
	nli_rows_release(&rows);
}

/* Nothing to learn: the code is not shorter than the uniform one; planted: it is. */
static void online_code(void **state)
{
	static int16_t y[N_SIM];
	static uint8_t fold[N_SIM];
	static uint64_t group[N_SIM];
	struct nli_rows rows;
	struct nli_problem p = { .rows = &rows,
				 .n = N_SIM,
				 .y = y,
				 .fold = fold,
				 .n_class = 2,
				 .scale2 = { 1, 1, 1, 1 } };
	struct nli_mdl m;

	(void)state;
	for (int planted = 0; planted < 2; planted++) {
		simulate(&rows, y, fold, group, 3, planted);
		nli_mdl_online(&p, group, 3, 1e-4, 200, 0.95, &m);
		assert_int_equal(m.n, N_SIM);
		NEAR(m.uniform, N_SIM, 1e-9);
		assert_true(planted ? m.compression > 1.5 : m.compression < 1.02);
		assert_true(m.ci.lo < m.codelength && m.codelength < m.ci.hi);
		/* A coin costs a bit, whose spread is what the model strays by. */
		assert_true(m.ci.hi - m.ci.lo < 0.2 * m.codelength);
		nli_rows_release(&rows);
	}
}

/*
 * Groups of three that are often all right or all wrong: seven in ten records are right,
 * six in ten were promised.  F1 of both labels is .7, the calibration error .1.
 */
static void groups_widen_intervals(void **state)
{
	enum { RUNS = 400, GROUPS = 300, SIZE = 3 };
	static struct nli_scored s[GROUPS * SIZE];
	size_t f1 = 0, ece = 0;

	(void)state;
	for (uint64_t run = 0; run < RUNS; run++) {
		struct nli_metrics m;

		for (uint64_t i = 0; i < GROUPS * SIZE; i++) {
			const uint64_t g = i / SIZE, key = nli_mix(nli_mix(run) + i);
			const bool alike = nli_unit(nli_mix(~nli_mix(run) + g)) < 0.6;
			const bool hit = nli_unit(nli_mix(alike ? nli_mix(run ^ 77) + g
								: key + 1)) < 0.7;
			const int16_t y = (int16_t)(key & 1);

			s[i] = (struct nli_scored){ .group = nli_mix(g),
						    .y = y,
						    .pred = (int16_t)(hit ? y : !y),
						    .n_opt = 2,
						    .p = hit ? .6f : .4f,
						    .top = .6f };
		}
		nli_metrics_of(s, GROUPS * SIZE, 2, false, 0.95, run, &m);
		f1 += m.label[1].f1_ci.lo <= 0.7 && m.label[1].f1_ci.hi >= 0.7;
		ece += m.ece_ci.lo <= 0.1 && m.ece_ci.hi >= 0.1;
		nli_metrics_release(&m);
	}
	/* 95 %, give or take three standard errors; without groups it is 83 to 85 %. */
	assert_in_range(f1, 0.917 * RUNS, 0.983 * RUNS);
	assert_in_range(ece, 0.917 * RUNS, 0.983 * RUNS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_widen_intervals),
		cmocka_unit_test(exp_and_log),
		cmocka_unit_test(same_as_sklearn),
		cmocka_unit_test(held_out_does_not_matter),
		cmocka_unit_test(choice_is_conditional),
		cmocka_unit_test(rare_and_dropped),
		cmocka_unit_test(rare_among_many),
		cmocka_unit_test(many_converge),
		cmocka_unit_test(companions_do_not_matter),
		cmocka_unit_test(folds_in_ranks),
		cmocka_unit_test(folds_keep_groups_and_shares),
		cmocka_unit_test(metrics_by_hand),
		cmocka_unit_test(permutation_is_level),
		cmocka_unit_test(online_code),
	};

	return cmocka_run_group_tests_name("logit", tests, NULL, NULL);
}
