/* special.c - see special.h for the sources [1] to [3] and the contracts. */
#include "lib/model/special.h"

#include <float.h>
#include <math.h>

static const double ln_sqrt_2pi = 0.918938533204672741780329736406;
static const double sqrt_half = 0.707106781186547524400844362105;

double nli_norm_sf(double x)
{
	return 0.5 * erfc(x * sqrt_half);
}

double nli_norm_cdf(double x)
{
	return nli_norm_sf(-x);
}

/*
 * Mills' ratio by the continued fraction 1/(x+ 1/(x+ 2/(x+ ...))), [2] 7.9.3.
 * For x > 30, where erfc nears underflow, 20 levels are more than exact.
 */
static double log_sf_far(double x)
{
	double f = x;

	for (int k = 20; k >= 1; k--)
		f = x + k / f;
	return -0.5 * x * x - ln_sqrt_2pi - log(f);
}

double nli_norm_log_sf(double x)
{
	if (x > 30)
		return log_sf_far(x);
	return x < 0 ? log1p(-nli_norm_cdf(x)) : log(nli_norm_sf(x));
}

/*
 * Abramowitz and Stegun 26.2.23 (error 4.5e-4), then Halley's iteration, which
 * triples the digits: 4.5e-4, 1e-10, exact.  On the lower half, where the tail
 * has full relative accuracy.
 */
static double lower_quantile(double p)
{
	const double t = sqrt(-2 * log(p));
	double x = (2.515517 + t * (0.802853 + t * 0.010328)) /
			   (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
		   t;

	for (int i = 0; i < 3; i++) {
		const double e = nli_norm_cdf(x) - p;
		const double u = e * exp(0.5 * x * x + ln_sqrt_2pi);

		x -= u / (1 + 0.5 * x * u);
	}
	return x;
}

double nli_norm_quantile(double p)
{
	if (!(p >= 0 && p <= 1))
		return NAN;
	if (p == 0 || p == 1)
		return p == 0 ? -INFINITY : INFINITY;
	if (p == 0.5)
		return 0;
	return p < 0.5 ? lower_quantile(p) : -lower_quantile(1 - p);
}

/*
 * ln(n!) minus Stirling's formula by the series of [1], which is short from 16 on;
 * below, by n! = N! / ((n+1) ... N).  Not by lgamma(), which writes a global.
 */
static double stirling_rest(double n)
{
	const double s0 = 1. / 12, s1 = 1. / 360, s2 = 1. / 1260, s3 = 1. / 1680,
		     s4 = 1. / 1188, s5 = 691. / 360360;
	double big = n, product = 1, m, rest;

	while (big < 16)
		product *= ++big;
	m = 1 / (big * big);
	rest = (s0 - m * (s1 - m * (s2 - m * (s3 - m * (s4 - m * s5))))) / big;
	if (big == n)
		return rest;
	return rest + (big + 0.5) * log(big) - big - log(product) - (n + 0.5) * log(n) +
	       n;
}

/* The deviance x ln(x/m) + m - x without cancellation near x = m, [1] section 3. */
static double deviance(double x, double m)
{
	const double v = (x - m) / (x + m);
	double s = (x - m) * v, ej = 2 * x * v;

	if (fabs(x - m) >= 0.1 * (x + m))
		return x * log(x / m) + m - x;
	for (int j = 1; j < 1000; j++) {
		const double s1 = (ej *= v * v, s + ej / (2 * j + 1));

		if (s1 == s)
			break;
		s = s1;
	}
	return s;
}

/*
 * ln of Gamma(n+1) / (Gamma(x+1) Gamma(n-x+1)) p^x q^(n-x), 0 < p, q; x and
 * n - x need not be whole.  [1], equation 3.
 */
static double log_binom(double x, double nx, double p, double q)
{
	const double n = x + nx;

	if (x == 0)
		return nx * (p < 0.1 ? log1p(-p) : log(q));
	if (nx == 0)
		return x * (q < 0.1 ? log1p(-q) : log(p));
	return stirling_rest(n) - stirling_rest(x) - stirling_rest(nx) -
	       deviance(x, n * p) - deviance(nx, n * q) - ln_sqrt_2pi +
	       0.5 * (log(n) - log(x) - log(nx));
}

/* ln of e^-x x^a / Gamma(a+1), likewise. */
static double log_poisson(double a, double x)
{
	return -stirling_rest(a) - deviance(a, x) - ln_sqrt_2pi - 0.5 * log(a);
}

static double off_zero(double v)
{
	const double tiny = 1e-300; /* Thompson and Barnett's floor */

	return fabs(v) < tiny ? tiny : v;
}

/* The continued fraction [2] 8.17.22 by [3]; quick for x < (a+1)/(a+b+2). */
static double beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 / off_zero(1 - (a + b) * x / (a + 1)), f = d;

	for (int m = 1; m < 100000; m++) {
		const double e = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		const double o =
			-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double step;

		d = 1 / off_zero(1 + e * d);
		c = off_zero(1 + e / c);
		f *= d * c;
		d = 1 / off_zero(1 + o * d);
		c = off_zero(1 + o / c);
		step = d * c;
		f *= step;
		if (fabs(step - 1) < 2 * DBL_EPSILON)
			break;
	}
	return f;
}

/* ln I_x(a,b) on the side where the fraction is quick; y is 1 - x. */
static double log_beta_near(double x, double y, double a, double b)
{
	return log_binom(a, b, x, y) + log(b) - log(a + b) + log(beta_fraction(a, b, x));
}

