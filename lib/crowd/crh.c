/*
 * crh.c - conflict resolution: hard truths, weights from errors, in turn.
 *
 *	PM / CRH   w_j = -log(err_j / max err)       (Li et al., SIGMOD 2014)
 *	CATD       w_j = chi2(alpha/2; n_j) / err_j, alpha = .05, scaled to sum 1
 *	                                            (Li et al., PVLDB 8(4), 2014)
 *
 * with err_j the number of labels that differ from the current truth.  chi2 is the
 * lower quantile: err_j / chi2(alpha/2; n_j) is the upper end of the interval of
 * the worker's error variance (their eq. 5), so that who gave few labels weighs
 * less.  The guards are those of the VLDB 2017 code: PM 1e-8 for no error,
 * log(x + 1e-7) and + 1e-7; CATD err + 1e-9, and above 30 labels the Fisher
 * approximation chi2 = (z + sqrt(2n - 1))^2 / 2, z the normal quantile, at or below
 * it the table (two decimals there, exact here).  Ties are drawn, as in the survey, but
 * by hash of seed, item and class, so that they stay the same from turn to turn.
 */
#include <math.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"
#include "lib/model/special.h"

static const double ALPHA = .05;

static void pm_weights(uint32_t n_worker, const double *err, double *w)
{
	double max = 1e-8;

	for (uint32_t j = 0; j < n_worker; j++)
		max = err[j] > max ? err[j] : max;
	for (uint32_t j = 0; j < n_worker; j++)
		w[j] = -log((err[j] > 1e-8 ? err[j] : 1e-8) / max + 1e-7) + 1e-7;
}

/* The alpha/2 quantile for n degrees of freedom, by bisection: P(n/2, x/2) = .025. */
static double chi2_quantile(double n)
{
	double lo = 0, hi = n + 20 * sqrt(2 * n) + 50;

	while (hi - lo > 1e-13 * hi) {
		const double mid = lo + (hi - lo) / 2;

		if (nli_gamma_p(n / 2, mid / 2) < ALPHA / 2)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static double chi2_lower(double n)
{
	const double s = nli_norm_quantile(ALPHA / 2) + sqrt(2 * n - 1);

	return n > 30 ? s * s / 2 : chi2_quantile(n);
}

static void catd_weights(uint32_t n_worker, const double *err, const double *chi2,
			 double *w)
{
	double sum = 0;

	for (uint32_t j = 0; j < n_worker; j++) {
		w[j] = chi2[j] / (fmax(err[j], 0) + 1e-9);
		sum += w[j];
	}
	for (uint32_t j = 0; j < n_worker; j++)
		w[j] /= sum;
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, bool catd)
{
	double *n = nli_crowd_worker_weight(c);
	double *chi2 = nli_xcalloc(c->n_worker, sizeof(*chi2));
	double *agree = nli_xcalloc(c->n_worker, sizeof(*agree));
	struct nli_votes v = { .c = c,
			       .jobs = o->jobs,
			       .mode = NLI_VOTE_SHARE,
			       .agree = agree,
			       .hard = NLI_HARD_DRAWN,
			       .seed = o->seed };

	nli_crowd_fit_init(f, c, false);
	v.post = f->post;
	for (uint32_t j = 0; catd && j < c->n_worker; j++)
		chi2[j] = n[j] >= .5 ? chi2_lower(n[j]) : 0;
	nli_votes_pass(&v);
	v.weight = f->skill;
	for (int it = 1; it <= o->max_iter && !f->converged; it++) {
		for (uint32_t j = 0; j < c->n_worker; j++)
			agree[j] = n[j] - agree[j]; /* errors from here on */
		if (catd)
			catd_weights(c->n_worker, agree, chi2, f->skill);
		else
			pm_weights(c->n_worker, agree, f->skill);
		nli_votes_pass(&v);
		f->iterations = it;
		f->converged = v.change <= o->tol;
	}
	nli_votes_release(&v);
	free(n);
	free(chi2);
	free(agree);
	return 0;
}

static int run_pm(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		  struct nli_crowd_fit *f, struct nli_err *err)
{
	(void)err;
	return run(c, o, f, false);
}

static int run_catd(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		    struct nli_crowd_fit *f, struct nli_err *err)
{
	(void)err;
	return run(c, o, f, true);
}

const struct nli_crowd_method nli_crowd_pm = {
	.name = "pm",
	.about = "PM (CRH): weight = -log of the share of errors",
	.paper = "Li, Li, Gao, Zhao, Fan, Han, SIGMOD 2014",
	.skill = "weight, higher is better",
	.flags = NLI_CROWD_VOTES | NLI_CROWD_RANDOM,
	.max_iter = 10,
	.tol = 0,
	.run = run_pm,
};

const struct nli_crowd_method nli_crowd_catd = {
	.name = "catd",
	.about = "CATD: weight = lower chi-square quantile over errors",
	.paper = "Li, Li, Gao, Su, Zhao, Demirbas, Fan, Han, PVLDB 8(4), 2014",
	.skill = "weight, higher is better",
	.flags = NLI_CROWD_VOTES | NLI_CROWD_RANDOM,
	.max_iter = 100,
	.tol = 0,
	.run = run_catd,
};
