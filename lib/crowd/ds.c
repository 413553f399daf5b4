/*
 * ds.c - Dawid and Skene's model: a confusion matrix a worker, by EM.
 *
 *	E:  q_i(k) is proportional to p_k prod_j pi_j[k][l_ij]         (2.5)
 *	M:  pi_j[k][l] = (e + sum_i q_i(k) 1[l_ij = l]) / norm,        (2.3)
 *	    p_k = mean_i q_i(k)                                        (2.4)
 *
 * (equation numbers of A. P. Dawid, A. M. Skene, Applied Statistics 28, 1979),
 * all in logarithms.  Settings:
 *
 *	ds      begins with the shares of the votes, e = .01 pseudo-labels a cell;
 *	ds-ck   crowd-kit's: cells of less than 1e-10 count as 1e-10, no e;
 *	em      the VLDB 2017 survey's: begins with .7 on the diagonal and uniform
 *	        classes, no smoothing, a row without mass stays at .7, 20 iterations;
 *	lfc     Raykar et al., JMLR 11, 2010 as the survey ran it: as em, but
 *	        begins with the shares of the votes;
 *	fds     Fast-DS (Sinha, Rao, Balasubramanian, 2018): the posterior is
 *	        replaced by its maximum (ties shared);
 *	hybrid  fds until it stops, then ds from there.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

struct style {
	bool diagonal; /* begin with matrices of .7, not with votes */
	double e;      /* pseudo-labels a cell */
	double clip;   /* cells of less count as this */
	bool hard, then_soft;
};

static const double FIRST_RIGHT = .7;

static double first_cell(uint32_t K, uint32_t k, uint32_t l)
{
	return k == l ? FIRST_RIGHT : (1 - FIRST_RIGHT) / (K > 1 ? K - 1 : 1);
}

static void diagonal_start(struct nli_em *em)
{
	const uint32_t K = em->c->n_class;

	for (size_t j = 0; j < em->c->n_worker; j++)
		for (uint32_t l = 0; l < K; l++)
			for (uint32_t k = 0; k < K; k++)
				em->table[(j * K + l) * K + k] = log(first_cell(K, k, l));
	for (uint32_t k = 0; k < K; k++)
		em->log_prior[k] = -log(K);
}

/* Below every product of probabilities that arises, and still finite in a sum. */
static const double LOG_ZERO = -1e5;

static double safe_log(double x)
{
	return x > 0 ? log(x) : LOG_ZERO;
}

/* One worker's matrix from its expected counts; both [said][true]. */
static void m_worker(const struct nli_em *em, const struct style *s, size_t j)
{
	const uint32_t K = em->c->n_class;
	const double *n = em->count + j * K * K;
	double *t = em->table + j * K * K;

	for (uint32_t k = 0; k < K; k++) {
		double sum = 0;

		for (uint32_t l = 0; l < K; l++)
			sum += fmax(n[l * K + k] + s->e, s->clip);
		for (uint32_t l = 0; l < K; l++)
			t[l * K + k] =
				sum > 0 ? safe_log(fmax(n[l * K + k] + s->e, s->clip) /
						   sum)
					: log(first_cell(K, k, l));
	}
}

static void m_step(struct nli_em *em, const struct style *s)
{
	for (size_t j = 0; j < em->c->n_worker; j++)
		m_worker(em, s, j);
	for (uint32_t k = 0; k < em->n_state; k++)
		em->log_prior[k] = safe_log(em->state_count[k] / em->c->n_item);
}

static void iterate(struct nli_em *em, const struct style *s, enum nli_em_mode mode,
		    const struct nli_crowd_opts *o, struct nli_crowd_fit *f)
{
	f->converged = false;
	while (f->iterations < o->max_iter && !f->converged) {
		nli_em_pass(em, mode);
		m_step(em, s);
		f->iterations++;
		f->objective = em->loglik;
		f->converged = em->change <= o->tol;
	}
}

/* The chance of being right on an item drawn at random: sum_k p_k pi[k][k]. */
static void skills(const struct nli_crowd *c, struct nli_crowd_fit *f)
{
	const uint32_t K = c->n_class;

	for (size_t j = 0; j < c->n_worker; j++)
		for (uint32_t k = 0; k < K; k++)
			f->skill[j] += f->prior[k] * f->confusion[(j * K + k) * K + k];
}

