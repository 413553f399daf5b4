/*
 * Unit tests of lib/model/stats.  References: scipy 1.10.1 (T = scipy.stats),
 * numpy 1.24 working the formula in another way where scipy has none, and R's
 * documented result for UCBAdmissions.  The commands stand beside the values.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/hash.h"
#include "lib/model/stats.h"

static void near_(double got, double want, double rel, int line)
{
	if (!(fabs(got - want) <= rel * fmax(fabs(want), 1e-300)) && got != want)
		fail_msg("line %d: got %.17g, want %.17g", line, got, want);
}
#define NEAR(got, want) near_(got, want, 1e-10, __LINE__)

/* T.binomtest(k, n).proportion_ci(level, 'wilson') and (level, 'exact') */
static const struct ci_row {
	const char *name;
	uint64_t k, n;
	double level, wlo, whi, elo, ehi;
} ci_rows[] = {
	{ "7 of 20", 7, 20, .95, 0.18119182410108209, 0.56714572331476365,
	  0.1539092047845412, 0.59218853453282827 },
	{ "none of 10", 0, 10, .95, 0, 0.27753279986288926, 0, 0.30849710781876294 },
	{ "all of 10", 10, 10, .99, 0.60114590669509194, 1, 0.58870401865247457, 1 },
	{ "3476 of 10330", 3476, 10330, .95, 0.32744600265413309, 0.34566684570327727,
	  0.32738246811438426, 0.34570107345038131 },
	{ "none of none", 0, 0, .95, 0, 1, 0, 1 },
};

static void intervals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ci_rows) / sizeof(*ci_rows); i++) {
		const struct ci_row *r = &ci_rows[i];
		const struct nli_interval w = nli_wilson(r->k, r->n, r->level);
		const struct nli_interval e = nli_clopper_pearson(r->k, r->n, r->level);

		NEAR(w.lo, r->wlo);
		NEAR(w.hi, r->whi);
		NEAR(e.lo, r->elo);
		NEAR(e.hi, r->ehi);
	}
}

/* By the definition: q_i = min over j with p_j >= p_i of m p_j / rank_j (numpy). */
static void adjusted(void **state)
{
	static const double p[8] = { .01, .02, .03, .04, .05, .005, .9, .02 };
	static const double bh8[8] = { 0.04,   0.04, 0.048, 0.053333333333333337,
				       .4 / 7, 0.04, 0.9,   0.04 };
	static const double bh12[8] = { .06, .06, .072, .08, .6 / 7, .06, 1, .06 };
	static const double by12[8] = { 0.18619264069264069,
					0.18619264069264069,
					0.22343116883116881,
					0.24825685425685426,
					0.26598948670377243,
					0.18619264069264069,
					1,
					0.18619264069264069 };
	double q[8];

	(void)state;
	nli_p_adjust(NLI_BENJAMINI_HOCHBERG, p, 8, 8, q);
	for (int i = 0; i < 8; i++)
		NEAR(q[i], bh8[i]);
	nli_p_adjust(NLI_BENJAMINI_HOCHBERG, p, 8, 12, q);
	for (int i = 0; i < 8; i++)
		NEAR(q[i], bh12[i]);
	nli_p_adjust(NLI_BENJAMINI_YEKUTIELI, p, 8, 12, q);
	for (int i = 0; i < 8; i++)
		NEAR(q[i], by12[i]);
	memcpy(q, p, sizeof(q));
	nli_p_adjust(NLI_BENJAMINI_HOCHBERG, q, 8, 8, q); /* in place */
	for (int i = 0; i < 8; i++)
		NEAR(q[i], bh8[i]);
	nli_p_adjust(NLI_BONFERRONI, p, 8, 40, q);
	NEAR(q[5], 0.2);
	NEAR(q[4], 1);
	nli_p_adjust(NLI_BENJAMINI_HOCHBERG, p, 0, 0, q);
	/* both branches of the harmonic sum: H(1000000) = 14.392726722865723631 */
	nli_p_adjust(NLI_BENJAMINI_YEKUTIELI, &(double){ 1e-9 }, 1, 1000000, q);
	NEAR(q[0], 0.014392726722865723631);
	nli_p_adjust(NLI_BENJAMINI_YEKUTIELI, &(double){ 1e-9 }, 1, 1000001, q);
	NEAR(q[0], 0.014392742115592446);
}

