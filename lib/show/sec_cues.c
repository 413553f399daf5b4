/*
 * sec_cues.c - which words and traits give the label away.
 *
 * The competency plot is that of Gardner et al., "Competency Problems", EMNLP
 * 2021, figure 1: n of a feature against p(label | feature), with the curve
 * above which p differs from the label's share p0 at Bonferroni level alpha:
 * p0 + z* sqrt(p0 (1 - p0) / n), z* = Phi^-1(1 - alpha / M), M tests.
 */
#include <math.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/model/special.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"

enum { MOST_DOTS = 1400, MOST_OTHERS = 400, MOST_ROWS = 300, NAMES_EACH = 9, CURVE = 60 };

static const double ALPHA = 0.01;

/* How many texts have each label, with or without a cue. */
struct bases {
	struct nli_str label[NLI_DOSSIER_CLASSES];
	double n[NLI_DOSSIER_CLASSES], all;
	size_t n_label;
	const char *one, *many; /* what a text is */
};

static size_t base_at(struct bases *b, struct nli_str label)
{
	size_t i = 0;

	while (i < b->n_label && !nli_str_eq(b->label[i], label))
		i++;
	if (i == b->n_label && i < NLI_DOSSIER_CLASSES) {
		b->n_label++;
		b->label[i] = label;
		b->n[i] = 0;
	}
	return i;
}

/* The summary counts them; a row knows how many it holds and what share that is. */
static void count_bases(struct nli_dossier *a, struct nli_doc *d, struct bases *b)
{
	const nli_jval *labels =
		nli_jget(nli_dossier_results(a, "nli-cues", 0), "labels");

	*b = (struct bases){ .one = "record", .many = "records" };
	for (struct nli_jiter it = nli_jiter(labels); nli_jnext(&it);) {
		const size_t i = base_at(b, nli_doc_clean(d, it.key, NLI_CLEAN_VALUE));

		if (i < NLI_DOSSIER_CLASSES && !nli_jreal(it.val, &b->n[i]))
			b->n[i] = 0;
	}
	for (size_t k = 0; !nli_jlen(labels) && k < a->n_cue; k++) {
		const struct nli_cue *u = &a->cue[k];
		const size_t i = base_at(b, u->label);

		if (i < NLI_DOSSIER_CLASSES && u->n_wy >= 1 && u->share > 0)
			b->n[i] = fmax(b->n[i], round(u->n_wy / u->share));
	}
	for (size_t i = 0; i < b->n_label; i++)
		b->all += b->n[i];
	for (size_t i = 0; i < b->n_label; i++)
		if (nli_str_is(b->label[i], "distractor")) {
			b->one = "choice";
			b->many = "choices";
		}
}

/* The share of a label among all; NAN if that is not known. */
static double base_of(const struct bases *b, struct nli_str label)
{
	for (size_t i = 0; i < b->n_label; i++)
		if (nli_str_eq(b->label[i], label) && b->n[i] > 0)
			return b->n[i] / b->all;
	return NAN;
}

static bool significant(const struct nli_dossier *a, const struct nli_cue *c)
{
	return c->q < a->q && c->z > 0;
}

/* The surest first; equal ones by name, so that the order is one. */
static int by_strength(const void *x, const void *y)
{
	const struct nli_cue *a = x, *b = y;
	const double p = isfinite(a->z) ? a->z : -1e9, q = isfinite(b->z) ? b->z : -1e9;
	int order;

	if (p != q)
		return p > q ? -1 : 1;
	order = nli_str_cmp(a->feature, b->feature);
	if (!order)
		order = nli_str_cmp(a->label, b->label);
	return order ? order : nli_str_cmp(a->family, b->family);
}

static size_t series_of(struct nli_chart *c, struct nli_str label)
{
	for (size_t i = 0; i < c->n_series; i++)
		if (nli_str_eq(c->series[i], label))
			return i;
	if (c->n_series == NLI_CHART_SERIES)
		return NLI_CHART_SERIES - 1;
	c->series[c->n_series] = label;
	return c->n_series++;
}

/* Labels that have a colour of their own keep it, whichever has the surest cue. */
static void name_series(const struct nli_dossier *a, struct nli_chart *c)
{
	for (size_t k = 0; k < 4; k++)
		for (size_t i = 0; i < a->n_cue; i++)
			if (nli_sec_series(a->cue[i].label) == k) {
				series_of(c, a->cue[i].label);
				break;
			}
}

/* Where chance ends at level ALPHA, above the share p0 or, if z < 0, below it. */
static void add_curve(struct nli_doc *d, struct nli_chart *c, const char *name, double p0,
		      double z)
{
	double *x = nli_arena_alloc(&d->arena, CURVE * sizeof(*x));
	double *y = nli_arena_alloc(&d->arena, CURVE * sizeof(*y));

	for (size_t i = 0; i < CURVE; i++) {
		x[i] = c->x.lo * pow(c->x.hi / c->x.lo, (double)i / (CURVE - 1));
		y[i] = fmin(1, fmax(0, p0 + z * sqrt(p0 * (1 - p0) / x[i])));
	}
	c->curve[c->n_curve++] = (struct nli_curve){ name, x, y, CURVE };
}

