/* audit_model.c - see audit_parts.h: models of each kind, and scoring by them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/audit_parts.h"
#include "lib/model/bayes.h"
#include "lib/model/parallel.h"
#include "lib/model/vmath.h"

void audit_see(struct audit_seen *v, double log_prior)
{
	v->pred = 0;
	for (size_t c = 1; c < v->n; c++)
		if (v->logp[c] > v->logp[v->pred])
			v->pred = c;
	if (v->y < 0)
		return;
	v->p = nli_expf(v->logp[v->y]);
	v->pvi = (float)(((double)v->logp[v->y] - log_prior) / 0.69314718055994530942);
}

void audit_weigh(const struct nli_audit *a, struct audit_set *s)
{
	/* In whole billionths, so that the order of the records does not matter. */
	uint64_t n = 0, weight = 0, focal = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct audit_item *it = &s->item[i];
		double miss;

		if (it->y < 0 || (a->test && it->train))
			continue;
		miss = 1 - (double)audit_scored(a, s, &s->result[0], i).p;
		miss = miss > 0 ? miss : 0;
		n++;
		weight += (uint64_t)(miss * 1e9);
		focal += (uint64_t)(pow(miss, a->o.gamma) * 1e9);
	}
	s->weight_mean = weight ? (double)weight * 1e-9 / (double)n : 1;
	s->focal_mean = focal ? (double)focal * 1e-9 / (double)n : 1;
}

struct training {
	const struct nli_problem *p;
	const struct nli_crossfit_opts *o;
	struct audit_result *r;
	float *logp;
	size_t stride;
};

static size_t options(const struct nli_problem *p, size_t i)
{
	return p->item ? p->item[i + 1] - p->item[i] : p->n_class;
}

/* Take the weights of a solver's lanes over. */
static void keep_models(void *ctx, const struct nli_solver *s, size_t first, size_t n)
{
	const struct training *t = ctx;
	const struct nli_rows *rows = t->p->rows;

	for (size_t m = 0; m < n; m++) {
		struct nli_linear *to = &t->r->model[first + m];
		float w[NLI_MAX_CLASS];

		nli_linear_init(to, t->p->n_class ? t->p->n_class : 1, rows->n_feat);
		for (uint32_t j = 0; j < rows->n_feat; j++) {
			for (size_t c = 0; c < to->n_col; c++)
				w[c] = nli_solver_weight(s, m, j, c);
			if (j)
				nli_linear_put(to, rows->hash[j], w);
			else
				nli_linear_constant(to, w);
		}
	}
}

/* Score the rows of an item, which the builder numbered. */
static void score_numbered(const struct training *t, const struct nli_linear *m, size_t i,
			   float *logp)
{
	const struct nli_rows *r = t->p->rows;
	const size_t first = t->p->item ? t->p->item[i] : i;
	const size_t n_row = t->p->item ? options(t->p, i) : 1;
	float z[NLI_MAX_CLASS];
	uint32_t *hash;

	for (size_t o = 0; o < n_row; o++) {
		const size_t at = r->start[first + o] + 1; /* behind the constant */
		const size_t n = r->start[first + o + 1] - at;

		hash = nli_xmalloc(n, sizeof(*hash));
		for (size_t j = 0; j < n; j++)
			hash[j] = r->hash[r->id[at + j]];
		nli_linear_sum(m, hash, n, z);
		free(hash);
		if (t->p->item)
			logp[o] = z[0];
		else
			memcpy(logp, z, t->p->n_class * sizeof(*z));
	}
	nli_log_softmax(logp, options(t->p, i));
}

static void bayes_task(void *ctx, size_t k)
{
	struct training *t = ctx;
	struct nli_linear own = { 0 }, *m = t->r->model ? &t->r->model[k] : &own;

	nli_bayes_fit(t->p, t->o->test ? -1 : (int)k, m);
	for (size_t i = 0; i < t->p->n && !t->o->test; i++)
		if (t->p->fold[i] == k)
			score_numbered(t, m, i, t->logp + i * t->stride);
	nli_linear_release(&own);
}

void audit_train(const struct nli_audit *a, const struct audit_set *s,
		 const struct nli_problem *p, const struct nli_crossfit_opts *o,
		 float *logp, struct audit_result *r)
{
	struct training t = {
		.p = p, .o = o, .r = r, .logp = logp, .stride = s->n_class
	};
	struct nli_crossfit_opts with = *o;

	if (a->test || a->o.explain) {
		r->n_model = a->test ? 1 : o->n_fold;
		r->model = nli_xcalloc(r->n_model, sizeof(*r->model));
	}
	if (a->o.bayes) {
		r->info.n_model = a->test ? 1 : o->n_fold;
		nli_parallel(r->info.n_model, o->jobs, bayes_task, &t);
		return;
	}
	if (r->model) {
		with.models = keep_models;
		with.ctx = &t;
	}
	nli_crossfit(p, &with, logp, s->n_class, &r->info, NULL);
}

void audit_models_free(struct audit_result *r)
{
	for (size_t k = 0; k < r->n_model; k++)
		nli_linear_release(&r->model[k]);
	free(r->model);
	r->model = NULL;
	r->n_model = 0;
}

/* Stretches of items, for threads. */
enum { STRETCH = 4096 };

struct scoring {
	const struct audit_set *s;
	const bool *keep;
	const struct audit_raw *raw;
	struct audit_result *r;
};

static void score_stretch(void *ctx, size_t part)
{
	const struct scoring *g = ctx;
	const struct audit_set *s = g->s;
	const size_t end = (part + 1) * STRETCH < s->n ? (part + 1) * STRETCH : s->n;

	for (size_t i = part * STRETCH; i < end; i++) {
		const struct audit_item *it = &s->item[i];
		float *logp = g->r->logp + i * s->n_class, z[NLI_MAX_CLASS];

		if (it->train || (g->keep && !g->keep[i]))
			continue;
		for (size_t o = 0; o < it->n_opt; o++) {
			const size_t row = it->at + o;
			const size_t from = row ? g->raw->end[row - 1] : 0;
			const size_t n = g->raw->end[row] - from;

			nli_linear_sum(&g->r->model[0], g->raw->hash + from, n, z);
			if (audit_is_choice(s))
				logp[o] = z[0];
			else
				memcpy(logp, z, s->n_class * sizeof(*z));
		}
		nli_log_softmax(logp, audit_is_choice(s) ? it->n_opt : s->n_class);
	}
}

void audit_score_others(const struct nli_audit *a, const struct audit_set *s,
			const bool *keep, size_t input, struct audit_result *r)
{
	struct scoring g = { .s = s, .keep = keep, .raw = &s->raw[input], .r = r };

	nli_parallel((s->n + STRETCH - 1) / STRETCH, a->o.fit.jobs, score_stretch, &g);
}