/* T.mannwhitneyu(x, y, method='asymptotic'); delta_se by placements in numpy */
static void rank_test(void **state)
{
	double x[] = { 9, 1, 2, 2, 3, 5, 8, 8 },
	       y[] = { 2, 3, 4, 4, 6, 9, 10, 11, 12, 12 };
	const uint64_t one[] = { 4 }, two[] = { 3 }, none[] = { 0 };
	struct nli_rank_test r;
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_rank_test_values(x, 8, y, 10, &r, &err), 0);
	NEAR(r.u, 22);
	NEAR(r.p, 0.11824383181934267);
	NEAR(r.superior, 0.275);
	NEAR(r.delta, -0.45);
	NEAR(r.delta_se, 0.24818787686392385);
	assert_true(r.z < 0);
	assert_int_equal(nli_rank_test_counts(one, two, 1, &r, &err), 0);
	assert_true(r.p == 1 && r.z == 0 && r.delta == 0);
	assert_int_equal(nli_rank_test_counts(one, none, 1, &r, &err), NLI_EINVAL);
}

/*
 * R: mantelhaen.test(UCBAdmissions) prints X-squared = 1.4269, p-value = 0.2323,
 * odds ratio 0.9046968, interval 0.7719074 1.0603298; without correction 1.5246,
 * 0.2169.  All digits, and Breslow-Day-Tarone by scipy.optimize.brentq.
 */
static void cmh_two(void **state)
{
	static const struct nli_table2 ucb[] = {
		{ 512, 313, 89, 19 },   { 353, 207, 17, 8 },  { 120, 205, 202, 391 },
		{ 138, 279, 131, 244 }, { 53, 138, 94, 299 }, { 22, 351, 24, 317 },
		{ 5, 9, 0, 0 }, /* says nothing, must count for nothing */
	};
	static const struct nli_table2 zero[] = { { 4, 0, 3, 5 }, { 2, 0, 1, 1 } };
	struct nli_cmh c;
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_cmh_2x2(ucb, 7, &c, &err), 0);
	assert_int_equal(c.strata, 6);
	NEAR(c.chi2, 1.5246066604434356);
	NEAR(c.chi2_cc, 1.4269462285866883);
	NEAR(c.p, 0.21692369705551479);
	NEAR(c.p_cc, 0.2322634628170448);
	NEAR(c.odds_ratio, 0.90469682825862308);
	NEAR(c.or_ci.lo, 0.77190736175935049);
	NEAR(c.or_ci.hi, 1.0603297644366558);
	NEAR(c.homogeneity, 18.825501252052678);
	NEAR(c.homogeneity_p, 0.00207140139788132);
	assert_int_equal(nli_cmh_2x2(zero, 2, &c, &err), 0);
	assert_true(isinf(c.odds_ratio) && isnan(c.homogeneity));
	assert_int_equal(nli_cmh_2x2(ucb + 6, 1, &c, &err), NLI_EINVAL);
}

