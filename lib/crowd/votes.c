/* votes.c - the vote loop of em.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/base/par.h"

struct nli_votes_part {
	double *agree; /* own for all parts but the first, which uses v's */
	double loglik, change;
};

/* Sums of weighted votes, and what the item begins with. */
static void score(const struct nli_votes *v, uint32_t i, double *q)
{
	const struct nli_crowd *c = v->c;
	const uint32_t K = c->n_class;
	double base = 0;

	for (uint32_t k = 0; k < K; k++)
		q[k] = v->prior ? v->prior[k] : 0;
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		const uint32_t j = c->worker[r];
		const double w = nli_crowd_weight(c, r);

		q[c->label[r]] += v->weight ? w * v->weight[j] : w;
		base += v->other ? w * v->other[j] : 0;
	}
	for (uint32_t k = 0; v->other && k < K; k++)
		q[k] += base;
}

static double normalise(const struct nli_votes *v, uint32_t i, double *q)
{
	const uint32_t K = v->c->n_class;
	double sum = 0;

	if (v->mode == NLI_VOTE_SOFTMAX)
		return nli_softmax(q, K);
	for (uint32_t k = 0; k < K; k++)
		sum += q[k];
	if (!(sum > 0))
		nli_vote_share(v->c, i, q);
	for (uint32_t k = 0; sum > 0 && k < K; k++)
		q[k] /= sum;
	return 0;
}

/* How much the winner, or each of those that share the first place, is the truth of i. */
static const double *winners(const struct nli_votes *v, uint32_t i, const double *q,
			     double *won)
{
	const struct nli_crowd *c = v->c;
	const uint32_t K = c->n_class;
	const double share = 1. / nli_crowd_ties(q, K);
	double limit = 0;

	if (v->hard == NLI_HARD_DRAWN) {
		memset(won, 0, K * sizeof(*won));
		won[nli_crowd_best(c, q, i, v->seed)] = 1;
		return won;
	}
	for (uint32_t k = 0; k < K; k++)
		limit = q[k] > limit ? q[k] : limit;
	limit *= 1 - NLI_CROWD_TIE;
	for (uint32_t k = 0; k < K; k++)
		won[k] = q[k] >= limit ? share : 0;
	return won;
}

static void add_agreement(const struct nli_votes *v, double *agree, uint32_t i,
			  const double *q)
{
	const struct nli_crowd *c = v->c;
	double won[NLI_CROWD_MAX_CLASS];

	if (v->hard)
		q = winners(v, i, q, won);
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
		agree[c->worker[r]] += nli_crowd_weight(c, r) * q[c->label[r]];
}

static void pass_part(void *ctx, size_t part)
{
	struct nli_votes *v = ctx;
	struct nli_votes_part *p = &v->part[part];
	const uint32_t K = v->c->n_class;
	double q[NLI_CROWD_MAX_CLASS];
	uint32_t from, to;

	p->loglik = p->change = 0;
	if (p->agree)
		memset(p->agree, 0, v->c->n_worker * sizeof(*p->agree));
	nli_crowd_part(v->c, v->n_part, part, &from, &to);
	for (uint32_t i = from; i < to; i++) {
		double *post = v->post + (size_t)i * K;

		score(v, i, q);
		p->loglik += normalise(v, i, q);
		nli_crowd_clamp(v->c, i, q);
		for (uint32_t k = 0; k < K; k++) {
			const double d = fabs(q[k] - post[k]);

			p->change = d > p->change ? d : p->change;
			post[k] = q[k];
		}
		if (p->agree)
			add_agreement(v, p->agree, i, q);
	}
}

static void make_parts(struct nli_votes *v)
{
	const size_t bytes = v->c->n_worker * sizeof(double);

	v->n_part = nli_crowd_parts(v->c, bytes);
	v->part = nli_xcalloc(v->n_part, sizeof(*v->part));
	for (size_t p = 0; p < v->n_part && v->agree; p++)
		v->part[p].agree = p ? nli_xmalloc(bytes, 1) : v->agree;
}

void nli_votes_pass(struct nli_votes *v)
{
	if (!v->part)
		make_parts(v);
	nli_par(nli_crowd_jobs(v->c, v->jobs, v->c->n_class), v->n_part, pass_part, v);
	v->loglik = v->change = 0;
	for (size_t k = 0; k < v->n_part; k++) {
		const struct nli_votes_part *p = &v->part[k];

		v->loglik += p->loglik;
		v->change = p->change > v->change ? p->change : v->change;
		for (uint32_t j = 0; k && p->agree && j < v->c->n_worker; j++)
			v->agree[j] += p->agree[j];
	}
}

void nli_votes_release(struct nli_votes *v)
{
	for (size_t p = 1; p < v->n_part; p++)
		free(v->part[p].agree);
	free(v->part);
	v->part = NULL;
	v->n_part = 0;
}
