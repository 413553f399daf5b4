/*
 * compare.c - see compare.h.
 *
 * A figure with a 95 % interval is taken as normal with standard error
 * (hi - lo) / (2 * 1.96), a share without one as binomial; the difference of
 * two is tested by z, two-sided.  Versions of one dataset share most records,
 * which makes the difference surer than the test says, never less sure.
 */
#include "lib/show/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/model/special.h"
#include "lib/model/stats.h"
#include "lib/show/clean.h"
#include "lib/show/gate.h"
#include "lib/show/sections.h"

enum { MOST_VALUES = 200, MOST_LABELS = 64 };

struct old {
	struct nli_value value[MOST_VALUES];
	size_t n;
};

static void from_json(struct nli_doc *d, const nli_jval *metrics, struct old *o)
{
	for (struct nli_jiter it = nli_jiter(metrics);
	     nli_jnext(&it) && o->n < MOST_VALUES;) {
		const double v = nli_dossier_number(it.val, "value");

		if (isfinite(v) && nli_gauge_find(it.key))
			o->value[o->n++] = (struct nli_value){
				nli_doc_str(d, it.key).s,
				v,
				nli_dossier_number(it.val, "lo"),
				nli_dossier_number(it.val, "hi"),
				nli_dossier_number(it.val, "n"),
			};
	}
}

static void from_doc(struct nli_doc *d, const struct nli_doc *from, struct old *o)
{
	for (size_t i = 0; i < from->n_value && o->n < MOST_VALUES; i++) {
		o->value[o->n] = from->value[i];
		o->value[o->n++].name = nli_doc_str(d, nli_str_of(from->value[i].name)).s;
	}
}

static double error_of(const struct nli_value *v, bool share)
{
	if (isfinite(v->lo) && isfinite(v->hi))
		return (v->hi - v->lo) / (2 * 1.959964);
	if (share && v->n > 0 && v->v >= 0 && v->v <= 1 && !strstr(v->name, "ece"))
		return sqrt(v->v * (1 - v->v) / v->n);
	return NAN;
}

/* NAN where nothing is known of the error. */
static double p_of(const struct nli_value *was, const struct nli_value *is, bool share)
{
	const double e = hypot(error_of(was, share), error_of(is, share));

	return e > 0 ? 2 * nli_norm_sf(fabs(is->v - was->v) / e) : NAN;
}

static void show(const struct nli_gauge *m, double v, struct nli_buf *b)
{
	if (m->share)
		nli_show_share(v, b);
	else if (v == floor(v) && fabs(v) < 0x1p53 && v >= 0)
		nli_show_count((uint64_t)v, b);
	else
		nli_show_real(v, b);
}

static struct nli_str shown(struct nli_doc *d, const struct nli_gauge *m, double v,
			    bool sign)
{
	struct nli_buf b = { 0 };
	struct nli_str s;

	if (sign)
		nli_buf_adds(&b, v < 0 ? "\xe2\x88\x92" : "+");
	show(m, sign ? fabs(v) : v, &b);
	s = nli_doc_str(d, nli_buf_str(&b));
	nli_buf_release(&b);
	return s;
}

/* "hyponly.hypothesis.gain" where that is "hyponly.gain": once is enough. */
static bool is_main(const struct nli_doc *d, const struct old *o,
		    const struct nli_value *was)
{
	const char *input = strchr(was->name, '.') + 1, *key = strchr(input, '.');
	char name[64];

	if (strncmp(was->name, "hyponly.", 8) != 0 || !key)
		return false;
	snprintf(name, sizeof(name), "hyponly%s", key);
	for (size_t i = 0; i < o->n; i++)
		if (!strcmp(o->value[i].name, name))
			return o->value[i].v == was->v && nli_doc_find(d, name) &&
			       nli_doc_find(d, name)->v == nli_doc_find(d, was->name)->v;
	return false;
}

static void add_change(struct nli_doc *d, struct nli_table *t, const struct nli_gauge *m,
		       const struct nli_value *was, const struct nli_value *is)
{
	const bool same = is->v == was->v;

	nli_table_cstr(t, was->name);
	nli_table_text(t, shown(d, m, was->v, false));
	nli_table_text(t, shown(d, m, is->v, false));
	nli_table_text(t, same ? NLI_STR("") : shown(d, m, is->v - was->v, true));
	nli_table_number(t, same ? NAN : p_of(was, is, m->share));
}

static void list_values(struct nli_doc *d, struct nli_section *s, const struct old *o)
{
	struct nli_table *t =
		nli_doc_table(d, s, "compare", "Every figure that both have");

	nli_table_column(t, "metric", "metric", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "before", "before", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "after", "after", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "change", "change", NLI_CELL_TEXT, NULL);
	nli_table_column(
		t, "p", "p", NLI_CELL_P,
		"chance of such a change if nothing had changed; empty for counts");
	t->brief = 20;
	/* What changed first. */
	for (size_t i = 0; i < 2 * o->n; i++) {
		const struct nli_value *was = &o->value[i % o->n];
		const struct nli_value *is = nli_doc_find(d, was->name);
		const struct nli_gauge *m = nli_gauge_find(nli_str_of(was->name));

		if (is && m && !is_main(d, o, was) && (is->v != was->v) == (i < o->n))
			add_change(d, t, m, was, is);
	}
}

struct labels {
	struct nli_str name[MOST_LABELS];
	uint64_t count[2][MOST_LABELS];
	size_t n;
};

static void add_label(struct labels *l, size_t side, struct nli_str name, uint64_t n)
{
	size_t i = 0;

	while (i < l->n && !nli_str_eq(l->name[i], name))
		i++;
	if (i == MOST_LABELS)
		return;
	if (i == l->n)
		l->name[l->n++] = name;
	l->count[side][i] += n;
}

