/* sec_filter.c - what was taken out and why, and the audit before and after. */
#include <math.h>
#include <stdlib.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

/* Audits after the first, such as one after each repair. */
enum { MOST_AUDITS = 6 };

static void list_rules(struct nli_doc *d, struct nli_section *s, const nli_jval *results)
{
	struct nli_table *t =
		nli_doc_table(d, s, "ledger", "The ledger: what each rule hit");
	const double in = nli_dossier_number(results, "in");
	bool undecided = false;

	for (struct nli_jiter it = nli_jiter(nli_jget(results, "rules")); nli_jnext(&it);)
		undecided |= nli_dossier_number(it.val, "undecided") > 0;
	nli_table_column(t, "rule", "rule", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "hit", "hit", NLI_CELL_COUNT,
			 "records that the rule would have go");
	nli_table_column(t, "share", "share", NLI_CELL_SHARE, "of all that came in");
	nli_table_column(t, "alone", "it alone", NLI_CELL_COUNT, "hit by no other rule");
	nli_table_column(t, "unknown", "unknown", NLI_CELL_COUNT,
			 "records that lack what the rule looks at");
	if (undecided)
		nli_table_column(t, "undecided", "undecided", NLI_CELL_COUNT,
				 "records with too few rollouts to be as sure as asked");
	t->brief = 12;
	for (struct nli_jiter it = nli_jiter(nli_jget(results, "rules"));
	     nli_jnext(&it);) {
		const double hit = nli_dossier_number(it.val, "hit");

		nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "rule")));
		nli_table_number(t, hit);
		nli_table_number(t, in > 0 ? hit / in : NAN);
		nli_table_number(t, nli_dossier_number(it.val, "alone"));
		nli_table_number(t, nli_dossier_number(it.val, "unknown"));
		if (undecided)
			nli_table_number(t, nli_dossier_number(it.val, "undecided"));
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

/* A rule that hits one label more than others changes what is common. */
static void judge_drift(struct nli_doc *d, const nli_jval *results)
{
	static const double POINT = 0.01; /* as in nli-filter's own words */
	const nli_jval *v = nli_jget(results, "label_moved_most");
	const double before = nli_dossier_number(v, "before"),
		     after = nli_dossier_number(v, "after");
	const struct nli_str label = nli_sec_text(d, nli_jget(v, "label"));

	if (!(fabs(after - before) > POINT))
		return;
	nli_doc_finding(d, NLI_WARN, "filter",
			nli_doc_fmt(d, "The filter moves the labels: %.*s from %s to %s.",
				    (int)label.len, label.s, nli_doc_share(d, before),
				    nli_doc_share(d, after)),
			NLI_STR("nli-filter --label-shares puts the shares back."));
}

/* An audit, before or after something was done about it. */
struct side {
	const char *name;
	double n, base, accuracy, lo, hi, gain, gain_lo, gain_hi;
};

/* Of an nli-hyponly summary, its first input; n is NAN if there is none. */
static struct side side_of_run(const char *name, const nli_jval *results)
{
	struct nli_jiter it = nli_jiter(nli_jget(results, "inputs"));
	const nli_jval *v = nli_jnext(&it) ? it.val : NULL;
	const bool chance = nli_str_is(nli_jstr(nli_jget(v, "gain_over")), "chance");

	return (struct side){ name,
			      nli_dossier_number(v, "n"),
			      nli_dossier_number(v, chance ? "chance" : "majority"),
			      nli_dossier_number(v, "accuracy"),
			      nli_dossier_number(v, "accuracy_lo"),
			      nli_dossier_number(v, "accuracy_hi"),
			      nli_dossier_number(v, "gain"),
			      nli_dossier_number(v, "gain_lo"),
			      nli_dossier_number(v, "gain_hi") };
}

/* Of what nli-filter says of the model that was there: "before" or "after". */
static struct side side_of_filter(const char *name, const nli_jval *audit)
{
	const nli_jval *ci = nli_jget(audit, "interval");

	return (struct side){ name,
			      nli_dossier_number(audit, "n"),
			      nli_dossier_number(audit, "majority"),
			      nli_dossier_number(audit, "accuracy"),
			      nli_dossier_end(ci, 0),
			      nli_dossier_end(ci, 1),
			      nli_dossier_number(audit, "gain"),
			      NAN,
			      NAN };
}

static void add_side(struct nli_doc *d, struct nli_chart *c, struct nli_table *t,
		     const struct side *v)
{
	struct nli_mark *m;

	if (!isfinite(v->accuracy))
		return;
	m = nli_chart_add(c);
	m->row = c->n_row;
	c->row[c->n_row++] = nli_str_of(v->name);
	m->x = v->accuracy;
	m->lo = v->lo;
	m->hi = v->hi;
	m->ref = v->base;
	m->text = nli_str_of(nli_doc_share(d, v->accuracy));
	m->tip = nli_doc_fmt(d, "%s: %s right, baseline %s, n = %s", v->name,
			     nli_doc_share(d, v->accuracy), nli_doc_share(d, v->base),
			     nli_doc_count(d, v->n));
	nli_table_cstr(t, v->name);
	nli_table_number(t, v->n);
	nli_table_number(t, v->base);
	nli_table_range(t, v->accuracy, v->lo, v->hi);
	if (isfinite(v->gain_lo) && isfinite(v->gain_hi))
		nli_table_range(t, v->gain, v->gain_lo, v->gain_hi);
	else
		nli_table_number(t, v->gain);
}

