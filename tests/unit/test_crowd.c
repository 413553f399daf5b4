/*
 * Unit tests of lib/crowd: special values, agreement, methods against numbers
 * worked out elsewhere, and what must hold for every method.
 *
 * The toy table is crowd-kit's (tests/conftest.py, "toy YSDA"): five workers,
 * five tasks, t1 tied.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/crowd/agree.h"
#include "lib/crowd/auto.h"
#include "lib/crowd/fit.h"
#include "lib/crowd/gamma.h"
#include "lib/crowd/score.h"
#include "lib/crowd/workers.h"
#include "tests/unit/rows.h"

static void near(double got, double want, double tol)
{
	if (!(fabs(got - want) <= tol))
		fail_msg("got %.17g, want %.17g +- %g", got, want, tol);
}

/* ---- digamma, log gamma: mpmath, 30 digits ---- */

static const struct gamma_row {
	const char *name;
	double x, digamma, lgamma;
} gamma_rows[] = {
	{ "gamma at 1", 1, -0.57721566490153286061, 0 },
	{ "gamma at a half", .5, -1.96351002602142347944, 0.57236494292470008707 },
	{ "gamma at .01", .01, -100.56088545786867450, 4.59947987804202172251 },
	{ "gamma at 3.7", 3.7, 1.16715353936151139, 1.4280723266653879 },
	{ "gamma at 10", 10, 2.25175258906672110765, 12.8018274800814696112 },
	{ "gamma at 1e6", 1e6, 13.8155100579641856, 12815504.5691476121 },
};

static void check_gamma(void **state)
{
	const struct gamma_row *r = *state;

	near(nli_digamma(r->x), r->digamma, 2e-14 * fmax(fabs(r->digamma), 1));
	near(nli_lgamma(r->x), r->lgamma, 2e-14 * fmax(fabs(r->lgamma), 1));
}

/* ---- tables ---- */

/* A letter a label, '.' for none: row i is item i, column j worker j; a is class 0. */
static struct nli_crowd table(const char *const *row, size_t n, uint32_t n_class)
{
	struct nli_crowd_rows rows = { 0 };
	struct nli_crowd c;
	struct nli_err err;
	const size_t W = strlen(row[0]);

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < W; j++)
			if (row[i][j] != '.')
				nli_crowd_rows_add(&rows, i, j,
						   (uint8_t)(row[i][j] - 'a'));
	assert_int_equal(nli_crowd_build(&c, &rows, (uint32_t)n, (uint32_t)W, n_class,
					 NLI_CROWD_NOBODY, NLI_REPEAT_LAST, &err),
			 0);
	return c;
}

/* n is class a, y is class b. */
static const char *const toy[] = { "ab.ba", "bbbaa", "baaba", "bbbbb", "baaaa" };

static struct nli_crowd_fit fit(const struct nli_crowd *c, const char *method,
				int iterations)
{
	struct nli_crowd_opts o = NLI_CROWD_OPTS_DEFAULT;
	struct nli_crowd_fit f;
	struct nli_err err;

	o.max_iter = iterations;
	if (nli_crowd_run(nli_crowd_method_of(method), c, &o, &f, &err))
		fail_msg("%s: %s", method, err.msg);
	return f;
}

/* ---- the toy table, step by step ---- */

/* Posteriors of class b by item: crowd-kit's fixtures, or worked out by hand. */
static const struct toy_row {
	const char *name, *method;
	int iterations;
	double b[5], tol;
} toy_rows[] = {
	{ "mv of the toy table", "mv", 0, { .5, .6, .4, 1, .2 }, 1e-15 },
	/* One E-step after the M-step on vote shares, as test_dawid_skene_step_by_step. */
	{ "ds-ck after one iteration", "ds-ck", 1, { .65, .74, .13, 1, .05 }, .005 },
	/* t1 tied: skills .5, .9, 1, .5, .7 of the shared winners; t1 = (.9+.5)/2.6. */
	{ "wawa counts a tie in halves",
	  "wawa",
	  0,
	  { 1.4 / 2.6, 2.4 / 3.6, 1. / 3.6, 1, .5 / 3.6 },
	  1e-12 },
	/* Both classes change places with workers 0 and 3 being odd ones out. */
	{ "ds of the toy table", "ds", 0, { 1, 1, 0, 1, 0 }, .05 },
	{ "glad of the toy table", "glad", 0, { .72, .77, .2, 1, .05 }, .25 },
};

