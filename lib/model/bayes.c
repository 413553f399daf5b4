/* bayes.c - see bayes.h. */
#include "lib/model/bayes.h"

#include <math.h>
#include <stdlib.h>

#include "lib/base/mem.h"

struct counts {
	size_t n_class; /* 2 for choice: the answer, another option */
	uint32_t *feat; /* (n_feat, n_class) */
	double item[NLI_MAX_CLASS], all[NLI_MAX_CLASS]; /* items; features of them */
};

static void count_row(const struct nli_rows *r, size_t row, size_t c, struct counts *k)
{
	k->item[c]++;
	for (size_t j = r->start[row]; j < r->start[row + 1]; j++)
		if (r->id[j]) {
			k->feat[r->id[j] * k->n_class + c]++;
			k->all[c]++;
		}
}

static void count(const struct nli_problem *p, int skip, struct counts *k)
{
	for (size_t i = 0; i < p->n; i++) {
		const size_t first = p->item ? p->item[i] : i;
		const size_t n = p->item ? p->item[i + 1] - first : 1;

		if (p->y[i] < 0 || p->fold[i] == skip)
			continue;
		for (size_t o = 0; o < n; o++)
			count_row(p->rows, first + o,
				  p->item ? o != (size_t)p->y[i] : (size_t)p->y[i], k);
	}
}

/* Log of a share.  A class without records has none: it must not win. */
static double log_share(double n, double of)
{
	return n > 0 ? log(n / of) : -60;
}

void nli_bayes_fit(const struct nli_problem *p, int skip, struct nli_linear *out)
{
	const uint32_t n_feat = p->rows->n_feat;
	struct counts k = { .n_class = p->n_class ? p->n_class : 2 };
	double n = 0;

	k.feat = nli_xcalloc((size_t)n_feat * k.n_class, sizeof(*k.feat));
	count(p, skip, &k);
	nli_linear_init(out, p->n_class ? p->n_class : 1, n_feat);
	for (size_t c = 0; c < k.n_class; c++)
		n += k.item[c];
	for (uint32_t j = 0; j < n_feat; j++) {
		double l[NLI_MAX_CLASS];
		float w[NLI_MAX_CLASS];

		for (size_t c = 0; c < k.n_class; c++)
			l[c] = j ? log((k.feat[j * k.n_class + c] + NLI_BAYES_ADD) /
				       (k.all[c] + NLI_BAYES_ADD * (n_feat - 1)))
				 : log_share(k.item[c], n);
		for (size_t c = 0; c < p->n_class; c++)
			w[c] = (float)l[c];
		if (!p->n_class)
			w[0] = j ? (float)(l[0] - l[1]) : 0;
		if (j)
			nli_linear_put(out, p->rows->hash[j], w);
		else
			nli_linear_constant(out, w);
	}
	free(k.feat);
}
