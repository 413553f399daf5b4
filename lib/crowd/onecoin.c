/*
 * onecoin.c - one number a worker: the probability r_j of being right.
 *
 *	P(l | t) = r_j if l = t, else (1 - r_j) / (K - 1)
 *
 * so that a vote adds log(r_j (K-1) / (1-r_j)) to its class.  EM, in three
 * settings:
 *
 *	onecoin   crowd-kit's OneCoinDawidSkene: begins with the shares of the
 *	          votes, class shares learnt, r = mean posterior of the own labels
 *	          kept within [1e-10, 1 - 1e-10];
 *	zc        uniform classes and r = (1 + sum q) / (2 + n), which is the mean
 *	          under Beta(1,1) and keeps a worker of few labels moderate;
 *	zencrowd  ZenCrowd (Demartini et al., WWW 2012) as the VLDB survey ran it
 *	          (Zheng et al., VLDB 2017): r = .8 at first, uniform classes, 20
 *	          iterations, r = mean q.
 *
 * Dawid and Skene, Applied Statistics 1979, is the model with all cells free.
 */
#include <math.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

struct style {
	double first;    /* r at first; 0: from the shares of the votes */
	bool prior;      /* learn the class shares */
	double right, n; /* r = (right + sum q) / (n + number of labels) */
	double least;    /* r stays within [least, 1 - least] */
};

struct state {
	const struct nli_crowd *c;
	const struct style *s;
	struct nli_crowd_fit *f;
	double *n, *vote, *other, *agree, *log_prior;
};

static void set_weights(struct state *t)
{
	const double wrongs = t->c->n_class > 1 ? t->c->n_class - 1 : 1;

	for (uint32_t j = 0; j < t->c->n_worker; j++) {
		double r = t->f->skill[j];

		r = r < t->s->least ? t->s->least : r;
		r = r > 1 - t->s->least ? 1 - t->s->least : r;
		t->other[j] = log1p(-r) - log(wrongs);
		t->vote[j] = log(r) - t->other[j];
	}
}

static void m_step(struct state *t)
{
	struct nli_crowd_fit *f = t->f;
	const uint32_t K = t->c->n_class;

	for (uint32_t j = 0; j < t->c->n_worker; j++) {
		const double n = t->s->n + t->n[j];

		f->skill[j] = n > 0 ? (t->s->right + t->agree[j]) / n : 1. / K;
	}
	set_weights(t);
	for (uint32_t k = 0; k < K; k++)
		f->prior[k] = t->s->prior ? 0 : 1. / K;
	for (uint32_t i = 0; t->s->prior && i < t->c->n_item; i++)
		for (uint32_t k = 0; k < K; k++)
			f->prior[k] += f->post[(size_t)i * K + k] / t->c->n_item;
	for (uint32_t k = 0; k < K; k++)
		t->log_prior[k] = log(f->prior[k] > 1e-300 ? f->prior[k] : 1e-300);
}

static void iterate(struct state *t, const struct nli_crowd_opts *o)
{
	struct nli_votes v = { .c = t->c,
			       .jobs = o->jobs,
			       .post = t->f->post,
			       .agree = t->agree,
			       .mode = NLI_VOTE_SHARE };

	if (t->s->first == 0) {
		nli_votes_pass(&v);
		m_step(t);
	}
	v.mode = NLI_VOTE_SOFTMAX;
	v.weight = t->vote;
	v.other = t->other;
	v.prior = t->log_prior;
	for (int it = 1; it <= o->max_iter && !t->f->converged; it++) {
		nli_votes_pass(&v);
		m_step(t);
		t->f->iterations = it;
		t->f->objective = v.loglik;
		t->f->converged = it > 1 && v.change <= o->tol;
	}
	nli_votes_release(&v);
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, const struct style *s)
{
	struct state t = { .c = c, .s = s, .f = f };

	nli_crowd_fit_init(f, c, false);
	t.n = nli_crowd_worker_weight(c);
	t.vote = nli_xcalloc(c->n_worker, sizeof(double));
	t.other = nli_xcalloc(c->n_worker, sizeof(double));
	t.agree = nli_xcalloc(c->n_worker, sizeof(double));
	t.log_prior = nli_xcalloc(c->n_class, sizeof(double));
	for (uint32_t j = 0; j < c->n_worker; j++)
		f->skill[j] = s->first;
	set_weights(&t);
	iterate(&t, o);
	free(t.n);
	free(t.vote);
	free(t.other);
	free(t.agree);
	free(t.log_prior);
	return 0;
}

static int run_onecoin(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		       struct nli_crowd_fit *f, struct nli_err *err)
{
	(void)err;
	return run(c, o, f, &(struct style){ .prior = true, .least = 1e-10 });
}

static int run_zc(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		  struct nli_crowd_fit *f, struct nli_err *err)
{
	(void)err;
	return run(c, o, f, &(struct style){ .right = 1, .n = 2, .least = 1e-10 });
}

static int run_zencrowd(const struct nli_crowd *c, const struct nli_crowd_opts *o,
			struct nli_crowd_fit *f, struct nli_err *err)
{
	(void)err;
	return run(c, o, f, &(struct style){ .first = .8, .least = 1e-10 });
}

const struct nli_crowd_method nli_crowd_onecoin = {
	.name = "onecoin",
	.about = "one-coin Dawid-Skene, class shares learnt",
	.paper = "Dawid, Skene, Applied Statistics 28, 1979; Zhang et al., JMLR 17, 2016",
	.skill = "probability of the right label",
	.objective = "log likelihood",
	.flags = NLI_CROWD_AUTO,
	.max_iter = 100,
	.tol = 1e-5,
	.run = run_onecoin,
};

const struct nli_crowd_method nli_crowd_zc = {
	.name = "zc",
	.about = "one coin a worker, uniform classes, Beta(1,1) prior",
	.paper = "Demartini, Difallah, Cudre-Mauroux, WWW 2012",
	.skill = "probability of the right label",
	.objective = "log likelihood",
	.flags = NLI_CROWD_AUTO,
	.max_iter = 100,
	.tol = 1e-5,
	.run = run_zc,
};

const struct nli_crowd_method nli_crowd_zencrowd = {
	.name = "zencrowd",
	.about = "ZenCrowd with the settings of the VLDB 2017 survey",
	.paper = "Zheng, Li, Li, Shan, Cheng, PVLDB 10(5), 2017",
	.skill = "probability of the right label",
	.objective = "log likelihood",
	.max_iter = 20,
	.tol = 0,
	.run = run_zencrowd,
};
