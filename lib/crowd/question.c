/* question.c - see question.h. */
#include "lib/crowd/question.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"

enum { BEST = 32 };

/* Mutual information of truth ~ q and what a worker with matrix pi says. */
static double information(const double *q, const double *pi, uint32_t K)
{
	double sum = 0;

	for (uint32_t l = 0; l < K; l++) {
		double said = 0;

		for (uint32_t k = 0; k < K; k++)
			said += q[k] * pi[(size_t)k * K + l];
		for (uint32_t k = 0; k < K; k++) {
			const double p = pi[(size_t)k * K + l];

			if (q[k] > 0 && p > 0)
				sum += q[k] * p * log(p / said);
		}
	}
	return sum > 0 ? sum : 0;
}

struct asking {
	const struct nli_crowd *c;
	const struct nli_crowd_fit *f;
	const struct nli_workers *w;
	enum nli_question_by by;
	uint64_t seed;
	uint32_t best[BEST];
	double told[BEST];
	size_t n_best;
};

/* The workers that tell most under the class shares, by insertion. */
static void find_best(struct asking *a)
{
	const uint32_t K = a->c->n_class;
	double share[NLI_CROWD_MAX_CLASS] = { 0 };

	for (uint32_t i = 0; i < a->c->n_item; i++)
		for (uint32_t k = 0; k < K; k++)
			share[k] += a->f->post[(size_t)i * K + k] / a->c->n_item;
	for (uint32_t j = 0; j < a->c->n_worker; j++) {
		size_t at;
		double x;

		if (j == a->c->nameless || !(a->w->w[j].n > 0))
			continue;
		x = information(share, a->w->confusion + (size_t)j * K * K, K);
		if (a->n_best == BEST && x <= a->told[BEST - 1])
			continue;
		at = a->n_best < BEST ? a->n_best++ : BEST - 1;
		for (; at && a->told[at - 1] < x; at--) {
			a->told[at] = a->told[at - 1];
			a->best[at] = a->best[at - 1];
		}
		a->told[at] = x;
		a->best[at] = j;
	}
}

static bool has_labelled(const struct nli_crowd *c, uint32_t i, uint32_t j)
{
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
		if (c->worker[r] == j)
			return true;
	return false;
}

static double score(const struct asking *a, uint32_t i, double gain)
{
	const uint32_t K = a->c->n_class;
	const double *q = a->f->post + (size_t)i * K;
	double share[NLI_CROWD_MAX_CLASS], h = 0, first = 0, second = 0;

	if (a->by == NLI_ASK_GAIN)
		return gain;
	if (a->by == NLI_ASK_COMMITTEE) {
		nli_vote_share(a->c, i, share);
		q = share;
	}
	for (uint32_t k = 0; k < K; k++) {
		h -= q[k] > 0 ? q[k] * log(q[k]) : 0;
		second = q[k] > first ? first : q[k] > second ? q[k] : second;
		first = q[k] > first ? q[k] : first;
	}
	return a->by == NLI_ASK_MARGIN ? 1 - (first - second)
	       : a->by == NLI_ASK_LC   ? 1 - first
				       : h;
}

static struct nli_question ask_item(const struct asking *a, uint32_t i)
{
	const uint32_t K = a->c->n_class;
	struct nli_question x = { .item = i, .worker = NLI_CROWD_NOBODY };

	for (size_t b = 0; b < a->n_best; b++) {
		const uint32_t j = a->best[b];
		double gain;

		if (has_labelled(a->c, i, j))
			continue;
		gain = information(a->f->post + (size_t)i * K,
				   a->w->confusion + (size_t)j * K * K, K);
		if (x.worker == NLI_CROWD_NOBODY || gain > x.gain) {
			x.gain = gain;
			x.worker = j;
		}
	}
	x.score = score(a, i, x.gain);
	return x;
}

/* Is x to be asked after y? */
static bool after(const struct asking *a, const struct nli_question *x,
		  const struct nli_question *y)
{
	if (x->score != y->score)
		return x->score < y->score;
	return nli_crowd_item_hash(a->c, x->item, a->seed) >
	       nli_crowd_item_hash(a->c, y->item, a->seed);
}

/* A heap whose root is to be asked last. */
static void sift(const struct asking *a, struct nli_question *h, size_t n, size_t at)
{
	for (;;) {
		size_t last = at;
		struct nli_question t;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < n; child++)
			if (after(a, &h[child], &h[last]))
				last = child;
		if (last == at)
			return;
		t = h[at];
		h[at] = h[last];
		h[last] = t;
		at = last;
	}
}

size_t nli_crowd_ask(const struct nli_crowd *c, const struct nli_crowd_fit *f,
		     const struct nli_workers *w, enum nli_question_by by, size_t n,
		     uint64_t seed, struct nli_question **to)
{
	struct asking a = { .c = c, .f = f, .w = w, .by = by, .seed = seed };
	struct nli_question *h;
	size_t have = 0;

	n = n < c->n_item ? n : c->n_item;
	*to = h = nli_xmalloc(n, sizeof(*h));
	find_best(&a);
	for (uint32_t i = 0; n && i < c->n_item; i++) {
		const struct nli_question x = ask_item(&a, i);

		if (have < n) {
			h[have++] = x;
			for (size_t k = have / 2; have == n && k-- > 0;)
				sift(&a, h, n, k);
		} else if (after(&a, &h[0], &x)) {
			h[0] = x;
			sift(&a, h, n, 0);
		}
	}
	for (size_t k = n; k > 1; k--) { /* heap sort: the last goes to the end */
		const struct nli_question t = h[0];

		h[0] = h[k - 1];
		h[k - 1] = t;
		sift(&a, h, k - 1, 0);
	}
	return n;
}
