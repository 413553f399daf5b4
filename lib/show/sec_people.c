/* sec_people.c - the annotators: agreement, what was inferred, who can be trusted. */
#include <math.h>
#include <stdlib.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

enum { MOST_WORKERS = 200, BINS = 20 };

static int by_accuracy(const void *x, const void *y)
{
	const struct nli_worker *a = x, *b = y;

	if (a->accuracy != b->accuracy)
		return a->accuracy > b->accuracy ? -1 : 1;
	return nli_str_cmp(a->name, b->name);
}

static void draw_workers(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_chart *c;

	if (a->n_worker > 24) {
		c = nli_doc_chart(d, s, "workers", NLI_CHART_PLOT,
				  NLI_STR("Annotators: how many labels, how many right"),
				  NLI_STR("A dot is an annotator; right is measured "
					  "against the inferred "
					  "labels."));
		c->x = (struct nli_axis){ "labels given", 1, 10, true, false };
		c->y = (struct nli_axis){ "right", 0, 1, false, true };
	} else {
		c = nli_doc_chart(d, s, "workers", NLI_CHART_BARS,
				  NLI_STR("Annotators: how often each agrees with the "
					  "inferred label"),
				  NLI_STR("With 95% intervals."));
		c->x = (struct nli_axis){ "right", 0, 1, false, true };
		c->row = nli_arena_alloc(&d->arena, a->n_worker * sizeof(*c->row));
	}
	for (size_t i = 0; i < a->n_worker; i++) {
		const struct nli_worker *w = &a->worker[i];
		const bool bars = c->kind == NLI_CHART_BARS;
		struct nli_mark *m;

		if (!isfinite(w->accuracy) || !(w->n >= 1))
			continue;
		m = nli_chart_add(c);
		m->row = c->n_row;
		if (bars)
			c->row[c->n_row++] =
				w->flags.len ? nli_doc_fmt(d, "%.*s (flagged)",
							   (int)w->name.len, w->name.s)
					     : w->name;
		m->x = bars ? w->accuracy : w->n;
		m->y = w->accuracy;
		m->lo = w->lo;
		m->hi = w->hi;
		m->series = w->flags.len ? 2 : 0;
		m->text = bars ? nli_str_of(nli_doc_share(d, w->accuracy)) : w->name;
		m->named = w->flags.len > 0;
		m->tip = nli_doc_fmt(d, "%.*s: %s right of %s%s%.*s", (int)w->name.len,
				     w->name.s, nli_doc_share(d, w->accuracy),
				     nli_doc_count(d, w->n), w->flags.len ? ", " : "",
				     (int)w->flags.len, w->flags.s);
		c->x.hi = bars ? 1 : fmax(c->x.hi, w->n * 1.2);
	}
}

static void list_workers(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_table *t = nli_doc_table(d, s, "workers", "Annotators");
	bool timed = false;

	for (size_t i = 0; i < a->n_worker; i++)
		timed |= isfinite(a->worker[i].step);

	nli_table_column(t, "worker", "annotator", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "labels", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "accuracy", "right", NLI_CELL_SHARE,
			 "against the inferred labels");
	nli_table_column(
		t, "spammer", "spammer score", NLI_CELL_REAL,
		"0: what it says does not depend on the item; 1: it always does");
	nli_table_column(t, "entropy", "entropy", NLI_CELL_REAL, "of its labels");
	nli_table_column(t, "agreement", "agreement", NLI_CELL_SHARE,
			 "with others on shared items");
	if (timed)
		nli_table_column(t, "step", "median step", NLI_CELL_REAL,
				 "time from one of its labels to the next");
	nli_table_column(t, "flags", "flags", NLI_CELL_TEXT, NULL);
	t->brief = nli_dossier_find(a, "planted", 0) ? 0 : 6;
	for (size_t i = 0; i < a->n_worker && i < MOST_WORKERS; i++) {
		const struct nli_worker *w = &a->worker[i];

		nli_table_text(t, w->name);
		nli_table_number(t, w->n);
		nli_table_range(t, w->accuracy, w->lo, w->hi);
		nli_table_number(t, w->spammer);
		nli_table_number(t, w->entropy);
		nli_table_number(t, w->agreement);
		if (timed)
			nli_table_number(t, w->step);
		nli_table_text(t, w->flags);
	}
	t->folded = a->n_worker > 12;
}