static void check_toy(void **state)
{
	const struct toy_row *r = *state;
	struct nli_crowd c = table(toy, 5, 2);
	struct nli_crowd_fit f = fit(&c, r->method, r->iterations);

	for (int i = 0; i < 5; i++)
		near(f.post[2 * i + 1], r->b[i], r->tol);
	nli_crowd_fit_release(&f);
	nli_crowd_release(&c);
}

/* The matrices after that step: [said yes | true yes] of crowd-kit's errors_iter_1. */
static void ds_ck_matrices(void **state)
{
	static const double yes_yes[] = { .75, .93, .91, .69, .39 };
	static const double no_no[] = { .14, .75, .87, .50, 1.00 };
	struct nli_crowd c = table(toy, 5, 2);
	struct nli_crowd_fit f = fit(&c, "ds-ck", 1);

	(void)state;
	for (int j = 0; j < 5; j++) {
		near(f.confusion[j * 4 + 3], yes_yes[j], .005);
		near(f.confusion[j * 4], no_no[j], .005);
	}
	near(f.prior[1], .51, .005);
	nli_crowd_fit_release(&f);
	nli_crowd_release(&c);
}

/* ---- agreement ---- */

static const struct agree_row {
	const char *name, *row[6];
	uint32_t n, n_class;
	double alpha, kappa, percent;
} agree_rows[] = {
	/* crowd-kit's documentation of alpha_krippendorff. */
	{ "alpha of crowd-kit's example",
	  { "aa", "bb", "ab" },
	  3,
	  2,
	  0.4444444444444444,
	  1. / 3,
	  2. / 3 },
	{ "alpha with a label missing", { "aaa", "ab." }, 2, 2, 0, 0, 0 },
	/* Two raters, four items, three agree: alpha = 1 - (2/8) / (1 - (12+12)/56). */
	{ "alpha of two raters",
	  { "aa", "aa", "bb", "ab" },
	  4,
	  2,
	  0.53333333333333,
	  0.46666666666667,
	  .75 },
	{ "all agree", { "aaa", "bbb" }, 2, 2, 1, 1, 1 },
	{ "items of one label do not count", { "a.", "aa", "bb", ".b" }, 4, 2, 1, 1, 1 },
};

/* Straight from the definition: pairs of values within items and over all. */
static double alpha_by_pairs(const struct nli_crowd *c)
{
	double within = 0, n = 0, count[8] = { 0 }, all = 0;

	for (uint32_t i = 0; i < c->n_item; i++) {
		const uint64_t m = c->start[i + 1] - c->start[i];

		if (m < 2)
			continue;
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			n++;
			count[c->label[r]]++;
			for (uint64_t s = c->start[i]; s < c->start[i + 1]; s++)
				within += s != r && c->label[r] != c->label[s]
						  ? 1. / (double)(m - 1)
						  : 0;
		}
	}
	for (uint32_t k = 0; k < c->n_class; k++)
		all += count[k] * (n - count[k]);
	return 1 - within / n / (all / (n * (n - 1)));
}

static void check_agree(void **state)
{
	const struct agree_row *r = *state;
	struct nli_crowd c = table(r->row, r->n, r->n_class);
	struct nli_agree a;

	nli_agree(&c, NULL, NULL, &a);
	assert_true(a.defined);
	near(a.alpha, alpha_by_pairs(&c), 1e-12);
	if (r->alpha) {
		near(a.alpha, r->alpha, 1e-12);
		near(a.kappa, r->kappa, 1e-12);
		near(a.percent, r->percent, 1e-12);
	}
	assert_true(a.alpha_ci.lo <= a.alpha && a.alpha <= a.alpha_ci.hi);
	nli_agree_release(&a);
	nli_crowd_release(&c);
}

static void one_label_has_no_alpha(void **state)
{
	static const char *const same[] = { "aa.", "aaa" };
	struct nli_crowd c = table(same, 2, 1);
	struct nli_agree a;

	(void)state;
	nli_agree(&c, NULL, NULL, &a);
	assert_false(a.defined);
	nli_agree_release(&a);
	nli_crowd_release(&c);
}

/* ---- simulations ---- */

struct sim {
	uint32_t items, workers, each, K;
	int32_t *truth;
	double *pi; /* (W, true, said) */
	struct nli_crowd c;
};

static double unit(uint64_t a, uint64_t b, uint64_t c)
{
	return nli_unit(nli_mix(nli_mix(nli_mix(a) ^ b) ^ c));
}

static uint8_t draw(const double *p, uint32_t K, double u)
{
	uint32_t k = 0;

	for (; k + 1 < K && u >= p[k]; k++)
		u -= p[k];
	return (uint8_t)k;
}

