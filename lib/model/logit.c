/* logit.c - see logit.h for the method. */
#include "lib/model/logit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/vmath.h"

/*
 * The kernels are compiled twice and the better one is taken at run time: 8
 * floats a register with AVX2.  No operation is fused or reordered, so both give
 * the same bits.  Sanitizers cannot start with the loader's choice.
 */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && \
	!defined(__SANITIZE_THREAD__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif
#define INLINE static inline __attribute__((always_inline))

/* (class, lane): lanes are padded to NLI_LANES so that loops over them are vectors. */
typedef float grid[NLI_MAX_CLASS][NLI_LANES];

struct nli_solver {
	const struct nli_problem *p;
	struct nli_lane lane[NLI_LANES];
	size_t n_lane, n_col; /* n_col: classes, or 1 for choice */
	size_t n_w;           /* weights a feature: n_col * n_lane */
	size_t stride;        /* floats a feature: n_w + n_lane, rounded up to 4 */
	void *block;          /* owns w */
	float *w;             /* (n_feat, stride): weights (class, lane), a_j^2 (lane) */
	float *mean;          /* as w: the mean of averaged[lane] weights; NULL: none */
	size_t scaled;        /* items whose labels are in the scales */
	uint32_t averaged[NLI_LANES];
	float *dual;    /* (n_row or n_item, ...) p_i as (class, lane), see dual_at() */
	size_t started; /* items whose dual variables are set */
	float (*diff)
		[NLI_LANES]; /* (n_feat,) scratch of choice items, all 0; else NULL */
	double gap[NLI_LANES], mean_gap[NLI_LANES];
	size_t n_active[NLI_LANES];
	uint32_t epochs[NLI_LANES];
	bool done[NLI_LANES], frozen[NLI_LANES];
};

static size_t columns(const struct nli_problem *p)
{
	return p->n_class ? p->n_class : 1;
}

size_t nli_solver_width(const struct nli_problem *p)
{
	/* One cache line a feature: 4 lanes of 3 classes and a scale. */
	const size_t fit = 16 / (columns(p) + 1);

	return fit < 1 ? 1 : fit > NLI_LANES ? NLI_LANES : fit;
}

static size_t options(const struct nli_problem *p, size_t i)
{
	return p->item ? p->item[i + 1] - p->item[i] : p->n_class;
}

/* An item's dual variables: (options, n_lane) floats. */
static float *dual_at(const struct nli_solver *s, size_t i)
{
	const size_t first = s->p->item ? s->p->item[i] : i * s->p->n_class;

	return s->dual + first * s->n_lane;
}

struct nli_solver *nli_solver_new(const struct nli_problem *p,
				  const struct nli_lane *lane, size_t n_lane)
{
	struct nli_solver *s = nli_xcalloc(1, sizeof(*s));
	const size_t n_dual = p->item ? p->item[p->n] : p->n * p->n_class;

	s->p = p;
	s->n_lane = n_lane;
	s->n_col = columns(p);
	s->n_w = s->n_col * n_lane;
	s->stride = (s->n_w + n_lane + 3) / 4 * 4;
	for (size_t m = 0; m < n_lane; m++)
		s->lane[m] = lane[m];
	s->block = nli_xcalloc((size_t)p->rows->n_feat * s->stride + 16, sizeof(float));
	s->w = (float *)(((uintptr_t)s->block + 63) & ~(uintptr_t)63);
	s->dual = nli_xmalloc(n_dual * n_lane, sizeof(float));
	if (!p->n_class)
		s->diff = nli_xcalloc(p->rows->n_feat, sizeof(*s->diff));
	return s;
}

void nli_solver_free(struct nli_solver *s)
{
	if (!s)
		return;
	free(s->block);
	free(s->mean);
	free(s->dual);
	free(s->diff);
	free(s);
}

/* Enough for the floats of one feature. */
enum { MAX_STRIDE = NLI_MAX_CLASS + 16 };

/* z = sum of the row's features: the logits, and behind them |x|^2 of each lane. */
INLINE void sum_row(const float *w, const uint32_t *id, size_t n, size_t stride, float *z)
{
	for (size_t k = 0; k < stride; k++)
		z[k] = 0;
	for (size_t j = 0; j < n; j++) {
		const float *v = w + (size_t)id[j] * stride;

		for (size_t k = 0; k < stride; k++)
			z[k] += v[k];
	}
}

/* w_j += a_j^2 step for the row's features. */
INLINE void add_row(float *w, const uint32_t *id, size_t n, size_t n_col, size_t n_lane,
		    size_t stride, const float *step)
{
	for (size_t j = 0; j < n; j++) {
		float *v = w + (size_t)id[j] * stride;
		const float *a2 = v + n_col * n_lane;

		for (size_t c = 0; c < n_col; c++)
			for (size_t m = 0; m < n_lane; m++)
				v[c * n_lane + m] += step[c * n_lane + m] * a2[m];
	}
}

/* Log-softmax over the first n_opt classes, each lane for itself. */
INLINE void log_softmax(grid z, size_t n_opt)
{
	float top[NLI_LANES], sum[NLI_LANES];

	for (size_t m = 0; m < NLI_LANES; m++)
		top[m] = -1e30f;
	for (size_t c = 0; c < n_opt; c++)
		for (size_t m = 0; m < NLI_LANES; m++)
			top[m] = z[c][m] > top[m] ? z[c][m] : top[m];
	for (size_t m = 0; m < NLI_LANES; m++)
		sum[m] = 0;
	for (size_t c = 0; c < n_opt; c++)
		for (size_t m = 0; m < NLI_LANES; m++)
			sum[m] += nli_expf(z[c][m] - top[m]);
	for (size_t m = 0; m < NLI_LANES; m++)
		top[m] += nli_logf(sum[m]);
	for (size_t c = 0; c < n_opt; c++)
		for (size_t m = 0; m < NLI_LANES; m++)
			z[c][m] -= top[m];
}

/* What a step needs to know of an item: who learns from it, and how far to go. */
struct step {
	float mask[NLI_LANES]; /* 1 if the lane learns from the item */
	float inv_lambda[NLI_LANES];
	float gap[NLI_LANES]; /* out: KL(p || p^), 0 where masked */
};

/*
 * One dual step.  z: log p^; p: dual variables, updated; u: out, the change of
 * p.  norm2(u) is |u|_G^2.
 */
INLINE void direction(grid z, grid p, grid u, float l1[NLI_LANES], float kl[NLI_LANES],
		      size_t n_opt)
{
	for (size_t m = 0; m < NLI_LANES; m++)
		l1[m] = kl[m] = 0;
	for (size_t c = 0; c < n_opt; c++)
		for (size_t m = 0; m < NLI_LANES; m++) {
			u[c][m] = nli_expf(z[c][m]) - p[c][m];
			l1[m] += u[c][m] < 0 ? -u[c][m] : u[c][m];
			kl[m] += p[c][m] * (nli_logf(p[c][m]) - z[c][m]);
		}
}

/* Length of the step for each lane; u becomes the change of p. */
INLINE void take_step(grid p, grid u, const float l1[NLI_LANES],
		      const float kl[NLI_LANES], const float g2[NLI_LANES],
		      struct step *st, size_t n_opt)
{
	float s[NLI_LANES];

	for (size_t m = 0; m < NLI_LANES; m++) {
		const float k = kl[m] > 0 ? kl[m] : 0, a = l1[m] * l1[m];

		s[m] = (k + 0.5f * a) / (a + g2[m] * st->inv_lambda[m] + 1e-30f);
		s[m] = (s[m] < 1 ? s[m] : 1) * st->mask[m];
		st->gap[m] = k * st->mask[m];
	}
	for (size_t c = 0; c < n_opt; c++)
		for (size_t m = 0; m < NLI_LANES; m++) {
			u[c][m] *= s[m];
			p[c][m] += u[c][m];
		}
}

INLINE void load_dual(const float *from, grid p, size_t n_opt, size_t n_lane)
{
	for (size_t c = 0; c < n_opt; c++) {
		for (size_t m = 0; m < NLI_LANES; m++)
			p[c][m] = 0.5f;
		for (size_t m = 0; m < n_lane; m++)
			p[c][m] = from[c * n_lane + m];
	}
}

INLINE void store_dual(float *to, grid p, size_t n_opt, size_t n_lane)
{
	for (size_t c = 0; c < n_opt; c++)
		for (size_t m = 0; m < n_lane; m++)
			to[c * n_lane + m] = p[c][m];
}

/* One item with classes: one row, a weight for each class. */
INLINE void class_item(struct nli_solver *s, size_t i, struct step *st, size_t n_class,
		       size_t n_lane, size_t stride)
{
	const struct nli_rows *r = s->p->rows;
	const uint32_t *id = r->id + r->start[i];
	const size_t n = r->start[i + 1] - r->start[i];
	float flat[MAX_STRIDE], norm2[NLI_LANES] = { 0 }, l1[NLI_LANES], kl[NLI_LANES],
				g2[NLI_LANES] = { 0 };
	grid z, p, u;

	sum_row(s->w, id, n, stride, flat);
	for (size_t m = 0; m < n_lane; m++)
		norm2[m] = flat[n_class * n_lane + m];
	for (size_t c = 0; c < n_class; c++) {
		for (size_t m = 0; m < NLI_LANES; m++)
			z[c][m] = 0;
		for (size_t m = 0; m < n_lane; m++)
			z[c][m] = flat[c * n_lane + m];
	}
	load_dual(dual_at(s, i), p, n_class, n_lane);
	log_softmax(z, n_class);
	direction(z, p, u, l1, kl, n_class);
	for (size_t c = 0; c < n_class; c++)
		for (size_t m = 0; m < NLI_LANES; m++)
			g2[m] += u[c][m] * u[c][m] * norm2[m];
	take_step(p, u, l1, kl, g2, st, n_class);
	store_dual(dual_at(s, i), p, n_class, n_lane);
	for (size_t c = 0; c < n_class; c++)
		for (size_t m = 0; m < n_lane; m++)
			flat[c * n_lane + m] = -u[c][m] * st->inv_lambda[m];
	add_row(s->w, id, n, n_class, n_lane, stride, flat);
}

/* |sum_o u_o x_o|^2 for each lane, over the rows of a choice item. */
INLINE void option_norm2(struct nli_solver *s, size_t first, size_t n_opt, grid u,
			 float g2[NLI_LANES])
{
	const struct nli_rows *r = s->p->rows;

	for (size_t o = 0; o < n_opt; o++)
		for (size_t j = r->start[first + o]; j < r->start[first + o + 1]; j++)
			for (size_t m = 0; m < NLI_LANES; m++)
				s->diff[r->id[j]][m] += u[o][m];
	/* Options that share a feature find 0 the second time. */
	for (size_t o = 0; o < n_opt; o++)
		for (size_t j = r->start[first + o]; j < r->start[first + o + 1]; j++) {
			float *d = s->diff[r->id[j]];
			const float *a2 = s->w + (size_t)r->id[j] * s->stride + s->n_w;

			for (size_t m = 0; m < s->n_lane; m++)
				g2[m] += d[m] * d[m] * a2[m];
			memset(d, 0, sizeof(s->diff[0]));
		}
}

/* One choice item: a row for each option, one weight a feature. */
INLINE void choice_item(struct nli_solver *s, size_t i, struct step *st, size_t n_opt,
			size_t n_lane, size_t stride)
{
	const struct nli_rows *r = s->p->rows;
	const size_t first = s->p->item[i];
	float flat[MAX_STRIDE], l1[NLI_LANES], kl[NLI_LANES], g2[NLI_LANES] = { 0 };
	grid z, p, u;

	for (size_t o = 0; o < n_opt; o++) {
		const size_t at = r->start[first + o];

		sum_row(s->w, r->id + at, r->start[first + o + 1] - at, stride, flat);
		for (size_t m = 0; m < NLI_LANES; m++)
			z[o][m] = m < n_lane ? flat[m] : 0;
	}
	load_dual(dual_at(s, i), p, n_opt, n_lane);
	log_softmax(z, n_opt);
	direction(z, p, u, l1, kl, n_opt);
	option_norm2(s, first, n_opt, u, g2);
	take_step(p, u, l1, kl, g2, st, n_opt);
	store_dual(dual_at(s, i), p, n_opt, n_lane);
	for (size_t o = 0; o < n_opt; o++) {
		const size_t at = r->start[first + o];

		for (size_t m = 0; m < n_lane; m++)
			flat[m] = -u[o][m] * st->inv_lambda[m];
		add_row(s->w, r->id + at, r->start[first + o + 1] - at, 1, n_lane, stride,
			flat);
	}
}

/* Who learns from the items of each fold. */
struct masks {
	float lane[256][NLI_LANES];
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
		     size_t n_lane, size_t stride);

INLINE void sweep_items(struct nli_solver *s, const struct masks *k, size_t n_use,
			item_fn *item, size_t n_class, size_t n_lane, size_t stride)
{
	struct step st;

	for (size_t m = 0; m < NLI_LANES; m++)
		st.inv_lambda[m] = m < n_lane ? (float)(1 / s->lane[m].lambda) : 0;
	for (size_t i = 0; i < n_use; i++) {
		const uint8_t f = s->p->fold[i];

		if (s->p->y[i] < 0 || !k->any[f])
			continue;
		for (size_t m = 0; m < NLI_LANES; m++)
			st.mask[m] = k->lane[f][m];
		item(s, i, &st, n_class ? n_class : options(s->p, i), n_lane, stride);
		for (size_t m = 0; m < NLI_LANES; m++) {
			s->gap[m] += (double)st.gap[m];
			s->n_active[m] += k->lane[f][m] > 0;
		}
	}
}

/* The commonest shapes are compiled with their sizes known. */
WIDE static void sweep(struct nli_solver *s, const struct masks *k, size_t n_use)
{
	if (!s->p->n_class)
		sweep_items(s, k, n_use, choice_item, 0, s->n_lane, s->stride);
	else if (s->n_col == 3 && s->n_lane == 4)
		sweep_items(s, k, n_use, class_item, 3, 4, 16);
	else if (s->n_col == 3 && s->n_lane == 2)
		sweep_items(s, k, n_use, class_item, 3, 2, 8);
	else if (s->n_col == 3 && s->n_lane == 1)
		sweep_items(s, k, n_use, class_item, 3, 1, 4);
	else if (s->n_col == 2 && s->n_lane == 5)
		sweep_items(s, k, n_use, class_item, 2, 5, 16);
	else
		sweep_items(s, k, n_use, class_item, s->n_col, s->n_lane, s->stride);
}

static bool learns(const struct nli_solver *s, size_t lane, size_t i)
{
	const uint8_t f = s->p->fold[i];

	return s->p->y[i] >= 0 && f != s->lane[lane].skip[0] &&
	       f != s->lane[lane].skip[1];
}

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
	const size_t n_row = s->p->n_class ? 1 : options(s->p, i);

	for (size_t o = 0; o < n_row; o++) {
		const size_t c =
			s->p->n_class ? (size_t)s->p->y[i] : o != (size_t)s->p->y[i];

		for (size_t m = 0; m < s->n_lane; m++) {
			if (!learns(s, m, i))
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

/*
 * Set a_j^2 from the labels of items [0, n_use).  w_j = a_j^2 / lambda sum x (e_y -
 * p) must go on to hold, so weights that there are change with it.
 */
static void set_scales(struct nli_solver *s, size_t n_use)
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
				v[c * s->n_lane + m] *= old > 0 ? now / old : 0;
		}
	}
	s->scaled = n_use;
	free(k.count);
}

