/* workers.c - see workers.h for the definitions. */
#include "lib/crowd/workers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/map.h"
#include "lib/base/mem.h"
#include "lib/crowd/em.h"

enum {
	MIN_RANDOM = 20,
	MIN_ENTROPY = 10,
	MIN_COPY = 20,
	MIN_STEPS = 10,
	MAX_COMPANY = 64
};

static const double SMOOTH = .01, COPY_ALPHA = .01;

/* Counts of (true by q, said): (n_worker, n_class, n_class), and what goes with them. */
static double *count_all(const struct nli_crowd *c, const struct nli_crowd_fit *f,
			 const int32_t *truth, struct nli_workers *w)
{
	const size_t K = c->n_class;
	double *count = nli_xcalloc(c->n_worker * K * K, sizeof(*count));

	for (uint32_t i = 0; i < c->n_item; i++) {
		const double *q = f->post + i * K;

		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			const size_t j = c->worker[r], l = c->label[r];
			const double x = nli_crowd_weight(c, r);

			w->w[j].n += x;
			w->w[j].accuracy += x * q[l];
			w->said[j * K + l] += x;
			for (size_t k = 0; k < K; k++) {
				count[(j * K + k) * K + l] += x * q[k];
				w->expected[j * K + k] += x * q[k];
			}
			if (truth && truth[i] >= 0) {
				w->w[j].n_truth++;
				w->w[j].right += truth[i] == (int32_t)l ? x : 0;
			}
		}
	}
	return count;
}

static void matrices(const struct nli_crowd *c, const struct nli_crowd_fit *f,
		     const double *count, struct nli_workers *w)
{
	const size_t K = c->n_class, cells = c->n_worker * K * K;

	if (f->confusion) {
		memcpy(w->confusion, f->confusion, cells * sizeof(*w->confusion));
		return;
	}
	for (size_t at = 0; at < cells; at += K) {
		double sum = 0;

		for (size_t l = 0; l < K; l++)
			sum += count[at + l] + SMOOTH;
		for (size_t l = 0; l < K; l++)
			w->confusion[at + l] = (count[at + l] + SMOOTH) / sum;
	}
}

static double entropy_of(const double *n, size_t K)
{
	double sum = 0, h = 0;

	for (size_t k = 0; k < K; k++)
		sum += n[k];
	for (size_t k = 0; k < K; k++)
		h -= n[k] > 0 ? n[k] / sum * log(n[k] / sum) : 0;
	return h;
}

static double spammer_score(const double *pi, size_t K)
{
	double sum = 0;

	for (size_t a = 0; a < K; a++)
		for (size_t b = 0; b < a; b++)
			for (size_t l = 0; l < K; l++) {
				const double d = pi[a * K + l] - pi[b * K + l];

				sum += d * d;
			}
	return K > 1 ? sum / (double)(K * (K - 1)) : 0;
}

/* G = 2 sum n log(n / expected) of a K x K table, against chi-square. */
static bool looks_random(const double *n, size_t K)
{
	double row[NLI_CROWD_MAX_CLASS] = { 0 }, col[NLI_CROWD_MAX_CLASS] = { 0 };
	double sum = 0, g = 0, rows = -1, cols = -1;

	for (size_t k = 0; k < K; k++)
		for (size_t l = 0; l < K; l++) {
			row[k] += n[k * K + l];
			col[l] += n[k * K + l];
			sum += n[k * K + l];
		}
	for (size_t k = 0; k < K; k++) {
		rows += row[k] >= .5;
		cols += col[k] >= .5;
		for (size_t l = 0; l < K; l++)
			if (n[k * K + l] > 0)
				g += 2 * n[k * K + l] *
				     log(n[k * K + l] * sum / (row[k] * col[l]));
	}
	if (rows < 1) /* all items of one class: nothing to depend on */
		return false;
	return cols < 1 || nli_chisq_sf(fmax(g, 0), rows * cols) > .05;
}

static void per_worker(const struct nli_crowd *c, const double *count,
		       struct nli_workers *w)
{
	const size_t K = c->n_class;

