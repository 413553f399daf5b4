/* ranks.c - the rank and Kolmogorov-Smirnov tests of stats.h. */
#include "lib/model/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

/* What one walk over two histograms finds. */
struct walk {
	double n1, n2;
	double u;        /* pairs that the first wins, ties half */
	double ties;     /* sum of t^3 - t over tied values */
	double v10, v01; /* sums of squared placements, for DeLong's variance */
};

/*
 * The placement of a value of one sample is the share of the other below it
 * (ties half); u is n1 n2 times its mean.
 */
static struct walk walk_counts(const uint64_t *a, const uint64_t *b, size_t n)
{
	struct walk w = { 0 };
	double below1 = 0, below2 = 0;

	for (size_t v = 0; v < n; v++) {
		w.n1 += (double)a[v];
		w.n2 += (double)b[v];
	}
	for (size_t v = 0; v < n; v++) {
		const double x = (double)a[v], y = (double)b[v], t = x + y;
		const double place1 = below2 + 0.5 * y;
		const double place2 = w.n1 - below1 - 0.5 * x;

		w.u += x * place1;
		w.v10 += x * place1 * place1;
		w.v01 += y * place2 * place2;
		w.ties += t * t * t - t;
		below1 += x;
		below2 += y;
	}
	return w;
}

/* Variance (n - 1 below) of n placements that sum to sum, over n; 0 for n < 2. */
static double placement_var(double n, double sum, double squares)
{
	return n < 2 ? 0 : fmax(0, (squares - sum * sum / n) / (n - 1) / n);
}

static void rank_test(const struct walk *w, struct nli_rank_test *out)
{
	const double n1 = w->n1, n2 = w->n2, n = n1 + n2, pairs = n1 * n2;
	const double var = pairs / 12 * (n + 1 - w->ties / (n * (n - 1)));
	const double off = w->u - 0.5 * pairs;
	const double s10 = placement_var(n1, w->u, w->v10) / (n2 * n2);
	const double s01 = placement_var(n2, w->u, w->v01) / (n1 * n1);

	*out = (struct nli_rank_test){ .n1 = (uint64_t)n1, .n2 = (uint64_t)n2 };
	out->u = w->u;
	out->superior = w->u / pairs;
	out->delta = 2 * out->superior - 1;
	out->delta_se = 2 * sqrt(s10 + s01);
	if (n > 1 && var > 1e-9 * pairs)
		out->z = copysign(fmax(0, fabs(off) - 0.5), off) / sqrt(var);
	out->p = fmin(1, 2 * nli_norm_sf(fabs(out->z)));
}

int nli_rank_test_counts(const uint64_t *a, const uint64_t *b, size_t n,
			 struct nli_rank_test *out, struct nli_err *err)
{
	const struct walk w = walk_counts(a, b, n);

	if (w.n1 == 0 || w.n2 == 0)
		return nli_fail(err, NLI_EINVAL, "rank test: an empty sample");
	rank_test(&w, out);
	return 0;
}

int nli_rank_test_values(double *x, size_t nx, double *y, size_t ny,
			 struct nli_rank_test *out, struct nli_err *err)
{
	uint64_t *a = nli_xcalloc(nx + ny, sizeof(*a));
	uint64_t *b = nli_xcalloc(nx + ny, sizeof(*b));
	size_t n = 0, i = 0, j = 0;
	int rc;

	qsort(x, nx, sizeof(*x), nli_cmp_double);
	qsort(y, ny, sizeof(*y), nli_cmp_double);
	for (; i < nx || j < ny; n++) {
		const double v = j == ny || (i < nx && x[i] < y[j]) ? x[i] : y[j];

		for (; i < nx && x[i] == v; i++)
			a[n]++;
		for (; j < ny && y[j] == v; j++)
			b[n]++;
	}
	rc = nli_rank_test_counts(a, b, n, out, err);
	free(a);
	free(b);
	return rc;
}

/*
 * P(D+ >= d) = d sum_j C(n,j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j), j <= n(1-d):
 * Smirnov 1944; Birnbaum and Tingey, Annals of Mathematical Statistics 22(4), 1951.
 */
static double smirnov_sf(double d, double n)
{
	double sum = 0;

	for (double j = 0; j <= n * (1 - d); j++) {
		const double rest = 1 - d - j / n;

		if (rest <= 0)
			break;
		sum += exp(lgamma(n + 1) - lgamma(j + 1) - lgamma(n - j + 1) +
			   (j - 1) * log(d + j / n) + (n - j) * log(rest));
	}
	return d * sum;
}

/* c = a b, (m, m). */
static void mat_mul(const double *a, const double *b, double *c, size_t m)
{
	memset(c, 0, m * m * sizeof(*c));
	for (size_t i = 0; i < m; i++)
		for (size_t k = 0; k < m; k++)
			for (size_t j = 0; j < m; j++)
				c[i * m + j] += a[i * m + k] * b[k * m + j];
}

