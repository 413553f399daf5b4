/* tables.c - the contingency table tests of stats.h. */
#include "lib/model/stats.h"

#include <math.h>
#include <stdlib.h>

#include "lib/base/mem.h"

/* What the strata of a Cochran-Mantel-Haenszel test add up to. */
struct cmh_sums {
	double off, var;      /* sum of a - E(a), of Var(a) */
	double r, s;          /* of ad/n, bc/n */
	double pr, ps_qr, qs; /* for the variance of ln(odds ratio) */
};

static bool informs(const struct nli_table2 *t)
{
	return t->a + t->b && t->c + t->d && t->a + t->c && t->b + t->d;
}

static void cmh_add(struct cmh_sums *m, const struct nli_table2 *t)
{
	const double a = (double)t->a, b = (double)t->b, c = (double)t->c,
		     d = (double)t->d, n = a + b + c + d;
	const double p = (a + d) / n, q = (b + c) / n, r = a * d / n, s = b * c / n;

	m->off += a - (a + b) * (a + c) / n;
	m->var += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1));
	m->r += r;
	m->s += s;
	m->pr += p * r;
	m->ps_qr += p * s + q * r;
	m->qs += q * s;
}

/* The a that a stratum's margins have under the odds ratio w: root of Breslow-Day's quadratic. */
static double fitted_a(double r1, double r2, double c1, double w)
{
	const double qa = 1 - w, qb = r2 - c1 + w * (r1 + c1), qc = -w * r1 * c1;

	/* This form of the root does not cancel, and holds for w = 1 as well. */
	return -2 * qc / (qb + sqrt(qb * qb - 4 * qa * qc));
}

static void homogeneity(const struct nli_table2 *t, size_t strata, struct nli_cmh *out)
{
	double chi2 = 0, off = 0, var = 0;

	for (size_t i = 0; i < strata; i++) {
		const double r1 = (double)(t[i].a + t[i].b),
			     r2 = (double)(t[i].c + t[i].d);
		const double c1 = (double)(t[i].a + t[i].c);
		double a, v;

		if (!informs(&t[i]))
			continue;
		a = fitted_a(r1, r2, c1, out->odds_ratio);
		v = 1 / (1 / a + 1 / (r1 - a) + 1 / (c1 - a) + 1 / (r2 - c1 + a));
		chi2 += ((double)t[i].a - a) * ((double)t[i].a - a) / v;
		off += (double)t[i].a - a;
		var += v;
	}
	out->homogeneity = fmax(0, chi2 - off * off / var);
	out->homogeneity_p = out->strata > 1 ? nli_chisq_sf(out->homogeneity,
							    (double)(out->strata - 1))
					     : 1;
}

int nli_cmh_2x2(const struct nli_table2 *t, size_t strata, struct nli_cmh *out,
		struct nli_err *err)
{
	struct cmh_sums m = { 0 };
	double se, yates;

	*out = (struct nli_cmh){ 0 };
	for (size_t i = 0; i < strata; i++)
		if (informs(&t[i])) {
			cmh_add(&m, &t[i]);
			out->strata++;
		}
	if (!out->strata)
		return nli_fail(err, NLI_EINVAL,
				"cmh: no stratum with all margins above 0");
	yates = fabs(m.off) >= 0.5 ? fabs(m.off) - 0.5 : fabs(m.off); /* as R has it */
	out->chi2 = m.off * m.off / m.var;
	out->chi2_cc = yates * yates / m.var;
	out->p = nli_chisq_sf(out->chi2, 1);
	out->p_cc = nli_chisq_sf(out->chi2_cc, 1);
	out->odds_ratio = m.r / m.s;
	out->or_ci = (struct nli_interval){ 0, INFINITY };
	out->homogeneity = out->homogeneity_p = NAN;
	if (m.r == 0 || m.s == 0)
		return 0;
	se = sqrt(m.pr / (2 * m.r * m.r) + m.ps_qr / (2 * m.r * m.s) +
		  m.qs / (2 * m.s * m.s));
	out->or_ci.lo = out->odds_ratio * exp(-nli_norm_quantile(0.975) * se);
	out->or_ci.hi = out->odds_ratio * exp(nli_norm_quantile(0.975) * se);
	homogeneity(t, strata, out);
	return 0;
}

/* Sums over a table's rows and columns. Owns row. */
struct margins {
	double *row, *col, n; /* (rows,), (cols,) */
};

static struct margins margins_of(const uint64_t *t, size_t rows, size_t cols)
{
	struct margins m = { 0 };

