/* permute.c - see permute.h. */
#include "lib/model/permute.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/crossfit.h"
#include "lib/model/feat.h"
#include "lib/model/parallel.h"
#include "lib/model/vmath.h"

/* Folds of the test: the folds of the corpus, folded again. */
enum { N_PART = 4 };

struct testing {
	const struct nli_problem *p;
	const struct nli_permute_opts *o;
	size_t n;        /* items */
	size_t *item;    /* (n,) by stratum, then in the order of the problem */
	size_t *stratum; /* (n,) where the stratum of each begins in item */
	/* The same items part after part, so that a draw needs one part's table at a time. */
	uint32_t *visit;         /* (n,) places in item */
	size_t part_end[N_PART]; /* in visit */
	uint32_t n_feat;         /* features that two of the rows used have, at least */
	size_t *start; /* rows of the items used, as struct nli_rows but in that order */
	uint32_t *id;
	size_t *row;    /* (n + 1,) first row of each item visited */
	size_t n_class; /* 2 for choice: the answer, another option */
	size_t quads;   /* of n_class floats */
	float *log_of;  /* (rows + 1,) log(k + 1) */
	double *stat;   /* (n_perm + 1,) the first is that of the real labels */
	double *cue;    /* as stat: of the feature that depends most on the label */
	double *accuracy;
};

/* Naive Bayes tables of one draw. */
struct tables {
	int16_t *y;                    /* (n,) labels of the draw */
	float *count;                  /* (N_PART, n_feat, 4 quads), then logs in place */
	float (*total)[NLI_MAX_CLASS]; /* (N_PART,) */
};

static size_t n_option(const struct nli_problem *p, size_t i)
{
	return p->item ? p->item[i + 1] - p->item[i] : p->n_class;
}

static unsigned part_of(const struct nli_problem *p, size_t i)
{
	return p->fold[i] % N_PART;
}

/* Shuffle within strata (Fisher-Yates), or draw an option; draw 0 is what is. */
static void draw_labels(const struct testing *t, size_t draw, int16_t *y)
{
	const uint64_t key = nli_mix(t->o->seed ^ nli_mix(draw));

	for (size_t k = 0; k < t->n; k++)
		y[k] = t->p->y[t->item[k]];
	for (size_t k = 0; k < t->n && draw; k++) {
		const uint64_t h = nli_mix(key + k);

		if (t->p->item) {
			y[k] = (int16_t)(h % n_option(t->p, t->item[k]));
			continue;
		}
		const size_t first = t->stratum[k];
		const size_t other = first + h % (k - first + 1);
		const int16_t swap = y[k];

		y[k] = y[other];
		y[other] = swap;
	}
}

static float *table_of(const struct testing *t, const struct tables *w, unsigned part)
{
	return w->count + (size_t)part * t->n_feat * t->quads * 4;
}

static void count_words(const struct testing *t, struct tables *w)
{
	const size_t width = t->quads * 4;

	memset(w->count, 0, N_PART * t->n_feat * width * sizeof(*w->count));
	memset(w->total, 0, N_PART * sizeof(*w->total));
	for (unsigned part = 0, k = 0; part < N_PART; part++) {
		float *count = table_of(t, w, part);

		for (; k < t->part_end[part]; k++) {
			const size_t y = (size_t)w->y[t->visit[k]], first = t->row[k];

			for (size_t o = 0; o < t->row[k + 1] - first; o++) {
				const size_t c = t->p->item ? o != y : y;

				w->total[part][c]++;
				for (size_t j = t->start[first + o];
				     j < t->start[first + o + 1]; j++)
					count[t->id[j] * width + c]++;
			}
		}
	}
}

