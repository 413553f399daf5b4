/*
 * sec_repair.c - the corpus audited again after something was done about it: its
 * partial-input accuracy and its cues, before and after.
 */
#include <math.h>
#include <string.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

/* Audits after the first, such as one after each repair. */
enum { MOST_AUDITS = 6 };

/* An audit, before or after something was done about it. */
struct side {
	const char *name;
	const nli_jval
		*maker; /* summary of the tool that made what was audited, or NULL */
	double n, base, accuracy, lo, hi, gain, gain_lo, gain_hi;
};

/* The k-th summary of a tool that has a member of that name in its results, or NULL. */
static const nli_jval *summary_with(const struct nli_dossier *a, const char *tool,
				    const char *member, size_t k)
{
	const nli_jval *v;

	for (size_t i = 0; (v = nli_dossier_find(a, tool, i)); i++)
		if (nli_jget(nli_jget(v, "results"), member) && !k--)
			return v;
	return NULL;
}

static bool is_by(const nli_jval *summary, const char *tool)
{
	return nli_str_is(nli_jstr(nli_jget(summary, "tool")), tool);
}

/* "after filter", "after balance"; "again" if it is not known after what. */
static const char *name_audit(struct nli_doc *d, const nli_jval *maker, size_t k)
{
	const nli_jval *methods = nli_jget(nli_jget(maker, "args"), "method");
	struct nli_jiter method = nli_jiter(methods);
	struct nli_str what;

	if (!k)
		return "before";
	if (!maker)
		return k == 1 ? "again" : nli_doc_fmt(d, "again (%zu)", k).s;
	what = is_by(maker, "nli-adversarial") && nli_jlen(methods) == 1 &&
			       nli_jnext(&method)
		       ? nli_sec_text(d, method.val)
		       : nli_sec_text(d, nli_jget(maker, "tool"));
	if (what.len > 4 && !memcmp(what.s, "nli-", 4))
		what = (struct nli_str){ what.s + 4, what.len - 4 };
	return nli_doc_fmt(d, "after %.*s", (int)what.len, what.s).s;
}

static bool is_over_chance(const nli_jval *input)
{
	return nli_str_is(nli_jstr(nli_jget(input, "gain_over")), "chance");
}

/* The first input of the k-th audit; n is NAN if there is none. */
static struct side side_of_run(const struct nli_dossier *a, struct nli_doc *d, size_t k)
{
	const nli_jval *summary = summary_with(a, "nli-hyponly", "inputs", k);
	struct nli_jiter it = nli_jiter(nli_jget(nli_jget(summary, "results"), "inputs"));
	const nli_jval *v = nli_jnext(&it) ? it.val : NULL;
	const nli_jval *maker = summary ? nli_dossier_maker(a, summary) : NULL;

	return (struct side){
		name_audit(d, maker, k),
		maker,
		nli_dossier_number(v, "n"),
		nli_dossier_number(v, is_over_chance(v) ? "chance" : "majority"),
		nli_dossier_number(v, "accuracy"),
		nli_dossier_number(v, "accuracy_lo"),
		nli_dossier_number(v, "accuracy_hi"),
		nli_dossier_number(v, "gain"),
		nli_dossier_number(v, "gain_lo"),
		nli_dossier_number(v, "gain_hi"),
	};
}

/*
 * Of what nli-filter says of the model that was there, "before" or "after".  It counts
 * from the commonest label; where the audit itself counts from chance, so is this.
 */
static struct side side_of_filter(const struct nli_dossier *a, const char *name,
				  const char *when)
{
	const nli_jval *audit = nli_jget(
		nli_jget(nli_dossier_results(a, "nli-filter", 0), "audit"), when);
	const nli_jval *ci = nli_jget(audit, "interval");
	struct nli_jiter it = nli_jiter(nli_jget(nli_dossier_audit(a, 0), "inputs"));
	struct side s = { name,
			  NULL,
			  nli_dossier_number(audit, "n"),
			  nli_dossier_number(audit, "majority"),
			  nli_dossier_number(audit, "accuracy"),
			  nli_dossier_end(ci, 0),
			  nli_dossier_end(ci, 1),
			  nli_dossier_number(audit, "gain"),
			  NAN,
			  NAN };

	if (nli_jnext(&it) && is_over_chance(it.val)) {
		s.base = nli_dossier_number(it.val, "chance");
		s.gain = s.accuracy - s.base;
	}
	return s;
}

