/* sec_filter.c - what was taken out and why, and the audit before and after. */
#include <math.h>
#include <stdlib.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

static void list_rules(struct nli_doc *d, struct nli_section *s, const nli_jval *results)
{
	struct nli_table *t =
		nli_doc_table(d, s, "ledger", "The ledger: what each rule hit");
	const double in = nli_dossier_number(results, "in");

	nli_table_column(t, "rule", "rule", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "hit", "hit", NLI_CELL_COUNT,
			 "records that the rule would have go");
	nli_table_column(t, "share", "share", NLI_CELL_SHARE, "of all that came in");
	nli_table_column(t, "alone", "it alone", NLI_CELL_COUNT, "hit by no other rule");
	nli_table_column(t, "unknown", "unknown", NLI_CELL_COUNT,
			 "records that lack what the rule looks at");
	t->brief = 12;
	for (struct nli_jiter it = nli_jiter(nli_jget(results, "rules"));
	     nli_jnext(&it);) {
		const double hit = nli_dossier_number(it.val, "hit");

		nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "rule")));
		nli_table_number(t, hit);
		nli_table_number(t, in > 0 ? hit / in : NAN);
		nli_table_number(t, nli_dossier_number(it.val, "alone"));
		nli_table_number(t, nli_dossier_number(it.val, "unknown"));
	}
}

static void list_parts(struct nli_doc *d, struct nli_section *s, const nli_jval *results)
{
	static const char *const part[] = { "label", "lang", "by" };
	struct nli_table *t = nli_doc_table(
		d, s, "ledger_parts", "What is left, by label, language and stratum");

	nli_table_column(t, "field", "field", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "value", "value", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "in", "in", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "left", "left", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "share", "kept", NLI_CELL_SHARE, NULL);
	for (size_t i = 0; i < 3; i++)
		for (struct nli_jiter it = nli_jiter(nli_jget(results, part[i]));
		     nli_jnext(&it);) {
			const double in = nli_dossier_number(it.val, "in");
			const double left = nli_dossier_number(it.val, "left");

			nli_table_cstr(t, part[i]);
			nli_table_text(
				t, it.key.len ? nli_doc_clean(d, it.key, NLI_CLEAN_VALUE)
					      : NLI_STR("(none)"));
			nli_table_number(t, in);
			nli_table_number(t, left);
			nli_table_number(t, in > 0 ? left / in : NAN);
		}
	t->folded = true;
}

static void add_side(struct nli_doc *d, struct nli_chart *c, struct nli_table *t,
		     const char *name, double n, double majority, double accuracy,
		     double lo, double hi)
{
	struct nli_mark *m;

	if (!isfinite(accuracy))
		return;
	m = nli_chart_add(c);
	m->row = c->n_row;
	c->row[c->n_row++] = nli_str_of(name);
	m->x = accuracy;
	m->lo = lo;
	m->hi = hi;
	m->ref = majority;
	m->text = nli_str_of(nli_doc_share(d, accuracy));
	m->tip = nli_doc_fmt(d, "%s: %s right, commonest label %s, n = %s", name,
			     nli_doc_share(d, accuracy), nli_doc_share(d, majority),
			     nli_doc_count(d, n));
	nli_table_cstr(t, name);
	nli_table_number(t, n);
	nli_table_number(t, majority);
	nli_table_range(t, accuracy, lo, hi);
	nli_table_number(t, accuracy - majority);
}

static void add_run(struct nli_doc *d, struct nli_chart *c, struct nli_table *t,
		    const char *name, const nli_jval *results)
{
	struct nli_jiter it = nli_jiter(nli_jget(results, "inputs"));

	if (nli_jnext(&it))
		add_side(d, c, t, name, nli_dossier_number(it.val, "n"),
			 nli_dossier_number(it.val, "majority"),
			 nli_dossier_number(it.val, "accuracy"),
			 nli_dossier_number(it.val, "accuracy_lo"),
			 nli_dossier_number(it.val, "accuracy_hi"));
}

/*
 * The filter's own "after" judges what is left by the old model; a second
 * nli-hyponly summary is a model trained anew on what is left, a third one on what
 * nli-adversarial balanced.  All are shown.
 */
static void draw_before_after(struct nli_dossier *a, struct nli_doc *d,
			      struct nli_section *s)
{
	const nli_jval *audit =
		nli_jget(nli_dossier_results(a, "nli-filter", 0), "audit");
	const nli_jval *before = nli_jget(audit, "before"),
		       *after = nli_jget(audit, "after");
	struct nli_chart *c = nli_doc_chart(
		d, s, "before-after", NLI_CHART_BARS,
		NLI_STR("Right without the premise, before and after"),
		NLI_STR("The stroke is the commonest label. A repair is good if "
			"the bar falls towards the stroke."));
	struct nli_table *t = nli_doc_table(d, s, "before_after", "Before and after");

