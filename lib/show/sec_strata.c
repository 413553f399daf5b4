/* sec_strata.c - the same model inside each genre, strategy, annotator, language. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/stats.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"

/* Right and all scored records of (dim, value), and those of the commonest label. */
static void count_blind(const struct nli_tally *t, size_t dim, size_t value, uint64_t *n,
			uint64_t *right, uint64_t *common)
{
	size_t n_label;
	size_t *label = nli_tally_values(t, NLI_DIM_LABEL, &n_label);

	*n = *right = *common = 0;
	for (size_t i = 0; i + 1 < n_label; i++) {
		const uint64_t r = nli_tally_get(t, NLI_COUNT_STRATUM, dim, value,
						 label[i], NLI_BLIND_RIGHT);
		const uint64_t w = nli_tally_get(t, NLI_COUNT_STRATUM, dim, value,
						 label[i], NLI_BLIND_WRONG);

		*n += r + w;
		*right += r;
		if (r + w > *common)
			*common = r + w;
	}
	free(label);
}

struct stratum {
	size_t dim, value;
	uint64_t n, right, common;
	double base; /* what is had without looking: the commonest label, or chance */
	struct nli_interval ci;
};

enum { LEAST_IN_STRATUM = 20, MOST_DRAWN = 12, MOST_FIELDS = 6 };

/* Of choices the places are no labels that could be common: NAN if there is no chance. */
static double chance_of(const struct nli_dossier *a)
{
	struct nli_jiter it = nli_jiter(nli_jget(nli_dossier_audit(a, 0), "inputs"));

	return nli_jnext(&it) && nli_str_is(nli_jstr(nli_jget(it.val, "gain_over")),
					    "chance")
		       ? nli_dossier_number(it.val, "chance")
		       : NAN;
}

static size_t strata_of(const struct nli_tally *t, size_t dim, double chance,
			struct stratum *out)
{
	size_t n, k = 0;
	size_t *value = nli_tally_values(t, dim, &n);

	for (size_t i = 0; i + 1 < n; i++) {
		struct stratum s = { .dim = dim, .value = value[i] };

		count_blind(t, dim, value[i], &s.n, &s.right, &s.common);
		if (s.n < LEAST_IN_STRATUM)
			continue;
		s.ci = nli_wilson(s.right, s.n, 0.95);
		s.base = isfinite(chance) ? chance : (double)s.common / (double)s.n;
		out[k++] = s;
	}
	free(value);
	return k;
}

static int by_size(const void *x, const void *y)
{
	const struct stratum *a = x, *b = y;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return (a->value > b->value) - (a->value < b->value);
}

/* v: (n,); of many, the MOST_DRAWN largest. */
static void draw_strata(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s,
			struct stratum *v, size_t n)
{
	const char *name =
		nli_doc_clean(d, a->tally->field[v->dim].name, NLI_CLEAN_VALUE).s;
	struct nli_chart *c = nli_doc_chart(
		d, s, nli_doc_fmt(d, "by-%zu", v->dim).s, NLI_CHART_BARS,
		n > MOST_DRAWN ? nli_doc_fmt(d,
					     "Right without the premise, by %s: the %d "
					     "largest of %zu",
					     name, MOST_DRAWN, n)
			       : nli_doc_fmt(d, "Right without the premise, by %s", name),
		NLI_STR("Accuracy of the same cross-fitted model inside each value, with "
			"95% "
			"intervals; the stroke is the commonest label there, of choices "
			"chance."));

	if (n > MOST_DRAWN) {
		qsort(v, n, sizeof(*v), by_size);
		n = MOST_DRAWN;
	}
	c->row = nli_arena_alloc(&d->arena, n * sizeof(*c->row));
	c->n_row = n;
	c->x = (struct nli_axis){ "accuracy", 0, 1, false, true };
	c->ref_name = "baseline there";
	for (size_t i = 0; i < n; i++) {
		struct nli_mark *m = nli_chart_add(c);
		const double all = (double)v[i].n;

		c->row[i] = nli_sec_name(d, a->tally, v[i].dim, v[i].value);
		m->row = i;
		m->series = 0;
		m->x = (double)v[i].right / all;
		m->lo = v[i].ci.lo;
		m->hi = v[i].ci.hi;
		m->ref = v[i].base;
		m->text = nli_str_of(nli_doc_share(d, m->x));
		m->tip = nli_doc_fmt(d, "%s: %s right, baseline %s, n = %s", c->row[i].s,
				     nli_doc_share(d, m->x), nli_doc_share(d, m->ref),
				     nli_doc_count(d, all));
	}
	nli_sec_fit_axis(c);
}

