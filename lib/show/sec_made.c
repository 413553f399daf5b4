/* sec_made.c - examples that were made from others, with what changed. */
#include <math.h>
#include <stdlib.h>

#include "lib/model/stats.h"
#include "lib/show/change.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"

enum { MOST_EACH = 3, MOST_SHOWN = 24 };

static const char *const proof[NLI_PROOFS] = {
	[NLI_PROOF_OPEN] = "to be annotated",
	[NLI_PROOF_PROVED] = "proved",
	[NLI_PROOF_ASSUMED] = "assumed",
	[NLI_PROOF_UNSAID] = "not said",
};

/* Records made, by whether their label is proved. */
struct made {
	double n[NLI_PROOFS], all;
};

static struct made count_made(const struct nli_tally *t, size_t method)
{
	struct made m = { { 0 }, 0 };
	size_t n_label;
	size_t *label = nli_tally_values(t, NLI_DIM_LABEL, &n_label);

	for (size_t k = 0; k < n_label; k++)
		for (size_t p = 0; p < NLI_PROOFS; p++) {
			const double n = (double)nli_tally_get(t, NLI_COUNT_ADVERSARIAL,
							       method, label[k], p, 0);

			m.n[p] += n;
			m.all += n;
		}
	free(label);
	return m;
}

/* How often the model without the premise is right on what a method made. */
static void add_blind(const struct nli_tally *t, struct nli_table *table, size_t method)
{
	uint64_t right = 0, wrong = 0;
	size_t n_label;
	size_t *label = nli_tally_values(t, NLI_DIM_LABEL, &n_label);

	for (size_t k = 0; k < n_label; k++) {
		right += nli_tally_get(t, NLI_COUNT_STRATUM, NLI_DIM_METHOD, method,
				       label[k], NLI_BLIND_RIGHT);
		wrong += nli_tally_get(t, NLI_COUNT_STRATUM, NLI_DIM_METHOD, method,
				       label[k], NLI_BLIND_WRONG);
	}
	free(label);
	if (right + wrong) {
		const struct nli_interval ci = nli_wilson(right, right + wrong, 0.95);

		nli_table_range(table, (double)right / (double)(right + wrong), ci.lo,
				ci.hi);
	} else {
		nli_table_number(table, NAN);
	}
}

static void say_made(struct nli_dossier *a, struct nli_doc *d, double made,
		     const double *n_proof)
{
	static const char *const how[NLI_PROOFS] = {
		[NLI_PROOF_OPEN] = "has to be given by people for",
		[NLI_PROOF_PROVED] = "is proved by a rule for",
		[NLI_PROOF_ASSUMED] = "is assumed for",
		[NLI_PROOF_UNSAID] = "comes without a word on that for",
	};
	const double proved = n_proof[NLI_PROOF_PROVED];
	struct nli_str says = NLI_STR("");

	for (size_t p = 0; p < NLI_PROOFS; p++)
		if (n_proof[p] > 0)
			says = nli_doc_fmt(d, "%s%s %s %s", says.s,
					   says.len ? "," : "The label", how[p],
					   nli_doc_count(d, n_proof[p]));
	says = nli_doc_fmt(d, "%s.", says.s);
	nli_doc_value(d, "adversarial.n", made, NAN, NAN, (double)a->tally->n);
	nli_doc_value(d, "adversarial.proved", proved / made, NAN, NAN, made);
	nli_doc_finding(d, NLI_INFO, "adversarial",
			nli_doc_fmt(d, "%s of %s made from others.",
				    nli_doc_count(d, made),
				    nli_doc_counted(d, (double)a->tally->n, "record was",
						    "records were")),
			says);
}

static void list_methods(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_table *t = nli_doc_table(d, s, "adversarial", "By method");
	double made = 0, n_proof[NLI_PROOFS] = { 0 };
	size_t n;
	size_t *method = nli_tally_values(a->tally, NLI_DIM_METHOD, &n);

	nli_table_column(t, "method", "method", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "records", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "proved", "label proved", NLI_CELL_COUNT,
			 "by the rule that made it");
	nli_table_column(t, "assumed", "assumed", NLI_CELL_COUNT,
			 "right by how it was made, but for the method's errors");
	nli_table_column(t, "open", "to be annotated", NLI_CELL_COUNT, NULL);
	if (a->tally->scored)
		nli_table_column(t, "blind", "right blind", NLI_CELL_SHARE,
				 "of those that were scored without the premise");
	t->brief = 12;
	for (size_t i = 0; i < n; i++) {
		const struct made m = count_made(a->tally, method[i]);

		if (!(m.all > 0))
			continue;
		made += m.all;
		for (size_t p = 0; p < NLI_PROOFS; p++)
			n_proof[p] += m.n[p];
		nli_table_text(t, nli_sec_name(d, a->tally, NLI_DIM_METHOD, method[i]));
		nli_table_number(t, m.all);
		nli_table_number(t, m.n[NLI_PROOF_PROVED]);
		nli_table_number(t, m.n[NLI_PROOF_ASSUMED]);
		nli_table_number(t, m.n[NLI_PROOF_OPEN]);
		if (a->tally->scored)
			add_blind(a->tally, t, method[i]);
	}
	say_made(a, d, made, n_proof);
	free(method);
}