static int run(const struct nli_crowd *c, const struct nli_crowd_opts *o,
	       struct nli_crowd_fit *f, struct style s, struct nli_err *err)
{
	struct nli_em em;
	int rc;

	s.e = o->smooth >= 0 ? o->smooth : s.e;
	nli_crowd_fit_init(f, c, true);
	rc = nli_em_init(&em, c, o->jobs, 1, f->post, err);
	if (rc)
		return rc;
	if (s.diagonal) {
		diagonal_start(&em);
	} else {
		nli_em_pass(&em, NLI_EM_GIVEN);
		m_step(&em, &s);
	}
	if (s.hard)
		iterate(&em, &s, NLI_EM_HARD, o, f);
	if (!s.hard || s.then_soft)
		iterate(&em, &s, NLI_EM_SOFT, o, f);
	nli_em_confusion(&em, f->confusion);
	for (uint32_t k = 0; k < c->n_class; k++)
		f->prior[k] = exp(em.log_prior[k]);
	skills(c, f);
	nli_em_release(&em);
	return 0;
}

static int run_ds(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		  struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, (struct style){ .e = .01 }, err);
}

static int run_ds_ck(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		     struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, (struct style){ .clip = 1e-10 }, err);
}

static int run_em(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		  struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, (struct style){ .diagonal = true }, err);
}

static int run_lfc(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, (struct style){ .e = 0 }, err);
}

static int run_fds(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, (struct style){ .e = .01, .hard = true }, err);
}

static int run_hybrid(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		      struct nli_crowd_fit *f, struct nli_err *err)
{
	return run(c, o, f, (struct style){ .e = .01, .hard = true, .then_soft = true },
		   err);
}

#define DS_SKILL "probability of the right label"
#define DS_PAPER "Dawid, Skene, Applied Statistics 28, 1979"

const struct nli_crowd_method nli_crowd_ds = {
	.name = "ds",
	.about = "Dawid-Skene by EM, .01 pseudo-labels a cell",
	.paper = DS_PAPER,
	.skill = DS_SKILL,
	.objective = "log likelihood",
	.flags = NLI_CROWD_AUTO,
	.max_iter = 60,
	.tol = 1e-4,
	.run = run_ds,
};

const struct nli_crowd_method nli_crowd_ds_ck = {
	.name = "ds-ck",
	.about = "Dawid-Skene with crowd-kit's settings",
	.paper = DS_PAPER,
	.skill = DS_SKILL,
	.objective = "log likelihood",
	.max_iter = 100,
	.tol = 1e-4,
	.run = run_ds_ck,
};

const struct nli_crowd_method nli_crowd_em = {
	.name = "em",
	.about = "Dawid-Skene with the settings of the VLDB 2017 survey",
	.paper = "Zheng, Li, Li, Shan, Cheng, PVLDB 10(5), 2017",
	.skill = DS_SKILL,
	.objective = "log likelihood",
	.max_iter = 20,
	.tol = 0,
	.run = run_em,
};

const struct nli_crowd_method nli_crowd_lfc = {
	.name = "lfc",
	.about = "learning from crowds, without smoothing, as the survey ran it",
	.paper = "Raykar et al., JMLR 11, 2010",
	.skill = DS_SKILL,
	.objective = "log likelihood",
	.max_iter = 20,
	.tol = 0,
	.run = run_lfc,
};

const struct nli_crowd_method nli_crowd_fds = {
	.name = "fds",
	.about = "Fast-DS: Dawid-Skene with hard assignments",
	.paper = "Sinha, Rao, Balasubramanian, arXiv 1803.02781, 2018",
	.skill = DS_SKILL,
	.objective = "log likelihood",
	.max_iter = 100,
	.tol = 1e-4,
	.run = run_fds,
};

const struct nli_crowd_method nli_crowd_hybrid = {
	.name = "hybrid",
	.about = "Fast-DS until it stops, then Dawid-Skene",
	.paper = "Sinha, Rao, Balasubramanian, arXiv 1803.02781, 2018",
	.skill = DS_SKILL,
	.objective = "log likelihood",
	.max_iter = 100,
	.tol = 1e-4,
	.run = run_hybrid,
};
