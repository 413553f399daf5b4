/* sec_filter.c - what was taken out and why. */
#include <math.h>
#include <stdlib.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

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

static void judge(struct nli_dossier *a, struct nli_doc *d, const nli_jval *results)
{
	const double in = nli_dossier_number(results, "in"),
		     left = nli_dossier_number(results, "left");

	if (!(in > 0))
		return;
	nli_doc_finding(d, NLI_INFO, "filter",
			nli_doc_fmt(d, "The filter keeps %s of %s records (%s).",
				    nli_doc_count(d, left), nli_doc_count(d, in),
				    nli_doc_share(d, left / in)),
			nli_sec_after_filter(a, d));
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
	struct nli_section *s;

	if (!results) {
		if (a->tally->members & NLI_SEEN_FILTER)
			from_records(a, d);
		return;
	}
	s = nli_doc_section(d, "filter", "What the filter takes out");
	list_rules(d, s, results);
	list_parts(d, s, results);
	judge(a, d, results);
}
