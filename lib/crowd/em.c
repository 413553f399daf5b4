/* em.c - see em.h. */
#include "lib/crowd/em.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"

enum { PART_ROWS = 16384, MAX_PARTS = 32, PART_BYTES = 64 << 20 };

/* exp() of anything this far below the maximum is lost in the sum's last bit. */
static const double NEGLIGIBLE = -50;

size_t nli_crowd_parts(const struct nli_crowd *c, size_t bytes)
{
	size_t n = (size_t)(c->n / PART_ROWS) + 1;

	n = n > MAX_PARTS ? MAX_PARTS : n;
	while (n > 1 && bytes > PART_BYTES / n)
		n--;
	return n;
}

unsigned nli_crowd_jobs(const struct nli_crowd *c, unsigned jobs, size_t steps)
{
	return c->n * steps < 1 << 19 ? 1 : jobs;
}

/* The first item whose rows begin at or after row. */
static uint32_t item_at(const struct nli_crowd *c, uint64_t row)
{
	uint32_t lo = 0, hi = c->n_item;

	while (lo < hi) {
		const uint32_t mid = lo + (hi - lo) / 2;

		if (c->start[mid] < row)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void nli_crowd_part(const struct nli_crowd *c, size_t n_part, size_t part, uint32_t *from,
		    uint32_t *to)
{
	*from = part ? item_at(c, c->n * part / n_part) : 0;
	*to = part + 1 < n_part ? item_at(c, c->n * (part + 1) / n_part) : c->n_item;
}

void nli_vote_share(const struct nli_crowd *c, uint32_t i, double *q)
{
	double sum = 0;

	memset(q, 0, c->n_class * sizeof(*q));
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		q[c->label[r]] += nli_crowd_weight(c, r);
		sum += nli_crowd_weight(c, r);
	}
	for (uint32_t k = 0; k < c->n_class; k++)
		q[k] = sum > 0 ? q[k] / sum : 1. / c->n_class;
}

bool nli_crowd_clamp(const struct nli_crowd *c, uint32_t i, double *q)
{
	if (!c->gold || c->gold[i] < 0)
		return false;
	for (uint32_t k = 0; k < c->n_class; k++)
		q[k] = k == (uint32_t)c->gold[i];
	return true;
}

static inline __attribute__((always_inline)) double softmax(double *q, uint32_t n)
{
	double max = q[0], sum = 0;

	for (uint32_t s = 1; s < n; s++)
		max = q[s] > max ? q[s] : max;
	for (uint32_t s = 0; s < n; s++) {
		const double d = q[s] - max;

		q[s] = d == 0 ? 1 : d < NEGLIGIBLE ? 0 : exp(d);
		sum += q[s];
	}
	for (uint32_t s = 0; s < n; s++)
		q[s] /= sum;
	return max + log(sum);
}

double nli_softmax(double *q, uint32_t n)
{
	return softmax(q, n);
}

/* All on the highest, ties shared. */
static void harden(double *q, uint32_t n)
{
	double max = q[0];
	unsigned ties = 0;

	for (uint32_t s = 1; s < n; s++)
		max = q[s] > max ? q[s] : max;
	for (uint32_t s = 0; s < n; s++)
		ties += q[s] >= max * (1 - NLI_CROWD_TIE);
	for (uint32_t s = 0; s < n; s++)
		q[s] = q[s] >= max * (1 - NLI_CROWD_TIE) ? 1. / ties : 0;
}

struct nli_em_part {
	double *count,
		*state_count; /* own for all parts but the first, which uses em's */
	double loglik, change;
	uint64_t moved;
};

int nli_em_init(struct nli_em *em, const struct nli_crowd *c, unsigned jobs,
		uint32_t n_sub, double *post, struct nli_err *err)
{
	const size_t S = (size_t)c->n_class * n_sub;
	const size_t cells = (size_t)c->n_worker * c->n_class * S;

	memset(em, 0, sizeof(*em));
	if (S > NLI_CROWD_MAX_STATE)
		return nli_fail(err, NLI_EINVAL, "%zu hidden states, not up to %d", S,
				NLI_CROWD_MAX_STATE);
	em->c = c;
	em->jobs = jobs;
	em->n_state = (uint32_t)S;
	em->n_sub = n_sub;
	em->post = post;
	em->table = nli_xcalloc(cells, sizeof(*em->table));
	em->count = nli_xcalloc(cells, sizeof(*em->count));
	em->log_prior = nli_xcalloc(S, sizeof(*em->log_prior));
	em->state_count = nli_xcalloc(S, sizeof(*em->state_count));
	em->n_part = nli_crowd_parts(c, cells * sizeof(*em->count));
	em->part = nli_xcalloc(em->n_part, sizeof(*em->part));
	for (size_t p = 0; p < em->n_part; p++) {
		em->part[p].count = p ? nli_xmalloc(cells, sizeof(double)) : em->count;
		em->part[p].state_count =
			p ? nli_xmalloc(S, sizeof(double)) : em->state_count;
	}
	return 0;
}

void nli_em_release(struct nli_em *em)
{
	for (size_t p = 1; p < em->n_part; p++) {
		free(em->part[p].count);
		free(em->part[p].state_count);
	}
	free(em->part);
	free(em->table);
	free(em->count);
	free(em->log_prior);
	free(em->state_count);
	memset(em, 0, sizeof(*em));
}

/* Only the states of a class that --gold states are possible. */
static void clamp_states(const struct nli_em *em, uint32_t i, double *q)
{
	if (em->c->gold && em->c->gold[i] >= 0)
		for (uint32_t s = 0; s < em->n_state; s++)
			if (s / em->n_sub != (uint32_t)em->c->gold[i])
				q[s] = -INFINITY;
}

/* -INFINITY - -INFINITY does not arise: the gold class itself is finite. */
static inline __attribute__((always_inline)) double e_step(const struct nli_em *em,
							   uint32_t i, double *restrict q,
							   const uint32_t S)
{
	const struct nli_crowd *c = em->c;
	const uint32_t K = c->n_class;

	for (uint32_t s = 0; s < S; s++)
		q[s] = em->log_prior[s];
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		const double *restrict t =
			em->table + ((size_t)c->worker[r] * K + c->label[r]) * S;
		const double w = nli_crowd_weight(c, r);

		for (uint32_t s = 0; s < S; s++)
			q[s] += w * t[s];
	}
	clamp_states(em, i, q);
	return softmax(q, S);
}

