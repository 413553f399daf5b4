/*
 * audit_explain.c - see audit_parts.h: the features that speak most for a
 * prediction.
 *
 * A feature says w_jc - mean over the other classes of w_jc' for class c, or for an
 * option its weight times the share of the other options that are without it.  The
 * sum over the features of the record is the log-odds of the prediction against the
 * geometric mean of the others; it is told in bits.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/audit_parts.h"

struct said {
	double bits;
	size_t feat; /* place in feats */
};

struct audit_explainer {
	const struct nli_audit *a;
	struct nli_partials *partials;
	struct nli_feats feats, other;
	struct nli_feat_names names;
	double *without; /* (n,) share of the other options that lack the feature */
	struct said *said;
	size_t said_cap, without_cap;
	struct nli_buf out;
};

struct audit_explainer *audit_explainer_new(const struct nli_audit *a)
{
	struct audit_explainer *x = nli_xcalloc(1, sizeof(*x));

	x->a = a;
	x->partials = audit_partials(a);
	nli_partials_names(x->partials, &x->names);
	x->feats.names = &x->names;
	return x;
}

void audit_explainer_free(struct audit_explainer *x)
{
	if (!x)
		return;
	nli_partials_free(x->partials);
	nli_feats_release(&x->feats);
	nli_feats_release(&x->other);
	nli_feat_names_release(&x->names);
	nli_buf_release(&x->out);
	free(x->without);
	free(x->said);
	free(x);
}

static bool holds(const struct nli_feats *f, uint32_t hash)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i] == hash)
			return true;
	return false;
}

static void compare_options(struct audit_explainer *x, const struct nli_record *r,
			    size_t pred)
{
	nli_grow(&x->without, &x->without_cap, x->feats.n + 1, sizeof(*x->without));
	for (size_t i = 0; i < x->feats.n; i++)
		x->without[i] = 1;
	for (size_t o = 0; r->task == NLI_TASK_CHOICE && o < r->n_choice; o++) {
		if (o == pred)
			continue;
		nli_feats_clear(&x->other);
		nli_partial_feats(x->partials, r, x->a->o.input[0], o, &x->other);
		for (size_t i = 0; i < x->feats.n; i++)
			if (holds(&x->other, x->feats.v[i]))
				x->without[i] -= 1.0 / (double)(r->n_choice - 1);
	}
}

/* The strongest first; equal ones as they stand in the text. */
static int by_bits(const void *pa, const void *pb)
{
	const struct said *a = pa, *b = pb;

	if (a->bits < b->bits || a->bits > b->bits)
		return a->bits > b->bits ? -1 : 1;
	return (a->feat > b->feat) - (a->feat < b->feat);
}

static double weight_for(const struct nli_linear *m, const float *w, size_t pred)
{
	double others = 0;

	if (m->n_col == 1)
		return (double)w[0];
	for (size_t c = 0; c < m->n_col; c++)
		others += c == pred ? 0 : (double)w[c];
	return (double)w[pred] - others / (double)(m->n_col - 1);
}

static size_t weigh(struct audit_explainer *x, const struct nli_linear *m, size_t pred)
{
	size_t n = 0;

	nli_grow(&x->said, &x->said_cap, x->feats.n + 1, sizeof(*x->said));
	for (size_t i = 0; i < x->feats.n; i++) {
		const float *w = nli_linear_find(m, x->feats.v[i]);
		const double v = w ? weight_for(m, w, pred) * x->without[i] : 0;

		if (v > 0)
			x->said[n++] = (struct said){ v / 0.69314718055994530942, i };
	}
	if (n)
		qsort(x->said, n, sizeof(*x->said), by_bits);
	return n;
}

struct nli_str audit_explain(struct audit_explainer *x, const struct nli_record *r,
			     const struct nli_linear *m, size_t pred)
{
	struct nli_jw w = { .b = &x->out };
	size_t n;

	nli_buf_clear(&x->out);
	nli_feat_names_clear(&x->names);
	nli_feats_clear(&x->feats);
	nli_partial_feats(x->partials, r, x->a->o.input[0],
			  r->task == NLI_TASK_CHOICE ? pred : 0, &x->feats);
	compare_options(x, r, pred);
	n = weigh(x, m, pred);
	nli_jw_open(&w, '[');
	for (size_t k = 0; k < n && k < x->a->o.explain; k++) {
		const struct nli_str name = nli_feat_name(&x->names, x->said[k].feat);
		const char *tab = memchr(name.s, '\t', name.len);

		nli_jw_open(&w, '{');
		nli_jw_key(&w, "feature");
		nli_jw_str(&w, (struct nli_str){ tab + 1,
						 name.len - (size_t)(tab + 1 - name.s) });
		nli_jw_key(&w, "kind");
		nli_jw_str(&w, (struct nli_str){ name.s, (size_t)(tab - name.s) });
		nli_jw_key(&w, "bits");
		nli_jw_real(&w, x->said[k].bits);
		nli_jw_close(&w, '}');
	}
	nli_jw_close(&w, ']');
	return nli_buf_str(&x->out);
}
