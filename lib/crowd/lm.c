/*
 * lm.c - voting by language models, or by few workers of known quality (Zhao
 * et al., "LMTurk: few-shot learners as crowdsourcing workers in a
 * language-model-as-a-service framework", Findings of NAACL 2022).
 *
 *	best    the label of the best worker that labelled the item, best by
 *	        --weights, else by accuracy on --gold (1 + right) / (2 + n)
 *	logit   post_i(k) proportional to exp(mean_j log p_ij(k))
 *	wlogit  the same with the mean weighted as in best
 *
 * p_ij is the worker's distribution, where it gave one, with probabilities
 * below 1e-6 raised to it; a plain label is certainty.  Since a probability is
 * a row with a weight, log p = log(1e-6) for every class plus log(w / 1e-6) for
 * the classes that have a row.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

static const double FLOOR = 1e-6;

static void logit_vote(const struct nli_crowd *c, const double *quality_of,
		       struct nli_crowd_fit *f)
{
	for (uint32_t i = 0; i < c->n_item; i++) {
		double *q = f->post + (size_t)i * c->n_class, sum = 0;

		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
			const double v = quality_of ? quality_of[c->worker[r]] : 1;
			const double w = nli_crowd_weight(c, r);

			q[c->label[r]] += v * log(fmax(w, FLOOR) / FLOOR);
			sum += v * w; /* the parts of a vote sum to one vote */
		}
		for (uint32_t k = 0; k < c->n_class; k++)
			q[k] = sum > 0 ? q[k] / sum : 0;
		nli_softmax(q, c->n_class);
		nli_crowd_clamp(c, i, q);
	}
	f->iterations = 1;
	f->converged = true;
}

static int run_logit(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		     struct nli_crowd_fit *f, struct nli_err *err)
{
	(void)o;
	(void)err;
	nli_crowd_fit_init(f, c, false);
	logit_vote(c, NULL, f);
	for (uint32_t j = 0; j < c->n_worker; j++)
		f->skill[j] = 1;
	return 0;
}

static int run_wlogit(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		      struct nli_crowd_fit *f, struct nli_err *err)
{
	double *w = nli_crowd_quality(c, o, "wlogit", err);

	if (!w)
		return NLI_EINVAL;
	nli_crowd_fit_init(f, c, false);
	logit_vote(c, w, f);
	memcpy(f->skill, w, c->n_worker * sizeof(*w));
	free(w);
	return 0;
}

/* The best of the workers on an item; equals by hash of worker. */
static bool better(const struct nli_crowd *c, const double *w, uint32_t a, uint32_t b,
		   uint64_t seed)
{
	return w[a] != w[b] ? w[a] > w[b]
			    : nli_crowd_worker_hash(c, a, seed) <
				      nli_crowd_worker_hash(c, b, seed);
}

static int run_best(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		    struct nli_crowd_fit *f, struct nli_err *err)
{
	double *w = nli_crowd_quality(c, o, "best", err);

	if (!w)
		return NLI_EINVAL;
	nli_crowd_fit_init(f, c, false);
	for (uint32_t i = 0; i < c->n_item; i++) {
		double *q = f->post + (size_t)i * c->n_class, sum = 0;
		uint64_t best = c->start[i];

		for (uint64_t r = best + 1; r < c->start[i + 1]; r++)
			if (c->worker[r] != c->worker[best] &&
			    better(c, w, c->worker[r], c->worker[best], o->seed))
				best = r;
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
			if (c->worker[r] == c->worker[best]) {
				q[c->label[r]] += nli_crowd_weight(c, r);
				sum += nli_crowd_weight(c, r);
			}
		for (uint32_t k = 0; k < c->n_class; k++)
			q[k] = sum > 0 ? q[k] / sum : 1. / c->n_class;
		nli_crowd_clamp(c, i, q);
	}
	memcpy(f->skill, w, c->n_worker * sizeof(*w));
	free(w);
	f->iterations = 1;
	f->converged = true;
	return 0;
}

#define LM_PAPER "Zhao et al., Findings of NAACL 2022"

const struct nli_crowd_method nli_crowd_best_worker = {
	.name = "best",
	.about = "the best worker on each item, by --weights or --gold",
	.paper = LM_PAPER,
	.skill = "the weight",
	.flags = NLI_CROWD_VOTES,
	.max_iter = 1,
	.run = run_best,
};

const struct nli_crowd_method nli_crowd_logit = {
	.name = "logit",
	.about = "mean log probability, for workers that give probabilities",
	.paper = LM_PAPER,
	.flags = NLI_CROWD_VOTES,
	.max_iter = 1,
	.run = run_logit,
};

const struct nli_crowd_method nli_crowd_wlogit = {
	.name = "wlogit",
	.about = "mean log probability weighted by --weights or --gold",
	.paper = LM_PAPER,
	.skill = "the weight",
	.flags = NLI_CROWD_VOTES,
	.max_iter = 1,
	.run = run_wlogit,
};