static size_t count_audits(const struct nli_dossier *a)
{
	size_t n = 0;

	while (n <= MOST_AUDITS && nli_dossier_results(a, "nli-hyponly", n))
		n++;
	return n;
}

/*
 * The filter's own "after" judges what is left by the old model; further
 * nli-hyponly summaries are models trained anew on what is left, or on what was
 * repaired.  All are shown.
 */
static void draw_before_after(struct nli_dossier *a, struct nli_doc *d,
			      struct nli_section *s, size_t n_audit)
{
	const nli_jval *audit =
		nli_jget(nli_dossier_results(a, "nli-filter", 0), "audit");
	struct nli_chart *c = nli_doc_chart(
		d, s, "before-after", NLI_CHART_BARS,
		NLI_STR("Right without the premise, before and after"),
		NLI_STR("The stroke is the commonest label, or chance. A repair is good "
			"if the bar falls towards the stroke."));
	struct nli_table *t = nli_doc_table(d, s, "before_after", "Before and after");
	struct side side =
		n_audit ? side_of_run("before", nli_dossier_results(a, "nli-hyponly", 0))
			: side_of_filter("before", nli_jget(audit, "before"));

	c->row = nli_arena_alloc(&d->arena, (3 + MOST_AUDITS) * sizeof(*c->row));
	c->x = (struct nli_axis){ "accuracy", 0, 1, false, true };
	c->ref_name = "baseline";
	nli_table_column(t, "when", "when", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "majority", "baseline", NLI_CELL_SHARE,
			 "the commonest label; of choices, chance");
	nli_table_column(t, "accuracy", "accuracy", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "gain", "gain", NLI_CELL_SHARE, NULL);
	t->brief = 4;
	add_side(d, c, t, &side);
	side = side_of_filter("after, same model", nli_jget(audit, "after"));
	add_side(d, c, t, &side);
	for (size_t k = 1; k < n_audit; k++) {
		side = side_of_run(
			k == 1 ? "after, trained anew"
			       : nli_doc_fmt(d, "audit %zu, trained anew", k + 1).s,
			nli_dossier_results(a, "nli-hyponly", k));
		add_side(d, c, t, &side);
	}
}

/* The gain before and after: "" if one is not known. */
static struct nli_str say_gain(struct nli_doc *d, const struct side *before,
			       const struct side *after, bool anew)
{
	if (!isfinite(before->gain) || !isfinite(after->gain))
		return NLI_STR("");
	return nli_doc_fmt(d, "The gain without the premise goes from %s to %s%s.",
			   nli_doc_points(d, before->gain),
			   nli_doc_points(d, after->gain),
			   anew ? ", by a model trained anew on what is left"
				: ", by the same model");
}

static void judge(struct nli_dossier *a, struct nli_doc *d, const nli_jval *results,
		  size_t n_audit)
{
	const double in = nli_dossier_number(results, "in"),
		     left = nli_dossier_number(results, "left");
	const nli_jval *audit = nli_jget(results, "audit");
	const bool anew = n_audit > 1;
	const struct side before =
		anew ? side_of_run("", nli_dossier_results(a, "nli-hyponly", 0))
		     : side_of_filter("", nli_jget(audit, "before"));
	const struct side after =
		anew ? side_of_run("", nli_dossier_results(a, "nli-hyponly", n_audit - 1))
		     : side_of_filter("", nli_jget(audit, "after"));
	const struct nli_str says = say_gain(d, &before, &after, anew);

	nli_doc_value(d, "filter.gain_before", before.gain, before.gain_lo,
		      before.gain_hi, before.n);
	nli_doc_value(d, "filter.gain_after", after.gain, after.gain_lo, after.gain_hi,
		      after.n);
	if (!(in > 0)) {
		if (says.len)
			nli_doc_finding(d, NLI_INFO, "filter",
					NLI_STR("It was audited again."), says);
		return;
	}
	nli_doc_finding(d, NLI_INFO, "filter",
			nli_doc_fmt(d, "The filter keeps %s of %s records (%s).",
				    nli_doc_count(d, left), nli_doc_count(d, in),
				    nli_doc_share(d, left / in)),
			says);
	nli_doc_figure(
		d, "kept by the filter", nli_str_of(nli_doc_share(d, left / in)),
		nli_doc_fmt(d, "%s of %s", nli_doc_count(d, left), nli_doc_count(d, in)));
	judge_drift(d, results);
	nli_doc_value(d, "filter.kept", left / in, NAN, NAN, in);
	nli_doc_value(d, "filter.dropped", in - left, NAN, NAN, in);
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
	const size_t n_audit = count_audits(a);
	struct nli_section *s;

	if (!results && n_audit < 2) {
		if (a->tally->members & NLI_SEEN_FILTER)
			from_records(a, d);
		return;
	}
	s = nli_doc_section(d, "filter",
			    results ? "What the filter takes out" : "Before and after");
	draw_before_after(a, d, s, n_audit);
	if (results) {
		list_rules(d, s, results);
		list_parts(d, s, results);
	}
	judge(a, d, results, n_audit);
}