	c->row = nli_arena_alloc(&d->arena, 4 * sizeof(*c->row));
	c->x = (struct nli_axis){ "accuracy", 0, 1, false, true };
	c->ref_name = "commonest label";
	nli_table_column(t, "when", "when", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "majority", "majority", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "accuracy", "accuracy", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "gain", "gain", NLI_CELL_SHARE, NULL);
	t->brief = 4;
	if (nli_dossier_results(a, "nli-hyponly", 0))
		add_run(d, c, t, "before", nli_dossier_results(a, "nli-hyponly", 0));
	else
		add_side(d, c, t, "before", nli_dossier_number(before, "n"),
			 nli_dossier_number(before, "majority"),
			 nli_dossier_number(before, "accuracy"),
			 nli_dossier_end(nli_jget(before, "interval"), 0),
			 nli_dossier_end(nli_jget(before, "interval"), 1));
	add_side(d, c, t, "after, same model", nli_dossier_number(after, "n"),
		 nli_dossier_number(after, "majority"),
		 nli_dossier_number(after, "accuracy"),
		 nli_dossier_end(nli_jget(after, "interval"), 0),
		 nli_dossier_end(nli_jget(after, "interval"), 1));
	if (nli_dossier_results(a, "nli-hyponly", 1))
		add_run(d, c, t, "after, trained anew",
			nli_dossier_results(a, "nli-hyponly", 1));
	if (nli_dossier_results(a, "nli-hyponly", 2))
		add_run(d, c, t, "balanced, trained anew",
			nli_dossier_results(a, "nli-hyponly", 2));
}

static void judge(struct nli_dossier *a, struct nli_doc *d, const nli_jval *results)
{
	const double in = nli_dossier_number(results, "in"),
		     left = nli_dossier_number(results, "left");
	const nli_jval *audit = nli_jget(results, "audit");
	const nli_jval *anew =
		nli_jget(nli_dossier_results(a, "nli-hyponly", 1), "inputs");
	struct nli_jiter it = nli_jiter(anew);
	double before = nli_dossier_number(nli_jget(audit, "before"), "gain");
	double after = nli_dossier_number(nli_jget(audit, "after"), "gain");

	if (!(in > 0))
		return;
	if (nli_jnext(&it)) {
		struct nli_jiter first = nli_jiter(
			nli_jget(nli_dossier_results(a, "nli-hyponly", 0), "inputs"));

		after = nli_dossier_number(it.val, "gain");
		if (nli_jnext(&first))
			before = nli_dossier_number(first.val, "gain");
	}
	nli_doc_finding(
		d, NLI_INFO, "filter",
		nli_doc_fmt(d, "The filter keeps %s of %s records (%s).",
			    nli_doc_count(d, left), nli_doc_count(d, in),
			    nli_doc_share(d, left / in)),
		isfinite(before) && isfinite(after)
			? nli_doc_fmt(
				  d, "The gain without the premise goes from %s to %s%s.",
				  nli_doc_points(d, before), nli_doc_points(d, after),
				  anew ? ", by a model trained anew on what is left"
				       : ", by the same model")
			: NLI_STR(""));
	nli_doc_figure(
		d, "kept by the filter", nli_str_of(nli_doc_share(d, left / in)),
		nli_doc_fmt(d, "%s of %s", nli_doc_count(d, left), nli_doc_count(d, in)));
	nli_doc_value(d, "filter.kept", left / in, NAN, NAN, in);
	nli_doc_value(d, "filter.dropped", in - left, NAN, NAN, in);
	nli_doc_value(d, "filter.gain_before", before, NAN, NAN, in);
	nli_doc_value(d, "filter.gain_after", after, NAN, NAN, left);
}

/* Without a summary the marks on the records tell what they can. */
static void from_records(struct nli_dossier *a, struct nli_doc *d)
{
	size_t n_reason, n_label;
	size_t *reason = nli_tally_values(a->tally, NLI_DIM_REASON, &n_reason);
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	struct nli_section *s = nli_doc_section(d, "filter", "What the filter takes out");
	struct nli_table *t = nli_doc_table(d, s, "ledger", "Records hit, by rule");
	uint64_t kept = 0, out = 0;

	nli_table_column(t, "rule", "rule", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "hit", "hit", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "share", "share", NLI_CELL_SHARE, NULL);
	t->brief = 12;
	for (size_t n = 0; n < 10; n++) {
		out += nli_tally_get(a->tally, NLI_COUNT_FILTER_N, n, 0, 0, 0);
		kept += nli_tally_get(a->tally, NLI_COUNT_FILTER_N, n, 1, 0, 0);
	}
	for (size_t i = 0; i + 1 < n_reason; i++) {
		uint64_t hit = 0;

		for (size_t k = 0; k < n_label; k++)
			for (size_t keep = 0; keep < 2; keep++)
				hit += nli_tally_get(a->tally, NLI_COUNT_FILTER,
						     reason[i], label[k], keep, 0);
		if (!hit)
			continue;
		nli_table_text(t, nli_sec_name(d, a->tally, NLI_DIM_REASON, reason[i]));
		nli_table_number(t, (double)hit);
		nli_table_number(t, (double)hit / (double)(kept + out));
	}
	nli_doc_finding(
		d, NLI_INFO, "filter",
		nli_doc_fmt(d, "The filter keeps %s of %s records (%s).",
			    nli_doc_count(d, (double)kept),
			    nli_doc_count(d, (double)(kept + out)),
			    nli_doc_share(d, (double)kept / (double)(kept + out))),
		NLI_STR(""));
	nli_doc_value(d, "filter.kept", (double)kept / (double)(kept + out), NAN, NAN,
		      (double)(kept + out));
	nli_doc_value(d, "filter.dropped", (double)out, NAN, NAN, (double)(kept + out));
	free(reason);
	free(label);
}

void nli_sec_filter(struct nli_dossier *a, struct nli_doc *d)
{
	const nli_jval *results = nli_dossier_results(a, "nli-filter", 0);
	struct nli_section *s;

	if (!results) {
		if (a->tally->members & NLI_SEEN_FILTER)
			from_records(a, d);
		return;
	}
	s = nli_doc_section(d, "filter", "What the filter takes out");
	draw_before_after(a, d, s);
	list_rules(d, s, results);
	list_parts(d, s, results);
	judge(a, d, results);
}