	m.row = nli_xcalloc(rows + cols, sizeof(*m.row));
	m.col = m.row + rows;
	for (size_t i = 0; i < rows * cols; i++) {
		m.row[i / cols] += (double)t[i];
		m.col[i % cols] += (double)t[i];
		m.n += (double)t[i];
	}
	return m;
}

/* Add one stratum to the differences d (k,) and their covariance v (k, k), k = (rows-1)(cols-1). */
static void general_add(const uint64_t *t, size_t rows, size_t cols, double *d, double *v)
{
	const struct margins m = margins_of(t, rows, cols);
	const size_t w = cols - 1, k = (rows - 1) * w;

	for (size_t x = 0; x < k && m.n > 1; x++) {
		const double ri = m.row[x / w], cj = m.col[x % w];

		d[x] += (double)t[x / w * cols + x % w] - ri * cj / m.n;
		for (size_t y = 0; y < k; y++)
			v[x * k + y] += ri * ((x / w == y / w) * m.n - m.row[y / w]) *
					cj * ((x % w == y % w) * m.n - m.col[y % w]) /
					(m.n * m.n * (m.n - 1));
	}
	free(m.row);
}

/*
 * d' V^- d and the rank of V, by Cholesky's method row by row; a row that
 * depends on those before it (an empty row or column of the table) is left out.
 */
static double quadratic_form(double *v, double *d, size_t k, size_t *rank)
{
	double sum = 0;

	*rank = 0;
	for (size_t i = 0; i < k; i++) {
		const double whole = v[i * k + i];

		for (size_t j = 0; j <= i; j++) {
			double s = v[i * k + j];

			for (size_t g = 0; g < j; g++)
				s -= v[i * k + g] * v[j * k + g];
			if (j < i)
				v[i * k + j] = v[j * k + j] > 0 ? s / v[j * k + j] : 0;
			else
				v[i * k + i] = s > 1e-11 * whole ? sqrt(s) : 0;
		}
		if (v[i * k + i] == 0)
			continue;
		for (size_t g = 0; g < i; g++)
			d[i] -= v[i * k + g] * d[g];
		d[i] /= v[i * k + i];
		sum += d[i] * d[i];
		++*rank;
	}
	return sum;
}

int nli_cmh_general(const uint64_t *t, size_t strata, size_t rows, size_t cols,
		    struct nli_chisq *out, struct nli_err *err)
{
	const size_t k = rows > 1 && cols > 1 ? (rows - 1) * (cols - 1) : 0;
	double *d = nli_xcalloc(k + k * k, sizeof(*d));
	size_t rank;

	*out = (struct nli_chisq){ 0 };
	for (size_t s = 0; s < strata && k; s++)
		general_add(t + s * rows * cols, rows, cols, d, d + k);
	for (size_t i = 0; i < strata * rows * cols; i++)
		out->n += t[i];
	out->chi2 = quadratic_form(d + k, d, k, &rank);
	free(d);
	if (!rank)
		return nli_fail(err, NLI_EINVAL,
				"cmh: nothing to compare in %zu strata of %zu by %zu",
				strata, rows, cols);
	out->df = (double)rank;
	out->p = nli_chisq_sf(out->chi2, out->df);
	return 0;
}

int nli_chisq_test(const uint64_t *t, size_t rows, size_t cols, struct nli_chisq *out,
		   struct nli_err *err)
{
	const struct margins m = margins_of(t, rows, cols);
	size_t r = 0, c = 0;

	*out = (struct nli_chisq){ .n = (uint64_t)m.n };
	for (size_t i = 0; i < rows; i++)
		r += m.row[i] > 0;
	for (size_t j = 0; j < cols; j++)
		c += m.col[j] > 0;
	for (size_t i = 0; i < rows * cols; i++) {
		const double want = m.row[i / cols] * m.col[i % cols] / m.n;

		if (want > 0)
			out->chi2 += ((double)t[i] - want) * ((double)t[i] - want) / want;
	}
	free(m.row);
	if (r < 2 || c < 2)
		return nli_fail(
			err, NLI_EINVAL,
			"chi-square: %zu rows and %zu columns that hold anything, "
			"wanted 2 and 2",
			r, c);
	out->df = (double)((r - 1) * (c - 1));
	out->p = nli_chisq_sf(out->chi2, out->df);
	out->cramer_v = sqrt(out->chi2 / (m.n * (double)((r < c ? r : c) - 1)));
	return 0;
}