/* Workers with matrices: uneven errors, accuracy .5 to .95; items alike. */
static struct sim simulate(uint32_t items, uint32_t workers, uint32_t each, uint32_t K,
			   bool one_coin, uint64_t seed)
{
	struct sim s = { items, workers, each, K, NULL, NULL, { 0 } };
	struct nli_crowd_rows rows = { 0 };
	struct nli_err err;

	s.truth = nli_xcalloc(items, sizeof(*s.truth));
	s.pi = nli_xcalloc((size_t)workers * K * K, sizeof(double));
	for (uint32_t j = 0; j < workers; j++)
		for (uint32_t k = 0; k < K; k++) {
			double *p = s.pi + ((size_t)j * K + k) * K, rest = 0;
			const double right =
				.5 + .45 * unit(seed, j, one_coin ? 0 : k + 1);

			for (uint32_t l = 0; l < K; l++)
				rest += p[l] =
					l == k ? 0
					       : (one_coin ? 1
							   : .1 + unit(seed, j,
								       100 + k * K + l));
			for (uint32_t l = 0; l < K; l++)
				p[l] = l == k ? right : p[l] / rest * (1 - right);
		}
	for (uint32_t i = 0; i < items; i++) {
		s.truth[i] = (int32_t)(unit(seed, 7, i) * K);
		for (uint32_t n = 0; n < each; n++) {
			const uint32_t j = (uint32_t)(unit(seed, 8, i * each + n) *
						      (workers / each)) *
						   each +
					   n;

			nli_crowd_rows_add(
				&rows, i, j,
				draw(s.pi + ((size_t)j * K + (uint32_t)s.truth[i]) * K, K,
				     unit(seed, 9, i * each + n)));
		}
	}
	assert_int_equal(nli_crowd_build(&s.c, &rows, items, workers, K, NLI_CROWD_NOBODY,
					 NLI_REPEAT_LAST, &err),
			 0);
	return s;
}

static void sim_release(struct sim *s)
{
	free(s->truth);
	free(s->pi);
	nli_crowd_release(&s->c);
}

/* The posteriors of one who knows the matrices: the Bayes rate. */
static double bayes_accuracy(const struct sim *s)
{
	double right = 0;

	for (uint32_t i = 0; i < s->items; i++) {
		double q[8] = { 0 };
		uint32_t best = 0;

		for (uint64_t r = s->c.start[i]; r < s->c.start[i + 1]; r++)
			for (uint32_t k = 0; k < s->K; k++)
				q[k] += log(
					s->pi[((size_t)s->c.worker[r] * s->K + k) * s->K +
					      s->c.label[r]]);
		for (uint32_t k = 1; k < s->K; k++)
			best = q[k] > q[best] ? k : best;
		right += (int32_t)best == s->truth[i];
	}
	return right / s->items;
}

static const struct sim_row {
	const char *name, *method;
	bool one_coin;
	double ece; /* expected calibration error allowed */
} sim_rows[] = {
	{ "onecoin reaches the Bayes rate", "onecoin", true, .02 },
	{ "zc reaches the Bayes rate", "zc", true, .02 },
	{ "mace reaches the Bayes rate of coins", "mace", true, .03 },
	{ "glad reaches the Bayes rate of coins", "glad", true, .06 },
	{ "ds reaches the Bayes rate", "ds", false, .02 },
	{ "hybrid reaches the Bayes rate", "hybrid", false, .02 },
	{ "ibcc reaches the Bayes rate", "ibcc", false, .02 },
	{ "hbcc reaches the Bayes rate", "hbcc", false, .02 },
	{ "ebcc reaches the Bayes rate", "ebcc", false, .03 },
	{ "hebcc reaches the Bayes rate", "hebcc", false, .03 },
	{ "minimax comes near the Bayes rate", "minimax", false, .1 },
	{ "mmsr comes near the Bayes rate", "mmsr", true, .1 },
};

