/* sec_partial.c - what can be had without the premise: accuracies against chance and published figures. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/metric.h"
#include "lib/model/stats.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"

enum { MOST_INPUTS = 16 };

/* A partial-input model on one input. */
struct partial {
	struct nli_str input;
	const char *over; /* what gain is over */
	const char *test; /* of what p is, or NULL */
	bool none;        /* nli-hyponly itself sees no evidence in it */
	double n, majority, accuracy, lo, hi, gain, gain_lo, gain_hi, p, bits, bits_lo,
		bits_hi, ece;
	const nli_jval *json; /* or NULL: from the records themselves */
};

/*
 * Cross-fitted gains are tested by permuting the labels and training anew, those of
 * a model of other files by flipping the signs of its groups' gains, which then is
 * what the verdict rests on.
 */
static void read_test(struct partial *p, const nli_jval *v)
{
	static const struct {
		const char *key, *name;
	} test[] = { { "p_gain", "sign flip" }, { "p_permutation", "permutation" } };

	p->p = NAN;
	for (size_t i = 0; i < 2 && !p->test; i++) {
		p->p = nli_dossier_number(v, test[i].key);
		p->test = isfinite(p->p) ? test[i].name : NULL;
	}
	p->none = nli_str_is(nli_jstr(nli_jget(v, "verdict")), "none");
}

static struct partial from_summary(struct nli_doc *d, struct nli_str input,
				   const nli_jval *v)
{
	const bool chance = nli_str_is(nli_jstr(nli_jget(v, "gain_over")), "chance");
	struct partial p = {
		.input = nli_doc_clean(d, input, NLI_CLEAN_VALUE),
		.over = chance ? "chance" : "the commonest label",
		.n = nli_dossier_number(v, "n"),
		.majority = nli_dossier_number(v, chance ? "chance" : "majority"),
		.accuracy = nli_dossier_number(v, "accuracy"),
		.lo = nli_dossier_number(v, "accuracy_lo"),
		.hi = nli_dossier_number(v, "accuracy_hi"),
		.gain = nli_dossier_number(v, "gain"),
		.gain_lo = nli_dossier_number(v, "gain_lo"),
		.gain_hi = nli_dossier_number(v, "gain_hi"),
		.bits = nli_dossier_number(v, "v_information"),
		.bits_lo = nli_dossier_number(v, "v_information_lo"),
		.bits_hi = nli_dossier_number(v, "v_information_hi"),
		.ece = nli_dossier_number(nli_jget(v, "calibration"), "ece"),
		.json = v,
	};

	read_test(&p, v);
	return p;
}

/* Where no summary was given, the records say themselves what was guessed right. */
static bool from_records(struct nli_dossier *a, struct partial *p)
{
	const struct nli_tally *t = a->tally;
	struct nli_interval ci;
	uint64_t n = 0, right = 0, common = 0;
	size_t n_label;
	size_t *label = nli_tally_values(t, NLI_DIM_LABEL, &n_label);

	for (size_t i = 0; i + 1 < n_label; i++) {
		const uint64_t r =
			nli_tally_get(t, NLI_COUNT_LEVEL, label[i], NLI_EASY, 0, 0);
		const uint64_t w =
			nli_tally_get(t, NLI_COUNT_LEVEL, label[i], NLI_HARD, 0, 0);

		n += r + w;
		right += r;
		common = r + w > common ? r + w : common;
	}
	free(label);
	if (!n)
		return false;
	ci = nli_wilson(right, n, 0.95);
	*p = (struct partial){ .input = NLI_STR("hypothesis"),
			       .over = "the commonest label",
			       .n = (double)n };
	p->majority = (double)common / (double)n;
	p->accuracy = (double)right / (double)n;
	p->lo = ci.lo;
	p->hi = ci.hi;
	p->gain = p->accuracy - p->majority;
	p->gain_lo = ci.lo - p->majority;
	p->gain_hi = ci.hi - p->majority;
	p->p = p->bits_lo = p->bits_hi = p->ece = NAN;
	p->bits = t->pvi_n ? (double)t->pvi_sum / 1e6 / (double)t->pvi_n : NAN;
	return true;
}

static bool is_whole(const nli_jval *v)
{
	static const char *const needed[] = { "n",           "majority",    "accuracy",
					      "accuracy_lo", "accuracy_hi", "gain",
					      "gain_lo",     "gain_hi" };

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!isfinite(nli_dossier_number(v, needed[i])))
			return false;
	return nli_dossier_number(v, "n") >= 1;
}

