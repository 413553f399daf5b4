/* stats.c - see stats.h for methods, sources and contracts; tests of tables are in tables.c. */
#include "lib/model/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

int nli_cmp_double(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double nli_quantile(const double *sorted, size_t n, double q)
{
	const double at = q * (double)(n - 1);
	const size_t i = (size_t)at;

	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
}

struct nli_interval nli_wilson_real(double k, double n, double level)
{
	const double z = nli_norm_quantile(0.5 + 0.5 * level);
	double p, mid, half;

	if (n <= 0)
		return (struct nli_interval){ 0, 1 };
	p = k / n;
	mid = (p + z * z / (2 * n)) / (1 + z * z / n);
	half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	return (struct nli_interval){ k > 0 ? mid - half : 0, k < n ? mid + half : 1 };
}

struct nli_interval nli_wilson(uint64_t k, uint64_t n, double level)
{
	return nli_wilson_real((double)k, (double)n, level);
}

struct nli_interval nli_clopper_pearson(uint64_t k, uint64_t n, double level)
{
	const double tail = 0.5 * (1 - level), x = (double)k, rest = (double)(n - k);
	struct nli_interval ci = { 0, 1 };

	if (k > 0)
		ci.lo = nli_beta_quantile(tail, x, rest + 1);
	if (k < n) /* from the other side, so that an upper end near 0 keeps its digits */
		ci.hi = nli_beta_quantile(1 - tail, x + 1, rest);
	return ci;
}

static int by_value(const void *a, const void *b)
{
	return nli_cmp_double(*(const double *const *)a, *(const double *const *)b);
}

/* Benjamini and Hochberg's step-up from the largest p down, times factor. */
static void step_up(const double *p, size_t n, double m, double factor, double *q)
{
	const double **order = nli_xmalloc(n, sizeof(*order));
	double least = 1;

	for (size_t i = 0; i < n; i++)
		order[i] = &p[i];
	qsort(order, n, sizeof(*order), by_value);
	for (size_t r = n; r > 0; r--) {
		const double v = factor * m * *order[r - 1] / (double)r;

		if (v < least)
			least = v;
		q[order[r - 1] - p] = least; /* rank r is not read again: p may be q */
	}
	free(order);
}

/* 1 + 1/2 + ... + 1/m; beyond 1e6 by ln m + Euler's constant + 1/2m, error 1/12m^2. */
static double harmonic(uint64_t m)
{
	double s = 0;

	if (m > 1000000)
		return log((double)m) + 0.577215664901532860606512 + 0.5 / (double)m;
	for (uint64_t j = m; j > 0; j--)
		s += 1 / (double)j;
	return s;
}

void nli_p_adjust(enum nli_adjust how, const double *p, size_t n, uint64_t m, double *q)
{
	if (how != NLI_BONFERRONI) {
		step_up(p, n, (double)m, how == NLI_BENJAMINI_YEKUTIELI ? harmonic(m) : 1,
			q);
		return;
	}
	for (size_t i = 0; i < n; i++)
		q[i] = fmin(1, (double)m * p[i]);
}

unsigned nli_boot_weight(uint64_t seed, uint64_t replicate, uint64_t cluster)
{
	const double u = nli_unit(nli_mix(nli_mix(nli_mix(seed) ^ replicate) ^ cluster));
	double term = 0.367879441171442321596, cdf = term; /* 1/e */
	unsigned k = 0;

	while (u >= cdf && k < 20) { /* P(more than 20) is below 2^-64 */
		term /= ++k;
		cdf += term;
	}
	return k;
}

void nli_boot_init(struct nli_boot *b, size_t n_rep, uint64_t seed)
{
	*b = (struct nli_boot){ .n_rep = n_rep, .seed = seed };
	b->num = nli_xcalloc(n_rep, sizeof(*b->num));
	b->den = nli_xcalloc(n_rep, sizeof(*b->den));
}

void nli_boot_add(struct nli_boot *b, uint64_t cluster, double num, double den)
{
	for (size_t r = 0; r < b->n_rep; r++) {
		const double w = nli_boot_weight(b->seed, r, cluster);

		b->num[r] += w * num;
		b->den[r] += w * den;
	}
}

int nli_boot_interval(const struct nli_boot *b, double level, struct nli_interval *out,
		      double *se, struct nli_err *err)
{
	double *v = nli_xmalloc(b->n_rep, sizeof(*v));
	struct nli_welford w = { 0 };

	for (size_t r = 0; r < b->n_rep; r++) {
		if (b->den[r] == 0)
			continue;
		v[w.n] = b->num[r] / b->den[r];
		nli_welford_add(&w, v[w.n]);
	}
	if (w.n < 2) {
		free(v);
		return nli_fail(
			err, NLI_EINVAL,
			"bootstrap: %zu replicates with any weight, wanted 2 or more",
			(size_t)w.n);
	}
	qsort(v, w.n, sizeof(*v), nli_cmp_double);
	out->lo = nli_quantile(v, w.n, 0.5 * (1 - level));
	out->hi = nli_quantile(v, w.n, 0.5 * (1 + level));
	*se = sqrt(nli_welford_var(&w));
	free(v);
	return 0;
}

void nli_boot_release(struct nli_boot *b)
{
	free(b->num);
	free(b->den);
	memset(b, 0, sizeof(*b));
}

void nli_cluster_add(struct nli_cluster_sums *s, uint64_t n_c, uint64_t y_c)
{
	s->m++;
	s->n += n_c;
	s->y += y_c;
	s->nn += n_c * n_c;
	s->ny += n_c * y_c;
	s->yy += y_c * y_c;
}

double nli_design_effect(const struct nli_cluster_sums *s, double p0)
{
	const double n = (double)s->n, y = (double)s->y;
	const double squares =
		(double)s->yy - 2 * p0 * (double)s->ny + p0 * p0 * (double)s->nn;
	const double own = y * (1 - p0) * (1 - p0) + (n - y) * p0 * p0;

	return n > 0 ? 1 + (squares - own) / (n * p0 * (1 - p0)) : 1;
}

void nli_welford_add(struct nli_welford *w, double x)
{
	const double d = x - w->mean;

	w->n++;
	w->mean += d / (double)w->n;
	w->m2 += d * (x - w->mean);
}

void nli_welford_merge(struct nli_welford *w, const struct nli_welford *other)
{
	const double d = other->mean - w->mean;
	const uint64_t n = w->n + other->n;

	if (!other->n)
		return;
	w->m2 += other->m2 + d * d * (double)w->n * (double)other->n / (double)n;
	w->mean += d * (double)other->n / (double)n;
	w->n = n;
}

double nli_welford_var(const struct nli_welford *w)
{
	return w->n < 2 ? 0 : w->m2 / (double)(w->n - 1);
}

double nli_entropy(const uint64_t *count, size_t n)
{
	double sum = 0, h = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)count[i];
	for (size_t i = 0; i < n; i++)
		if (count[i])
			h -= (double)count[i] / sum * log2((double)count[i] / sum);
	return h;
}