/* The statistic as d' V^-1 d with numpy.kron and numpy.linalg.solve. */
static void cmh_many(void **state)
{
	static const uint64_t t[] = { 10, 5, 3, 4, 8, 6, 1, 2, 9,
				      7,  7, 2, 3, 9, 1, 4, 4, 12 };
	/* the same with an empty row in the middle and an empty column at the end */
	static const uint64_t padded[] = { 10, 5, 3, 0, 0, 0, 0, 0, 4,  8, 6,
					   0,  1, 2, 9, 0, 7, 7, 2, 0,  0, 0,
					   0,  0, 3, 9, 1, 0, 4, 4, 12, 0 };
	struct nli_chisq c;
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_cmh_general(t, 2, 3, 3, &c, &err), 0);
	NEAR(c.chi2, 28.929075202590582);
	NEAR(c.p, 8.081055237199825e-06);
	NEAR(c.df, 4);
	assert_int_equal(nli_cmh_general(padded, 2, 4, 4, &c, &err), 0);
	NEAR(c.chi2, 28.929075202590582);
	NEAR(c.df, 4);
	assert_int_equal(nli_cmh_general(t, 2, 1, 9, &c, &err), NLI_EINVAL);
	assert_int_equal(
		nli_cmh_general((const uint64_t[]){ 0, 0, 0, 0 }, 1, 2, 2, &c, &err),
		NLI_EINVAL);
}

/* T.chi2_contingency(t, correction=False); V = sqrt(chi2 / n / 2) */
static void chisq(void **state)
{
	static const uint64_t t[] = { 10, 5, 3, 0, 4, 8, 6, 0, 0, 0, 0, 0, 1, 2, 9, 0 };
	struct nli_chisq c;
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_chisq_test(t, 4, 4, &c, &err), 0);
	NEAR(c.chi2, 14.444444444444445);
	NEAR(c.p, 0.0060036857519994444);
	NEAR(c.df, 4);
	NEAR(c.cramer_v, 0.38789555677135951);
	assert_int_equal(nli_chisq_test(t, 1, 4, &c, &err), NLI_EINVAL);
	/* T.entropy([3, 5, 0, 2], base=2) */
	NEAR(nli_entropy((const uint64_t[]){ 3, 5, 0, 2 }, 4), 1.4854752972273346);
	assert_true(nli_entropy((const uint64_t[]){ 0, 0 }, 2) == 0);
}

/* T.kstwo.sf(d, n) */
static void ks(void **state)
{
	double x[] = { .9, .02, .11, .3, .31, .5, .77 }, p, d;
	struct nli_err err;

	(void)state;
	NEAR(nli_ks_sf(.3, 10), 0.27053557479999946);
	NEAR(nli_ks_sf(.1, 100), 0.25269275700638738);
	NEAR(nli_ks_sf(.05, 100), 0.95321597106357248);
	NEAR(nli_ks_sf(.9, 5), 1.9999999999999978e-05);
	NEAR(nli_ks_sf(.14, 140), 0.0074166007363680141);
	/* here scipy has 6 digits (Simard and L'Ecuyer 2011, section 4) */
	near_(nli_ks_sf(.04, 1500), 0.016010230876347866, 1e-6, __LINE__);
	NEAR(nli_ks_sf(.2, 150), 9.8053660458925564e-06);
	NEAR(nli_ks_sf(.06, 2000), 1.0604306943365804e-06);
	assert_true(nli_ks_sf(1, 3) == 0 && nli_ks_sf(.01, 3) == 1);
	near_(nli_ks_sf(.02, 3000), 0.178898136232, 1e-2, __LINE__);
	/* T.kstest(x, 'uniform') */
	d = nli_ks_uniform(x, 7, &p);
	NEAR(d, 0.2614285714285714);
	NEAR(p, 0.63498038845894089);
	/* T.ks_2samp of the values that these histograms stand for, method='asymp' */
	assert_int_equal(nli_ks_counts((const uint64_t[]){ 3, 1, 4, 1, 5 },
				       (const uint64_t[]){ 0, 2, 6, 5, 3 }, 5, &d, &p,
				       &err),
			 0);
	NEAR(d, 0.21428571428571427);
	NEAR(p, 0.84394257494751335);
}

/*
 * numpy: e = [y - p0 of each observation], c = its cluster:
 * 1 + sum(e[i] e[j] for i != j if c[i] == c[j]) / (n p0 (1 - p0))
 */
