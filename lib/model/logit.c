/* logit.c - see logit.h for the method. */
#include "lib/model/logit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/logit_parts.h"
#include "lib/model/vmath.h"

#define INLINE static inline __attribute__((always_inline))

/* (class): a value for each lane. */
typedef nli_v4 grid[NLI_MAX_CLASS];

static size_t columns(const struct nli_problem *p)
{
	return p->n_class ? p->n_class : 1;
}

size_t nli_solver_width(const struct nli_problem *p)
{
	(void)p;
	return NLI_LANES;
}

/* An item's dual variables: (options, n_pad) floats. */
static float *dual_at(const struct nli_solver *s, size_t i)
{
	const size_t first = s->p->item ? s->p->item[i] : i * s->p->n_class;

	return s->dual + first * s->n_pad;
}

/* n floats, all 0, of which *at begins at a cache line. */
static void *aligned_floats(size_t n, float **at)
{
	void *block = nli_xcalloc(n + 16, sizeof(float));

	*at = (float *)(((uintptr_t)block + 63) & ~(uintptr_t)63);
	return block;
}

struct nli_solver *nli_solver_new(const struct nli_problem *p,
				  const struct nli_lane *lane, size_t n_lane)
{
	struct nli_solver *s = nli_xcalloc(1, sizeof(*s));
	const size_t n_dual = p->item ? p->item[p->n] : p->n * p->n_class;

	s->p = p;
	s->n_lane = n_lane;
	s->n_col = columns(p);
	s->n_pad = n_lane == 1 && p->n_class ? 1 : NLI_LANES;
	s->n_w = s->n_col * s->n_pad;
	s->stride = (s->n_w + s->n_pad + 3) / 4 * 4;
	for (size_t m = 0; m < n_lane; m++)
		s->lane[m] = lane[m];
	s->block = aligned_floats(p->rows->n_feat * s->stride, &s->w);
	s->dual_block = aligned_floats(n_dual * s->n_pad, &s->dual);
	if (!p->n_class)
		s->diff = nli_xcalloc(p->rows->n_feat, sizeof(*s->diff));
	return s;
}

void nli_solver_free(struct nli_solver *s)
{
	if (!s)
		return;
	free(s->block);
	free(s->mean_block);
	free(s->kept_block);
	free(s->dual_block);
	free(s->diff);
	free(s);
}

/* z = sum of the row's features: the logits, and behind them |x|^2 of each lane. */
INLINE void sum_row(const float *w, const uint32_t *id, size_t n, size_t stride,
		    nli_v4 *z)
{
	for (size_t k = 0; k < stride / 4; k++)
		z[k] = nli_splat4(0);
	for (size_t j = 0; j < n; j++) {
		const nli_v4 *v = (const nli_v4 *)(w + (size_t)id[j] * stride);

		for (size_t k = 0; k < stride / 4; k++)
			z[k] += v[k];
	}
}

/* w_j += a_j^2 step for the row's features, all lanes. */
INLINE void add_row(float *w, const uint32_t *id, size_t n, size_t n_col, size_t stride,
		    const nli_v4 *step)
{
	for (size_t j = 0; j < n; j++) {
		nli_v4 *v = (nli_v4 *)(w + (size_t)id[j] * stride);
		const nli_v4 a2 = v[n_col];

		for (size_t c = 0; c < n_col; c++)
			v[c] += step[c] * a2;
	}
}

/* Log-softmax over the first n_opt classes, each lane for itself. */
INLINE void log_softmax(nli_v4 *z, size_t n_opt)
{
	nli_v4 top = nli_splat4(-1e30f), sum = nli_splat4(0);

	for (size_t c = 0; c < n_opt; c++)
		top = nli_max4(top, z[c]);
	for (size_t c = 0; c < n_opt; c++)
		sum += nli_exp4(z[c] - top);
	top += nli_log4(sum);
	for (size_t c = 0; c < n_opt; c++)
		z[c] -= top;
}