/* Move a factor of 1e140 from the matrix to its exponent when the middle is large. */
static void mat_rescale(double *a, size_t m, int *exp10)
{
	if (a[(m / 2) * m + m / 2] <= 1e140)
		return;
	for (size_t i = 0; i < m * m; i++)
		a[i] *= 1e-140;
	*exp10 += 140;
}

/* to = h^n with its decimal exponent, by repeated squaring; h is spoilt, tmp is room. */
static int mat_power(double *h, double *to, double *tmp, size_t m, uint64_t n)
{
	int eh = 0, et = 0;

	memset(to, 0, m * m * sizeof(*to));
	for (size_t i = 0; i < m; i++)
		to[i * m + i] = 1;
	for (;; n >>= 1) {
		if (n & 1) {
			mat_mul(to, h, tmp, m);
			memcpy(to, tmp, m * m * sizeof(*to));
			et += eh;
			mat_rescale(to, m, &et);
		}
		if (n <= 1)
			return et;
		mat_mul(h, h, tmp, m);
		memcpy(h, tmp, m * m * sizeof(*h));
		eh *= 2;
		mat_rescale(h, m, &eh);
	}
}

/* The matrix H of Marsaglia, Tsang and Wang for d = (k - h)/n, m = 2k - 1. */
static void mtw_matrix(double *a, size_t m, double h)
{
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < m; j++)
			a[i * m + j] = i + 1 >= j;
	for (size_t i = 0; i < m; i++) {
		a[i * m] -= pow(h, (double)i + 1);
		a[(m - 1) * m + i] -= pow(h, (double)(m - i));
	}
	a[(m - 1) * m] += 2 * h - 1 > 0 ? pow(2 * h - 1, (double)m) : 0;
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j <= i; j++)
			for (size_t g = 1; g <= i - j + 1; g++)
				a[i * m + j] /= (double)g;
}

/* P(D_n < d), exact. */
static double mtw_cdf(double d, uint64_t n)
{
	const size_t k = (size_t)((double)n * d) + 1, m = 2 * k - 1;
	double *h = nli_xmalloc(3 * m * m, sizeof(*h)), *q = h + m * m;
	int e;
	double s;

	mtw_matrix(h, m, (double)k - (double)n * d);
	e = mat_power(h, q, q + m * m, m, n);
	s = q[(k - 1) * m + k - 1];
	for (uint64_t i = 1; i <= n; i++) {
		s = s * (double)i / (double)n;
		if (s < 1e-140) {
			s *= 1e140;
			e -= 140;
		}
	}
	free(h);
	return s * pow(10, e);
}

/* P(K >= x) = 2 sum (-1)^(j-1) exp(-2 j^2 x^2); below 0.3 it is 1 to 6 digits. */
static double kolmogorov_sf(double x)
{
	double sum = 0;

	if (x < 0.2)
		return 1;
	for (int j = 1; j < 100; j++)
		sum += (j & 1 ? 2 : -2) * exp(-2.0 * j * j * x * x);
	return fmin(1, fmax(0, sum));
}

double nli_ks_sf(double d, uint64_t n)
{
	const double root = sqrt((double)n);

	if (!(d >= 0) || n == 0)
		return NAN;
	if (d >= 1 || 2 * (double)n * d <= 1)
		return d < 1;
	if (n > 2000)
		return kolmogorov_sf((root + 0.12 + 0.11 / root) * d);
	if ((double)n * d * d > 4)
		return 2 * smirnov_sf(d, (double)n);
	return fmax(0, 1 - mtw_cdf(d, n));
}

double nli_ks_uniform(double *x, size_t n, double *p)
{
	double d = 0;

	qsort(x, n, sizeof(*x), nli_cmp_double);
	for (size_t i = 0; i < n; i++)
		d = fmax(d, fmax((double)(i + 1) / (double)n - x[i],
				 x[i] - (double)i / (double)n));
	*p = nli_ks_sf(d, n);
	return d;
}

int nli_ks_counts(const uint64_t *a, const uint64_t *b, size_t n, double *d, double *p,
		  struct nli_err *err)
{
	double n1 = 0, n2 = 0, below1 = 0, below2 = 0;

	for (size_t v = 0; v < n; v++) {
		n1 += (double)a[v];
		n2 += (double)b[v];
	}
	if (n1 == 0 || n2 == 0)
		return nli_fail(err, NLI_EINVAL, "ks test: an empty sample");
	*d = 0;
	for (size_t v = 0; v < n; v++) {
		below1 += (double)a[v];
		below2 += (double)b[v];
		*d = fmax(*d, fabs(below1 / n1 - below2 / n2));
	}
	*p = nli_ks_sf(*d, (uint64_t)fmax(1, n1 * n2 / (n1 + n2) + 0.5));
	return 0;
}