/* Items that are met for the first time begin at p = e_y, where W does not feel them. */
static void start_items(struct nli_solver *s, size_t n_use)
{
	for (; s->started < n_use; s->started++) {
		const size_t i = s->started, n_opt = options(s->p, i);
		float *d = dual_at(s, i);

		for (size_t c = 0; c < n_opt; c++)
			for (size_t m = 0; m < s->n_lane; m++)
				d[c * s->n_lane + m] = (int)c == s->p->y[i] ? 1 : 0;
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
		const size_t n_opt = options(s->p, i);
		float *d = dual_at(s, i);

		for (size_t c = 0; c < n_opt; c++) {
			const float e = (int)c == s->p->y[i] ? 1 : 0;

			d[c * s->n_lane + lane] = e + r * (d[c * s->n_lane + lane] - e);
		}
	}
}

void nli_solver_run(struct nli_solver *s, size_t n_use, double tol, uint32_t max_epoch)
{
	struct masks k;
	bool all = false;

	set_scales(s, n_use);
	start_items(s, n_use);
	for (size_t m = 0; m < s->n_lane; m++)
		s->done[m] = s->done[m] && s->frozen[m];
	for (uint32_t e = 0; e < max_epoch && !all; e++) {
		memset(s->gap, 0, sizeof(s->gap));
		memset(s->n_active, 0, sizeof(s->n_active));
		fill_masks(s, &k);
		sweep(s, &k, n_use);
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

void nli_solver_freeze(struct nli_solver *s, size_t lane)
{
	s->frozen[lane] = true;
}

void nli_solver_average(struct nli_solver *s)
{
	const size_t size = (size_t)s->p->rows->n_feat * s->stride;
	float rate[MAX_STRIDE] = { 0 };

	if (!s->mean)
		s->mean = nli_xcalloc(size, sizeof(*s->mean));
	for (size_t m = 0; m < s->n_lane; m++) {
		if (s->frozen[m])
			continue;
		s->averaged[m]++;
		for (size_t c = 0; c < s->n_col; c++)
			rate[c * s->n_lane + m] = 1 / (float)s->averaged[m];
	}
	for (size_t j = 0; j < size; j += s->stride)
		for (size_t k = 0; k < s->n_w; k++)
			s->mean[j + k] += (s->w[j + k] - s->mean[j + k]) * rate[k];
}

static void logits(const struct nli_solver *s, const float *w, size_t i, grid z,
		   size_t n_opt)
{
	const struct nli_rows *r = s->p->rows;
	float flat[MAX_STRIDE];

	memset(z, 0, n_opt * sizeof(z[0]));
	if (s->p->n_class) {
		const size_t at = r->start[i];

		sum_row(w, r->id + at, r->start[i + 1] - at, s->stride, flat);
		for (size_t c = 0; c < n_opt; c++)
			for (size_t m = 0; m < s->n_lane; m++)
				z[c][m] = flat[c * s->n_lane + m];
		return;
	}
	for (size_t o = 0; o < n_opt; o++) {
		const size_t at = r->start[s->p->item[i] + o];

		sum_row(w, r->id + at, r->start[s->p->item[i] + o + 1] - at, s->stride,
			flat);
		for (size_t m = 0; m < s->n_lane; m++)
			z[o][m] = flat[m];
	}
}

WIDE void nli_solver_score(const struct nli_solver *s, size_t i, float *logp,
			   size_t stride)
{
	const size_t n_opt = options(s->p, i);
	grid z;

	logits(s, s->mean ? s->mean : s->w, i, z, n_opt);
	log_softmax(z, n_opt);
	for (size_t m = 0; m < s->n_lane; m++)
		for (size_t c = 0; c < n_opt; c++)
			logp[m * stride + c] = z[c][m];
}

float nli_solver_weight(const struct nli_solver *s, size_t lane, uint32_t feat, size_t c)
{
	const float *w = s->mean ? s->mean : s->w;

	return w[(size_t)feat * s->stride + c * s->n_lane + lane];
}

/* g += x (p - e_y) over the items of each lane; flat: p is uniform, as at W = 0. */
static void add_gradient(const struct nli_solver *s, size_t n_use, bool flat, double *g,
			 double objective[NLI_LANES], size_t count[NLI_LANES])
{
	const struct nli_rows *r = s->p->rows;
	grid z;

	for (size_t i = 0; i < n_use; i++) {
		const size_t n_opt = options(s->p, i);
		const size_t first = s->p->item ? s->p->item[i] : i;

		if (s->p->y[i] < 0)
			continue;
		logits(s, s->w, i, z, n_opt);
		if (flat)
			memset(z, 0, n_opt * sizeof(z[0]));
		log_softmax(z, n_opt);
		for (size_t m = 0; m < s->n_lane; m++) {
			if (!learns(s, m, i))
				continue;
			objective[m] -= (double)z[s->p->y[i]][m];
			count[m]++;
			for (size_t c = 0; c < n_opt; c++) {
				const size_t row = s->p->n_class ? first : first + c;
				const size_t col =
					(s->p->n_class ? c : 0) * s->n_lane + m;
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
			const size_t at = (size_t)j * s->stride, m = k % s->n_lane;
			const double a2 = (double)s->w[at + s->n_w + m];
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