/* Labels of about the same share have one curve above and one below, others one each. */
static void add_curves(struct nli_dossier *a, struct nli_doc *d, struct nli_chart *c,
		       const struct bases *b)
{
	const double each = 1.0 / (double)(c->n_series > 1 ? c->n_series : 2);
	const double z = nli_norm_quantile(1 - ALPHA / (double)(a->n_cue ? a->n_cue : 1));
	bool same = true;

	for (size_t i = 0; i < c->n_series; i++)
		same &= !(fabs(base_of(b, c->series[i]) - each) > 0.05);
	if (same) {
		add_curve(d, c, "chance at the 1% level", each, z);
		add_curve(d, c, "", each, -z);
		return;
	}
	for (size_t i = 0; i < c->n_series && i < NLI_CHART_CURVES; i++)
		add_curve(d, c,
			  nli_doc_fmt(d, "chance for %.*s at the 1%% level",
				      (int)c->series[i].len, c->series[i].s)
				  .s,
			  base_of(b, c->series[i]), z);
}

/* ", against 75.0% of all choices", or "". */
static const char *say_base(struct nli_doc *d, const struct bases *b,
			    const struct nli_cue *u)
{
	const double base = base_of(b, u->label);

	return isfinite(base) ? nli_doc_fmt(d, ", against %s of all %s",
					    nli_doc_share(d, base), b->many)
					.s
			      : "";
}

static void add_dot(struct nli_doc *d, struct nli_chart *c, const struct bases *b,
		    const struct nli_cue *u, bool listed, size_t *named)
{
	struct nli_mark *m = nli_chart_add(c);

	m->series = series_of(c, u->label);
	m->x = u->n_w;
	m->y = u->p;
	m->hollow = !listed;
	m->text = u->feature;
	m->named = listed && named[m->series]++ < NAMES_EACH;
	m->tip = nli_doc_fmt(
		d, "%.*s: %.*s in %s of %s%s (z = %s)", (int)u->feature.len, u->feature.s,
		(int)u->label.len, u->label.s, nli_doc_share(d, u->p),
		nli_doc_counted(d, u->n_w, b->one, b->many), say_base(d, b, u),
		nli_doc_real(d, isfinite(u->z) ? u->z : 0));
}

/* Of those that are not significant a sample by hash will do: they make the cloud. */
static bool in_cloud(const struct nli_cue *u, double share)
{
	const uint64_t h = nli_hash(u->feature.s, u->feature.len,
				    nli_hash(u->label.s, u->label.len, 1));

	return nli_unit(nli_mix(h)) < share;
}

static void draw_plot(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s,
		      const struct bases *b, size_t n_sure)
{
	struct nli_chart *c = nli_doc_chart(
		d, s, "competency", NLI_CHART_PLOT,
		NLI_STR("Every cue: how common, and how telling"),
		NLI_STR("A dot is a feature with one label: to the right, "
			"how many texts hold it; upward, how many of those "
			"have the label. Without artifacts no dot would lie "
			"above the dashed curve."));
	const double rest = (double)(a->n_cue - n_sure);
	size_t named[NLI_CHART_SERIES] = { 0 }, dots = 0;
	double lo = INFINITY, hi = 2;

	name_series(a, c);
	for (size_t i = 0; i < a->n_cue; i++)
		if (a->cue[i].n_w >= 1) {
			lo = fmin(lo, a->cue[i].n_w);
			hi = fmax(hi, a->cue[i].n_w);
		}
	c->x = (struct nli_axis){ "texts that hold it", fmin(lo, hi / 2) * 0.9, hi * 1.4,
				  true, false };
	c->y = (struct nli_axis){ "of them with the label", 0, 1, false, true };
	for (size_t i = 0; i < a->n_cue; i++) {
		const struct nli_cue *u = &a->cue[i];
		const bool sure = significant(a, u);

		if (!(u->n_w >= 1) || !isfinite(u->p))
			continue;
		if (sure ? dots++ < MOST_DOTS : in_cloud(u, MOST_OTHERS / fmax(rest, 1)))
			add_dot(d, c, b, u, sure, named);
	}
	add_curves(a, d, c, b);
}