static void list_rules(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	const struct nli_tally *t = a->tally;
	struct nli_table *out = nli_doc_table(d, s, "adversarial_rules", "By rule");
	size_t n[3];
	size_t *method = nli_tally_values(t, NLI_DIM_METHOD, &n[0]);
	size_t *rule = nli_tally_values(t, NLI_DIM_RULE, &n[1]);
	size_t *label = nli_tally_values(t, NLI_DIM_LABEL, &n[2]);

	nli_table_column(out, "method", "method", NLI_CELL_TEXT, NULL);
	nli_table_column(out, "rule", "rule", NLI_CELL_TEXT, NULL);
	nli_table_column(out, "label", "label", NLI_CELL_TEXT, NULL);
	nli_table_column(out, "proof", "label is", NLI_CELL_TEXT, NULL);
	nli_table_column(out, "n", "records", NLI_CELL_COUNT, NULL);
	for (size_t k = 0; k < n[0] * n[1] * n[2] * NLI_PROOFS; k++) {
		const size_t p = k % NLI_PROOFS, l = label[k / NLI_PROOFS % n[2]],
			     r = rule[k / NLI_PROOFS / n[2] % n[1]],
			     m = method[k / NLI_PROOFS / n[2] / n[1]];
		const uint64_t made = nli_tally_get(t, NLI_COUNT_MADE_RULE, r, l, p, m);

		if (!made)
			continue;
		nli_table_text(out, nli_sec_name(d, t, NLI_DIM_METHOD, m));
		nli_table_text(out, nli_sec_name(d, t, NLI_DIM_RULE, r));
		nli_table_text(out, nli_sec_name(d, t, NLI_DIM_LABEL, l));
		nli_table_cstr(out, proof[p]);
		nli_table_number(out, (double)made);
	}
	out->folded = nli_table_rows(out) > 12;
	free(method);
	free(rule);
	free(label);
}

/* What a summary says was made, where the records themselves are not at hand. */
static void list_counted(struct nli_doc *d, struct nli_section *s, struct nli_dossier *a)
{
	struct nli_table *t =
		nli_doc_table(d, s, "adversarial_counted", "What nli-adversarial made");
	const nli_jval *results;

	nli_table_column(t, "method", "method", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "rule", "rule", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "label", "label", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "proof", "label is", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "records", NLI_CELL_COUNT, NULL);
	for (size_t k = 0; (results = nli_dossier_results(a, "nli-adversarial", k)); k++)
		for (struct nli_jiter it = nli_jiter(nli_jget(results, "made"));
		     nli_jnext(&it);) {
			nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "method")));
			nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "rule")));
			nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "label")));
			nli_table_cstr(t, nli_jbool(nli_jget(it.val, "need_label"))
						  ? proof[NLI_PROOF_OPEN]
						  : "given");
			nli_table_number(t, nli_dossier_number(it.val, "records"));
		}
	t->brief = 12;
	t->folded = nli_table_rows(t) > 12;
}

static void list_skipped(struct nli_doc *d, struct nli_section *s, struct nli_dossier *a)
{
	struct nli_table *t = nli_doc_table(d, s, "adversarial_skipped",
					    "Where nothing was made, and why");
	const nli_jval *results;

	nli_table_column(t, "method", "method", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "reason", "reason", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "times", NLI_CELL_COUNT,
			 "a record can be passed over by several rules");
	for (size_t k = 0; (results = nli_dossier_results(a, "nli-adversarial", k)); k++)
		for (struct nli_jiter it = nli_jiter(nli_jget(results, "not_made"));
		     nli_jnext(&it);) {
			nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "method")));
			nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "reason")));
			nli_table_number(t, nli_dossier_number(it.val, "records"));
		}
	t->brief = 8;
	t->folded = nli_table_rows(t) > 12;
}