static struct side side_before(const struct nli_dossier *a, struct nli_doc *d)
{
	return nli_dossier_audit(a, 0) ? side_of_run(a, d, 0)
				       : side_of_filter(a, "before", "before");
}

static size_t count_audits(const struct nli_dossier *a)
{
	size_t n = 0;

	while (n <= MOST_AUDITS && nli_dossier_audit(a, n))
		n++;
	return n;
}

/* The audit of what the filter left, the first again where no hash tells; 0: none. */
static size_t audit_of_filter(const struct nli_dossier *a, struct nli_doc *d)
{
	const size_t n = count_audits(a);
	bool told = false;

	for (size_t k = 1; k < n; k++) {
		const struct side s = side_of_run(a, d, k);

		if (s.maker && is_by(s.maker, "nli-filter"))
			return k;
		told |= s.maker != NULL;
	}
	return n > 1 && !told;
}

struct nli_str nli_sec_after_filter(struct nli_dossier *a, struct nli_doc *d)
{
	const size_t k = audit_of_filter(a, d);
	const struct side before =
		k ? side_before(a, d) : side_of_filter(a, "", "before");
	const struct side after =
		k ? side_of_run(a, d, k) : side_of_filter(a, "", "after");

	nli_doc_value(d, "filter.gain_before", before.gain, before.gain_lo,
		      before.gain_hi, before.n);
	nli_doc_value(d, "filter.gain_after", after.gain, after.gain_lo, after.gain_hi,
		      after.n);
	if (!isfinite(before.gain) || !isfinite(after.gain))
		return NLI_STR("");
	return nli_doc_fmt(d, "The gain without the premise goes from %s to %s%s.",
			   nli_doc_points(d, before.gain), nli_doc_points(d, after.gain),
			   k ? ", by a model trained anew on what is left"
			     : ", by the same model");
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

/*
 * The filter's own "after" judges what is left by the old model; further
 * nli-hyponly summaries are models trained anew on what is left, or on what was
 * repaired.  All are shown.
 */
static void draw_before_after(struct nli_dossier *a, struct nli_doc *d,
			      struct nli_section *s)
{
	struct nli_chart *c = nli_doc_chart(
		d, s, "before-after", NLI_CHART_BARS,
		NLI_STR("Right without the premise, before and after"),
		NLI_STR("The stroke is the commonest label, or chance. A repair is good "
			"if the bar falls towards the stroke. Each audit is a model "
			"trained anew, but for \"filter, same model\"."));
	struct nli_table *t = nli_doc_table(d, s, "before_after", "Before and after");
	const size_t n = count_audits(a);
	struct side side = side_before(a, d);

	c->row = nli_arena_alloc(&d->arena, (3 + MOST_AUDITS) * sizeof(*c->row));
	c->x = (struct nli_axis){ "accuracy", 0, 1, false, true };
	c->ref_name = "baseline";
	nli_table_column(t, "when", "when", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "majority", "baseline", NLI_CELL_SHARE,
			 "the commonest label; of choices, chance");
	nli_table_column(t, "accuracy", "accuracy", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "gain", "gain", NLI_CELL_SHARE, NULL);
	t->brief = MOST_AUDITS;
	add_side(d, c, t, &side);
	side = side_of_filter(a, "filter, same model", "after");
	add_side(d, c, t, &side);
	for (size_t k = 1; k < n; k++) {
		side = side_of_run(a, d, k);
		add_side(d, c, t, &side);
	}
	nli_sec_fit_axis(c);
}

/* What nli-cues counts of a corpus as a whole, at a false discovery rate of .05. */
struct cues {
	const char *name;
	double n, tests, sure, surest, again;
};

static struct cues cues_of(const struct nli_dossier *a, struct nli_doc *d, size_t k)
{
	const nli_jval *summary = summary_with(a, "nli-cues", "significant_05", k);
	const nli_jval *r = nli_jget(summary, "results");
	const nli_jval *at = nli_jget(r, "significant_05");