/* What a step needs to know of an item: who learns from it, and how far to go. */
struct step {
	nli_v4 mask; /* 1 if the lane learns from the item */
	nli_v4 inv_lambda;
	nli_v4 gap; /* out: KL(p || p^), 0 where masked */
};

/*
 * The direction u = p^ - p of a dual step, from z = log p^ and the dual variables
 * p, with its |u|_1 and KL(p || p^).
 */
INLINE void direction(const nli_v4 *z, const nli_v4 *p, nli_v4 *u, nli_v4 *l1, nli_v4 *kl,
		      size_t n_opt)
{
	*l1 = *kl = nli_splat4(0);
	for (size_t c = 0; c < n_opt; c++) {
		u[c] = nli_exp4(z[c]) - p[c];
		*l1 += nli_max4(u[c], -u[c]);
		*kl += p[c] * (nli_log4(p[c]) - z[c]);
	}
	*kl = nli_max4(*kl, nli_splat4(0));
}

/* The length of the step; g2 is |u|_G^2. */
INLINE nli_v4 length(nli_v4 l1, nli_v4 kl, nli_v4 g2, struct step *st)
{
	const nli_v4 a = l1 * l1;
	const nli_v4 s = (kl + 0.5f * a) / (a + g2 * st->inv_lambda + 1e-30f);

	st->gap = kl * st->mask;
	return nli_min4(s, nli_splat4(1)) * st->mask;
}

/* One item with classes: one row, a weight for each class. */
INLINE void class_item(struct nli_solver *s, size_t i, struct step *st, size_t n_class,
		       size_t stride)
{
	const struct nli_rows *r = s->p->rows;
	const uint32_t *id = r->id + r->start[i];
	const size_t n = r->start[i + 1] - r->start[i];
	nli_v4 *p = (nli_v4 *)dual_at(s, i), norm2, l1, kl, len, g2 = nli_splat4(0);
	nli_v4 z[NLI_MAX_CLASS + 1];
	grid u;

	sum_row(s->w, id, n, stride, z);
	norm2 = z[n_class];
	log_softmax(z, n_class);
	direction(z, p, u, &l1, &kl, n_class);
	for (size_t c = 0; c < n_class; c++)
		g2 += u[c] * u[c] * norm2;
	len = length(l1, kl, g2, st);
	for (size_t c = 0; c < n_class; c++) {
		p[c] += len * u[c];
		u[c] = -(len * u[c]) * st->inv_lambda;
	}
	add_row(s->w, id, n, n_class, stride, u);
}

/* The sum of the first n floats of v. */
INLINE float sum_of(const nli_v4 *v, size_t n)
{
	float sum = 0;

	for (size_t c = 0; c < n; c++)
		sum += v[c / 4][c % 4];
	return sum;
}

/*
 * The same for one model alone, whose classes lie side by side: each logarithm and
 * exponential is of four classes at a time, not of one class for four lanes.
 */