/* Of balance: what is left until no cue is. */
static void list_rounds(struct nli_doc *d, struct nli_section *s, struct nli_dossier *a)
{
	struct nli_table *t = nli_doc_table(d, s, "adversarial_balance",
					    "Balanced: records left, and cues");
	const nli_jval *results;

	t->brief = 6;
	nli_table_column(t, "round", "round", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "kept", "kept", NLI_CELL_COUNT, "records");
	nli_table_column(t, "most", "at most", NLI_CELL_COUNT,
			 "no choice of records could keep more");
	nli_table_column(t, "added", "added", NLI_CELL_COUNT, "from --candidates");
	nli_table_column(t, "cues", "cues", NLI_CELL_COUNT,
			 "that nli-cues would still list");
	nli_table_column(t, "held", "held", NLI_CELL_COUNT, "features kept in balance");
	for (size_t k = 0; (results = nli_dossier_results(a, "nli-adversarial", k));
	     k++) {
		double round = 0;

		for (struct nli_jiter it =
			     nli_jiter(nli_jget(nli_jget(results, "balance"), "rounds"));
		     nli_jnext(&it);) {
			nli_table_number(t, round++);
			nli_table_number(t, nli_dossier_number(it.val, "kept"));
			nli_table_number(
				t, floor(nli_dossier_number(it.val, "kept_at_most")));
			nli_table_number(t, nli_dossier_number(it.val, "added"));
			nli_table_number(t, nli_dossier_number(it.val, "cues"));
			nli_table_number(t, nli_dossier_number(it.val, "held"));
		}
	}
}

/* Of match: the pools of answers, what was dealt out, and how near it is to the best. */
static void list_match(struct nli_doc *d, struct nli_section *s, const nli_jval *match)
{
	static const struct {
		const char *key, *name;
	} list[] = {
		{ "pools", "pools: items whose answers may stand for each other" },
		{ "items", "items made" },
		{ "pairs", "wrong choices dealt out" },
		{ "listed", "candidates weighed" },
		{ "same_group_or_lacking_objects",
		  "wrong choices of the same group, or that name what is not there" },
		{ "lost_references", "references that were lost" },
		{ "shifted_pools", "pools dealt by turns, for want of candidates" },
	};
	struct nli_table *t = nli_doc_table(
		d, s, "adversarial_match", "Matched: answers of others as wrong choices");
	const double mean = nli_dossier_number(match, "mean_weight");

	nli_table_column(t, "what", "what", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	t->brief = sizeof(list) / sizeof(*list);
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		nli_table_cstr(t, list[i].name);
		nli_table_number(t, nli_dossier_number(match, list[i].key));
	}
	if (isfinite(mean))
		t->note =
			nli_doc_fmt(d,
				    "The mean weight of a pair is %s; no way to deal "
				    "them out has more than %s.",
				    nli_doc_real(d, mean),
				    nli_doc_real(d, nli_dossier_number(
							    match, "mean_weight_bound")))
				.s;
}

/* "; choices from a, b": whose answers a matched item's choices are. */
static void say_choices(struct nli_doc *d, const nli_jval *v, struct nli_buf *b)
{
	const char *before = "; choices are the answers of ";

	for (struct nli_jiter it = nli_jiter(nli_jget(v, "choices_from")); nli_jnext(&it);
	     before = ", ") {
		const struct nli_str id = nli_doc_clean(d, nli_jstr(it.val), 100);

		nli_buf_addf(b, "%s%.*s", before, (int)id.len, id.s);
	}
}

/* "negate, en-aux-not, contradicts; label proved; made from X". */
static struct nli_str say_how(struct nli_doc *d, const nli_jval *v, bool labelled)
{
	static const char *const key[] = { "method", "rule", "relation" };
	const struct nli_str source = nli_jstr(nli_jget(v, "source"));
	struct nli_buf b = { 0 };
	struct nli_str says;

	for (size_t i = 0; i < 3; i++) {
		const struct nli_str s = nli_sec_text(d, nli_jget(v, key[i]));

		if (s.len)
			nli_buf_addf(&b, "%s%.*s", b.len ? ", " : "", (int)s.len, s.s);
	}
	if (nli_jtype(nli_jget(v, "proved")) == NLI_J_BOOL)
		nli_buf_addf(&b, "%slabel %s", b.len ? "; " : "",
			     proof[nli_jbool(nli_jget(v, "proved")) ? NLI_PROOF_PROVED
				   : labelled                       ? NLI_PROOF_ASSUMED
								    : NLI_PROOF_OPEN]);
	if (source.len) {
		const struct nli_str from = nli_doc_clean(d, source, 100);

		nli_buf_addf(&b, "%smade from %.*s", b.len ? "; " : "", (int)from.len,
			     from.s);
	}
	say_choices(d, v, &b);
	says = nli_doc_str(d, nli_buf_str(&b));
	nli_buf_release(&b);
	return says;
}

