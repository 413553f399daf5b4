/* passrate.c - see passrate.h. */
#include "lib/model/passrate.h"

#include <math.h>

#include "lib/model/special.h"

static const double PRIOR = 0.5; /* Jeffreys */

/* C(m,k)/C(n,k) = prod_{i<k} (m-i)/(n-i): no factor is large, none cancels. */
static double choose_ratio(uint64_t m, uint64_t n, uint64_t k)
{
	double r = 1;

	if (m < k)
		return 0;
	for (uint64_t i = 0; i < k; i++)
		r *= (double)(m - i) / (double)(n - i);
	return r;
}

double nli_pass_at_k(uint64_t c, uint64_t n, uint64_t k)
{
	return 1 - choose_ratio(n - c, n, k);
}

double nli_pass_all_k(uint64_t c, uint64_t n, uint64_t k)
{
	return choose_ratio(c, n, k);
}

double nli_useful_at(double p, uint64_t g)
{
	return 1 - pow(p, (double)g) - pow(1 - p, (double)g);
}

double nli_useful_mean(uint64_t c, uint64_t n, uint64_t g)
{
	const double a = (double)c + PRIOR, b = (double)(n - c) + PRIOR;
	double all = 1, none = 1;

	for (uint64_t i = 0; i < g; i++) {
		all *= (a + (double)i) / (a + b + (double)i);
		none *= (b + (double)i) / (a + b + (double)i);
	}
	return 1 - all - none;
}

/* nli_useful_at() grows from p = 0 to 1/2. */
double nli_useful_from(double u, uint64_t g)
{
	double lo = 0, hi = 0.5;

	for (int i = 0; i < 60; i++) {
		const double mid = (lo + hi) / 2;

		if (nli_useful_at(mid, g) < u)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

void nli_passrate_interval(uint64_t c, uint64_t n, double level, double *lo, double *hi)
{
	const double a = (double)c + PRIOR, b = (double)(n - c) + PRIOR;

	*lo = nli_beta_quantile((1 - level) / 2, a, b);
	*hi = nli_beta_quantile((1 + level) / 2, a, b);
}

/* Both tails summed, then taken from 1: a difference of distribution functions near 1 cancels. */
static double outside(double a, double b, double lo, double hi)
{
	return (lo > 0 ? nli_beta_cdf(lo, a, b) : 0) +
	       (hi < 1 ? nli_beta_sf(hi, a, b) : 0);
}

double nli_passrate_between(uint64_t c, uint64_t n, double lo, double hi)
{
	return 1 - outside((double)c + PRIOR, (double)(n - c) + PRIOR, lo, hi);
}

static enum nli_band_says decide(double a, double b, double lo, double hi, double gamma)
{
	const double out = outside(a, b, lo, hi);

	return 1 - out >= gamma ? NLI_BAND_KEEP
	       : out >= gamma   ? NLI_BAND_DROP
				: NLI_BAND_MORE;
}

enum nli_band_says nli_band_decide(uint64_t c, uint64_t n, double lo, double hi,
				   double gamma)
{
	return decide((double)c + PRIOR, (double)(n - c) + PRIOR, lo, hi, gamma);
}

/* Decided once, m more at the same rate only make it surer: so double, then bisect. */
uint64_t nli_band_need(uint64_t c, uint64_t n, double lo, double hi, double gamma)
{
	const double a = (double)c + PRIOR, b = (double)(n - c) + PRIOR;
	const double rate = a / (a + b);
	uint64_t no = 0, yes = 1;

	if (decide(a, b, lo, hi, gamma) != NLI_BAND_MORE)
		return 0;
	for (; yes <= NLI_NEED_MAX; no = yes, yes *= 2) {
		const double m = (double)yes;

		if (decide(a + rate * m, b + (1 - rate) * m, lo, hi, gamma) !=
		    NLI_BAND_MORE)
			break;
	}
	if (yes > NLI_NEED_MAX)
		return NLI_NEED_NEVER;
	while (yes - no > 1) {
		const uint64_t mid = no + (yes - no) / 2;
		const double m = (double)mid;

		if (decide(a + rate * m, b + (1 - rate) * m, lo, hi, gamma) ==
		    NLI_BAND_MORE)
			no = mid;
		else
			yes = mid;
	}
	return yes;
}