INLINE void single_item(struct nli_solver *s, size_t i, struct step *st, size_t n_class,
			size_t stride)
{
	enum { MOST = NLI_MAX_CLASS / 4 + 1 };
	const struct nli_rows *r = s->p->rows;
	const uint32_t *id = r->id + r->start[i];
	const size_t n = r->start[i + 1] - r->start[i], n_v = (n_class + 3) / 4;
	nli_v4 z[MOST], p[MOST] = { { 0 } }, u[MOST], part[MOST], len, total, log_z;
	float *dual = dual_at(s, i), norm2, top = -1e30f, l1, kl, g2;

	sum_row(s->w, id, n, stride, z);
	norm2 = z[n_class / 4][n_class % 4];
	for (size_t c = 0; c < n_class; c++)
		top = z[c / 4][c % 4] > top ? z[c / 4][c % 4] : top;
	for (size_t k = 0; k < n_v; k++) {
		p[k] = nli_splat4(1);
		for (size_t c = 0; c < 4 && 4 * k + c < n_class; c++)
			p[k][c] = dual[4 * k + c];
		z[k] -= top;
		u[k] = nli_exp4(z[k]);
	}
	total = nli_splat4(sum_of(u, n_class));
	for (size_t k = 0; k < n_v; k++) {
		/* A lane without a class takes the logarithm of the sum along. */
		if (n_class % 4 && k + 1 == n_v)
			p[k][3] = total[0];
		part[k] = nli_log4(p[k]);
	}
	log_z = n_class % 4 ? nli_splat4(part[n_v - 1][3]) : nli_log4(total);
	for (size_t k = 0; k < n_v; k++) {
		/* KL(p || p^) = sum p (log p - z + log sum e^z); u = p^ - p */
		part[k] = p[k] * (part[k] - z[k] + log_z);
		u[k] = u[k] / total - p[k];
	}
	kl = sum_of(part, n_class);
	for (size_t k = 0; k < n_v; k++)
		part[k] = nli_max4(u[k], -u[k]);
	l1 = sum_of(part, n_class);
	for (size_t k = 0; k < n_v; k++)
		part[k] = u[k] * u[k];
	g2 = sum_of(part, n_class) * norm2;
	len = length(nli_splat4(l1), nli_splat4(kl > 0 ? kl : 0), nli_splat4(g2), st);
	for (size_t c = 0; c < n_class; c++)
		dual[c] += len[0] * u[c / 4][c % 4];
	for (size_t k = 0; k < stride / 4; k++) {
		z[k] = k < n_v ? -(len[0] * u[k]) * st->inv_lambda[0] : nli_splat4(0);
		/* What follows the classes is a_j^2, which stays. */
		for (size_t c = 0; c < 4; c++)
			z[k][c] = 4 * k + c < n_class ? z[k][c] : 0;
	}
	for (size_t j = 0; j < n; j++) {
		float *w = s->w + (size_t)id[j] * stride;
		const nli_v4 a2 = nli_splat4(w[n_class]);

		for (size_t k = 0; k < stride / 4; k++)
			((nli_v4 *)w)[k] += z[k] * a2;
	}
}

/* |sum_o u_o x_o|^2 for each lane, over the rows of a choice item. */
INLINE nli_v4 option_norm2(struct nli_solver *s, size_t first, size_t n_opt,
			   const nli_v4 *u)
{
	const struct nli_rows *r = s->p->rows;
	nli_v4 g2 = nli_splat4(0);

	for (size_t o = 0; o < n_opt; o++)
		for (size_t j = r->start[first + o]; j < r->start[first + o + 1]; j++)
			s->diff[r->id[j]] += u[o];
	/* Options that share a feature find 0 the second time. */
	for (size_t o = 0; o < n_opt; o++)
		for (size_t j = r->start[first + o]; j < r->start[first + o + 1]; j++) {
			nli_v4 *d = &s->diff[r->id[j]];
			const nli_v4 *v =
				(const nli_v4 *)(s->w + (size_t)r->id[j] * s->stride);

			g2 += *d * *d * v[1];
			*d = nli_splat4(0);
		}
	return g2;
}

/* One choice item: a row for each option, one weight a feature. */
INLINE void choice_item(struct nli_solver *s, size_t i, struct step *st, size_t n_opt,
			size_t stride)
{
	const struct nli_rows *r = s->p->rows;
	const size_t first = s->p->item[i];
	nli_v4 *p = (nli_v4 *)dual_at(s, i), sum[2], l1, kl, len;
	grid z, u;

	for (size_t o = 0; o < n_opt; o++) {
		const size_t at = r->start[first + o];

		sum_row(s->w, r->id + at, r->start[first + o + 1] - at, stride, sum);
		z[o] = sum[0];
	}
	log_softmax(z, n_opt);
	direction(z, p, u, &l1, &kl, n_opt);
	len = length(l1, kl, option_norm2(s, first, n_opt, u), st);
	for (size_t o = 0; o < n_opt; o++) {
		const size_t at = r->start[first + o];

		p[o] += len * u[o];
		u[o] = -(len * u[o]) * st->inv_lambda;
		add_row(s->w, r->id + at, r->start[first + o + 1] - at, 1, stride, &u[o]);
	}
}