	for (size_t j = 0; j < c->n_worker; j++) {
		struct nli_worker *p = &w->w[j];
		const double right = fmin(p->accuracy, p->n);
		const double h = entropy_of(w->expected + j * K, K);

		p->median_step = -1;
		if (!(p->n > 0))
			continue;
		p->accuracy = right / p->n;
		p->accuracy_ci.lo = nli_beta_quantile(.025, 1 + right, 1 + p->n - right);
		p->accuracy_ci.hi = nli_beta_quantile(.975, 1 + right, 1 + p->n - right);
		p->entropy = entropy_of(w->said + j * K, K);
		p->spammer = spammer_score(w->confusion + j * K * K, K);
		if (p->n >= MIN_RANDOM && looks_random(count + j * K * K, K))
			p->flags |= NLI_WORKER_RANDOM;
		if (p->n >= MIN_ENTROPY && h >= .1 && p->entropy < h / 2)
			p->flags |= NLI_WORKER_ENTROPY;
	}
}

static int cmp_i64(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The median step of each worker with enough of them, from its sorted times. */
static void median_steps(const struct nli_crowd *c, struct nli_workers *w)
{
	uint64_t *at = nli_xcalloc((size_t)c->n_worker + 1, sizeof(*at));
	int64_t *time = nli_xmalloc(c->n, sizeof(*time));

	for (uint64_t r = 0; r < c->n; r++)
		at[c->worker[r] + 1] += c->time[r] != NLI_CROWD_NO_TIME;
	for (uint32_t j = 0; j < c->n_worker; j++)
		at[j + 1] += at[j];
	for (uint64_t r = 0; r < c->n; r++)
		if (c->time[r] != NLI_CROWD_NO_TIME)
			time[at[c->worker[r]]++] = c->time[r];
	for (uint32_t j = 0; j < c->n_worker; j++) {
		const uint64_t from = j ? at[j - 1] : 0, n = at[j] - from;

		if (n < MIN_STEPS)
			continue;
		qsort(time + from, n, sizeof(*time), cmp_i64);
		for (uint64_t k = 0; k + 1 < n; k++)
			time[from + k] = time[from + k + 1] - time[from + k];
		qsort(time + from, n - 1, sizeof(*time), cmp_i64);
		w->w[j].median_step = (double)time[from + (n - 1) / 2];
	}
	free(at);
	free(time);
}

static void flag_fast(const struct nli_crowd *c, struct nli_workers *w)
{
	double *step = nli_xmalloc(c->n_worker, sizeof(*step)), median;
	size_t n = 0;

	for (uint32_t j = 0; j < c->n_worker; j++)
		if (w->w[j].median_step >= 0)
			step[n++] = w->w[j].median_step;
	if (n) {
		qsort(step, n, sizeof(*step), nli_cmp_double);
		median = nli_quantile(step, n, .5);
		for (uint32_t j = 0; j < c->n_worker; j++)
			if (w->w[j].median_step >= 0 && w->w[j].median_step < median / 4)
				w->w[j].flags |= NLI_WORKER_TIME;
	}
	free(step);
}

/* The chance that two workers agree on an item, by their matrices and q. */
static double chance_to_agree(const double *a, const double *b, const double *q, size_t K)
{
	double sum = 0;

	for (size_t k = 0; k < K; k++) {
		double same = 0;

		if (q[k] < 1e-12)
			continue;
		for (size_t l = 0; l < K; l++)
			same += a[k * K + l] * b[k * K + l];
		sum += q[k] * same;
	}
	return sum;
}

struct pairing {
	const struct nli_crowd *c;
	const struct nli_crowd_fit *f;
	struct nli_workers *w;
	struct nli_map64 at; /* a << 32 | b -> place in w->pair + 1 */
	size_t cap;
};

static struct nli_worker_pair *pair_of(struct pairing *p, uint32_t a, uint32_t b)
{
	bool fresh;
	uint64_t *at = nli_map64_put(&p->at, (uint64_t)a << 32 | b, &fresh);

	if (fresh) {
		nli_grow(&p->w->pair, &p->cap, p->w->n_pair + 1, sizeof(*p->w->pair));
		p->w->pair[p->w->n_pair] = (struct nli_worker_pair){ .a = a, .b = b };
		*at = p->w->n_pair++;
	}
	return &p->w->pair[*at];
}

static void add_pair(struct pairing *p, uint32_t i, uint64_t r, uint64_t s)
{
	const size_t K = p->c->n_class;
	const uint32_t j = p->c->worker[r], k = p->c->worker[s];
	struct nli_worker_pair *x;
	double chance;

	if (j == k)
		return;
	x = j < k ? pair_of(p, j, k) : pair_of(p, k, j);
	chance = chance_to_agree(p->w->confusion + j * K * K, p->w->confusion + k * K * K,
				 p->f->post + i * K, K);
	x->n++;
	x->agree += p->c->label[r] == p->c->label[s];
	x->expected += chance;
	x->variance += chance * (1 - chance);
}

static int cmp_pair(const void *a, const void *b)
{
	const struct nli_worker_pair *x = a, *y = b;

	return x->a != y->a ? (x->a > y->a) - (x->a < y->a)
			    : (x->b > y->b) - (x->b < y->b);
}

/* Items with very many labels would cost their square: the first 64 rows stand for them. */
static void find_pairs(const struct nli_crowd *c, const struct nli_crowd_fit *f,
		       struct nli_workers *w)
{
	struct pairing p = { .c = c, .f = f, .w = w };

	for (uint32_t i = 0; i < c->n_item; i++) {
		const uint64_t from = c->start[i];
		const uint64_t end = c->start[i + 1] - from > MAX_COMPANY
					     ? from + MAX_COMPANY
					     : c->start[i + 1];

		for (uint64_t r = from; r < end; r++)
			for (uint64_t s = r + 1; s < end; s++)
				if (nli_crowd_weight(c, r) == 1 &&
				    nli_crowd_weight(c, s) == 1)
					add_pair(&p, i, r, s);
	}
	nli_map64_release(&p.at);
	if (w->n_pair)
		qsort(w->pair, w->n_pair, sizeof(*w->pair), cmp_pair);
}

static void flag_copies(struct nli_workers *w)
{
	size_t tests = 0;
	double limit;

	for (size_t k = 0; k < w->n_pair; k++)
		tests += w->pair[k].n >= MIN_COPY;
	limit = tests ? nli_norm_quantile(1 - COPY_ALPHA / (double)tests) : 0;
	for (size_t k = 0; k < w->n_pair; k++) {
		const struct nli_worker_pair *x = &w->pair[k];
		const double over = x->agree - x->expected;

		for (int side = 0; side < 2; side++) {
			struct nli_worker *p = &w->w[side ? x->b : x->a];

			p->n_shared += x->n;
			p->agreement += x->agree;
			if (x->n < MIN_COPY || !(over > limit * sqrt(x->variance + 1e-9)))
				continue;
			if (!(p->flags & NLI_WORKER_COPYING))
				p->copies_from = side ? x->a : x->b;
			p->flags |= NLI_WORKER_COPYING;
		}
	}
}

void nli_workers(const struct nli_crowd *c, const struct nli_crowd_fit *f,
		 const int32_t *truth, bool pairs, struct nli_workers *w)
{
	const size_t K = c->n_class;
	double *count;

	memset(w, 0, sizeof(*w));
	w->w = nli_xcalloc(c->n_worker, sizeof(*w->w));
	w->confusion = nli_xcalloc(c->n_worker * K * K, sizeof(*w->confusion));
	w->said = nli_xcalloc(c->n_worker * K, sizeof(*w->said));
	w->expected = nli_xcalloc(c->n_worker * K, sizeof(*w->expected));
	count = count_all(c, f, truth, w);
	matrices(c, f, count, w);
	per_worker(c, count, w);
	if (c->time) {
		median_steps(c, w);
		flag_fast(c, w);
	}
	if (pairs) {
		find_pairs(c, f, w);
		flag_copies(w);
	}
	for (uint32_t j = 0; j < c->n_worker; j++)
		if (w->w[j].n_shared)
			w->w[j].agreement /= (double)w->w[j].n_shared;
	free(count);
}

void nli_workers_release(struct nli_workers *w)
{
	free(w->w);
	free(w->confusion);
	free(w->said);
	free(w->expected);
	free(w->pair);
	memset(w, 0, sizeof(*w));
}