static void add_text(struct nli_doc *d, struct nli_example *e, const char *name,
		     struct nli_str text, const nli_jval *edits)
{
	if (text.s && !nli_change_add(d, e, name, -1, text, edits))
		nli_example_part(e, name, nli_doc_clean(d, text, NLI_CLEAN_TEXT));
}

static void add_made(struct nli_dossier *a, struct nli_doc *d, struct nli_examples *to,
		     struct nli_str line)
{
	struct nli_record r;
	struct nli_example *e;
	const nli_jval *how, *edits;
	char num[12];

	if (nli_record_parse(&r, a->scratch, line, NULL))
		return;
	how = nli_object_find(&r.obj, "adversarial")->val;
	edits = nli_jget(how, "edits");
	e = nli_examples_add(to);
	e->id = nli_doc_clean(d, r.id, 100);
	e->lang = nli_doc_clean(d, r.lang, 30);
	e->label = nli_doc_clean(d, nli_record_gold(&r, num), NLI_CLEAN_VALUE);
	e->note = say_how(d, how, e->label.len > 0);
	add_text(d, e, "premise", r.premise, edits);
	add_text(d, e, "hypothesis", r.hypothesis, edits);
	for (size_t i = 0; i < r.n_choice && i < 8; i++) {
		const char *name = nli_doc_fmt(d, "choice %zu", i).s;

		if (!nli_change_add(d, e, "choices", (int)i, r.choice[i], edits))
			nli_example_part(e, name,
					 nli_doc_clean(d, r.choice[i], NLI_CLEAN_TEXT));
		e->part[e->n_part - 1].name = name;
		e->part[e->n_part - 1].right = (int)i == r.answer;
	}
}

static void show_made(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_examples *e = nli_doc_examples_new(
		d, "Made examples",
		"What went out is struck through in the text before, "
		"what came in is underlined in the text after.");
	size_t n;
	size_t *method = nli_tally_values(a->tally, NLI_DIM_METHOD, &n);

	for (size_t i = 0; i < n; i++) {
		const struct nli_samples *set =
			nli_tally_samples(a->tally, NLI_SAMPLE_ADVERSARIAL, method[i]);

		for (size_t k = 0;
		     set && k < set->n && k < MOST_EACH && e->n < MOST_SHOWN; k++)
			add_made(a, d, e,
				 (struct nli_str){ set->s[k].line, set->s[k].len });
	}
	if (e->n)
		nli_doc_examples(s, e, NULL);
	free(method);
}

/* Whether a summary of nli-adversarial says that anything was made. */
static bool is_made(const struct nli_dossier *a)
{
	const nli_jval *results;

	for (size_t k = 0; (results = nli_dossier_results(a, "nli-adversarial", k)); k++)
		if (nli_jlen(nli_jget(results, "made")))
			return true;
	return false;
}

void nli_sec_adversarial(struct nli_dossier *a, struct nli_doc *d)
{
	const bool seen = a->tally->members & NLI_SEEN_ADVERSARIAL, made = is_made(a);
	const nli_jval *results;
	struct nli_section *s;

	if (!seen && !nli_dossier_results(a, "nli-adversarial", 0))
		return;
	s = nli_doc_section(d, "adversarial",
			    seen || made ? "Examples that were made"
					 : "A subset without cues");
	s->lead = seen || made
			  ? NLI_STR("Rewritten so that a cue no longer tells the label, "
				    "or so that the label is another for a reason that "
				    "can be named.")
			  : NLI_STR("Records left out by nli-adversarial so that no cue "
				    "tells the label in those that stay.");
	if (seen) {
		list_methods(a, d, s);
		list_rules(a, d, s);
	} else {
		list_counted(d, s, a);
	}
	list_skipped(d, s, a);
	list_rounds(d, s, a);
	for (size_t k = 0; (results = nli_dossier_results(a, "nli-adversarial", k)); k++)
		if (nli_jget(results, "match")) {
			list_match(d, s, nli_jget(results, "match"));
			break; /* a table has one place in the JSON */
		}
	show_made(a, d, s);
}
