/*
 * majority.c - majority vote, plain and weighted.
 *
 *	post_i(k) = sum_j w_j 1[l_ij = k] / sum_j w_j
 *
 * Plain: w = 1, a worker's skill is its agreement with the winners, a tie
 * shared among them.  Weighted: w is given by the caller, or is the worker's
 * accuracy on the gold items, (1 + right) / (2 + n), which is crowd-kit's
 * GoldMajorityVote with Laplace's correction, so that a worker without gold
 * items weighs a half and not nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

static void shares_of_agreement(const struct nli_crowd *c, double *agree)
{
	double *n = nli_crowd_worker_weight(c);

	for (uint32_t j = 0; j < c->n_worker; j++)
		agree[j] = n[j] > 0 ? agree[j] / n[j] : 0;
	free(n);
}

static void mean_post(const struct nli_crowd *c, const double *post, double *prior)
{
	memset(prior, 0, c->n_class * sizeof(*prior));
	for (uint32_t i = 0; i < c->n_item; i++)
		for (uint32_t k = 0; k < c->n_class; k++)
			prior[k] += post[(size_t)i * c->n_class + k] / c->n_item;
}

static void vote(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		 const double *weight, struct nli_crowd_fit *f)
{
	struct nli_votes v = { .c = c,
			       .jobs = o->jobs,
			       .weight = weight,
			       .post = f->post,
			       .agree = f->skill,
			       .mode = NLI_VOTE_SHARE,
			       .hard = NLI_HARD_SHARED };

	nli_votes_pass(&v);
	nli_votes_release(&v);
	shares_of_agreement(c, f->skill);
	mean_post(c, f->post, f->prior);
	f->iterations = 1;
	f->converged = true;
}

static int run_mv(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		  struct nli_crowd_fit *f, struct nli_err *err)
{
	(void)err;
	nli_crowd_fit_init(f, c, false);
	vote(c, o, NULL, f);
	return 0;
}

double *nli_crowd_quality(const struct nli_crowd *c, const struct nli_crowd_opts *o,
			  const char *name, struct nli_err *err)
{
	double *w, *n;

	if (!o->known_skill && !c->gold) {
		nli_fail(err, NLI_EINVAL, "%s: wanted --weights FILE or --gold FILE",
			 name);
		return NULL;
	}
	w = nli_xcalloc(c->n_worker, sizeof(*w));
	if (o->known_skill) {
		memcpy(w, o->known_skill, c->n_worker * sizeof(*w));
		return w;
	}
	n = nli_xcalloc(c->n_worker, sizeof(*n));
	for (uint32_t i = 0; i < c->n_item; i++)
		for (uint64_t r = c->start[i]; c->gold[i] >= 0 && r < c->start[i + 1];
		     r++) {
			n[c->worker[r]] += nli_crowd_weight(c, r);
			if (c->label[r] == c->gold[i])
				w[c->worker[r]] += nli_crowd_weight(c, r);
		}
	for (uint32_t j = 0; j < c->n_worker; j++)
		w[j] = (1 + w[j]) / (2 + n[j]);
	free(n);
	return w;
}

static int run_wmv(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_crowd_fit *f, struct nli_err *err)
{
	double *w = nli_crowd_quality(c, o, "wmv", err);

	if (!w)
		return NLI_EINVAL;
	nli_crowd_fit_init(f, c, false);
	vote(c, o, w, f);
	memcpy(f->skill, w, c->n_worker * sizeof(*w));
	free(w);
	return 0;
}

const struct nli_crowd_method nli_crowd_mv = {
	.name = "mv",
	.about = "majority vote; ties are shared and flagged",
	.paper = "folklore",
	.skill = "agreement with the majority",
	.flags = NLI_CROWD_AUTO | NLI_CROWD_VOTES,
	.max_iter = 1,
	.run = run_mv,
};

const struct nli_crowd_method nli_crowd_wmv = {
	.name = "wmv",
	.about = "majority weighted by --weights, or by accuracy on --gold",
	.paper = "Snow, O'Connor, Jurafsky, Ng, EMNLP 2008",
	.skill = "the weight",
	.flags = NLI_CROWD_VOTES,
	.max_iter = 1,
	.run = run_wmv,
};
