/* logit_scale.c - see logit_parts.h: how far each feature is held near 0. */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/model/logit_parts.h"

/* Counts of each class, or of chosen options and others, with and without each feature. */
struct ratios {
	size_t n_class; /* 2 for choice */
	float *count;   /* (n_feat, n_class, n_lane) */
	double total[NLI_MAX_CLASS][NLI_LANES];
};

static void count_item(const struct nli_solver *s, size_t i, struct ratios *k)
{
	const struct nli_rows *r = s->p->rows;
	const size_t first = s->p->item ? s->p->item[i] : i;
	const size_t n_row = s->p->n_class ? 1 : logit_options(s->p, i);

	for (size_t o = 0; o < n_row; o++) {
		const size_t c =
			s->p->n_class ? (size_t)s->p->y[i] : o != (size_t)s->p->y[i];

		for (size_t m = 0; m < s->n_lane; m++) {
			if (!logit_learns(s, m, i))
				continue;
			k->total[c][m]++;
			for (size_t j = r->start[first + o]; j < r->start[first + o + 1];
			     j++)
				k->count[(r->id[j] * k->n_class + c) * s->n_lane + m]++;
		}
	}
}

/* Records added to each count: what is seen twice proves little. */
static const double NB_SMOOTH = 2;

/* Mean square of the naive Bayes log ratios of a feature. */
static double ratio2(const struct nli_solver *s, const struct ratios *k, uint32_t j,
		     size_t m)
{
	double l[NLI_MAX_CLASS], mean = 0, sum = 0;

	for (size_t c = 0; c < k->n_class; c++) {
		const double n = (double)k->count[(j * k->n_class + c) * s->n_lane + m];

		l[c] = (double)(nli_logf((float)(n + NB_SMOOTH)) -
				nli_logf((float)(k->total[c][m] + 2 * NB_SMOOTH)));
		mean += l[c] / (double)k->n_class;
	}
	for (size_t c = 0; c < k->n_class; c++)
		sum += (l[c] - mean) * (l[c] - mean) / (double)k->n_class;
	return sum;
}

static float scale2_of(const struct nli_solver *s, const struct ratios *k, uint32_t j,
		       size_t block, size_t m)
{
	const float base = s->p->scale2[block];

	if (!j || s->p->nb <= 0)
		return base;
	/* (mean square)^nb by exp and log of our own: the same bits everywhere. */
	return base * nli_expf((float)s->p->nb * nli_logf((float)ratio2(s, k, j, m)));
}

void logit_set_scales(struct nli_solver *s, size_t n_use)
{
	const struct nli_rows *r = s->p->rows;
	struct ratios k = { .n_class = s->p->n_class ? s->p->n_class : 2 };
	size_t b = 0;

	if (s->scaled && (s->scaled == n_use || s->p->nb <= 0))
		return;
	k.count =
		nli_xcalloc((size_t)r->n_feat * k.n_class * s->n_lane, sizeof(*k.count));
	for (size_t i = 0; i < n_use && s->p->nb > 0; i++)
		if (s->p->y[i] >= 0)
			count_item(s, i, &k);
	for (uint32_t j = 0; j < r->n_feat; j++) {
		float *v = s->w + (size_t)j * s->stride;

		while (b + 1 < NLI_N_BLOCK && j >= r->bound[b])
			b++;
		for (size_t m = 0; m < s->n_lane; m++) {
			const float old = v[s->n_w + m], now = scale2_of(s, &k, j, b, m);

			v[s->n_w + m] = now;
			for (size_t c = 0; c < s->n_col; c++)
				v[c * s->n_pad + m] *= old > 0 ? now / old : 0;
		}
	}
	s->scaled = n_use;
	free(k.count);
}