static size_t collect(struct nli_dossier *a, struct nli_doc *d, struct partial *p)
{
	size_t n = 0;
	const nli_jval *first = nli_jget(nli_dossier_audit(a, 0), "inputs");

	for (struct nli_jiter it = nli_jiter(first); nli_jnext(&it) && n < MOST_INPUTS;)
		if (is_whole(it.val))
			p[n++] = from_summary(d, it.key, it.val);
	if (!n && from_records(a, &p[0]))
		n = 1;
	return n;
}

static void add_bar(struct nli_doc *d, struct nli_chart *c, const struct partial *p,
		    size_t row)
{
	struct nli_mark *m = nli_chart_add(c);

	m->row = row;
	m->x = p->accuracy;
	m->lo = p->lo;
	m->hi = p->hi;
	m->ref = p->majority;
	m->text = nli_str_of(nli_doc_share(d, p->accuracy));
	m->tip = nli_doc_fmt(d, "%.*s: %s right (%s), commonest label %s, n = %s",
			     (int)p->input.len, p->input.s, nli_doc_share(d, p->accuracy),
			     nli_doc_interval(d, p->lo, p->hi),
			     nli_doc_share(d, p->majority), nli_doc_count(d, p->n));
}

static void add_published(struct nli_dossier *a, struct nli_doc *d, struct nli_chart *c,
			  const struct partial *p, size_t row)
{
	const struct nli_reference *r;

	for (size_t at = 0; (r = nli_dossier_published(a, p->input, &at));) {
		struct nli_mark *m = nli_chart_add(c);

		m->row = row;
		m->x = r->accuracy;
		m->hollow = true;
		m->tip = nli_doc_fmt(d, "published: %s, %s, %s: %s", r->corpus.s,
				     r->split.s, r->model.s,
				     nli_doc_share(d, r->accuracy));
		c->hollow_name = "published figure";
	}
}

/* Scored by a model that was trained on other files, not cross-fitted. */
static bool is_trained(struct nli_dossier *a)
{
	const nli_jval *mode = nli_jget(nli_dossier_audit(a, 0), "mode");

	return nli_str_is(nli_jstr(mode), "train");
}

static void draw_inputs(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s,
			const struct partial *p, size_t n)
{
	struct nli_chart *c = nli_doc_chart(
		d, s, "partial", NLI_CHART_BARS,
		NLI_STR("How often a model is right that sees only a part of the input"),
		nli_doc_fmt(d,
			    "Bars are accuracies %s, with 95%% intervals; the upright "
			    "stroke is what always saying the commonest label, or "
			    "chance, would get.",
			    is_trained(a) ? "of a model trained on other files"
					  : "by cross-fitting"));

	c->row = nli_arena_alloc(&d->arena, n * sizeof(*c->row));
	c->n_row = n;
	c->x = (struct nli_axis){ "accuracy", 0, 1, false, true };
	c->ref_name = p[0].over;
	for (size_t i = 0; i < n; i++) {
		c->row[i] = p[i].input;
		add_bar(d, c, &p[i], i);
		add_published(a, d, c, &p[i], i);
	}
	nli_sec_fit_axis(c);
}

/* Where a premise is in the training files too, a model can know it by heart. */
static void note_shared(struct nli_dossier *a, struct nli_doc *d, struct nli_table *t)
{
	const double n =
		nli_dossier_number(nli_dossier_audit(a, 0), "premise_in_training");

	if (n > 0)
		t->note =
			nli_doc_fmt(d,
				    "The premise of %s stands in the training files too: "
				    "the split leaks.",
				    nli_doc_counted(d, n, "record", "records"))
				.s;
}

