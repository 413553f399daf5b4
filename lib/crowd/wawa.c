/*
 * wawa.c - two ways to weigh workers by their agreement with the vote.
 *
 * Wawa (worker agreement with aggregate, Appen; crowd-kit): the skill is the
 * share of a worker's labels that equal the majority's, and the answer is the
 * vote weighted by skill.
 *
 * ZeroBasedSkill (Toloka; crowd-kit): skills begin at 1/K + 1e-5 and follow the
 * agreement with the weighted vote, s += rate (agreement - s), 100 times, rate
 * 1 halved at every 20th step.  With rate 1 the first 19 steps are plain
 * fixed-point iterations; later ones damp a cycle.
 *
 * Both count a tie as agreement of 1/(number of winners), where crowd-kit
 * takes the first class: so the answer does not depend on names.
 */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

static void weighted_vote(const struct nli_crowd *c, const struct nli_crowd_opts *o,
			  const double *weight, struct nli_crowd_fit *f, double *agree)
{
	struct nli_votes v = { .c = c,
			       .jobs = o->jobs,
			       .weight = weight,
			       .post = f->post,
			       .agree = agree,
			       .mode = NLI_VOTE_SHARE,
			       .hard = NLI_HARD_SHARED };

	nli_votes_pass(&v);
	nli_votes_release(&v);
}

static int run_wawa(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		    struct nli_crowd_fit *f, struct nli_err *err)
{
	double *n = nli_crowd_worker_weight(c);

	(void)err;
	nli_crowd_fit_init(f, c, false);
	weighted_vote(c, o, NULL, f, f->skill);
	for (uint32_t j = 0; j < c->n_worker; j++)
		f->skill[j] = n[j] > 0 ? f->skill[j] / n[j] : 0;
	weighted_vote(c, o, f->skill, f, NULL);
	free(n);
	f->iterations = 1;
	f->converged = true;
	return 0;
}

static int run_zbs(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_crowd_fit *f, struct nli_err *err)
{
	double *n = nli_crowd_worker_weight(c);
	double *agree = nli_xcalloc(c->n_worker, sizeof(*agree));
	double rate = 1;

	(void)err;
	nli_crowd_fit_init(f, c, false);
	for (uint32_t j = 0; j < c->n_worker; j++)
		f->skill[j] = 1. / c->n_class + 1e-5;
	for (int it = 1; it <= o->max_iter && !f->converged; it++) {
		double moved = 0;

		rate = it % 20 ? rate : rate / 2;
		weighted_vote(c, o, f->skill, f, agree);
		for (uint32_t j = 0; j < c->n_worker; j++) {
			const double step = n[j] > 0 ? agree[j] / n[j] - f->skill[j] : 0;

			f->skill[j] += rate * step;
			moved = step > moved ? step : -step > moved ? -step : moved;
		}
		f->iterations = it;
		f->converged = moved <= o->tol; /* a fixed point: no later step moves */
	}
	weighted_vote(c, o, f->skill, f, NULL);
	free(agree);
	free(n);
	return 0;
}

const struct nli_crowd_method nli_crowd_wawa = {
	.name = "wawa",
	.about = "vote weighted by agreement with the majority",
	.paper = "Ustalov, Pavlichenko, Tseitlin (crowd-kit), JOSS 2024",
	.skill = "agreement with the majority",
	.flags = NLI_CROWD_AUTO | NLI_CROWD_VOTES,
	.max_iter = 1,
	.run = run_wawa,
};

const struct nli_crowd_method nli_crowd_zbs = {
	.name = "zbs",
	.about = "ZeroBasedSkill: skills that follow the weighted vote",
	.paper = "Ustalov, Pavlichenko, Tseitlin (crowd-kit), JOSS 2024",
	.skill = "agreement with the weighted vote",
	.flags = NLI_CROWD_VOTES,
	.max_iter = 100,
	.tol = 0,
	.run = run_zbs,
};
