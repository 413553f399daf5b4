/* logit_parts.h - what logit*.c share; not for others. */
#ifndef NLI_MODEL_LOGIT_PARTS_H
#define NLI_MODEL_LOGIT_PARTS_H

#include "lib/model/logit.h"
#include "lib/model/vmath.h"

/* Enough for the floats of one feature. */
enum { MAX_STRIDE = (NLI_MAX_CLASS + 1) * NLI_LANES };

struct nli_solver {
	const struct nli_problem *p;
	struct nli_lane lane[NLI_LANES];
	size_t n_lane; /* models */
	size_t n_pad;  /* lanes in memory: NLI_LANES, or 1 for one model of classes */
	size_t n_col;  /* classes, or 1 for choice */
	size_t n_w;    /* weights a feature: n_col * n_pad */
	size_t stride; /* floats a feature: n_w + n_pad, rounded up to 4 */
	void *block, *mean_block, *kept_block, *dual_block; /* own w, mean, kept, dual */
	float *w;      /* (n_feat, stride): weights (class, lane), a_j^2 (lane) */
	float *mean;   /* as w: the mean of averaged[lane] weights; NULL: none */
	size_t scaled; /* items whose labels are in the scales */
	float *kept;   /* as mean; NULL: none */
	uint32_t averaged[NLI_LANES];
	float *dual;    /* (n_row or n_item, ...) p_i as (class, lane), see dual_at() */
	size_t started; /* items whose dual variables are set */
	nli_v4 *diff;   /* (n_feat,) scratch of choice items, all 0; else NULL */
	double gap[NLI_LANES], mean_gap[NLI_LANES];
	size_t n_active[NLI_LANES];
	uint32_t epochs[NLI_LANES];
	uint32_t run, sweep; /* calls of nli_solver_run(); sweeps of this one */
	bool done[NLI_LANES], frozen[NLI_LANES];
};

static inline size_t logit_options(const struct nli_problem *p, size_t i)
{
	return p->item ? p->item[i + 1] - p->item[i] : p->n_class;
}

/* Whether a lane learns from item i. */
static inline bool logit_learns(const struct nli_solver *s, size_t lane, size_t i)
{
	const uint8_t f = s->p->fold[i];

	return s->p->y[i] >= 0 && f != s->lane[lane].skip[0] &&
	       f != s->lane[lane].skip[1];
}

/*
 * Set a_j^2 from the labels of items [0, n_use).  w_j = a_j^2 / lambda sum x (e_y -
 * p) must go on to hold, so weights that there are change with it.
 */
void logit_set_scales(struct nli_solver *s, size_t n_use);

#endif