/* I_x(a,b), or ln of it, for y = 1 - x given so that neither loses digits. */
static double beta_inc(double x, double y, double a, double b, int in_log)
{
	if (!(a > 0 && b > 0 && x >= 0 && y >= 0))
		return NAN;
	if (x == 0 || y == 0)
		return in_log ? log(x > 0) : x > 0;
	if (x < (a + 1) / (a + b + 2)) {
		const double l = log_beta_near(x, y, a, b);

		return in_log ? l : exp(l);
	}
	const double rest = exp(log_beta_near(y, x, b, a));
	return in_log ? log1p(-rest) : 1 - rest;
}

double nli_beta_cdf(double x, double a, double b)
{
	return beta_inc(x, 1 - x, a, b, 0);
}

double nli_beta_log_cdf(double x, double a, double b)
{
	return beta_inc(x, 1 - x, a, b, 1);
}

double nli_beta_sf(double x, double a, double b)
{
	return beta_inc(1 - x, x, b, a, 0);
}

/*
 * Newton inside a bracket that halves whenever Newton would leave it or has
 * not halved it: cannot fail, and ends in full double precision.
 */
double nli_beta_quantile(double p, double a, double b)
{
	double lo = 0, hi = 1, x = a / (a + b);

	if (!(a > 0 && b > 0 && p >= 0 && p <= 1))
		return NAN;
	if (p == 0 || p == 1)
		return p;
	for (int i = 0; i < 2000; i++) {
		const double f = nli_beta_cdf(x, a, b) - p;
		const double slope =
			exp(log_binom(a, b, x, 1 - x) + log(a) + log(b) - log(a + b)) /
			(x * (1 - x));
		double next;

		*(f < 0 ? &lo : &hi) = x;
		next = x - f / slope;
		if (!(next > lo && next < hi)) /* a tiny x is reached in few steps */
			next = lo > 0 ? 0.5 * (lo + hi) : hi / 16;
		if (f == 0 || fabs(next - x) <= DBL_EPSILON * x || next == lo ||
		    next == hi)
			return f == 0 ? x : next;
		x = next;
	}
	return x;
}

double nli_binom_pmf(uint64_t k, uint64_t n, double p)
{
	if (!(p >= 0 && p <= 1) || k > n)
		return NAN;
	if (p == 0 || p == 1)
		return k == (p > 0 ? n : 0);
	return exp(log_binom((double)k, (double)(n - k), p, 1 - p));
}

static double binom_tail(uint64_t k, uint64_t n, double p, int in_log)
{
	if (!(p >= 0 && p <= 1))
		return NAN;
	if (k == 0)
		return in_log ? 0 : 1;
	if (k > n)
		return in_log ? -INFINITY : 0;
	return beta_inc(p, 1 - p, (double)k, (double)(n - k) + 1, in_log);
}

double nli_binom_tail(uint64_t k, uint64_t n, double p)
{
	return binom_tail(k, n, p, 0);
}

double nli_binom_log_tail(uint64_t k, uint64_t n, double p)
{
	return binom_tail(k, n, p, 1);
}

double nli_binom_cdf(uint64_t k, uint64_t n, double p)
{
	if (!(p >= 0 && p <= 1))
		return NAN;
	if (k >= n)
		return 1;
	return beta_inc(1 - p, p, (double)(n - k), (double)k + 1, 0);
}

/* P(a,x) by its series, [2] 8.7.1; quick for x < a + 1. */
static double gamma_series(double a, double x)
{
	double term = 1, sum = 1;

	for (int i = 1; i < 100000 && term > sum * DBL_EPSILON / 4; i++) {
		term *= x / (a + i);
		sum += term;
	}
	return sum * exp(log_poisson(a, x));
}

/* Q(a,x) by its continued fraction, [2] 8.9.2 and [3]; quick for x >= a + 1. */
static double gamma_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1e300, d = 1 / off_zero(b), f = d;

	for (int i = 1; i < 100000; i++) {
		const double an = -i * (i - a);
		double step;

		b += 2;
		d = 1 / off_zero(an * d + b);
		c = off_zero(b + an / c);
		step = d * c;
		f *= step;
		if (fabs(step - 1) < 2 * DBL_EPSILON)
			break;
	}
	return f * a * exp(log_poisson(a, x));
}

double nli_gamma_p(double a, double x)
{
	if (!(a > 0 && x >= 0))
		return NAN;
	if (x == 0 || isinf(x))
		return x > 0;
	return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}

double nli_gamma_q(double a, double x)
{
	if (!(a > 0 && x >= 0))
		return NAN;
	if (x == 0 || isinf(x))
		return x == 0;
	return x < a + 1 ? 1 - gamma_series(a, x) : gamma_fraction(a, x);
}

double nli_chisq_sf(double x, double df)
{
	return nli_gamma_q(0.5 * df, 0.5 * x);
}

/* P(T > t) = I_{df/(df+t^2)}(df/2, 1/2) / 2 for t >= 0: DLMF 8.17, A&S 26.7.1. */
double nli_student_sf(double t, double df)
{
	const double d = df + t * t;
	double half;

	if (!(df > 0))
		return NAN;
	half = isinf(d) ? 0 : 0.5 * beta_inc(df / d, t * t / d, 0.5 * df, 0.5, 0);
	return t >= 0 ? half : 1 - half;
}

double nli_student_quantile(double p, double df)
{
	double x;

	if (!(p > 0 && p < 1 && df > 0))
		return NAN;
	if (p < 0.5)
		return -nli_student_quantile(1 - p, df);
	x = nli_beta_quantile(2 * (1 - p), 0.5 * df, 0.5);
	return sqrt(df * (1 - x) / x);
}
