/* dirichlet.c - see dirichlet.h. */
#include "lib/crowd/dirichlet.h"

#include <math.h>

#include "lib/crowd/gamma.h"

static const double ON = 4, OFF = 1, LEAST = .01, MOST = 1000;

/* Counts below this leave no trace in the sums of a prior's update. */
static const double TRACE = 1e-3;

double nli_dirichlet_update(const double *n, size_t step, uint32_t len, const double *a,
			    double *e, bool want_kl)
{
	double sum = 0, sum_a = 0, kl = 0, psi;

	for (uint32_t x = 0; x < len; x++) {
		sum_a += a[x];
		sum += n[x * step] + a[x];
	}
	psi = nli_digamma(sum);
	for (uint32_t x = 0; x < len; x++) {
		const double have = n[x * step];

		e[x * step] = nli_digamma(have + a[x]) - psi;
		if (want_kl && have != 0)
			kl += nli_lgamma(have + a[x]) - nli_lgamma(a[x]) -
			      have * e[x * step];
	}
	return want_kl ? kl - nli_lgamma(sum) + nli_lgamma(sum_a) : 0;
}

void nli_dirichlet_prior(double *a, uint32_t n_class)
{
	for (uint32_t k = 0; k < n_class; k++)
		for (uint32_t l = 0; l < n_class; l++)
			a[k * n_class + l] = k == l ? ON : OFF;
}

void nli_learn_begin(struct nli_learn *s, double *a, uint32_t len, uint32_t on)
{
	double total = 0;

	s->a = a;
	s->len = len;
	s->sum = 0;
	for (uint32_t l = 0; l < len; l++)
		s->sum += a[l];
	for (uint32_t l = 0; l < len; l++) {
		const double n = l == on ? ON : OFF;

		s->num[l] = nli_digamma(n + a[l]) - nli_digamma(a[l]);
		total += n;
	}
	s->den = nli_digamma(total + s->sum) - nli_digamma(s->sum);
}

void nli_learn_add(struct nli_learn *s, const double *n, size_t step)
{
	double total = 0;

	for (uint32_t l = 0; l < s->len; l++) {
		const double x = n[l * step];

		total += x;
		if (x > TRACE)
			s->num[l] += nli_digamma(x + s->a[l]) - nli_digamma(s->a[l]);
	}
	if (total > TRACE)
		s->den += nli_digamma(total + s->sum) - nli_digamma(s->sum);
}

void nli_learn_end(struct nli_learn *s)
{
	for (uint32_t l = 0; l < s->len; l++)
		s->a[l] = fmin(fmax(s->a[l] * s->num[l] / s->den, LEAST), MOST);
}