static inline __attribute__((always_inline)) void add_counts(const struct nli_em *em,
							     struct nli_em_part *p,
							     uint32_t i,
							     const double *restrict q,
							     const uint32_t S)
{
	const struct nli_crowd *c = em->c;
	const uint32_t K = c->n_class;

	for (uint32_t s = 0; s < S; s++)
		p->state_count[s] += q[s];
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		double *restrict n =
			p->count + ((size_t)c->worker[r] * K + c->label[r]) * S;
		const double w = nli_crowd_weight(c, r);

		for (uint32_t s = 0; s < S; s++)
			n[s] += w * q[s];
	}
}

/* Fold states into classes, and see how far the posterior moved. */
static inline __attribute__((always_inline)) void put_post(const struct nli_em *em,
							   struct nli_em_part *p,
							   uint32_t i, const double *q,
							   uint32_t S)
{
	double *post = em->post + (size_t)i * em->c->n_class;
	const uint32_t M = em->n_sub;

	for (uint32_t s = 0, k = 0; s < S; s += M, k++) {
		double sum = q[s], d;

		for (uint32_t m = 1; m < M; m++)
			sum += q[s + m];
		d = fabs(sum - post[k]);
		p->change = d > p->change ? d : p->change;
		p->moved += d > em->atol + em->rtol * sum;
		post[k] = sum;
	}
}

static void given(const struct nli_em *em, uint32_t i, double *q)
{
	if (em->init) {
		em->init(em->ctx, i, q);
		return;
	}
	nli_vote_share(em->c, i, q);
	nli_crowd_clamp(em->c, i, q);
}

static inline __attribute__((always_inline)) void pass_items(const struct nli_em *em,
							     struct nli_em_part *p,
							     uint32_t from, uint32_t to,
							     uint32_t S)
{
	double q[NLI_CROWD_MAX_STATE];

	for (uint32_t i = from; i < to; i++) {
		if (em->mode == NLI_EM_GIVEN)
			given(em, i, q);
		else
			p->loglik += e_step(em, i, q, S);
		if (em->mode == NLI_EM_HARD)
			harden(q, S);
		put_post(em, p, i, q, S);
		add_counts(em, p, i, q, S);
	}
}

/* What a pass over items keeps in registers. */
struct totals {
	double max, product, loglik, change; /* loglik: max + log(product) + loglik */
	uint64_t moved;
};

static inline __attribute__((always_inline)) void note(const struct nli_em *em,
						       struct totals *t, double q,
						       double *post)
{
	const double d = fabs(q - *post);

	t->change = d > t->change ? d : t->change;
	t->moved += d > em->atol + em->rtol * q;
	*post = q;
}

/*
 * The E-step and its counts for two or three states, each a class, no gold and
 * weights of 1: what nearly all calls are.  Everything stays in registers, and
 * the logarithm is taken of products of normalisers (each in [1,3]).
 */