/* Within three standard errors of the difference, which is at most that of either. */
static void check_sim(void **state)
{
	const struct sim_row *r = *state;
	struct sim s = simulate(4000, 60, 6, 3, r->one_coin, 5);
	struct nli_crowd_opts o = NLI_CROWD_OPTS_DEFAULT;
	const double bayes = bayes_accuracy(&s);
	struct nli_crowd_fit f;
	struct nli_score score;
	struct nli_err err;

	o.restarts = 3;
	assert_int_equal(
		nli_crowd_run(nli_crowd_method_of(r->method), &s.c, &o, &f, &err), 0);
	nli_score(&s.c, f.post, s.truth, &score);
	if (score.accuracy < bayes - 3 * sqrt(bayes * (1 - bayes) / s.items))
		fail_msg("accuracy %.4f, the Bayes rate is %.4f", score.accuracy, bayes);
	if (score.ece > r->ece)
		fail_msg("calibration error %.4f, wanted at most %.4f", score.ece,
			 r->ece);
	nli_score_release(&score);
	nli_crowd_fit_release(&f);
	sim_release(&s);
}

/* dQ/dalpha and dQ/dbeta of glad.c's head at the end, by their own formulas. */
static void glad_ends_where_its_gradient_is_zero(void **state)
{
	struct sim s = simulate(300, 12, 6, 3, true, 2);
	struct nli_crowd_opts o = NLI_CROWD_OPTS_DEFAULT;
	double da[12];
	struct nli_crowd_fit f;
	struct nli_err err;

	(void)state;
	o.max_iter = 5000;
	o.tol = 1e-12;
	assert_int_equal(nli_crowd_run(nli_crowd_method_of("glad"), &s.c, &o, &f, &err),
			 0);
	for (uint32_t j = 0; j < 12; j++)
		da[j] = 1 - f.skill[j];
	for (uint32_t i = 0; i < 300; i++) {
		double db = 1 - f.easiness[i];

		for (uint64_t r = s.c.start[i]; r < s.c.start[i + 1]; r++) {
			const double e = exp(f.easiness[i]), a = f.skill[s.c.worker[r]];
			const double miss =
				f.post[i * 3 + s.c.label[r]] - 1 / (1 + exp(-a * e));

			da[s.c.worker[r]] += miss * e;
			db += miss * a * e;
		}
		near(db, 0, 1e-6);
	}
	for (uint32_t j = 0; j < 12; j++)
		near(da[j], 0, 1e-6);
	nli_crowd_fit_release(&f);
	sim_release(&s);
}

/* ---- what holds for every method ---- */

static struct nli_crowd_opts quick(void)
{
	struct nli_crowd_opts o = NLI_CROWD_OPTS_DEFAULT;

	o.restarts = 2;
	return o;
}

static bool serves(const struct nli_crowd_method *m)
{
	return strcmp(m->name, "wmv") && strcmp(m->name, "best") &&
	       strcmp(m->name, "wlogit");
}

/* Items, workers and classes of t stand where the permutations say. */
static struct nli_crowd permuted(const struct nli_crowd *c, uint32_t *item,
				 uint32_t *worker, uint32_t *class)
{
	struct nli_crowd_rows rows = { 0 };
	struct nli_crowd p;
	struct nli_err err;

	for (uint32_t i = 0; i < c->n_item; i++)
		item[i] = (i * 7 + 3) % c->n_item;
	for (uint32_t j = 0; j < c->n_worker; j++)
		worker[j] = (j * 11 + 5) % c->n_worker;
	for (uint32_t k = 0; k < c->n_class; k++)
		class[k] = (k + 1) % c->n_class;
	for (uint32_t i = c->n_item; i-- > 0;)
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
			nli_crowd_rows_add(&rows, item[i], worker[c->worker[r]],
					   (uint8_t) class[c->label[r]]);
	assert_int_equal(nli_crowd_build(&p, &rows, c->n_item, c->n_worker, c->n_class,
					 NLI_CROWD_NOBODY, NLI_REPEAT_LAST, &err),
			 0);
	/* The same names as in c: chance must follow them. */
	p.item_key = nli_xmalloc(c->n_item, sizeof(uint64_t));
	p.worker_key = nli_xmalloc(c->n_worker, sizeof(uint64_t));
	p.class_key = nli_xmalloc(c->n_class, sizeof(uint64_t));
	for (uint32_t i = 0; i < c->n_item; i++)
		p.item_key[item[i]] = i;
	for (uint32_t j = 0; j < c->n_worker; j++)
		p.worker_key[worker[j]] = j;
	for (uint32_t k = 0; k < c->n_class; k++)
		p.class_key[class[k]] = k;
	return p;
}