static void agreement(struct nli_doc *d, struct nli_section *s, const nli_jval *results)
{
	static const struct {
		const char *key, *ci, *name;
	} list[] = {
		{ "alpha", "alpha_ci", "Krippendorff's alpha" },
		{ "kappa", "kappa_ci", "Fleiss' kappa" },
		{ "percent", "percent_ci", "pairs that agree" },
	};
	const nli_jval *g = nli_jget(results, "agreement");
	struct nli_table *t = nli_doc_table(d, s, "agreement", "Agreement");
	const double n = nli_dossier_number(g, "labels");

	nli_table_column(t, "measure", "measure", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "value", "value", NLI_CELL_REAL, NULL);
	nli_table_column(t, "n", "labels", NLI_CELL_COUNT, NULL);
	t->brief = 3;
	for (size_t i = 0; i < 3; i++) {
		const nli_jval *ci = nli_jget(g, list[i].ci);
		const double v = nli_dossier_number(g, list[i].key);

		if (!isfinite(v))
			continue;
		nli_table_cstr(t, list[i].name);
		nli_table_range(t, v, nli_dossier_end(ci, 0), nli_dossier_end(ci, 1));
		nli_table_number(t, n);
		nli_doc_value(d, nli_doc_fmt(d, "truth.%s", list[i].key).s, v,
			      nli_dossier_end(ci, 0), nli_dossier_end(ci, 1), n);
	}
}

/* Names in the order of the corpus's labels, so that the diagonal is one. */
static void draw_confusion(struct nli_dossier *a, struct nli_doc *d,
			   struct nli_section *s)
{
	const size_t n =
		a->class_.n < NLI_DOSSIER_CLASSES ? a->class_.n : NLI_DOSSIER_CLASSES;
	struct nli_str *name = nli_arena_alloc(&d->arena, (n + 1) * sizeof(*name));
	double *count = nli_arena_alloc(&d->arena, (n * n + 1) * sizeof(*count));
	size_t order[NLI_DOSSIER_CLASSES];

	for (size_t i = 0; i < n; i++) {
		size_t at = i;

		for (; at &&
		       nli_sec_before(a->class_.text[i], a->class_.text[order[at - 1]]);
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (size_t i = 0; i < n; i++) {
		name[i] = nli_doc_clean(d, a->class_.text[order[i]], NLI_CLEAN_VALUE);
		for (size_t k = 0; k < n; k++)
			count[i * n + k] = a->confusion[order[i]][order[k]];
	}
	if (n > 1)
		nli_sec_heat(d, s, "said", "What annotators say of each inferred label",
			     "Mean of their matrices, weighted by how much each "
			     "labelled. Each row is "
			     "an inferred label and adds up to 100%.",
			     name, n, name, n, count, "said");
}

/* Of nli-truth -m auto: what was run, how well it foresaw hidden labels, its weight. */
static void list_methods(struct nli_doc *d, struct nli_section *s,
			 const nli_jval *results)
{
	const nli_jval *methods = nli_jget(nli_jget(results, "auto"), "methods");
	const struct nli_str used = nli_sec_text(d, nli_jget(results, "method"));
	struct nli_table *t;

	if (!nli_jlen(methods))
		return;
	t = nli_doc_table(d, s, "truth_methods", "How the labels were inferred");
	nli_table_column(t, "method", "method", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "held_out", "hidden label", NLI_CELL_REAL,
			 "mean log likelihood of an annotation that was hidden from it, "
			 "with its 95% interval: nearer 0 is better");
	nli_table_column(t, "n", "hidden", NLI_CELL_COUNT, "annotations");
	nli_table_column(t, "weight", "weight", NLI_CELL_SHARE,
			 "of its posteriors in the inferred labels");
	nli_table_column(t, "converged", "converged", NLI_CELL_TEXT, NULL);
	for (struct nli_jiter it = nli_jiter(methods); nli_jnext(&it);) {
		const double v = nli_dossier_number(it.val, "held_out"),
			     se = nli_dossier_number(it.val, "held_out_se");

		nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "method")));
		nli_table_range(t, v, v - 1.96 * se, v + 1.96 * se);
		nli_table_number(t, nli_dossier_number(it.val, "held_out_n"));
		nli_table_number(t, nli_dossier_number(it.val, "weight"));
		nli_table_cstr(t,
			       nli_jbool(nli_jget(it.val, "converged")) ? "yes" : "no");
	}
	t->note =
		nli_str_is(used, "stacked")
			? "The labels are those of the methods' posteriors, averaged by "
			  "weight (stacking)."
			: nli_doc_fmt(d, "The labels are those of %.*s.", (int)used.len,
				      used.s)
				  .s;
	t->folded = true;
}

