/*
 * sec_learn.c - how much data an artifact takes: learning curves, codelength, and
 * the audits that were run anew inside each stratum.
 */
#include <math.h>
#include <stdlib.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

/* Fewer scored records than this leave an interval that is most of the axis. */
enum { MOST_CURVES = 4, LEAST_SCORED = 30, MOST_BARS = 24 };

static const nli_jval *inputs_of(struct nli_dossier *a)
{
	return nli_jget(nli_dossier_audit(a, 0), "inputs");
}

static const char *baseline_key(const nli_jval *v)
{
	return nli_str_is(nli_jstr(nli_jget(v, "gain_over")), "chance") ? "chance"
									: "majority";
}

static struct nli_chart *curves(struct nli_doc *d, struct nli_section *s)
{
	struct nli_chart *c = nli_doc_chart(
		d, s, "learning", NLI_CHART_LINES,
		NLI_STR("How many records it takes to learn the artifact"),
		NLI_STR("A model trained on the records so far, scored on the next ones, "
			"which it has not seen; 95% intervals. A curve that is high from "
			"the start is a cue that anyone finds; one that still rises "
			"would "
			"be higher with more data."));

	c->x = (struct nli_axis){ "records trained on", INFINITY, 0, true, false };
	c->y = (struct nli_axis){ "right on the next ones", 0, 0, false, true };
	return c;
}

static void add_point(struct nli_doc *d, struct nli_chart *c, struct nli_str input,
		      const nli_jval *v)
{
	const double trained = nli_dossier_number(v, "trained"),
		     n = nli_dossier_number(v, "n"),
		     accuracy = nli_dossier_number(v, "accuracy");
	struct nli_mark *m;

	if (!(trained >= 1) || !(n >= LEAST_SCORED) || !isfinite(accuracy))
		return;
	m = nli_chart_add(c);
	m->series = c->n_series;
	m->x = trained;
	m->y = accuracy;
	m->lo = nli_dossier_number(v, "accuracy_lo");
	m->hi = nli_dossier_number(v, "accuracy_hi");
	m->tip = nli_doc_fmt(d, "%.*s, trained on %s: %s right (%s) of the next %s",
			     (int)input.len, input.s, nli_doc_count(d, trained),
			     nli_doc_share(d, accuracy),
			     nli_doc_interval(d, m->lo, m->hi), nli_doc_count(d, n));
	c->x.lo = fmin(c->x.lo, trained);
	c->x.hi = fmax(c->x.hi, trained);
	c->y.hi = fmax(c->y.hi, isfinite(m->hi) ? m->hi : accuracy);
}

/* The commonest label, or chance, as a line across the chart. */
static void add_baseline(struct nli_doc *d, struct nli_chart *c, const nli_jval *first)
{
	const char *key = baseline_key(first);
	const double v = nli_dossier_number(first, key);
	double *x = nli_arena_alloc(&d->arena, 4 * sizeof(*x));

	if (!isfinite(v))
		return;
	x[0] = c->x.lo;
	x[1] = c->x.hi;
	x[2] = x[3] = v;
	c->curve[0] = (struct nli_curve){ key[0] == 'c' ? "chance" : "commonest label", x,
					  x + 2, 2 };
	c->n_curve = 1;
}

static void draw_curves(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_chart *c = NULL;
	const nli_jval *first = NULL;

	for (struct nli_jiter it = nli_jiter(inputs_of(a)); nli_jnext(&it);) {
		const nli_jval *curve = nli_jget(it.val, "learning_curve");
		const struct nli_str input = nli_doc_clean(d, it.key, NLI_CLEAN_VALUE);
		const size_t before = c ? c->n : 0;

		if (!nli_jlen(curve) || (c && c->n_series == MOST_CURVES))
			continue;
		if (!c) {
			c = curves(d, s);
			first = it.val;
		}
		for (struct nli_jiter p = nli_jiter(curve); nli_jnext(&p);)
			add_point(d, c, input, p.val);
		if (c->n > before)
			c->series[c->n_series++] = input;
	}
	if (!c || !c->n)
		return;
	c->x.lo *= 0.8;
	c->x.hi *= 1.2;
	c->y.hi = fmin(1, ceil((c->y.hi + 0.02) * 10) / 10);
	add_baseline(d, c, first);
}