static int by_gain(const void *x, const void *y)
{
	const struct stratum *a = x, *b = y;
	const double g = (double)a->right / (double)a->n - a->base;
	const double h = (double)b->right / (double)b->n - b->base;

	if (g != h)
		return g > h ? -1 : 1;
	return a->dim != b->dim ? (a->dim > b->dim) - (a->dim < b->dim)
				: (a->value > b->value) - (a->value < b->value);
}

static void list_strata(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s,
			struct stratum *v, size_t n)
{
	struct nli_table *t =
		nli_doc_table(d, s, "strata", "The same model inside each stratum");

	nli_table_column(t, "field", "field", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "value", "value", NLI_CELL_TEXT, NULL);
	t->column[1].corpus = true;
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "majority", "baseline", NLI_CELL_SHARE,
			 "share of the commonest label there; of choices, chance");
	nli_table_column(t, "accuracy", "accuracy", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "gain", "gain", NLI_CELL_SHARE, "accuracy less baseline");
	t->brief = 5;
	qsort(v, n, sizeof(*v), by_gain);
	for (size_t i = 0; i < n; i++) {
		const double all = (double)v[i].n, m = v[i].base;

		nli_table_text(t, nli_doc_clean(d, a->tally->field[v[i].dim].name,
						NLI_CLEAN_VALUE));
		nli_table_text(t, nli_sec_name(d, a->tally, v[i].dim, v[i].value));
		nli_table_number(t, all);
		nli_table_number(t, m);
		nli_table_range(t, (double)v[i].right / all, v[i].ci.lo, v[i].ci.hi);
		nli_table_range(t, (double)v[i].right / all - m, v[i].ci.lo - m,
				v[i].ci.hi - m);
	}
	t->note = "Strata of at least 20 scored records, the largest gain first. "
		  "Intervals are "
		  "Wilson's and take records as independent.";
}

/* A field whose values hardly have but one label each is the label by another name. */
static bool is_label(const struct stratum *v, size_t n)
{
	uint64_t all = 0, common = 0;

	for (size_t i = 0; i < n; i++) {
		all += v[i].n;
		common += v[i].common;
	}
	return (double)common > 0.85 * (double)all;
}

static struct nli_section *open_section(struct nli_doc *d)
{
	struct nli_section *s = nli_doc_section(d, "strata", "Where it is strong");

	s->lead = NLI_STR("An artifact belongs to whoever wrote it: a genre, a "
			  "strategy, an annotator, a language. The mean hides that.");
	return s;
}

/* Fields of one value say nothing. */
void nli_sec_strata(struct nli_dossier *a, struct nli_doc *d)
{
	struct stratum *all = NULL, *here;
	size_t n = 0, cap = 0, drawn = 0;
	struct nli_section *s = NULL;
	const double chance = chance_of(a);

	here = nli_xcalloc(256, sizeof(*here));
	for (size_t dim = 0; a->tally->scored && dim < a->tally->n_field; dim++) {
		size_t k;

		if (dim >= NLI_DIM_TASK && dim < NLI_DIM_FIXED)
			continue;
		k = strata_of(a->tally, dim, chance, here);
		if (k < 2)
			continue;
		if (!s)
			s = open_section(d);
		nli_grow(&all, &cap, n + k, sizeof(*all));
		memcpy(all + n, here, k * sizeof(*all));
		n += k;
		if (drawn < MOST_FIELDS && !is_label(here, k)) {
			draw_strata(a, d, s, here, k);
			drawn++;
		}
	}
	if (s)
		list_strata(a, d, s, all, n);
	free(here);
	free(all);
	if (nli_jlen(nli_jget(nli_dossier_audit(a, 0), "by")))
		nli_sec_inside(a, d, s ? s : open_section(d));
}