static void design_effect(void **state)
{
	static const uint64_t n[] = { 3, 5, 2, 4, 6 }, y[] = { 1, 4, 0, 3, 1 };
	struct nli_cluster_sums s = { 0 }, ones = { 0 }, whole = { 0 }, none = { 0 };

	(void)state;
	for (int i = 0; i < 5; i++)
		nli_cluster_add(&s, n[i], y[i]);
	NEAR(nli_design_effect(&s, 1 / 3.), 1.9999999999999996);
	NEAR(nli_design_effect(&s, .45), 1.6818181818181821);
	for (uint64_t i = 0; i < 50; i++)
		nli_cluster_add(&ones, 1, i % 3 == 0);
	NEAR(nli_design_effect(&ones, .2), 1);
	for (uint64_t i = 0; i < 60;
	     i++) /* clusters of 4 that agree, p = p0: worth one each */
		nli_cluster_add(&whole, 4, i % 3 ? 0 : 4);
	NEAR(nli_design_effect(&whole, 1 / 3.), 4);
	NEAR(nli_design_effect(&none, .5), 1);
}

static void welford(void **state)
{
	struct nli_welford a = { 0 }, b = { 0 }, all = { 0 }, none = { 0 };

	(void)state;
	for (int i = 0; i < 100;
	     i++) { /* values far from 0: sums of squares would cancel */
		const double x = 1e9 + (i * 37 % 100);

		nli_welford_add(i < 30 ? &a : &b, x);
		nli_welford_add(&all, x);
	}
	nli_welford_merge(&a, &b);
	nli_welford_merge(&a, &none);
	nli_welford_merge(&none, &a);
	near_(nli_welford_var(&all), 100 * 101 / 12.0, 1e-9,
	      __LINE__); /* of 0..99, n - 1 below */
	near_(nli_welford_var(&none), 100 * 101 / 12.0, 1e-9, __LINE__);
	NEAR(none.mean, 1e9 + 49.5);
	/* numpy.quantile([1, 2, 4, 8, 16], q) */
	NEAR(nli_quantile((const double[]){ 1, 2, 4, 8, 16 }, 5, .1), 1.4);
	NEAR(nli_quantile((const double[]){ 1, 2, 4, 8, 16 }, 5, .975), 15.2);
	NEAR(nli_quantile((const double[]){ 1, 2, 4, 8, 16 }, 5, 1), 16);
}

/* The weights are Poisson(1), and the interval covers a mean as often as it says. */
static void bootstrap(void **state)
{
	uint64_t count[4] = { 0 };
	int covered = 0;

	(void)state;
	for (uint64_t i = 0; i < 100000; i++) {
		const unsigned w = nli_boot_weight(7, i % 100, i);

		count[w < 3 ? w : 3]++;
	}
	near_((double)count[0], 36788, .01, __LINE__);
	near_((double)count[1], 36788, .01, __LINE__);
	near_((double)count[2], 18394, .02, __LINE__);
	for (uint64_t run = 0; run < 400; run++) {
		struct nli_boot b;
		struct nli_interval ci;
		struct nli_err err;
		double se;

		nli_boot_init(&b, 300, run);
		for (uint64_t c = 0; c < 80; c++)
			nli_boot_add(&b, c, 3 * nli_unit(nli_mix(run * 1000 + c)), 3);
		assert_int_equal(nli_boot_interval(&b, .95, &ci, &se, &err), 0);
		covered += ci.lo <= .5 && .5 <= ci.hi;
		if (!run)
			near_(se, sqrt(1 / 12. / 80), .2, __LINE__);
		nli_boot_release(&b);
		nli_boot_release(&b);
	}
	/* 380 expected; 4 standard deviations are 17 */
	if (covered < 363 || covered > 397)
		fail_msg("%d of 400 intervals cover the mean", covered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intervals), cmocka_unit_test(adjusted),
		cmocka_unit_test(rank_test), cmocka_unit_test(cmh_two),
		cmocka_unit_test(cmh_many),  cmocka_unit_test(chisq),
		cmocka_unit_test(ks),        cmocka_unit_test(design_effect),
		cmocka_unit_test(welford),   cmocka_unit_test(bootstrap),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