static void check_permutation(void **state)
{
	const struct nli_crowd_method *m = *state;
	struct sim s = simulate(200, 12, 4, 3, false, 3);
	uint32_t item[200], worker[12], class[3];
	struct nli_crowd p = permuted(&s.c, item, worker, class);
	const struct nli_crowd_opts o = quick();
	struct nli_crowd_fit a, b;
	struct nli_err err;

	assert_int_equal(nli_crowd_run(m, &s.c, &o, &a, &err), 0);
	assert_int_equal(nli_crowd_run(m, &p, &o, &b, &err), 0);
	for (uint32_t i = 0; i < 200; i++)
		for (uint32_t k = 0; k < 3; k++)
			near(b.post[item[i] * 3 + class[k]], a.post[i * 3 + k], 1e-6);
	nli_crowd_fit_release(&a);
	nli_crowd_fit_release(&b);
	nli_crowd_release(&p);
	sim_release(&s);
}

static void check_threads(void **state)
{
	const struct nli_crowd_method *m = *state;
	struct sim s = simulate(9000, 30, 5, 2, false, 4); /* several parts */
	struct nli_crowd_opts o = quick();
	struct nli_crowd_fit a, b;
	struct nli_err err;

	o.max_iter = 12;
	assert_int_equal(nli_crowd_run(m, &s.c, &o, &a, &err), 0);
	o.jobs = 5;
	assert_int_equal(nli_crowd_run(m, &s.c, &o, &b, &err), 0);
	assert_memory_equal(a.post, b.post, 9000 * 2 * sizeof(double));
	assert_memory_equal(a.skill, b.skill, 30 * sizeof(double));
	assert_true(a.objective == b.objective);
	nli_crowd_fit_release(&a);
	nli_crowd_fit_release(&b);
	sim_release(&s);
}

/* Tables that break things: one class, one worker, one item, lone labels, all ties. */
static const char *const extreme[][4] = {
	{ "a" },
	{ "ab" },
	{ "a", "b", "a", "b" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" },
	{ "a....", ".b...", "..c..", "...a." },
	{ "abc", "bca", "cab" },
	{ "aaaa", "aaaa", "bbbb", "bbba" },
};

static void check_extremes(void **state)
{
	const struct nli_crowd_method *m = *state;

	for (size_t t = 0; t < sizeof(extreme) / sizeof(*extreme); t++) {
		size_t n = 0;

		while (n < 4 && extreme[t][n])
			n++;
		for (uint32_t K = 3; K <= 4; K++) { /* and classes that do not occur */
			struct nli_crowd c = table(extreme[t], n, K);
			const struct nli_crowd_opts o = quick();
			struct nli_crowd_fit f;
			struct nli_err err;

			if (nli_crowd_run(m, &c, &o, &f, &err))
				fail_msg("%s on table %zu: %s", m->name, t, err.msg);
			for (size_t i = 0; i < n; i++) {
				double sum = 0;

				for (uint32_t k = 0; k < K; k++) {
					assert_true(f.post[i * K + k] >= 0);
					sum += f.post[i * K + k];
				}
				near(sum, 1, 1e-9);
			}
			nli_crowd_fit_release(&f);
			nli_crowd_release(&c);
		}
	}
}

/* One class only: every method says so with certainty, or refuses in words. */
static void check_one_class(void **state)
{
	static const char *const row[] = { "aa.", "aaa" };
	const struct nli_crowd_method *m = *state;
	struct nli_crowd c = table(row, 2, 1);
	const struct nli_crowd_opts o = quick();
	struct nli_crowd_fit f;
	struct nli_err err;

	if (!nli_crowd_run(m, &c, &o, &f, &err)) {
		near(f.post[0], 1, 0);
		near(f.post[1], 1, 0);
		nli_crowd_fit_release(&f);
	} else {
		assert_int_equal(err.code, NLI_EINVAL);
	}
	nli_crowd_release(&c);
}

/* A spammer (always a) and nine copies of it: its skill must not pass a coin's. */
static void copies_of_a_spammer(void **state)
{
	static const char *const method[] = { "ds", "ibcc", "hbcc", "zc", "mace" };
	struct sim s = simulate(600, 12, 6, 3, true, 6);

	(void)state;
	for (uint32_t copies = 1; copies <= 3; copies++)
		for (size_t m = 0; m < 5; m++) {
			struct nli_crowd_rows rows = { 0 };
			const struct nli_crowd_opts o = quick();
			struct nli_crowd_fit f;
			struct nli_crowd c;
			struct nli_err err;

			for (uint32_t i = 0; i < 600; i++) {
				for (uint64_t r = s.c.start[i]; r < s.c.start[i + 1]; r++)
					nli_crowd_rows_add(&rows, i, s.c.worker[r],
							   s.c.label[r]);
				for (uint32_t j = 0; j < copies; j++)
					nli_crowd_rows_add(&rows, i, 12 + j, 0);
			}
			assert_int_equal(nli_crowd_build(&c, &rows, 600, 12 + copies, 3,
							 NLI_CROWD_NOBODY,
							 NLI_REPEAT_LAST, &err),
					 0);
			assert_int_equal(nli_crowd_run(nli_crowd_method_of(method[m]), &c,
						       &o, &f, &err),
					 0);
			/* Against the truth it is right in a third; noise of 600 items. */
			if (f.skill[12] > 1. / 3 + 3 * sqrt(2. / 9 / 600))
				fail_msg("%s, %u copies: skill %.4f", method[m], copies,
					 f.skill[12]);
			nli_crowd_fit_release(&f);
			nli_crowd_release(&c);
		}
	sim_release(&s);
}

/* ---- rules ---- */

static void repeats_follow_the_rule(void **state)
{
	static const struct {
		enum nli_crowd_repeat rule;
		uint64_t n;
		uint8_t first;
	} want[] = { { NLI_REPEAT_LAST, 2, 1 },
		     { NLI_REPEAT_FIRST, 2, 0 },
		     { NLI_REPEAT_ALL, 3, 0 } };

	(void)state;
	for (size_t t = 0; t < 3; t++)
		for (int timed = 0; timed < 2; timed++) {
			struct nli_crowd_rows rows = { 0 };
			struct nli_crowd c;
			struct nli_err err;

			/* Worker 0 says 0 first (time 5), then 1 (time 9), given in either order. */
			nli_crowd_rows_add_full(&rows, 0, 0, timed ? 1 : 0, 1,
						timed ? 9 : NLI_CROWD_NO_TIME);
			nli_crowd_rows_add_full(&rows, 0, 1, 0, 1,
						timed ? 1 : NLI_CROWD_NO_TIME);
			nli_crowd_rows_add_full(&rows, 0, 0, timed ? 0 : 1, 1,
						timed ? 5 : NLI_CROWD_NO_TIME);
			assert_int_equal(nli_crowd_build(&c, &rows, 1, 2, 2,
							 NLI_CROWD_NOBODY, want[t].rule,
							 &err),
					 0);
			assert_int_equal(c.n, want[t].n);
			assert_int_equal(c.repeats, 3 - want[t].n);
			if (want[t].rule != NLI_REPEAT_ALL)
				assert_int_equal(c.label[0], want[t].first);
			nli_crowd_release(&c);
		}
}

static void an_empty_table_is_refused(void **state)
{
	struct nli_crowd_rows rows = { 0 };
	struct nli_crowd c;
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_crowd_build(&c, &rows, 1, 1, 1, NLI_CROWD_NOBODY,
					 NLI_REPEAT_ALL, &err),
			 NLI_EINVAL);
	assert_string_equal(err.msg, "no annotation");
}

