/*
 * stats.h - intervals, tests and corrections: how sure a figure is.
 *
 * special.h has the distributions.  Functions are pure unless they fill a
 * struct, and safe on any thread.  Nothing here draws a random number that
 * does not follow from its arguments.
 */
#ifndef NLI_MODEL_STATS_H
#define NLI_MODEL_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/model/special.h"

struct nli_interval {
	double lo, hi;
};

/*
 * Intervals of a proportion from k successes in n, at level 0 < level < 1.
 * n = 0 knows nothing: [0,1].
 *
 * Wilson: the p with (k/n - p)^2 = z^2 p(1-p)/n (E. Wilson, JASA 22, 1927;
 * recommended by Brown, Cai and DasGupta, Statistical Science 16(2), 2001).
 * Clopper-Pearson: exact, never below its level (Biometrika 26(4), 1934), by
 * beta quantiles.
 */
struct nli_interval nli_wilson(uint64_t k, uint64_t n, double level);
struct nli_interval nli_clopper_pearson(uint64_t k, uint64_t n, double level);

/* Wilson with real counts, for effective sample sizes: n / design effect. */
struct nli_interval nli_wilson_real(double k, double n, double level);

/*
 * Adjusted p values: q[i] <= alpha exactly where the procedure at level alpha
 * rejects hypothesis i.  m is how many tests were made; the m - n that are not
 * given count as p = 1.  0 <= p[i] <= 1 and m >= n.  p and q may be one array.
 *
 * Bonferroni: m p.  Benjamini-Hochberg (JRSS B 57(1), 1995): min over ranks
 * r >= rank(i) of m p_(r) / r, which keeps the false discovery rate at alpha
 * for independent or positively dependent tests.  Benjamini-Yekutieli (Annals
 * of Statistics 29(4), 2001): the same times sum_{j<=m} 1/j, for any dependence.
 */
enum nli_adjust { NLI_BONFERRONI, NLI_BENJAMINI_HOCHBERG, NLI_BENJAMINI_YEKUTIELI };
void nli_p_adjust(enum nli_adjust how, const double *p, size_t n, uint64_t m, double *q);

/*
 * Mann-Whitney rank test of two samples, ties corrected (Annals of Mathematical
 * Statistics 18(1), 1947; variance with ties: Lehmann, Nonparametrics, 1975).
 */
struct nli_rank_test {
	uint64_t n1, n2;
	double u;        /* of the first sample: pairs it wins, ties count half */
	double z;        /* with continuity correction; 0 if all values are tied */
	double p;        /* two-sided, normal approximation; 1 if all are tied */
	double superior; /* P(X > Y) + P(X = Y)/2 (Vargha and Delaney's A) */
	double delta;    /* 2 superior - 1 (Cliff; the rank-biserial correlation) */
	double delta_se; /* its standard error, by the variance of placements
			     (DeLong et al., Biometrics 44(3), 1988) */
};

/*
 * From histograms: a[v] and b[v] are how often each sample has the v-th
 * smallest value, v < n.  Returns 0, or NLI_EINVAL if a sample is empty.
 */
int nli_rank_test_counts(const uint64_t *a, const uint64_t *b, size_t n,
			 struct nli_rank_test *out, struct nli_err *err);

/* The same from values (no NaN), which are sorted in place. */
int nli_rank_test_values(double *x, size_t nx, double *y, size_t ny,
			 struct nli_rank_test *out, struct nli_err *err);

/* Cochran-Mantel-Haenszel for 2 x 2 tables in strata. */
struct nli_table2 {
	uint64_t a, b, c, d; /* rows: exposed, not; columns: case, not */
};
struct nli_cmh {
	size_t strata;  /* that inform: no margin is zero */
	double chi2, p; /* without continuity correction, 1 degree of freedom */
	double chi2_cc; /* with it, as R's mantelhaen.test does by default */
	double p_cc;
	double odds_ratio; /* Mantel-Haenszel; 0 or infinite when a side is empty */
	struct nli_interval or_ci; /* level .95 (Robins, Breslow, Greenland 1986) */
	double homogeneity;        /* Breslow-Day with Tarone's correction: are the odds
				ratios one?  NAN when odds_ratio is 0 or infinite */
	double homogeneity_p;      /* chi-square, strata - 1 degrees of freedom */
};

/*
 * Mantel and Haenszel, JNCI 22(4), 1959; Breslow and Day, Statistical Methods
 * in Cancer Research I, 1980, 4.30; Tarone, Biometrika 72(1), 1985.
 * NLI_EINVAL if no stratum informs.
 */
int nli_cmh_2x2(const struct nli_table2 *t, size_t strata, struct nli_cmh *out,
		struct nli_err *err);

/* A chi-square statistic and what it says. */
struct nli_chisq {
	double chi2, df, p;
	double cramer_v; /* sqrt(chi2 / (n (min(rows, cols) - 1))), in [0,1] */
	uint64_t n;
};