/* The largest chi-square of a feature and the labels. */
static double strongest_cue(const struct testing *t, const struct tables *w)
{
	double share[NLI_MAX_CLASS], over[NLI_MAX_CLASS], sum = 0, top = 0;
	const size_t width = t->quads * 4, size = t->n_feat * width;

	for (size_t c = 0; c < t->n_class; c++) {
		share[c] = 0;
		for (unsigned f = 0; f < N_PART; f++)
			share[c] += (double)w->total[f][c];
		sum += share[c];
	}
	for (size_t c = 0; c < t->n_class; c++) {
		share[c] /= sum;
		over[c] = share[c] > 0 ? 1 / share[c] : 0;
	}
	for (uint32_t j = 1; j < t->n_feat; j++) {
		const float *v = w->count + j * width;
		double has[NLI_MAX_CLASS], n = 0, chi2 = 0;

		for (size_t c = 0; c < t->n_class; c++) {
			has[c] = 0;
			for (unsigned f = 0; f < N_PART; f++)
				has[c] += (double)v[f * size + c];
			n += has[c];
		}
		for (size_t c = 0; c < t->n_class; c++) {
			const double d = has[c] - n * share[c];

			chi2 += d * d * over[c];
		}
		/* Against those that lack it as well: what all have says nothing. */
		chi2 *= n < sum ? sum / (n * (sum - n)) : 0;
		top = chi2 > top ? chi2 : top;
	}
	return top;
}

/* Counts become logs of the shares outside of each part. */
static void make_logs(const struct testing *t, struct tables *w)
{
	float all[NLI_MAX_CLASS] = { 0 }, of_all[N_PART][NLI_MAX_CLASS];
	const size_t width = t->quads * 4, size = t->n_feat * width;

	for (size_t c = 0; c < t->n_class; c++) {
		for (unsigned f = 0; f < N_PART; f++)
			all[c] += w->total[f][c];
		for (unsigned f = 0; f < N_PART; f++) {
			const float sum = all[c] - w->total[f][c];

			/* The constant feature is the prior. */
			w->count[f * size + c] = nli_logf(sum + 1e-3f);
			of_all[f][c] = nli_logf(sum + 2);
		}
	}
	for (size_t j = width; j < size; j += width)
		for (size_t c = 0; c < t->n_class; c++) {
			float n = 0, *at = &w->count[j + c];

			for (unsigned f = 0; f < N_PART; f++)
				n += at[f * size];
			for (unsigned f = 0; f < N_PART; f++)
				at[f * size] =
					t->log_of[(int)(n - at[f * size])] - of_all[f][c];
		}
}

/* Scores of the classes, or of the options, of the k-th item visited. */
static inline __attribute__((always_inline)) void score_item(const struct testing *t,
							     const float *log, size_t k,
							     size_t quads, nli_v4 *score)
{
	const size_t first = t->row[k], n_row = t->row[k + 1] - first;

	for (size_t o = 0; o < n_row; o++) {
		nli_v4 sum[NLI_MAX_CLASS / 4];

		for (size_t q = 0; q < quads; q++)
			sum[q] = nli_splat4(0);
		for (size_t j = t->start[first + o]; j < t->start[first + o + 1]; j++) {
			const nli_v4 *v = (const nli_v4 *)(log + t->id[j] * quads * 4);

			for (size_t q = 0; q < quads; q++)
				sum[q] += v[q];
		}
		if (t->p->item)
			score[o / 4][o % 4] = sum[0][0] - sum[0][1];
		else
			memcpy(score, sum, quads * sizeof(*sum));
	}
}

/* Whether y is the prediction, the first of equals; adds p(y) to *p. */
static bool judge(const nli_v4 *score, size_t n, size_t y, double *p)
{
	const float own = score[y / 4][y % 4];
	bool best = true;
	float z = 0;

	for (size_t c = 0; c < n; c += 4) {
		const nli_v4 s = score[c / 4], e = nli_exp4(s - own);

		for (size_t k = 0; k < 4 && c + k < n; k++) {
			best = best &&
			       (c + k == y || s[k] < own || (c + k > y && s[k] <= own));
			z += e[k];
		}
	}
	*p += (double)(1 / z);
	return best;
}

static inline __attribute__((always_inline)) size_t score_all(const struct testing *t,
							      const struct tables *w,
							      size_t quads, double *p)
{
	size_t hit = 0;

	for (unsigned part = 0, k = 0; part < N_PART; part++)
		for (; k < t->part_end[part]; k++) {
			const size_t place = t->visit[k];
			nli_v4 score[NLI_MAX_CLASS / 4] = { { 0 } };

			score_item(t, table_of(t, w, part), k, quads, score);
			hit += judge(score, n_option(t->p, t->item[place]),
				     (size_t)w->y[place], p);
		}
	return hit;
}

