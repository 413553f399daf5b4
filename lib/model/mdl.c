/* mdl.c - see mdl.h. */
#include "lib/model/mdl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/crossfit.h"

static const double share[NLI_MDL_BLOCKS] = { .001,  .002, .004, .008, .016, .032,
					      .0625, .125, .25,  .5,   1 };

static size_t options(const struct nli_problem *p, size_t i)
{
	return p->n_class ? p->n_class : p->item[i + 1] - p->item[i];
}

static bool counts(const struct nli_problem *p, size_t i)
{
	return p->y[i] >= 0 && p->fold[i] != NLI_FOLD_TEST;
}

/* Send items [from, to), cost[i] bits each; s is NULL while nothing was learnt. */
static void send(const struct nli_problem *p, const struct nli_solver *s, size_t from,
		 size_t to, float *cost, struct nli_mdl_block *b, struct nli_mdl *out)
{
	float logp[NLI_LANES * NLI_MAX_CLASS];

	for (size_t i = from; i < to; i++) {
		const size_t n_opt = options(p, i);
		const double flat = log2((double)n_opt);
		size_t best = 0;

		if (!counts(p, i))
			continue;
		b->n++;
		out->uniform += flat;
		if (!s) {
			b->bits += flat;
			cost[i] = (float)flat;
			continue;
		}
		nli_solver_score(s, i, logp, NLI_MAX_CLASS);
		cost[i] = logp[p->y[i]] / -0.69314718055994530942f;
		b->bits += (double)cost[i];
		for (size_t c = 1; c < n_opt; c++)
			if (logp[c] > logp[best])
				best = c;
		b->hit += best == (size_t)p->y[i];
	}
}

static void code_interval(const struct nli_problem *p, const uint64_t *group,
			  const float *cost, double level, struct nli_mdl *out)
{
	const double mean = out->n ? out->codelength / (double)out->n : 0;
	double var = 0, half, d = 0;
	size_t k = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (counts(p, i))
			d += (double)cost[i] - mean;
		if (i + 1 < p->n && group[i + 1] == group[i])
			continue;
		k++;
		var += d * d;
		d = 0;
	}
	half = k > 1 ? nli_norm_quantile((1 + level) / 2) *
			       sqrt(var * (double)k / (double)(k - 1))
		     : out->codelength;
	out->ci = (struct nli_interval){ out->codelength > half ? out->codelength - half
								: 0,
					 out->codelength + half };
}

void nli_mdl_online(const struct nli_problem *p, const uint64_t *group, double lambda,
		    double tol, uint32_t max_epoch, double level, struct nli_mdl *out)
{
	const struct nli_lane lane = { { NLI_FOLD_TEST, -1 }, lambda };
	struct nli_solver *s = nli_solver_new(p, &lane, 1);
	float *cost = nli_xcalloc(p->n, sizeof(*cost));
	size_t from = 0;

	memset(out, 0, sizeof(*out));
	for (size_t k = 0; k < NLI_MDL_BLOCKS && from < p->n; k++) {
		size_t to = (size_t)((double)p->n * share[k]);
		struct nli_mdl_block *b = &out->block[out->n_block];

		to = to <= from ? from + 1 : to;
		while (to < p->n && group[to] == group[to - 1])
			to++;
		b->trained = out->n;
		if (out->n)
			nli_solver_run(s, from, tol, max_epoch);
		send(p, out->n ? s : NULL, from, to, cost, b, out);
		out->n += b->n;
		out->codelength += b->bits;
		out->n_block++;
		from = to;
	}
	out->compression = out->codelength > 0 ? out->uniform / out->codelength : 1;
	code_interval(p, group, cost, level, out);
	free(cost);
	nli_solver_free(s);
}