/* Gold clamps its items and teaches the matrices: a liar is believed in reverse. */
static void gold_is_learnt_from(void **state)
{
	static const char *const row[] = {
		"bb", "aa", "bb", "aa", "bb", "aa", "bb", "aa"
	};
	struct nli_crowd c = table(row, 8, 2);
	struct nli_crowd_fit f;

	(void)state;
	c.gold = nli_xmalloc(8, sizeof(*c.gold));
	for (int i = 0; i < 8; i++)
		c.gold[i] =
			(int16_t)(i < 6 ? i % 2 : -1); /* the opposite of what they say */
	f = fit(&c, "ds", 0);
	near(f.post[0], 1, 0);
	assert_true(f.post[6 * 2] > .9 && f.post[7 * 2 + 1] > .9);
	nli_crowd_fit_release(&f);
	nli_crowd_release(&c);
}

/* A probabilistic vote of (.5,.5) moves nothing; one of (.9,.1) is nine tenths of a vote. */
static void probabilities_are_parts_of_votes(void **state)
{
	struct nli_crowd_rows rows = { 0 };
	struct nli_crowd_fit f;
	struct nli_crowd c;
	struct nli_err err;

	(void)state;
	nli_crowd_rows_add_full(&rows, 0, 0, 0, .9f, NLI_CROWD_NO_TIME);
	nli_crowd_rows_add_full(&rows, 0, 0, 1, .1f, NLI_CROWD_NO_TIME);
	nli_crowd_rows_add(&rows, 0, 1, 1);
	assert_int_equal(nli_crowd_build(&c, &rows, 1, 2, 2, NLI_CROWD_NOBODY,
					 NLI_REPEAT_LAST, &err),
			 0);
	f = fit(&c, "mv", 0);
	near(f.post[0], .45, 1e-7);
	nli_crowd_fit_release(&f);
	/* logit: mean of log (.9,.1) and log (1e-6,1). */
	f = fit(&c, "logit", 0);
	near(f.post[1] / f.post[0], sqrt(1e6 / 9), 1);
	nli_crowd_fit_release(&f);
	nli_crowd_release(&c);
}