static void list_inputs(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s,
			const struct partial *p, size_t n)
{
	struct nli_table *t = nli_doc_table(d, s, "partial", "Partial-input models");
	bool bits = false, tested = false;

	for (size_t i = 0; i < n; i++) {
		bits |= isfinite(p[i].bits);
		tested |= isfinite(p[i].p);
	}
	nli_table_column(t, "input", "input", NLI_CELL_TEXT, "what the model is shown");
	nli_table_column(t, "n", "n", NLI_CELL_COUNT,
			 is_trained(a) ? "records scored by a model of other files"
				       : "records scored by a model that never saw "
					 "their group");
	nli_table_column(
		t, "majority", "baseline", NLI_CELL_SHARE,
		"what always saying the commonest label gets; of choices, chance");
	nli_table_column(t, "accuracy", "accuracy", NLI_CELL_SHARE,
			 "share right, with its 95% interval");
	nli_table_column(t, "gain", "gain", NLI_CELL_SHARE,
			 "accuracy less majority, with its 95% interval");
	if (tested) {
		nli_table_column(t, "p", "p", NLI_CELL_P,
				 "chance of such a gain if the input told nothing");
		nli_table_column(t, "test", "test", NLI_CELL_TEXT,
				 "permutation: labels shuffled and all trained anew; "
				 "sign flip: the sign of each group's gain drawn");
	}
	if (bits)
		nli_table_column(
			t, "bits", "bits", NLI_CELL_REAL,
			"V-information: bits about the label that this model can use");
	t->brief = 12;
	for (size_t i = 0; i < n; i++) {
		nli_table_text(t, p[i].input);
		nli_table_number(t, p[i].n);
		nli_table_number(t, p[i].majority);
		nli_table_range(t, p[i].accuracy, p[i].lo, p[i].hi);
		nli_table_range(t, p[i].gain, p[i].gain_lo, p[i].gain_hi);
		if (tested) {
			nli_table_number(t, p[i].p);
			nli_table_cstr(t, p[i].test ? p[i].test : "");
		}
		if (bits)
			nli_table_range(t, p[i].bits, p[i].bits_lo, p[i].bits_hi);
	}
	note_shared(a, d, t);
}

static void list_published(struct nli_dossier *a, struct nli_doc *d,
			   struct nli_section *s, const struct partial *p, size_t n)
{
	struct nli_table *t =
		nli_doc_table(d, s, "published", "Published figures for these corpora");
	const struct nli_reference *r;

	nli_table_column(t, "corpus", "corpus", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "split", "part", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "input", "input", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "model", "model", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "accuracy", "accuracy", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "source", "source", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "verified", "verified", NLI_CELL_TEXT,
			 "read in the source itself, or only reported of it");
	for (size_t i = 0; i < n; i++)
		for (size_t at = 0; (r = nli_dossier_published(a, p[i].input, &at));) {
			nli_table_text(t, r->corpus);
			nli_table_text(t, r->split);
			nli_table_text(t, r->input);
			nli_table_text(t, r->model);
			nli_table_number(t, r->accuracy);
			nli_table_text(t, r->source);
			nli_table_cstr(t, r->verified ? "yes" : "no");
		}
	t->note = "Other models, parts and protocols than here: for orientation, not for "
		  "ranking.";
	t->folded = true;
}

static const struct {
	const char *input, *knows, *short_;
	bool blind; /* it cannot know how the texts relate */
} inputs[] = {
	{ "hypothesis", "reads only the hypothesis", "the hypothesis", true },
	{ "choices", "reads only the choices", "the choices", true },
	{ "premise", "reads only the premise", "the premise", true },
	{ "length", "knows only the length of the hypothesis", "the length", true },
	{ "position", "knows only the place of a choice", "the place of the choice",
	  true },
	{ "overlap", "knows only how many words the texts share", "the word overlap",
	  true },
	{ "shuffled", "reads both texts with their words shuffled",
	  "both texts, shuffled", false },
	{ "both", "reads both texts as bags of words", "both texts as bags of words",
	  false },
};
enum { N_INPUTS = sizeof(inputs) / sizeof(*inputs) };

static size_t input_of(const struct partial *p)
{
	size_t i = 0;

	while (i < N_INPUTS && !nli_str_is(p->input, inputs[i].input))
		i++;
	return i;
}

/* A gain is evidence if its interval lies above 0 and its test, where one was made, agrees. */
static bool is_found(const struct partial *p)
{
	return p->gain_lo > 0 && !p->none;
}

/* Does the permutation test, which looks at single words too, find what no gain shows? */
static bool is_dependent(const struct partial *p)
{
	return p->test && !strcmp(p->test, "permutation") && p->p <= NLI_WEAK_P;
}

/* ", sign flip test p = 0.001", or "". */
static const char *say_test(struct nli_doc *d, const struct partial *p)
{
	return p->test ? nli_doc_fmt(d, ", %s test p %s", p->test, nli_doc_p(d, p->p)).s
		       : "";
}

/* Where "strong" begins: nli-hyponly's own rule, an interval wholly above 5 points. */
static enum nli_level level_of(const struct partial *p)
{
	return !is_found(p) ? NLI_GOOD : p->gain_lo > 0.05 ? NLI_BAD : NLI_WARN;
}