/*
 * Generalised Mantel-Haenszel test of association of rows and columns, both
 * unordered, given strata: Landis, Heyman and Koch, International Statistical
 * Review 46(3), 1978 (R's mantelhaen.test for larger tables).
 * t is (strata, rows, cols).  cramer_v is 0 (not defined here).
 * NLI_EINVAL if rows or cols are below 2, or nothing informs.
 */
int nli_cmh_general(const uint64_t *t, size_t strata, size_t rows, size_t cols,
		    struct nli_chisq *out, struct nli_err *err);

/* Pearson's test of independence, t is (rows, cols); empty rows and columns do not count. */
int nli_chisq_test(const uint64_t *t, size_t rows, size_t cols, struct nli_chisq *out,
		   struct nli_err *err);

/* Entropy of counts in bits; 0 for none. */
double nli_entropy(const uint64_t *count, size_t n);

/*
 * Kolmogorov-Smirnov.  nli_ks_sf: P(D_n >= d) for a continuous distribution
 * known in advance: exact by Marsaglia, Tsang and Wang (J. Statistical Software
 * 8(18), 2003) or twice Smirnov's one-sided sum where n d^2 > 4 (error below
 * 1e-13); for n > 2000 the limit with Stephens' correction (JRSS B 32(1), 1970),
 * error below 1e-3.
 */
double nli_ks_sf(double d, uint64_t n);

/* One sample against the uniform distribution on [0,1]; x is sorted in place.  n >= 1. */
double nli_ks_uniform(double *x, size_t n, double *p);

/* Two samples as histograms over ordered values; p by nli_ks_sf at n1 n2 / (n1 + n2). */
int nli_ks_counts(const uint64_t *a, const uint64_t *b, size_t n, double *d, double *p,
		  struct nli_err *err);

/*
 * Bootstrap over clusters with Poisson(1) weights: replicate r gives cluster c
 * the weight drawn by hash of (seed, r, c), so that the result depends neither
 * on order nor on threads and shards can be added up (Owen and Eckles, Annals
 * of Applied Statistics 6(3), 2012; Chamandy et al., 2012).
 */
unsigned nli_boot_weight(uint64_t seed, uint64_t replicate, uint64_t cluster);

/* The ratio sum(w num) / sum(w den) in each replicate: a mean, or a difference of means. */
struct nli_boot {
	size_t n_rep;
	uint64_t seed;
	double *num, *den; /* (n_rep,) owns */
};
void nli_boot_init(struct nli_boot *b, size_t n_rep, uint64_t seed);

/* Add a whole cluster: its sums.  O(n_rep).  Add clusters in a fixed order. */
void nli_boot_add(struct nli_boot *b, uint64_t cluster, double num, double den);

/*
 * Percentile interval and standard error of the ratio.  Replicates without
 * weight are left out; NLI_EINVAL if fewer than two remain.
 */
int nli_boot_interval(const struct nli_boot *b, double level, struct nli_interval *out,
		      double *se, struct nli_err *err);
void nli_boot_release(struct nli_boot *b); /* safe twice */

/*
 * Design effect of a proportion y/n whose observations come in clusters, y_c of
 * n_c, under the hypothesis that it is p0, 0 < p0 < 1: how many times its
 * variance is that of independent ones (Kish, Survey Sampling, 1965),
 *
 *	1 + sum over ordered pairs i != j of one cluster (y_i - p0)(y_j - p0)
 *	    / (n p0 (1 - p0)).
 *
 * Residuals about p0, not about y/n, since this serves tests of p0: clusters
 * that agree by chance make y/n extreme and this large at once, so that the far
 * tail keeps its level.  The usual estimate is smallest where y/n is extreme,
 * and lets through several times the false discoveries that it should.
 * Clusters of one give exactly 1.  From exact sums, so that partial sums add up.
 */
struct nli_cluster_sums {
	uint64_t m;          /* clusters */
	uint64_t n, y;       /* sums of n_c and y_c */
	uint64_t nn, ny, yy; /* sums of n_c^2, n_c y_c, y_c^2 */
};
void nli_cluster_add(struct nli_cluster_sums *s, uint64_t n_c, uint64_t y_c);
double nli_design_effect(const struct nli_cluster_sums *s, double p0); /* 1 for n = 0 */

/*
 * Mean and variance in one pass (Welford, Technometrics 4(3), 1962); merging by
 * Chan, Golub and LeVeque, 1979.  Start from {0}.
 */
struct nli_welford {
	uint64_t n;
	double mean, m2;
};
void nli_welford_add(struct nli_welford *w, double x);
void nli_welford_merge(struct nli_welford *w, const struct nli_welford *other);
double nli_welford_var(const struct nli_welford *w); /* n - 1 below; 0 for n < 2 */

/* The q quantile, 0 <= q <= 1, of n >= 1 sorted values, interpolated (Hyndman and Fan 7). */
double nli_quantile(const double *sorted, size_t n, double q);

/* qsort() order of doubles without NaN. */
int nli_cmp_double(const void *a, const void *b);

#endif