static void ties_share_and_are_broken_by_name(void **state)
{
	static const char *const row[] = { "ab" };
	struct nli_crowd c = table(row, 1, 2);
	struct nli_crowd_fit f = fit(&c, "mv", 0);
	int32_t truth = 0;
	struct nli_score s;
	unsigned seen = 0;

	(void)state;
	assert_int_equal(nli_crowd_ties(f.post, 2), 2);
	nli_score(&c, f.post, &truth, &s);
	near(s.accuracy, .5, 0);
	for (uint64_t seed = 0; seed < 32; seed++)
		seen |= 1u << nli_crowd_best(&c, f.post, 0, seed);
	assert_int_equal(seen, 3);
	nli_score_release(&s);
	nli_crowd_fit_release(&f);
	nli_crowd_release(&c);
}

/* Whatever made the labels, the average comes to the Bayes rate and is calibrated. */
static void auto_stacks_to_the_bayes_rate(void **state)
{
	(void)state;
	for (int coins = 0; coins < 2; coins++) {
		struct sim s = simulate(3000, 40, 5, 3, coins, 12);
		const struct nli_crowd_opts o = quick();
		const double bayes = bayes_accuracy(&s);
		struct nli_crowd_fit f;
		struct nli_score score;
		struct nli_auto a;
		struct nli_err err;
		double sum = 0;

		assert_int_equal(nli_crowd_auto(&s.c, &o, &a, &f, &err), 0);
		assert_string_equal(a.by, "stacking");
		for (size_t i = 0; i < a.n; i++) {
			/* Each fifth was hidden once; an item may lose all it has. */
			assert_in_range(a.row[i].n_held, 14900, 15000);
			sum += a.row[i].weight;
			/* A vote is no posterior: it must not be believed. */
			if (!strcmp(a.row[i].method->name, "mv"))
				assert_true(a.row[i].weight < .05);
		}
		near(sum, 1, 1e-12);
		nli_score(&s.c, f.post, s.truth, &score);
		if (score.accuracy < bayes - 3 * sqrt(bayes * (1 - bayes) / s.items))
			fail_msg("accuracy %.4f, Bayes %.4f", score.accuracy, bayes);
		if (score.ece > .02)
			fail_msg("calibration error %.4f", score.ece);
		nli_score_release(&score);
		nli_crowd_fit_release(&f);
		sim_release(&s);
	}
}

/* Tables too small to hide anything in, one class, and labels by nobody in particular. */
static void auto_serves_every_table(void **state)
{
	(void)state;
	for (size_t t = 0; t < sizeof(extreme) / sizeof(*extreme); t++) {
		size_t n = 0;

		while (n < 4 && extreme[t][n])
			n++;
		for (uint32_t nameless = 0; nameless < 2; nameless++) {
			struct nli_crowd c = table(extreme[t], n, 3);
			const struct nli_crowd_opts o = quick();
			struct nli_crowd_fit f;
			struct nli_auto a;
			struct nli_err err;

			c.nameless = nameless ? 0 : NLI_CROWD_NOBODY;
			assert_int_equal(nli_crowd_auto(&c, &o, &a, &f, &err), 0);
			for (size_t i = 0; i < n * 3; i++)
				assert_true(f.post[i] >= 0 && f.post[i] <= 1 + 1e-12);
			for (uint32_t j = 0; j < c.n_worker; j++)
				assert_true(f.skill[j] >= 0 && f.skill[j] <= 1 + 1e-12);
			nli_crowd_fit_release(&f);
			nli_crowd_release(&c);
		}
	}
}