static void judge(struct nli_doc *d, const struct partial *p)
{
	const size_t i = input_of(p);
	const char *knows = i < N_INPUTS ? inputs[i].knows
					 : nli_doc_fmt(d, "sees only %.*s",
						       (int)p->input.len, p->input.s)
						   .s;

	if (!is_found(p)) {
		const bool depends = is_dependent(p);

		nli_doc_finding(
			d, depends ? NLI_INFO : NLI_GOOD, "partial",
			nli_doc_fmt(
				d,
				depends ? "A model that %s is not surely better than "
					  "%s, but something in it goes with the "
					  "label more than chance lets it."
					: "No evidence of an artifact: a model that %s "
					  "does no better than %s.",
				knows, p->over),
			nli_doc_fmt(d,
				    "%s right against %s (gain %s, n = %s%s). A stronger "
				    "model may still find one.",
				    nli_doc_share(d, p->accuracy),
				    nli_doc_share(d, p->majority),
				    nli_doc_span(d, p->gain_lo, p->gain_hi),
				    nli_doc_count(d, p->n), say_test(d, p)));
		return;
	}
	nli_doc_finding(
		d, level_of(p), "partial",
		nli_doc_fmt(d,
			    "A model that %s is right %s of the time. %s would give %s.",
			    knows, nli_doc_share(d, p->accuracy),
			    p->over[0] == 'c' ? "Chance"
					      : "Always saying the commonest label",
			    nli_doc_share(d, p->majority)),
		nli_doc_fmt(d,
			    "A gain of %s (95%% interval %s, n = %s%s) that owes "
			    "nothing to inference.",
			    nli_doc_points(d, p->gain),
			    nli_doc_span(d, p->gain_lo, p->gain_hi),
			    nli_doc_count(d, p->n), say_test(d, p)));
}

/* The other inputs in one finding: those that cannot know how the texts relate. */
static void judge_others(struct nli_doc *d, const struct partial *p, size_t n)
{
	struct nli_buf b = { 0 };

	for (size_t i = 0; i < n; i++) {
		const size_t k = input_of(&p[i]);

		if (k == N_INPUTS || !inputs[k].blind || !is_found(&p[i]) ||
		    !(p[i].gain_lo > 0.02))
			continue;
		nli_buf_addf(&b, "%s%s %s", b.len ? ", " : "", inputs[k].short_,
			     nli_doc_share(d, p[i].accuracy));
	}
	if (b.len)
		nli_doc_finding(
			d, NLI_WARN, "partial",
			nli_doc_fmt(d, "Other parts of the input tell the label too: %s.",
				    b.data),
			nli_doc_fmt(d, "Against %s for %s.",
				    nli_doc_share(d, p[0].majority), p[0].over));
	nli_buf_release(&b);
}

/* The metrics of an input: "hyponly.gain" for the first, "hyponly.premise.gain" for each. */
static void set_values(struct nli_doc *d, const struct partial *p, bool first)
{
	static const char *const key[] = { "accuracy", "gain", "majority",
					   "bits",     "p",    "ece" };
	const double v[6][3] = {
		{ p->accuracy, p->lo, p->hi },
		{ p->gain, p->gain_lo, p->gain_hi },
		{ p->majority, NAN, NAN },
		{ p->bits, p->bits_lo, p->bits_hi },
		{ p->p, NAN, NAN },
		{ p->ece, NAN, NAN },
	};

	for (size_t i = 0; i < 6; i++) {
		if (first)
			nli_doc_value(d, nli_doc_fmt(d, "hyponly.%s", key[i]).s, v[i][0],
				      v[i][1], v[i][2], p->n);
		if (p->json && input_of(p) < N_INPUTS) /* names are those of --metrics */
			nli_doc_value(d,
				      nli_doc_fmt(d, "hyponly.%.*s.%s", (int)p->input.len,
						  p->input.s, key[i])
					      .s,
				      v[i][0], v[i][1], v[i][2], p->n);
	}
}

void nli_sec_partial(struct nli_dossier *a, struct nli_doc *d)
{
	struct partial p[MOST_INPUTS];
	const size_t n = collect(a, d, p);
	struct nli_section *s;

	if (!n)
		return;
	s = nli_doc_section(d, "partial", "Without the premise");
	s->lead = NLI_STR(
		"Inference needs both texts. Whatever a model gets right from a part of "
		"the input it gets right for another reason.");
	draw_inputs(a, d, s, p, n);
	list_inputs(a, d, s, p, n);
	list_published(a, d, s, p, n);
	judge(d, &p[0]);
	judge_others(d, p + 1, n - 1);
	for (size_t i = 0; i < n; i++)
		set_values(d, &p[i], i == 0);
	nli_doc_figure(d, "right without the premise",
		       nli_str_of(nli_doc_share(d, p[0].accuracy)),
		       nli_doc_fmt(d, "%s; %s gives %s",
				   nli_doc_interval(d, p[0].lo, p[0].hi), p[0].over,
				   nli_doc_share(d, p[0].majority)));
}