static void judge(struct nli_dossier *a, struct nli_doc *d)
{
	const struct nli_value *alpha;
	size_t flagged = 0;

	for (size_t i = 0; i < a->n_worker; i++)
		flagged += a->worker[i].flags.len > 0;
	if (a->n_worker) {
		nli_doc_value(d, "truth.workers", (double)a->n_worker, NAN, NAN, NAN);
		nli_doc_value(d, "truth.flagged", (double)flagged, NAN, NAN,
			      (double)a->n_worker);
	}
	alpha = nli_doc_find(d, "truth.alpha");
	/* .667 and .8: Krippendorff, Content Analysis, 2004, 11.4.2, for tentative and firm conclusions. */
	if (alpha)
		nli_doc_figure(
			d, "agreement (alpha)", nli_str_of(nli_doc_real(d, alpha->v)),
			nli_doc_fmt(d, "%s annotations", nli_doc_count(d, alpha->n)));
	if (alpha)
		nli_doc_finding(
			d,
			alpha->v < 0.667 ? NLI_WARN
			: alpha->v < 0.8 ? NLI_INFO
					 : NLI_GOOD,
			"annotators",
			nli_doc_fmt(d, "Annotators agree %s (alpha %s).",
				    alpha->v < 0.667 ? "too little to rely on one label"
				    : alpha->v < 0.8 ? "fairly"
						     : "well",
				    nli_doc_real(d, alpha->v)),
			flagged ? nli_doc_fmt(d, "%zu of %zu annotators are flagged.",
					      flagged, a->n_worker)
				: NLI_STR(""));
}

static void draw_posterior(struct nli_dossier *a, struct nli_doc *d,
			   struct nli_section *s)
{
	struct nli_chart *c = nli_doc_chart(
		d, s, "posterior", NLI_CHART_RIDGE,
		NLI_STR("How sure the inferred labels are"),
		NLI_STR("Posterior of the chosen label. What lies left of the "
			"middle should be asked again."));

	c->row = nli_arena_alloc(&d->arena, sizeof(*c->row));
	c->row[0] = NLI_STR("records");
	c->n_row = 1;
	c->x = (struct nli_axis){ "posterior", 0, 1, false, true };
	c->bin = 1.0 / BINS;
	for (size_t b = 0; b < BINS; b++) {
		const uint64_t n =
			nli_tally_get(a->tally, NLI_COUNT_POSTERIOR, b, 0, 0, 0);
		struct nli_mark *m = nli_chart_add(c);

		m->x = (double)b / BINS;
		m->y = (double)n;
		m->tip = nli_doc_fmt(d, "%s to %s: %s records", nli_doc_share(d, m->x),
				     nli_doc_share(d, m->x + c->bin),
				     nli_doc_count(d, (double)n));
	}
}

static void draw_labels(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	size_t n_label, n_pred;
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	size_t *pred = nli_tally_values(a->tally, NLI_DIM_PRED, &n_pred);
	struct nli_str *row = nli_arena_alloc(&d->arena, n_label * sizeof(*row));
	struct nli_str *column = nli_arena_alloc(&d->arena, n_pred * sizeof(*column));
	double *count = nli_arena_alloc(&d->arena, n_label * n_pred * sizeof(*count)),
	       sum = 0;

	for (size_t i = 0; i + 1 < n_label; i++) {
		row[i] = nli_sec_name(d, a->tally, NLI_DIM_LABEL, label[i]);
		for (size_t k = 0; k + 1 < n_pred; k++)
			sum += count[i * (n_pred - 1) + k] = (double)nli_tally_get(
				a->tally, NLI_COUNT_TRUTH, label[i], pred[k], 0, 0);
	}
	for (size_t k = 0; k + 1 < n_pred; k++)
		column[k] = nli_sec_name(d, a->tally, NLI_DIM_PRED, pred[k]);
	if (sum > 0 && n_label > 2 && n_label < 12 && n_pred < 12)
		nli_sec_heat(d, s, "truth", "The corpus's label and the inferred one",
			     "Each row is the label in the corpus and adds up to 100%.",
			     row, n_label - 1, column, n_pred - 1, count,
			     "inferred from the annotations");
	free(label);
	free(pred);
}

void nli_sec_annotators(struct nli_dossier *a, struct nli_doc *d)
{
	const nli_jval *results = nli_dossier_results(a, "nli-truth", 0);
	struct nli_section *s;

	if (!results && !a->n_worker && !(a->tally->members & NLI_SEEN_TRUTH))
		return;
	s = nli_doc_section(d, "annotators", "The annotators");
	s->lead = NLI_STR("Who labelled, how far they agree, and what was inferred from "
			  "all of them "
			  "together.");
	if (a->n_worker)
		qsort(a->worker, a->n_worker, sizeof(*a->worker), by_accuracy);
	if (nli_jget(results, "agreement"))
		agreement(d, s, results);
	list_methods(d, s, results);
	if (a->n_worker) {
		draw_workers(a, d, s);
		list_workers(a, d, s);
		draw_confusion(a, d, s);
	}
	if (a->tally->members & NLI_SEEN_TRUTH) {
		draw_posterior(a, d, s);
		draw_labels(a, d, s);
	}
	judge(a, d);
}