/* Who learns from the items of each fold. */
struct masks {
	nli_v4 lane[256];
	bool any[256];
};

static void fill_masks(const struct nli_solver *s, struct masks *k)
{
	memset(k, 0, sizeof(*k));
	for (int f = 0; f < 256; f++)
		for (size_t m = 0; m < s->n_lane; m++)
			if (!s->done[m] && !s->frozen[m] && f != s->lane[m].skip[0] &&
			    f != s->lane[m].skip[1]) {
				k->lane[f][m] = 1;
				k->any[f] = true;
			}
}

typedef void item_fn(struct nli_solver *s, size_t i, struct step *st, size_t n_opt,
		     size_t stride);

/* Weights are fetched this many items ahead. */
enum { AHEAD = 2 };

INLINE void fetch(const struct nli_solver *s, size_t i, size_t stride)
{
	const struct nli_rows *r = s->p->rows;

	for (size_t j = r->start[i]; j < r->start[i + 1]; j++)
		__builtin_prefetch(s->w + (size_t)r->id[j] * stride, 1);
}

/*
 * Many items are taken in blocks, in another order each sweep: (a k + c) mod n, a without
 * a divisor of n.  In the same order always, the weights that all items share, the
 * constant's above all, drift to and fro within a sweep: each item is content when it is
 * met, and no more when the sweep is over; with 500,000, the gap is ten times what the
 * sweep measures, for a dozen sweeps.
 */
enum { BLOCK = 512, MANY = 30000 };

struct blocks {
	size_t n, a, c;
};