	return (struct cues){
		summary ? name_audit(d, nli_dossier_maker(a, summary), k) : NULL,
		nli_dossier_number(r, "n"),
		nli_dossier_number(r, "tests"),
		nli_dossier_number(at, "bh"),
		nli_dossier_number(at, "bonferroni"),
		nli_dossier_number(nli_jget(r, "replication"), "replicated"),
	};
}

static void list_cues(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_table *t =
		nli_doc_table(d, s, "repair_cues", "Cues that give a label away");
	double last = NAN, tests = NAN;

	nli_table_column(t, "when", "when", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, "texts");
	nli_table_column(t, "tested", "tested", NLI_CELL_COUNT,
			 "pairs of a feature and a label");
	nli_table_column(t, "significant", "cues", NLI_CELL_COUNT,
			 "with a false discovery rate (Benjamini-Hochberg) below 0.05");
	nli_table_column(t, "bonferroni", "strictly", NLI_CELL_COUNT,
			 "significant at 0.05 after Bonferroni's correction");
	nli_table_column(t, "replicated", "again", NLI_CELL_COUNT,
			 "found in the other half of the groups too");
	t->brief = MOST_AUDITS;
	for (size_t k = 0; k <= MOST_AUDITS; k++) {
		const struct cues c = cues_of(a, d, k);

		if (!c.name)
			break;
		nli_table_cstr(t, c.name);
		nli_table_number(t, c.n);
		nli_table_number(t, c.tests);
		nli_table_number(t, c.sure);
		nli_table_number(t, c.surest);
		nli_table_number(t, c.again);
		last = c.sure;
		tests = c.tests;
	}
	t->note = "Fewer texts make fewer cues sure: a smaller number alone is no proof "
		  "of a repair, a gain that is gone is.";
	nli_doc_value(d, "repair.cues", last, NAN, NAN, tests);
}

/* "Cues: 104 before, 0 now." or "". */
static const char *say_cues(struct nli_dossier *a, struct nli_doc *d, const char *name)
{
	const struct cues before = cues_of(a, d, 0);

	for (size_t k = 1; before.name && k <= MOST_AUDITS; k++) {
		const struct cues now = cues_of(a, d, k);

		if (now.name && !strcmp(now.name, name))
			return nli_doc_fmt(d, " Cues: %s before, %s now.",
					   nli_doc_count(d, before.sure),
					   nli_doc_count(d, now.sure))
				.s;
	}
	return "";
}

/* Far below chance is no repair: what one part teaches is wrong in the other. */
static void say_audit(struct nli_dossier *a, struct nli_doc *d, const struct side *before,
		      const struct side *now)
{
	const bool opposite = now->gain_hi < 0;

	nli_doc_finding(
		d,
		opposite           ? NLI_WARN
		: now->gain_lo > 0 ? NLI_INFO
				   : NLI_GOOD,
		"repair",
		nli_doc_fmt(d,
			    "Audited %s, the gain without the premise is %s; before it "
			    "was %s.",
			    now->name, nli_doc_points(d, now->gain),
			    nli_doc_points(d, before->gain)),
		nli_doc_fmt(d, "95%% interval %s, n = %s, before %s.%s%s",
			    nli_doc_span(d, now->gain_lo, now->gain_hi),
			    nli_doc_count(d, now->n), nli_doc_count(d, before->n),
			    say_cues(a, d, now->name),
			    opposite ? " Below the baseline is a trace too: what is "
				       "learnt from one part is wrong in the other."
				     : ""));
}

/* What the finding on the filter does not say already. */
static void judge(struct nli_dossier *a, struct nli_doc *d)
{
	const size_t n = count_audits(a);
	const size_t said =
		nli_dossier_results(a, "nli-filter", 0) ? audit_of_filter(a, d) : 0;
	const struct side before = side_before(a, d);
	struct side now = before;

	for (size_t k = 1; k < n; k++) {
		now = side_of_run(a, d, k);
		if (k == said || !isfinite(now.gain) || !isfinite(before.gain))
			continue;
		say_audit(a, d, &before, &now);
	}
	if (n > 1)
		nli_doc_value(d, "repair.gain", now.gain, now.gain_lo, now.gain_hi,
			      now.n);
}

void nli_sec_repair(struct nli_dossier *a, struct nli_doc *d)
{
	const bool cues = summary_with(a, "nli-cues", "significant_05", 1);
	const bool audits = count_audits(a) > 1 ||
			    nli_jget(nli_dossier_results(a, "nli-filter", 0), "audit");
	struct nli_section *s;

	if (!audits && !cues)
		return;
	s = nli_doc_section(d, "repair", "Before and after");
	s->lead = NLI_STR("The same questions asked again after something was taken out "
			  "or made anew: is the label still given away?");
	if (audits)
		draw_before_after(a, d, s);
	if (cues)
		list_cues(a, d, s);
	judge(a, d);
}