static inline __attribute__((always_inline)) void pass_few(const struct nli_em *em,
							   struct nli_em_part *p,
							   uint32_t from, uint32_t to,
							   const uint32_t K)
{
	const struct nli_crowd *c = em->c;
	double n0 = 0, n1 = 0, n2 = 0;
	struct totals t = { .product = 1 };

	for (uint32_t i = from; i < to; i++) {
		const uint64_t end = c->start[i + 1];
		double a = em->log_prior[0], b = em->log_prior[1];
		double d = K == 3 ? em->log_prior[2] : 0, max, sum;
		double *post = em->post + (size_t)i * K;

		for (uint64_t r = c->start[i]; r < end; r++) {
			const double *row =
				em->table + ((size_t)c->worker[r] * K + c->label[r]) * K;

			a += row[0];
			b += row[1];
			d += K == 3 ? row[2] : 0;
		}
		max = a > b ? a : b;
		max = K == 3 && d > max ? d : max;
		a = a == max ? 1 : a - max < NEGLIGIBLE ? 0 : exp(a - max);
		b = b == max ? 1 : b - max < NEGLIGIBLE ? 0 : exp(b - max);
		if (K == 3)
			d = d == max ? 1 : d - max < NEGLIGIBLE ? 0 : exp(d - max);
		sum = K == 3 ? a + b + d : a + b;
		t.max += max;
		t.product *= sum;
		if (t.product > 1e250) {
			t.loglik += log(t.product);
			t.product = 1;
		}
		a /= sum;
		b /= sum;
		d /= sum;
		note(em, &t, a, &post[0]);
		note(em, &t, b, &post[1]);
		if (K == 3)
			note(em, &t, d, &post[2]);
		n0 += a;
		n1 += b;
		n2 += d;
		for (uint64_t r = c->start[i]; r < end; r++) {
			double *n =
				p->count + ((size_t)c->worker[r] * K + c->label[r]) * K;

			n[0] += a;
			n[1] += b;
			if (K == 3)
				n[2] += d;
		}
	}
	p->state_count[0] = n0;
	p->state_count[1] = n1;
	if (K == 3)
		p->state_count[2] = n2;
	p->loglik = t.max + t.loglik + log(t.product);
	p->change = t.change;
	p->moved = t.moved;
}

/* The same loop, compiled for the common numbers of states. */
static void pass_part(void *ctx, size_t part)
{
	struct nli_em *em = ctx;
	struct nli_em_part *p = &em->part[part];
	const size_t cells = (size_t)em->c->n_worker * em->c->n_class * em->n_state;
	uint32_t from, to;

	memset(p->count, 0, cells * sizeof(*p->count));
	memset(p->state_count, 0, em->n_state * sizeof(*p->state_count));
	p->loglik = p->change = 0;
	p->moved = 0;
	nli_crowd_part(em->c, em->n_part, part, &from, &to);
	if (em->mode == NLI_EM_SOFT && !em->c->gold && !em->c->weight && em->n_sub == 1 &&
	    (em->n_state == 2 || em->n_state == 3)) {
		if (em->n_state == 2)
			pass_few(em, p, from, to, 2);
		else
			pass_few(em, p, from, to, 3);
		return;
	}
	switch (em->n_state) {
	case 4:
		pass_items(em, p, from, to, 4);
		break;
	case 5:
		pass_items(em, p, from, to, 5);
		break;
	case 20: /* subtypes of 2, 3, 4 and 5 classes */
		pass_items(em, p, from, to, 20);
		break;
	case 30:
		pass_items(em, p, from, to, 30);
		break;
	case 40:
		pass_items(em, p, from, to, 40);
		break;
	case 50:
		pass_items(em, p, from, to, 50);
		break;
	default:
		pass_items(em, p, from, to, em->n_state);
	}
}

void nli_em_pass(struct nli_em *em, enum nli_em_mode mode)
{
	const size_t cells = (size_t)em->c->n_worker * em->c->n_class * em->n_state;

	em->mode = mode;
	nli_par(nli_crowd_jobs(em->c, em->jobs, em->n_state), em->n_part, pass_part, em);
	em->loglik = em->change = 0;
	em->moved = 0;
	for (size_t k = 0; k < em->n_part; k++) {
		const struct nli_em_part *p = &em->part[k];

		em->loglik += p->loglik;
		em->change = p->change > em->change ? p->change : em->change;
		em->moved += p->moved;
		for (size_t i = 0; k && i < cells; i++)
			em->count[i] += p->count[i];
		for (uint32_t s = 0; k && s < em->n_state; s++)
			em->state_count[s] += p->state_count[s];
	}
}

void nli_em_confusion(const struct nli_em *em, double *confusion)
{
	const uint32_t K = em->c->n_class;

	for (size_t j = 0; j < em->c->n_worker; j++)
		for (uint32_t l = 0; l < K; l++)
			for (uint32_t k = 0; k < K; k++)
				confusion[(j * K + k) * K + l] =
					exp(em->table[(j * K + l) * em->n_state + k]);
}