static size_t common_divisor(size_t a, size_t b)
{
	while (b) {
		const size_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static struct blocks deal_blocks(size_t n_item, uint64_t sweep)
{
	struct blocks b = { .n = (n_item + BLOCK - 1) / BLOCK, .a = 1 };

	if (b.n < 2 || n_item < MANY)
		return b;
	b.a = nli_mix(2 * sweep) % b.n;
	b.c = nli_mix(2 * sweep + 1) % b.n;
	while (common_divisor(b.a, b.n) != 1)
		b.a++;
	return b;
}

static size_t block_at(const struct blocks *b, size_t k)
{
	return (b->a * k + b->c) % b->n * BLOCK;
}

/* One item, by those who learn from its fold. */
INLINE void sweep_item(struct nli_solver *s, size_t i, const struct masks *k,
		       struct step *st, item_fn *item, size_t n_class, size_t stride)
{
	const uint8_t f = s->p->fold[i];

	if (s->p->y[i] < 0 || !k->any[f])
		return;
	st->mask = k->lane[f];
	item(s, i, st, n_class ? n_class : logit_options(s->p, i), stride);
	for (size_t m = 0; m < s->n_lane; m++) {
		s->gap[m] += (double)st->gap[m];
		s->n_active[m] += st->mask[m] > 0;
	}
}

/* n_class 0: choice.  Called with constants, so that the loops over classes unroll. */
INLINE void sweep_items(struct nli_solver *s, const struct masks *k, size_t n_use,
			item_fn *item, size_t n_class, size_t stride)
{
	const struct blocks b = deal_blocks(n_use, (uint64_t)s->run << 32 | s->sweep++);
	struct step st = { .inv_lambda = nli_splat4(0) };
	size_t next = block_at(&b, 0);

	for (size_t m = 0; m < s->n_lane; m++)
		st.inv_lambda[m] = (float)(1 / s->lane[m].lambda);
	for (size_t at = 0; at < b.n; at++) {
		const size_t first = next, full = first + BLOCK;
		const size_t end = full < n_use ? full : n_use;

		next = block_at(&b, at + 1);
		for (size_t i = first; i < end; i++) {
			const size_t ahead =
				i + AHEAD < full ? i + AHEAD : next + i + AHEAD - full;

			if (n_class && ahead < n_use)
				fetch(s, ahead, stride);
			sweep_item(s, i, k, &st, item, n_class, stride);
		}
	}
}

/* The commonest shapes are compiled with their sizes known. */
static void sweep(struct nli_solver *s, const struct masks *k, size_t n_use)
{
	if (!s->p->n_class)
		sweep_items(s, k, n_use, choice_item, 0, 2 * NLI_LANES);
	else if (s->n_pad > 1 && s->n_col == 3)
		sweep_items(s, k, n_use, class_item, 3, 4 * NLI_LANES);
	else if (s->n_pad > 1 && s->n_col == 2)
		sweep_items(s, k, n_use, class_item, 2, 3 * NLI_LANES);
	else if (s->n_pad > 1)
		sweep_items(s, k, n_use, class_item, s->n_col, s->stride);
	else if (s->n_col == 3)
		sweep_items(s, k, n_use, single_item, 3, 4);
	else if (s->n_col == 2)
		sweep_items(s, k, n_use, single_item, 2, 4);
	else
		sweep_items(s, k, n_use, single_item, s->n_col, s->stride);
}

/* Items that are met for the first time begin at p = e_y, where W does not feel them. */
static void start_items(struct nli_solver *s, size_t n_use)
{
	for (; s->started < n_use; s->started++) {
		const size_t i = s->started, n_opt = logit_options(s->p, i);
		float *d = dual_at(s, i);

		for (size_t c = 0; c < n_opt; c++)
			for (size_t m = 0; m < s->n_pad; m++)
				d[c * s->n_pad + m] = (int)c == s->p->y[i] ? 1 : 0;
	}
}

/*
 * W = 1/lambda sum x (e_y - p) stays as it is if e_y - p shrinks as lambda does:
 * p' = e_y + r (p - e_y), r = lambda'/lambda, a probability vector for r <= 1.
 */
void nli_solver_set_lambda(struct nli_solver *s, size_t lane, double lambda)
{
	const float r = (float)(lambda / s->lane[lane].lambda);

	s->lane[lane].lambda = lambda;
	s->done[lane] = false;
	for (size_t i = 0; i < s->started; i++) {
		const size_t n_opt = logit_options(s->p, i);
		float *d = dual_at(s, i);

		for (size_t c = 0; c < n_opt; c++) {
			const float e = (int)c == s->p->y[i] ? 1 : 0;

			d[c * s->n_pad + lane] = e + r * (d[c * s->n_pad + lane] - e);
		}
	}
}

void nli_solver_freeze(struct nli_solver *s, size_t lane)
{
	s->frozen[lane] = true;
}

void nli_solver_average(struct nli_solver *s)
{
	const size_t size = (size_t)s->p->rows->n_feat * s->stride;
	float rate[MAX_STRIDE] = { 0 };

	if (!s->mean)
		s->mean_block = aligned_floats(size, &s->mean);
	for (size_t m = 0; m < s->n_lane; m++) {
		if (s->frozen[m])
			continue;
		s->averaged[m]++;
		for (size_t c = 0; c < s->n_col; c++)
			rate[c * s->n_pad + m] = 1 / (float)s->averaged[m];
	}
	for (size_t j = 0; j < size; j += s->stride)
		for (size_t k = 0; k < s->n_w; k++)
			s->mean[j + k] += (s->w[j + k] - s->mean[j + k]) * rate[k];
}

void nli_solver_keep(struct nli_solver *s, size_t lane)
{
	const size_t size = (size_t)s->p->rows->n_feat * s->stride;

	if (!s->kept)
		s->kept_block = aligned_floats(size, &s->kept);
	for (size_t j = 0; j < size; j += s->stride)
		for (size_t k = lane; k < s->n_w; k += s->n_pad)
			s->kept[j + k] = s->mean[j + k];
}

void nli_solver_restore(struct nli_solver *s)
{
	free(s->mean_block);
	s->mean_block = s->kept_block;
	s->mean = s->kept;
	s->kept_block = NULL;
	s->kept = NULL;
}

/* The weights that score. */
static const float *weights(const struct nli_solver *s)
{
	return s->mean ? s->mean : s->w;
}

/* Scores of the classes or options of item i by weights w, before the softmax. */
static void logits(const struct nli_solver *s, const float *w, size_t i, nli_v4 *z,
		   size_t n_opt)
{
	const struct nli_rows *r = s->p->rows;
	nli_v4 sum[MAX_STRIDE / 4];

	if (s->n_pad == 1) {
		sum_row(w, r->id + r->start[i], r->start[i + 1] - r->start[i], s->stride,
			sum);
		for (size_t c = 0; c < n_opt; c++)
			z[c] = nli_splat4(sum[c / 4][c % 4]);
		return;
	}
	if (s->p->n_class) {
		sum_row(w, r->id + r->start[i], r->start[i + 1] - r->start[i], s->stride,
			sum);
		memcpy(z, sum, n_opt * sizeof(*z));
		return;
	}
	for (size_t o = 0; o < n_opt; o++) {
		const size_t at = r->start[s->p->item[i] + o];

		sum_row(w, r->id + at, r->start[s->p->item[i] + o + 1] - at, s->stride,
			sum);
		z[o] = sum[0];
	}
}

/*
 * The gap that a sweep measures is of weights that it goes on to change, each item's when
 * it is met.  With many items, a sample says what it is when the sweep is over.
 */
enum { SAMPLE_EVERY = 32 };

static void sample_gap(struct nli_solver *s, size_t n_use)
{
	grid z;

	memset(s->gap, 0, sizeof(s->gap));
	memset(s->n_active, 0, sizeof(s->n_active));
	for (size_t i = 0; i < n_use; i += SAMPLE_EVERY) {
		const size_t n_opt = logit_options(s->p, i);
		const float *p = dual_at(s, i);

		if (s->p->y[i] < 0)
			continue;
		logits(s, s->w, i, z, n_opt);
		log_softmax(z, n_opt);
		for (size_t m = 0; m < s->n_lane; m++) {
			double kl = 0;

			if (!logit_learns(s, m, i))
				continue;
			for (size_t c = 0; c < n_opt; c++) {
				const float q = p[c * s->n_pad + m];

				kl += (double)(q * (nli_logf(q) - z[c][m]));
			}
			s->gap[m] += kl > 0 ? kl : 0;
			s->n_active[m]++;
		}
	}
}

void nli_solver_run(struct nli_solver *s, size_t n_use, double tol, uint32_t max_epoch)
{
	struct masks k;
	bool all = false;

	/* A lane that needs more sweeps than others must not change their order. */
	s->run++;
	s->sweep = 0;
	logit_set_scales(s, n_use);
	start_items(s, n_use);
	for (size_t m = 0; m < s->n_lane; m++)
		s->done[m] = s->done[m] && s->frozen[m];
	for (uint32_t e = 0; e < max_epoch && !all; e++) {
		memset(s->gap, 0, sizeof(s->gap));
		memset(s->n_active, 0, sizeof(s->n_active));
		fill_masks(s, &k);
		sweep(s, &k, n_use);
		if (n_use >= MANY)
			sample_gap(s, n_use);
		all = true;
		for (size_t m = 0; m < s->n_lane; m++) {
			if (s->done[m] || s->frozen[m])
				continue;
			s->epochs[m]++;
			s->mean_gap[m] =
				s->n_active[m] ? s->gap[m] / (double)s->n_active[m] : 0;
			s->done[m] = s->mean_gap[m] <= tol;
			all = all && s->done[m];
		}
	}
}

void nli_solver_score(const struct nli_solver *s, size_t i, float *logp, size_t stride)
{
	const size_t n_opt = logit_options(s->p, i);
	grid z;

	logits(s, weights(s), i, z, n_opt);
	log_softmax(z, n_opt);
	for (size_t m = 0; m < s->n_lane; m++)
		for (size_t c = 0; c < n_opt; c++)
			logp[m * stride + c] = z[c][m];
}

float nli_solver_weight(const struct nli_solver *s, size_t lane, uint32_t feat, size_t c)
{
	return weights(s)[(size_t)feat * s->stride + c * s->n_pad + lane];
}

/* g += x (p - e_y) over the items of each lane; flat: p is uniform, as at W = 0. */
static void add_gradient(const struct nli_solver *s, size_t n_use, bool flat, double *g,
			 double objective[NLI_LANES], size_t count[NLI_LANES])
{
	const struct nli_rows *r = s->p->rows;
	grid z;

	for (size_t i = 0; i < n_use; i++) {
		const size_t n_opt = logit_options(s->p, i);
		const size_t first = s->p->item ? s->p->item[i] : i;

		if (s->p->y[i] < 0)
			continue;
		logits(s, s->w, i, z, n_opt);
		if (flat)
			memset(z, 0, n_opt * sizeof(*z));
		log_softmax(z, n_opt);
		for (size_t m = 0; m < s->n_lane; m++) {
			if (!logit_learns(s, m, i))
				continue;
			objective[m] -= (double)z[s->p->y[i]][m];
			count[m]++;
			for (size_t c = 0; c < n_opt; c++) {
				const size_t row = s->p->n_class ? first : first + c;
				const size_t col = (s->p->n_class ? c : 0) * s->n_pad + m;
				const double d = exp((double)z[c][m]) -
						 ((int)c == s->p->y[i] ? 1 : 0);

				for (size_t j = r->start[row]; j < r->start[row + 1]; j++)
					g[(size_t)r->id[j] * s->stride + col] += d;
			}
		}
	}
}

/* |gradient|^2 for each lane, in the scaled weights w_j / a_j; and the penalty. */
static void gradient_norm2(const struct nli_solver *s, bool flat, const double *g,
			   double norm2[NLI_LANES], double penalty[NLI_LANES])
{
	for (uint32_t j = 0; j < s->p->rows->n_feat; j++)
		for (size_t k = 0; k < s->n_w; k++) {
			const size_t at = (size_t)j * s->stride, m = k % s->n_pad;
			const double a2 =
				m < s->n_lane ? (double)s->w[at + s->n_w + m] : 0;
			const double w = flat || a2 <= 0 ? 0 : (double)s->w[at + k];
			const double l = s->lane[m].lambda;
			const double d = g[at + k] + (a2 > 0 ? l * w / a2 : 0);

			norm2[m] += d * d * a2;
			penalty[m] += a2 > 0 ? 0.5 * l * w * w / a2 : 0;
		}
}

void nli_solver_check(const struct nli_solver *s, size_t n_use, struct nli_fit *fit)
{
	const size_t size = (size_t)s->p->rows->n_feat * s->stride;
	double *g = nli_xcalloc(size, sizeof(*g));
	double objective[2][NLI_LANES] = { { 0 } }, norm2[2][NLI_LANES] = { { 0 } };
	size_t count[2][NLI_LANES] = { { 0 } };

	for (int flat = 0; flat < 2; flat++) {
		memset(g, 0, size * sizeof(*g));
		add_gradient(s, n_use, flat, g, objective[flat], count[flat]);
		gradient_norm2(s, flat, g, norm2[flat], objective[flat]);
	}
	free(g);
	for (size_t m = 0; m < s->n_lane; m++)
		fit[m] = (struct nli_fit){
			.epochs = s->epochs[m],
			.n = count[0][m],
			.objective = objective[0][m],
			.gap = s->mean_gap[m],
			.gradient = norm2[1][m] > 0 ? sqrt(norm2[0][m] / norm2[1][m]) : 0,
			.converged = s->done[m],
		};
}