static void one_draw(void *ctx, size_t draw)
{
	struct testing *t = ctx;
	struct tables w = {
		.y = nli_xmalloc(t->n, sizeof(*w.y)),
		.count = nli_xmalloc(N_PART * t->n_feat, t->quads * sizeof(nli_v4)),
		.total = nli_xmalloc(N_PART, sizeof(*w.total)),
	};
	double sum = 0;
	size_t hit;

	draw_labels(t, draw, w.y);
	count_words(t, &w);
	t->cue[draw] = strongest_cue(t, &w);
	make_logs(t, &w);
	hit = t->quads == 1 ? score_all(t, &w, 1, &sum)
			    : score_all(t, &w, t->quads, &sum);
	t->accuracy[draw] = (double)hit / (double)t->n;
	t->stat[draw] = (double)hit + sum / (double)(t->n + 1);
	free(w.y);
	free(w.count);
	free(w.total);
}

struct placed {
	uint32_t stratum;
	size_t item;
};

static int by_stratum(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;

	if (a->stratum != b->stratum)
		return a->stratum < b->stratum ? -1 : 1;
	return (a->item > b->item) - (a->item < b->item);
}

static void choose_items(struct testing *t)
{
	const size_t n_use = t->p->n < t->o->n_max ? t->p->n : t->o->n_max;
	struct placed *k = nli_xmalloc(n_use, sizeof(*k));

	for (size_t i = 0; i < n_use; i++)
		if (t->p->y[i] >= 0 && t->p->fold[i] != NLI_FOLD_TEST)
			k[t->n++] =
				(struct placed){ t->o->strata ? t->o->strata[i] : 0, i };
	if (t->n)
		qsort(k, t->n, sizeof(*k), by_stratum);
	t->item = nli_xmalloc(t->n, sizeof(*t->item));
	t->stratum = nli_xmalloc(t->n, sizeof(*t->stratum));
	for (size_t i = 0; i < t->n; i++) {
		t->item[i] = k[i].item;
		t->stratum[i] =
			i && k[i].stratum == k[i - 1].stratum ? t->stratum[i - 1] : i;
	}
	free(k);
}

static void order_parts(struct testing *t)
{
	size_t n = 0;

	t->visit = nli_xmalloc(t->n, sizeof(*t->visit));
	for (unsigned part = 0; part < N_PART; part++) {
		for (size_t k = 0; k < t->n; k++)
			if (part_of(t->p, t->item[k]) == part)
				t->visit[n++] = (uint32_t)k;
		t->part_end[part] = n;
	}
}

/*
 * Gather the rows of the items with features of the first blocks, or of all where
 * there are no words; numbers are given anew, so that the tables of a draw are small.
 */
static void gather_rows(struct testing *t)
{
	const struct nli_rows *r = t->p->rows;
	const bool words = r->bound[NLI_FEAT_NGRAM] > 1;
	const uint32_t end = words ? r->bound[NLI_FEAT_NGRAM] : r->n_feat;
	uint32_t *number = nli_xcalloc(end, sizeof(*number));
	size_t n_row = 0, n_id = 0;

	t->row = nli_xmalloc(t->n + 1, sizeof(*t->row));
	t->row[0] = 0;
	for (size_t k = 0; k < t->n; k++) {
		const size_t i = t->item[t->visit[k]],
			     first = t->p->item ? t->p->item[i] : i;
		const size_t n = t->p->item ? n_option(t->p, i) : 1;

		for (size_t j = r->start[first]; j < r->start[first + n]; j++)
			if (r->id[j] < end)
				number[r->id[j]]++;
		n_id += r->start[first + n] - r->start[first];
		t->row[k + 1] = n_row += n;
	}
	for (uint32_t j = 0; j < end; j++)
		number[j] = !j || number[j] > 1 ? t->n_feat++ : UINT32_MAX;
	t->start = nli_xmalloc(n_row + 1, sizeof(*t->start));
	t->id = nli_xmalloc(n_id, sizeof(*t->id));
	n_row = n_id = 0;
	for (size_t k = 0; k < t->n; k++) {
		const size_t i = t->item[t->visit[k]],
			     first = t->p->item ? t->p->item[i] : i;

		for (size_t o = 0; o < t->row[k + 1] - t->row[k]; o++) {
			t->start[n_row++] = n_id;
			for (size_t j = r->start[first + o]; j < r->start[first + o + 1];
			     j++)
				if (r->id[j] < end && number[r->id[j]] != UINT32_MAX)
					t->id[n_id++] = number[r->id[j]];
		}
	}
	t->start[n_row] = n_id;
	free(number);
	t->log_of = nli_xmalloc(n_row + 1, sizeof(*t->log_of));
	for (size_t k = 0; k <= n_row; k++)
		t->log_of[k] = nli_logf((float)(k + 1));
}

