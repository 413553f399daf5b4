/* fit.c - see fit.h. */
#include "lib/crowd/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/methods.h"

/* clang-format off */
const struct nli_crowd_method *const nli_crowd_methods[] = {
	&nli_crowd_mv,
	&nli_crowd_wmv,
	&nli_crowd_wawa,
	&nli_crowd_zbs,
	&nli_crowd_onecoin,
	&nli_crowd_zc,
	&nli_crowd_zencrowd,
	&nli_crowd_ds,
	&nli_crowd_ds_ck,
	&nli_crowd_em,
	&nli_crowd_lfc,
	&nli_crowd_fds,
	&nli_crowd_hybrid,
	&nli_crowd_glad,
	&nli_crowd_mace,
	&nli_crowd_ibcc,
	&nli_crowd_hbcc,
	&nli_crowd_ebcc,
	&nli_crowd_hebcc,
	&nli_crowd_bwa,
	&nli_crowd_pm,
	&nli_crowd_catd,
	&nli_crowd_kos,
	&nli_crowd_minimax,
	&nli_crowd_mmsr,
	&nli_crowd_best_worker,
	&nli_crowd_logit,
	&nli_crowd_wlogit,
	&nli_crowd_snli,
	&nli_crowd_indonli,
};
/* clang-format on */
const size_t nli_crowd_n_method = sizeof(nli_crowd_methods) / sizeof(*nli_crowd_methods);

const struct nli_crowd_method *nli_crowd_method_of(const char *name)
{
	for (size_t i = 0; i < nli_crowd_n_method; i++)
		if (!strcmp(nli_crowd_methods[i]->name, name))
			return nli_crowd_methods[i];
	return NULL;
}

void nli_crowd_fit_init(struct nli_crowd_fit *f, const struct nli_crowd *c,
			bool confusion)
{
	const size_t K = c->n_class;

	f->post = nli_xcalloc(c->n_item * K, sizeof(*f->post));
	f->prior = nli_xcalloc(K, sizeof(*f->prior));
	f->skill = nli_xcalloc(c->n_worker, sizeof(*f->skill));
	if (confusion)
		f->confusion = nli_xcalloc(c->n_worker * K * K, sizeof(*f->confusion));
}

void nli_crowd_fit_release(struct nli_crowd_fit *f)
{
	free(f->post);
	free(f->prior);
	free(f->skill);
	free(f->confusion);
	free(f->easiness);
	free(f->status);
	memset(f, 0, sizeof(*f));
}

struct nli_crowd_opts nli_crowd_defaults(const struct nli_crowd_method *m,
					 const struct nli_crowd_opts *o)
{
	struct nli_crowd_opts d = *o;

	d.jobs = o->jobs ? o->jobs : 1;
	d.max_iter = o->max_iter > 0 ? o->max_iter : m->max_iter;
	d.restarts = o->restarts > 0 ? o->restarts : m->restarts;
	d.tol = o->tol >= 0 ? o->tol : m->tol;
	return d;
}

static bool all_finite(const double *x, size_t n)
{
	for (size_t i = 0; x && i < n; i++)
		if (!isfinite(x[i]))
			return false;
	return true;
}

int nli_crowd_run(const struct nli_crowd_method *m, const struct nli_crowd *c,
		  const struct nli_crowd_opts *o, struct nli_crowd_fit *f,
		  struct nli_err *err)
{
	const struct nli_crowd_opts d = nli_crowd_defaults(m, o);
	const size_t K = c->n_class;
	int rc;

	memset(f, 0, sizeof(*f));
	f->method = m;
	rc = m->run(c, &d, f, err);
	if (!rc &&
	    !(all_finite(f->post, c->n_item * K) && all_finite(f->skill, c->n_worker) &&
	      all_finite(f->confusion, c->n_worker * K * K) && isfinite(f->objective)))
		rc = nli_fail(err, NLI_EDATA, "%s: a result is not a finite number",
			      m->name);
	if (rc)
		nli_crowd_fit_release(f);
	return rc;
}

static double highest(const double *p, uint32_t n_class)
{
	double max = p[0];

	for (uint32_t k = 1; k < n_class; k++)
		max = p[k] > max ? p[k] : max;
	return max;
}

unsigned nli_crowd_ties(const double *p, uint32_t n_class)
{
	const double limit = highest(p, n_class) * (1 - NLI_CROWD_TIE);
	unsigned n = 0;

	for (uint32_t k = 0; k < n_class; k++)
		n += p[k] >= limit;
	return n;
}

uint32_t nli_crowd_best(const struct nli_crowd *c, const double *p, uint32_t i,
			uint64_t seed)
{
	const double limit = highest(p, c->n_class) * (1 - NLI_CROWD_TIE);
	const bool tied = nli_crowd_ties(p, c->n_class) > 1;
	const uint64_t s = tied ? nli_crowd_item_hash(c, i, seed) : 0;
	uint64_t least = UINT64_MAX;
	uint32_t best = 0;

	for (uint32_t k = 0; k < c->n_class; k++) {
		const uint64_t h = tied ? nli_crowd_class_hash(c, k, s) : 0;

		if (p[k] >= limit && h <= least) {
			best = k;
			least = h;
		}
	}
	return best;
}