static void list_codes(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_table *t = nli_doc_table(d, s, "codelength",
					    "Bits to send the labels, given the input");

	nli_table_column(t, "input", "input", NLI_CELL_TEXT, "what the model is shown");
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, "labels sent");
	nli_table_column(t, "uniform", "without a model", NLI_CELL_REAL,
			 "bits if every label is taken to be as likely");
	nli_table_column(
		t, "codelength", "with it", NLI_CELL_REAL,
		"prequential code: each block is sent by a model of those before");
	nli_table_column(t, "bits", "bits a label", NLI_CELL_REAL, NULL);
	nli_table_column(t, "compression", "compression", NLI_CELL_REAL,
			 "without, divided by with; at most 1: nothing gained");
	for (struct nli_jiter it = nli_jiter(inputs_of(a)); nli_jnext(&it);) {
		const nli_jval *m = nli_jget(it.val, "mdl");
		const double n = nli_dossier_number(m, "n"),
			     bits = nli_dossier_number(m, "codelength");

		if (!(n >= 1) || !isfinite(bits))
			continue;
		nli_table_text(t, nli_doc_clean(d, it.key, NLI_CLEAN_VALUE));
		nli_table_number(t, n);
		nli_table_number(t, nli_dossier_number(m, "uniform"));
		nli_table_number(t, bits);
		nli_table_number(t, bits / n);
		nli_table_number(t, nli_dossier_number(m, "compression"));
	}
	t->note = "Minimum description length by the online code of Voita and Titov "
		  "(2020): it pays for what the model has to learn, so a compression "
		  "above 1 is an artifact that is learnt faster than it costs. One run, "
		  "no interval.";
}

static bool has(const nli_jval *inputs, const char *what)
{
	for (struct nli_jiter it = nli_jiter(inputs); nli_jnext(&it);)
		if (nli_jlen(nli_jget(it.val, what)))
			return true;
	return false;
}

void nli_sec_learning(struct nli_dossier *a, struct nli_doc *d)
{
	const nli_jval *inputs = inputs_of(a);
	struct nli_section *s;

	if (!has(inputs, "learning_curve") && !has(inputs, "mdl"))
		return;
	s = nli_doc_section(d, "learning", "How easily it is learnt");
	s->lead = NLI_STR("An artifact that a few hundred records teach is in the way of "
			  "every model trained on them.");
	draw_curves(a, d, s);
	list_codes(a, d, s);
}

/* A stratum's own audit: models trained and scored inside it. */
static void list_inside(struct nli_doc *d, struct nli_table *t, struct nli_str field,
			struct nli_str value, struct nli_str input, const nli_jval *v)
{
	nli_table_text(t, field);
	nli_table_text(t, value);
	nli_table_text(t, input);
	nli_table_number(t, nli_dossier_number(v, "n"));
	nli_table_number(t, nli_dossier_number(v, baseline_key(v)));
	nli_table_range(t, nli_dossier_number(v, "accuracy"),
			nli_dossier_number(v, "accuracy_lo"),
			nli_dossier_number(v, "accuracy_hi"));
	nli_table_range(t, nli_dossier_number(v, "gain"),
			nli_dossier_number(v, "gain_lo"),
			nli_dossier_number(v, "gain_hi"));
	nli_table_text(t, nli_sec_text(d, nli_jget(v, "verdict")));
}