static void list_cues(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s,
		      const struct bases *b)
{
	struct nli_table *t = nli_doc_table(d, s, "cues", "Cues, the surest first");

	nli_table_column(t, "feature", "feature", NLI_CELL_TEXT, NULL);
	t->column[0].corpus = true;
	nli_table_column(t, "label", "label", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, "texts that hold it");
	nli_table_column(t, "p", "p(label)", NLI_CELL_SHARE,
			 "of the texts that hold it, how many have the label");
	nli_table_column(t, "base", "of all", NLI_CELL_SHARE,
			 "of all texts, with the cue or not, how many have the label");
	nli_table_column(t, "share", "of label", NLI_CELL_SHARE,
			 "of the texts with the label, how many hold it");
	nli_table_column(t, "z", "z", NLI_CELL_REAL,
			 "standard deviations from the label's share");
	nli_table_column(t, "q", "q", NLI_CELL_P,
			 "false discovery rate, Benjamini-Hochberg");
	nli_table_column(t, "pmi", "PMI", NLI_CELL_REAL,
			 "pointwise mutual information, smoothed");
	nli_table_column(t, "lmi", "LMI", NLI_CELL_REAL,
			 "local mutual information: PMI weighed by how common");
	nli_table_column(
		t, "log_odds_z", "log odds z", NLI_CELL_REAL,
		"weighted log-odds with an informative prior, over its deviation");
	nli_table_column(t, "replicated", "again", NLI_CELL_TEXT,
			 "found in the other half of the groups too");
	nli_table_column(t, "family", "family", NLI_CELL_TEXT, NULL);
	t->brief = 8;
	for (size_t i = 0; i < a->n_cue && i < MOST_ROWS; i++) {
		const struct nli_cue *u = &a->cue[i];

		if (!significant(a, u))
			continue;
		nli_table_text(t, u->feature);
		nli_table_text(t, u->label);
		nli_table_number(t, u->n_w);
		nli_table_number(t, u->p);
		nli_table_number(t, base_of(b, u->label));
		nli_table_number(t, u->share);
		nli_table_number(t, u->z);
		nli_table_number(t, u->q);
		nli_table_number(t, u->pmi);
		nli_table_number(t, u->lmi);
		nli_table_number(t, u->log_odds_z);
		nli_table_cstr(t, u->replicated < 0 ? "" : u->replicated ? "yes" : "no");
		nli_table_text(t, u->family);
	}
}

static void judge(struct nli_dossier *a, struct nli_doc *d, const struct bases *b,
		  size_t n_sure, size_t n_again, bool said)
{
	const struct nli_cue *top = &a->cue[0];

	if (!n_sure) {
		nli_doc_finding(
			d, NLI_GOOD, "cues",
			NLI_STR("No word or trait gives a label away."),
			nli_doc_fmt(
				d,
				"%s features were tested; none differs from its label's "
				"share at q = %s.",
				nli_doc_count(d, (double)a->n_cue),
				nli_doc_fmt(d, "%g", a->q).s));
		return;
	}
	nli_doc_finding(
		d, n_sure > 20 ? NLI_BAD : NLI_WARN, "cues",
		nli_doc_fmt(d,
			    "%s a label away, first %s%s: of the %s that %s it, %s are "
			    "%.*s%s.",
			    nli_doc_counted(d, (double)n_sure, "cue gives", "cues give"),
			    nli_sec_quoted(d, top->feature),
			    top->exact ? "" : ", a trait",
			    nli_doc_counted(d, top->n_w, b->one, b->many),
			    top->n_w == 1 ? "holds" : "hold", nli_doc_share(d, top->p),
			    (int)top->label.len, top->label.s, say_base(d, b, top)),
		said ? nli_doc_fmt(d,
				   "%s of them were found again in the other half of the "
				   "groups; %s were tested at q = %s.",
				   nli_doc_count(d, (double)n_again),
				   nli_doc_count(d, (double)a->n_cue),
				   nli_doc_fmt(d, "%g", a->q).s)
		     : nli_doc_fmt(d, "%s were tested at q = %s.",
				   nli_doc_count(d, (double)a->n_cue),
				   nli_doc_fmt(d, "%g", a->q).s));
}

void nli_sec_cues(struct nli_dossier *a, struct nli_doc *d)
{
	size_t n_sure = 0, n_again = 0;
	bool said = false;
	struct nli_section *s;
	struct bases b;

	if (!a->n_cue)
		return;
	qsort(a->cue, a->n_cue, sizeof(*a->cue), by_strength);
	for (size_t i = 0; i < a->n_cue; i++)
		if (significant(a, &a->cue[i])) {
			n_sure++;
			n_again += a->cue[i].replicated == 1;
			said |= a->cue[i].replicated >= 0;
		}
	count_bases(a, d, &b);
	s = nli_doc_section(d, "cues", "What gives the label away");
	s->lead = NLI_STR("Words and traits of the text that go with a label. Type in "
			  "the box to find "
			  "one in the plot.");
	draw_plot(a, d, s, &b, n_sure);
	list_cues(a, d, s, &b);
	judge(a, d, &b, n_sure, n_again, said);
	nli_doc_value(d, "cues.tested", (double)a->n_cue, NAN, NAN, NAN);
	nli_doc_value(d, "cues.significant", (double)n_sure, NAN, NAN, (double)a->n_cue);
	if (said)
		nli_doc_value(d, "cues.replicated", (double)n_again, NAN, NAN,
			      (double)n_sure);
	if (n_sure)
		nli_doc_value(d, "cues.z", a->cue[0].z, NAN, NAN, a->cue[0].n_w);
	nli_doc_figure(
		d, "cues", nli_str_of(nli_doc_count(d, (double)n_sure)),
		nli_doc_fmt(d, "of %s tested", nli_doc_count(d, (double)a->n_cue)));
}