/* Worker 3 copies worker 2; worker 4 says a always. */
static void copies_and_constants_are_flagged(void **state)
{
	struct sim s = simulate(400, 3, 3, 2, true, 9);
	struct nli_crowd_rows rows = { 0 };
	struct nli_crowd c;
	struct nli_crowd_fit f;
	struct nli_workers w;
	struct nli_err err;

	(void)state;
	for (uint32_t i = 0; i < 400; i++)
		for (uint64_t r = s.c.start[i]; r < s.c.start[i + 1]; r++) {
			nli_crowd_rows_add(&rows, i, s.c.worker[r], s.c.label[r]);
			if (s.c.worker[r] == 2)
				nli_crowd_rows_add(&rows, i, 3, s.c.label[r]);
			if (s.c.worker[r] == 0)
				nli_crowd_rows_add(&rows, i, 4, 0);
		}
	assert_int_equal(nli_crowd_build(&c, &rows, 400, 5, 2, NLI_CROWD_NOBODY,
					 NLI_REPEAT_LAST, &err),
			 0);
	f = fit(&c, "mv", 0);
	nli_workers(&c, &f, s.truth, true, &w);
	assert_true(w.w[3].flags & NLI_WORKER_COPYING);
	assert_int_equal(w.w[3].copies_from, 2);
	assert_true(w.w[4].flags & NLI_WORKER_ENTROPY);
	assert_true(w.w[4].flags & NLI_WORKER_RANDOM);
	assert_int_equal(w.w[0].flags & (NLI_WORKER_RANDOM | NLI_WORKER_ENTROPY), 0);
	near(w.w[4].spammer, 0, 1e-3);
	assert_true(w.w[0].accuracy_ci.lo < w.w[0].accuracy &&
		    w.w[0].accuracy < w.w[0].accuracy_ci.hi);
	nli_workers_release(&w);
	nli_crowd_fit_release(&f);
	nli_crowd_release(&c);
	sim_release(&s);
}

enum {
	N_GAMMA = sizeof(gamma_rows) / sizeof(*gamma_rows),
	N_TOY = sizeof(toy_rows) / sizeof(*toy_rows),
	N_AGREE = sizeof(agree_rows) / sizeof(*agree_rows),
	N_SIM = sizeof(sim_rows) / sizeof(*sim_rows),
	MAX_METHODS = 64
};

/* The checks that every method must pass, one test a method and check. */
static size_t for_all_methods(struct CMUnitTest *to)
{
	static const struct {
		const char *what;
		CMUnitTestFunction fn;
	} check[] = { { "names permuted", check_permutation },
		      { "any number of threads", check_threads },
		      { "extreme tables", check_extremes },
		      { "one class", check_one_class } };
	static char name[4 * MAX_METHODS][64];
	size_t n = 0;

	for (size_t m = 0; m < nli_crowd_n_method; m++)
		for (size_t k = 0; k < 4 && serves(nli_crowd_methods[m]); k++) {
			snprintf(name[n], sizeof(name[n]), "%s: %s",
				 nli_crowd_methods[m]->name, check[k].what);
			to[n] = (struct CMUnitTest){
				.name = name[n],
				.test_func = check[k].fn,
				.initial_state = (void *)(uintptr_t)nli_crowd_methods[m]
			};
			n++;
		}
	return n;
}

int main(void)
{
	static const struct CMUnitTest single[] = {
		cmocka_unit_test(ds_ck_matrices),
		cmocka_unit_test(glad_ends_where_its_gradient_is_zero),
		cmocka_unit_test(one_label_has_no_alpha),
		cmocka_unit_test(copies_of_a_spammer),
		cmocka_unit_test(repeats_follow_the_rule),
		cmocka_unit_test(an_empty_table_is_refused),
		cmocka_unit_test(gold_is_learnt_from),
		cmocka_unit_test(probabilities_are_parts_of_votes),
		cmocka_unit_test(ties_share_and_are_broken_by_name),
		cmocka_unit_test(auto_stacks_to_the_bayes_rate),
		cmocka_unit_test(auto_serves_every_table),
		cmocka_unit_test(copies_and_constants_are_flagged),
	};
	enum { N_SINGLE = sizeof(single) / sizeof(*single) };
	static struct CMUnitTest
		tests[N_GAMMA + N_TOY + N_AGREE + N_SIM + N_SINGLE + 4 * MAX_METHODS];
	struct CMUnitTest *at = tests;

	ROW_TESTS(at, gamma_rows, check_gamma);
	at += N_GAMMA;
	ROW_TESTS(at, toy_rows, check_toy);
	at += N_TOY;
	ROW_TESTS(at, agree_rows, check_agree);
	at += N_AGREE;
	ROW_TESTS(at, sim_rows, check_sim);
	at += N_SIM;
	memcpy(at, single, sizeof(single));
	at += N_SINGLE;
	at += for_all_methods(at);
	return _cmocka_run_group_tests("crowd", tests, (size_t)(at - tests), NULL, NULL);
}