static void labels_of(struct nli_doc *d, const struct nli_tally *t, size_t side,
		      struct labels *l)
{
	size_t n;
	size_t *label = nli_tally_values(t, NLI_DIM_LABEL, &n);

	for (size_t i = 0; i + 1 < n; i++)
		add_label(l, side, nli_sec_name(d, t, NLI_DIM_LABEL, label[i]),
			  nli_sec_labelled(t, SIZE_MAX, SIZE_MAX, label[i]));
	free(label);
}

/* Rows of the table "labels" of a report: members "label_NAME". */
static void labels_of_json(struct nli_doc *d, const nli_jval *rows, struct labels *l)
{
	for (struct nli_jiter r = nli_jiter(rows); nli_jnext(&r);)
		for (struct nli_jiter c = nli_jiter(r.val); nli_jnext(&c);) {
			int64_t n;

			if (c.key.len > 6 && !memcmp(c.key.s, "label_", 6) &&
			    nli_jint(c.val, &n))
				add_label(l, 0,
					  nli_doc_clean(d,
							(struct nli_str){ c.key.s + 6,
									  c.key.len - 6 },
							NLI_CLEAN_VALUE),
					  (uint64_t)n);
		}
}

static void list_labels(struct nli_doc *d, struct nli_section *s, const struct labels *l)
{
	struct nli_table *t = nli_doc_table(d, s, "compare_labels", "Labels");
	uint64_t sum[2] = { 0, 0 }, cell[2 * MOST_LABELS];
	struct nli_chisq test;

	nli_table_column(t, "label", "label", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "before", "before", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "before_share", "share", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "after", "after", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "after_share", "share", NLI_CELL_SHARE, NULL);
	t->brief = 8;
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < l->n; i++)
			sum[k] += cell[k * l->n + i] = l->count[k][i];
	if (!sum[0] || !sum[1])
		return;
	for (size_t i = 0; i < l->n; i++) {
		nli_table_text(t, l->name[i]);
		for (size_t k = 0; k < 2; k++) {
			nli_table_number(t, (double)l->count[k][i]);
			nli_table_number(t, (double)l->count[k][i] / (double)sum[k]);
		}
	}
	if (!nli_chisq_test(cell, 2, l->n, &test, NULL) && test.df > 0)
		t->note =
			nli_doc_fmt(
				d,
				"Are the shares the same? p = %.2g (chi-square %.4g, %g "
				"degrees of freedom), Cram\xc3\xa9r's V %.3f.",
				test.p, test.chi2, test.df, test.cramer_v)
				.s;
}

static void judge(struct nli_doc *d, const struct old *o)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct nli_value *was = &o->value[i],
				       *is = nli_doc_find(d, was->name);
		double p;

		if (strcmp(was->name, "hyponly.gain") != 0 || !is)
			continue;
		p = p_of(was, is, true);
		nli_doc_finding(
			d,
			!(p < 0.05)      ? NLI_INFO
			: is->v < was->v ? NLI_GOOD
					 : NLI_BAD,
			"compare",
			nli_doc_fmt(d, "The gain without the premise went from %s to %s.",
				    nli_doc_points(d, was->v), nli_doc_points(d, is->v)),
			isfinite(p) ? nli_doc_fmt(d,
						  "%s chance would do as much with "
						  "probability %.2g.",
						  p < 0.05 ? "A real change:"
							   : "No sure change:",
						  p)
				    : NLI_STR(""));
	}
}

static void keys(const struct nli_dossier *a, const struct nli_dossier *old,
		 struct nli_doc *d, struct nli_section *s)
{
	const struct nli_map64 *was = &old->tally->keys, *is = &a->tally->keys;
	uint64_t kept = 0, relabelled = 0;
	struct nli_table *t;

	if (!was->n || !is->n)
		return;
	for (size_t i = 0; i < was->cap; i++) {
		const uint64_t *label =
			was->slot[i].used ? nli_map64_get(is, was->slot[i].key) : NULL;

		kept += label != NULL;
		relabelled += label && *label != was->slot[i].value;
	}
	t = nli_doc_table(d, s, "compare_records", "Records, by their texts");
	nli_table_column(t, "what", "what", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "different texts", NLI_CELL_COUNT, NULL);
	t->brief = 4;
	nli_table_cstr(t, "in both, same label");
	nli_table_number(t, (double)(kept - relabelled));
	nli_table_cstr(t, "in both, another label");
	nli_table_number(t, (double)relabelled);
	nli_table_cstr(t, "taken away");
	nli_table_number(t, (double)(was->n - kept));
	nli_table_cstr(t, "new");
	nli_table_number(t, (double)(is->n - kept));
}

void nli_compare(struct nli_dossier *a, struct nli_dossier *old, struct nli_doc *d)
{
	const nli_jval *report = nli_dossier_find(old, "report", 0);
	struct old *o = nli_xcalloc(1, sizeof(*o));
	struct labels *l = nli_xcalloc(1, sizeof(*l));
	struct nli_doc was = { 0 };
	struct nli_section *s = nli_doc_section(d, "compare", "What changed");

	if (report) {
		from_json(d, nli_jget(report, "metrics"), o);
		labels_of_json(d, nli_jget(nli_jget(report, "tables"), "labels"), l);
	} else {
		nli_dossier_report(old, &was);
		from_doc(d, &was, o);
		labels_of(d, old->tally, 0, l);
		nli_doc_release(&was);
	}
	labels_of(d, a->tally, 1, l);
	s->lead = NLI_STR("This version against the one before.");
	judge(d, o);
	keys(a, old, d, s);
	list_values(d, s, o);
	list_labels(d, s, l);
	nli_doc_move_last(d, 0);
	nli_doc_sort_findings(d);
	free(o);
	free(l);
}