static void list_field(struct nli_doc *d, struct nli_table *t, struct nli_str field,
		       const nli_jval *values)
{
	for (struct nli_jiter v = nli_jiter(values); nli_jnext(&v);) {
		const struct nli_str value = nli_doc_clean(d, v.key, NLI_CLEAN_VALUE);
		const nli_jval *why = nli_jget(v.val, "why");

		for (struct nli_jiter i = nli_jiter(v.val); !why && nli_jnext(&i);)
			if (nli_jtype(i.val) == NLI_J_OBJECT)
				list_inside(d, t, field, value,
					    nli_doc_clean(d, i.key, NLI_CLEAN_VALUE),
					    i.val);
		if (!why)
			continue;
		nli_table_text(t, field);
		nli_table_text(t, value);
		nli_table_text(t, NLI_STR(""));
		nli_table_number(t, nli_dossier_number(v.val, "n"));
		for (int k = 0; k < 3; k++)
			nli_table_number(t, NAN);
		nli_table_text(t, nli_sec_text(d, why));
	}
}

static void add_bar(struct nli_doc *d, struct nli_chart *c, struct nli_str value,
		    const nli_jval *v)
{
	struct nli_mark *m = nli_chart_add(c);

	m->row = c->n_row;
	c->row[c->n_row++] = value;
	m->x = nli_dossier_number(v, "accuracy");
	m->lo = nli_dossier_number(v, "accuracy_lo");
	m->hi = nli_dossier_number(v, "accuracy_hi");
	m->ref = nli_dossier_number(v, baseline_key(v));
	m->text = nli_str_of(nli_doc_share(d, m->x));
	m->tip = nli_doc_fmt(d, "%.*s: %s right (%s), baseline %s, n = %s",
			     (int)value.len, value.s, nli_doc_share(d, m->x),
			     nli_doc_interval(d, m->lo, m->hi), nli_doc_share(d, m->ref),
			     nli_doc_count(d, nli_dossier_number(v, "n")));
}

/* The first input of each value. */
static void draw_field(struct nli_doc *d, struct nli_section *s, struct nli_str field,
		       size_t number, const nli_jval *values)
{
	const size_t n = nli_jlen(values);
	struct nli_chart *c;

	if (n < 2 || n > MOST_BARS)
		return;
	c = nli_doc_chart(
		d, s, nli_doc_fmt(d, "inside-%zu", number).s, NLI_CHART_BARS,
		nli_doc_fmt(d, "Trained and scored inside each %.*s", (int)field.len,
			    field.s),
		NLI_STR("Cross-fitted inside each value alone, with 95% intervals; the "
			"stroke is the baseline there. Fewer records teach less: small "
			"strata look cleaner than they are."));
	c->row = nli_arena_alloc(&d->arena, n * sizeof(*c->row));
	c->x = (struct nli_axis){ "accuracy", 0, 1, false, true };
	c->ref_name = "baseline there";
	for (struct nli_jiter v = nli_jiter(values); nli_jnext(&v);) {
		struct nli_jiter i = nli_jiter(v.val);

		if (nli_jnext(&i) && isfinite(nli_dossier_number(i.val, "accuracy")))
			add_bar(d, c, nli_doc_clean(d, v.key, NLI_CLEAN_VALUE), i.val);
	}
}

void nli_sec_inside(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	const nli_jval *by = nli_jget(nli_dossier_audit(a, 0), "by");
	struct nli_table *t;
	size_t number = 0;

	for (struct nli_jiter f = nli_jiter(by); nli_jnext(&f);)
		draw_field(d, s, nli_doc_clean(d, f.key, NLI_CLEAN_VALUE), number++,
			   f.val);
	t = nli_doc_table(d, s, "inside", "Audits inside each stratum");
	nli_table_column(t, "field", "field", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "value", "value", NLI_CELL_TEXT, NULL);
	t->column[1].corpus = true;
	nli_table_column(t, "input", "input", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "majority", "baseline", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "accuracy", "accuracy", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "gain", "gain", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "verdict", "evidence", NLI_CELL_TEXT, NULL);
	for (struct nli_jiter f = nli_jiter(by); nli_jnext(&f);)
		list_field(d, t, nli_doc_clean(d, f.key, NLI_CLEAN_VALUE), f.val);
	t->note = "Models trained and scored inside the stratum alone, unlike those "
		  "above; intervals as nli-hyponly gives them.";
}