static int by_size(const void *pa, const void *pb)
{
	const double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

/* rank[d] = how many of n draws have at least the statistic of d, itself among them. */
static void rank_draws(const double *stat, size_t n, uint64_t *rank)
{
	double *sorted = nli_xmalloc(n, sizeof(*sorted));

	memcpy(sorted, stat, n * sizeof(*stat));
	qsort(sorted, n, sizeof(*sorted), by_size);
	for (size_t d = 0; d < n; d++) {
		size_t below = 0, end = n;

		while (below < end) {
			const size_t mid = below + (end - below) / 2;

			if (sorted[mid] < stat[d])
				below = mid + 1;
			else
				end = mid;
		}
		rank[d] = n - below;
	}
	free(sorted);
}

/*
 * The two statistics as one: the better of a draw's ranks (L. Tippett, "The Methods of
 * Statistics", 1931), whose own share over the draws is p, so that nothing is paid
 * for looking twice but what it costs.  Equal ones are told apart by the other rank.
 */
static double combined_p(const struct testing *t, size_t n)
{
	uint64_t *a = nli_xmalloc(n, sizeof(*a)), *b = nli_xmalloc(n, sizeof(*b));
	size_t as_good = 0;

	rank_draws(t->stat, n, a);
	rank_draws(t->cue, n, b);
	for (size_t d = 0; d < n; d++)
		a[d] = (a[d] < b[d] ? a[d] : b[d]) * (2 * n + 1) + a[d] + b[d];
	for (size_t d = 0; d < n; d++)
		as_good += a[d] <= a[0];
	free(a);
	free(b);
	return (double)as_good / (double)n;
}

void nli_permutation_test(const struct nli_problem *p, const struct nli_permute_opts *o,
			  struct nli_permute_test *out)
{
	struct testing t = { .p = p, .o = o };

	*out = (struct nli_permute_test){ .n_perm = o->n_perm, .p = 1 };
	t.n_class = p->n_class ? p->n_class : 2;
	t.quads = (t.n_class + 3) / 4;
	choose_items(&t);
	order_parts(&t);
	gather_rows(&t);
	out->n = t.n;
	t.stat = nli_xcalloc(o->n_perm + 1, sizeof(*t.stat));
	t.cue = nli_xcalloc(o->n_perm + 1, sizeof(*t.cue));
	t.accuracy = nli_xcalloc(o->n_perm + 1, sizeof(*t.accuracy));
	if (t.n && o->n_perm) {
		nli_parallel(o->n_perm + 1, o->jobs, one_draw, &t);
		out->accuracy = t.accuracy[0];
		for (size_t d = 1; d <= o->n_perm; d++)
			out->null_mean += t.accuracy[d] / (double)o->n_perm;
		for (size_t d = 1; d <= o->n_perm && o->n_perm > 1; d++) {
			const double x = t.accuracy[d] - out->null_mean;

			out->null_var += x * x / (double)(o->n_perm - 1);
		}
		out->p = combined_p(&t, o->n_perm + 1);
	}
	free(t.item);
	free(t.visit);
	free(t.log_of);
	free(t.row);
	free(t.start);
	free(t.id);
	free(t.stratum);
	free(t.stat);
	free(t.cue);
	free(t.accuracy);
}

double nli_permute_inflation(const struct nli_permute_test *t)
{
	const double one = t->null_mean * (1 - t->null_mean);

	return t->n && one > 0 ? t->null_var * (double)t->n / one : 1;
}
