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
	uint32_t n_feat; /* features that two of the rows used have, at least */
	size_t *start; /* rows of the items used, as struct nli_rows but in their order */
	uint32_t *id;
	size_t *row;    /* (n + 1,) first row of each item */
	size_t n_class; /* 2 for choice: the answer, another option */
	double *stat;   /* (n_perm + 1,) the first is that of the real labels */
	double *cue;    /* as stat: of the feature that depends most on the label */
	double *accuracy;
};

/* Naive Bayes tables of one draw. */
struct tables {
	int16_t *y;   /* (n,) labels of the draw */
	float *count; /* (n_feat, N_PART, n_class), then log ratios in place */
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

static void count_words(const struct testing *t, struct tables *w)
{
	memset(w->count, 0, (size_t)t->n_feat * N_PART * t->n_class * sizeof(*w->count));
	memset(w->total, 0, N_PART * sizeof(*w->total));
	for (size_t k = 0; k < t->n; k++) {
		const unsigned part = part_of(t->p, t->item[k]);
		const size_t first = t->row[k];

		for (size_t o = 0; o < t->row[k + 1] - first; o++) {
			const size_t c =
				t->p->item ? o != (size_t)w->y[k] : (size_t)w->y[k];

			w->total[part][c]++;
			for (size_t j = t->start[first + o]; j < t->start[first + o + 1];
			     j++)
				w->count[(t->id[j] * N_PART + part) * t->n_class + c]++;
		}
	}
}

/* The largest chi-square of a feature and the labels. */
static double strongest_cue(const struct testing *t, const struct tables *w)
{
	double share[NLI_MAX_CLASS], sum = 0, top = 0;

	for (size_t c = 0; c < t->n_class; c++) {
		share[c] = 0;
		for (unsigned f = 0; f < N_PART; f++)
			share[c] += (double)w->total[f][c];
		sum += share[c];
	}
	for (uint32_t j = 1; j < t->n_feat; j++) {
		const float *v = w->count + (size_t)j * N_PART * t->n_class;
		double has[NLI_MAX_CLASS] = { 0 }, n = 0, chi2 = 0;

		for (size_t c = 0; c < t->n_class; c++) {
			for (unsigned f = 0; f < N_PART; f++)
				has[c] += (double)v[f * t->n_class + c];
			n += has[c];
		}
		for (size_t c = 0; c < t->n_class; c++) {
			const double want = n * share[c] / sum, d = has[c] - want;

			chi2 += want > 0 ? d * d / want : 0;
		}
		/* Against those that lack it as well: what all have says nothing. */
		chi2 *= n < sum ? sum / (sum - n) : 0;
		top = chi2 > top ? chi2 : top;
	}
	return top;
}

/* Counts become logs of the shares outside of each part. */
static void make_logs(const struct testing *t, struct tables *w)
{
	float all[NLI_MAX_CLASS] = { 0 }, sum[N_PART][NLI_MAX_CLASS];

	for (size_t c = 0; c < t->n_class; c++) {
		for (unsigned f = 0; f < N_PART; f++)
			all[c] += w->total[f][c];
		for (unsigned f = 0; f < N_PART; f++)
			sum[f][c] = all[c] - w->total[f][c];
	}
	for (uint32_t j = 0; j < t->n_feat; j++) {
		float *v = w->count + (size_t)j * N_PART * t->n_class;

		for (size_t c = 0; c < t->n_class; c++) {
			float n = 0;

			for (unsigned f = 0; f < N_PART; f++)
				n += v[f * t->n_class + c];
			for (unsigned f = 0; f < N_PART; f++) {
				float *at = &v[f * t->n_class + c];

				/* The constant feature is the prior. */
				*at = !j ? nli_logf(sum[f][c] + 1e-3f)
					 : nli_logf((n - *at + 1) / (sum[f][c] + 2));
			}
		}
	}
}

/* Scores of the classes, or of the options, of the k-th item. */
static void score_item(const struct testing *t, const struct tables *w, size_t k,
		       float *score)
{
	const unsigned part = part_of(t->p, t->item[k]);
	const size_t first = t->row[k];

	for (size_t o = 0; o < t->row[k + 1] - first; o++) {
		float sum[NLI_MAX_CLASS] = { 0 };

		for (size_t j = t->start[first + o]; j < t->start[first + o + 1]; j++) {
			const float *v =
				w->count + (t->id[j] * N_PART + part) * t->n_class;

			for (size_t c = 0; c < t->n_class; c++)
				sum[c] += v[c];
		}
		if (t->p->item)
			score[o] = sum[0] - sum[1];
		else
			memcpy(score, sum, t->n_class * sizeof(*sum));
	}
}

static void one_draw(void *ctx, size_t draw)
{
	struct testing *t = ctx;
	struct tables w = {
		.y = nli_xmalloc(t->n, sizeof(*w.y)),
		.count = nli_xmalloc((size_t)t->n_feat * N_PART * t->n_class,
				     sizeof(*w.count)),
		.total = nli_xmalloc(N_PART, sizeof(*w.total)),
	};
	size_t hit = 0;
	double sum = 0;

	draw_labels(t, draw, w.y);
	count_words(t, &w);
	t->cue[draw] = strongest_cue(t, &w);
	make_logs(t, &w);
	for (size_t k = 0; k < t->n; k++) {
		const size_t i = t->item[k], n = n_option(t->p, i), y = (size_t)w.y[k];
		float s[NLI_MAX_CLASS], z = 0;
		bool best = true;

		score_item(t, &w, k, s);
		for (size_t c = 0; c < n; c++) {
			/* The first of equals is the prediction. */
			best = best && (c == y || s[c] < s[y] || (c > y && s[c] <= s[y]));
			z += nli_expf(s[c] - s[y]);
		}
		hit += best;
		sum += (double)(1 / z);
	}
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
		const size_t i = t->item[k], first = t->p->item ? t->p->item[i] : i;
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
		const size_t i = t->item[k], first = t->p->item ? t->p->item[i] : i;

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
	choose_items(&t);
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
