/*
 * sec_planted.c - a corpus that was made with known artifacts: what was found
 * of them.  corpora/demo/planted.json says what they are.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/model/stats.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"

enum { LONG = 10, LONGEST = 100 };

static const char *const labels[] = { "entailment", "neutral", "contradiction" };

/* Share of a label's texts with at least ten words. */
static double long_share(const struct nli_tally *t, const char *label, double *lo,
			 double *hi)
{
	const ptrdiff_t side =
		nli_intern_find(&t->field[NLI_DIM_SIDE].values, nli_str_of(label));
	uint64_t n = 0, k = 0;
	struct nli_interval ci;

	for (size_t i = 0; side >= 0 && i < LONGEST; i++) {
		const uint64_t v =
			nli_tally_get(t, NLI_COUNT_LENGTH, (size_t)side + 1, i, 0, 0);

		n += v;
		k += i >= LONG ? v : 0;
	}
	if (!n)
		return NAN;
	ci = nli_wilson(k, n, 0.95);
	*lo = ci.lo;
	*hi = ci.hi;
	return (double)k / (double)n;
}

/* Share of a label's texts that hold a family of nli-cues: n_wy over the label's own number. */
static double cue_share(const struct nli_dossier *a, const char *family,
			const char *label, double *lo, double *hi)
{
	for (size_t i = 0; i < a->n_cue; i++) {
		const struct nli_cue *c = &a->cue[i];
		struct nli_interval ci;

		if (!nli_str_is(c->family, family) || !nli_str_is(c->label, label) ||
		    !isfinite(c->share) || !(c->n_wy >= 0) || !(c->share > 0))
			continue;
		ci = nli_wilson_real(c->n_wy, c->n_wy / c->share, 0.95);
		*lo = ci.lo;
		*hi = ci.hi;
		return c->share;
	}
	return NAN;
}

static double found_share(const struct nli_dossier *a, struct nli_str cue,
			  const char *label, double *lo, double *hi)
{
	*lo = *hi = NAN;
	if (nli_str_is(cue, "ten_words_or_more"))
		return long_share(a->tally, label, lo, hi);
	if (nli_str_is(cue, "negation") || nli_str_is(cue, "purpose"))
		return cue_share(a, cue.s, label, lo, hi);
	return NAN;
}

static void list_cues(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s,
		      const nli_jval *planted)
{
	struct nli_table *t = nli_doc_table(
		d, s, "planted_cues", "Cues: share of each label's texts that hold it");

	nli_table_column(t, "cue", "cue", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "label", "label", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "planted", "planted", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "found", "found", NLI_CELL_SHARE,
			 "in all records, copies and repairs included");
	t->brief = 12;
	for (struct nli_jiter it = nli_jiter(nli_jget(planted, "cues")); nli_jnext(&it);)
		for (size_t y = 0; y < 3; y++) {
			double lo, hi;
			const double found = found_share(a, it.key, labels[y], &lo, &hi);

			nli_table_text(t, nli_doc_clean(d, it.key, NLI_CLEAN_VALUE));
			nli_table_cstr(t, labels[y]);
			nli_table_number(t, nli_dossier_number(it.val, labels[y]));
			nli_table_range(t, found, lo, hi);
		}
}

static void add_row(struct nli_doc *d, struct nli_table *t, const char *what,
		    double planted, double found, const char *by)
{
	if (!isfinite(planted))
		return;
	nli_table_cstr(t, what);
	nli_table_cstr(t, nli_doc_count(d, planted));
	nli_table_cstr(t, isfinite(found) ? nli_doc_count(d, found) : "not looked for");
	nli_table_cstr(t, isfinite(found) ? by : "");
}

static double count_of(const nli_jval *planted, const char *key)
{
	const nli_jval *v = nli_jget(planted, key);

	return nli_jtype(v) == NLI_J_ARRAY ? (double)nli_jlen(v) : NAN;
}

/* Of the ids planted under key, those that the tally saw as twins of that kind. */
static double watched(const struct nli_dossier *a, const nli_jval *planted,
		      const char *key, enum nli_twin twin)
{
	double found = 0;

	if (!a->tally->watch || !(a->tally->members & NLI_SEEN_DEDUP))
		return NAN;
	for (struct nli_jiter it = nli_jiter(nli_jget(planted, key)); nli_jnext(&it);) {
		const ptrdiff_t id = nli_intern_find(a->tally->watch,
						     nli_jstr(nli_jget(it.val, "id")));

		if (id >= 0)
			found += nli_tally_get(a->tally, NLI_COUNT_WATCHED, (size_t)id,
					       twin, 0, 0) > 0;
	}
	return found;
}

/* Of the groups planted on both sides of the source's split, those that were seen there. */
static double leaked(const struct nli_dossier *a, const nli_jval *planted)
{
	double found = 0;

	if (!a->tally->field[NLI_DIM_SOURCE_SPLIT].values.n)
		return NAN;
	for (struct nli_jiter it = nli_jiter(nli_jget(planted, "leak"));
	     nli_jnext(&it);) {
		const uint32_t parts =
			nli_shared_parts(&a->tally->shared[NLI_SHARE_GROUP],
					 nli_tally_shared_hash(
						 NLI_SHARE_GROUP,
						 nli_jstr(nli_jget(it.val, "group")))) >>
			NLI_SHARED_PARTS;

		found += (parts & (parts - 1)) != 0;
	}
	return found;
}

static void list_things(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s,
			const nli_jval *planted)
{
	struct nli_table *t = nli_doc_table(
		d, s, "planted", "Things: how many of those planted were found");

	nli_table_column(t, "what", "what", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "planted", "planted", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "found", "found", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "by", "by", NLI_CELL_TEXT, NULL);
	t->brief = 12;
	add_row(d, t, "exact copies", count_of(planted, "exact"),
		watched(a, planted, "exact", NLI_TWIN_EXACT), "nli-dedup");
	add_row(d, t, "near copies", count_of(planted, "near"),
		watched(a, planted, "near", NLI_TWIN_NEAR), "nli-dedup");
	add_row(d, t, "conflicting labels", count_of(planted, "conflict"),
		watched(a, planted, "conflict", NLI_TWIN_CONFLICT), "nli-dedup");
	add_row(d, t, "premise groups on both sides of a split",
		count_of(planted, "leak"), leaked(a, planted), "nli-report");
}

static void list_workers(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s,
			 const nli_jval *planted)
{
	struct nli_table *t;

	if (!a->n_worker || !nli_jlen(nli_jget(planted, "workers")))
		return;
	t = nli_doc_table(d, s, "planted_workers",
			  "Annotators: skill planted and measured");
	nli_table_column(t, "worker", "annotator", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "kind", "planted as", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "planted", "skill", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "found", "found right", NLI_CELL_SHARE,
			 "against the inferred labels");
	nli_table_column(t, "flags", "flags", NLI_CELL_TEXT, NULL);
	t->brief = 15;
	for (struct nli_jiter it = nli_jiter(nli_jget(planted, "workers"));
	     nli_jnext(&it);)
		for (size_t i = 0; i < a->n_worker; i++) {
			if (!nli_str_eq(a->worker[i].name,
					nli_jstr(nli_jget(it.val, "worker"))))
				continue;
			nli_table_text(t, a->worker[i].name);
			nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "kind")));
			nli_table_number(t, nli_dossier_number(it.val, "skill"));
			nli_table_range(t, a->worker[i].accuracy, a->worker[i].lo,
					a->worker[i].hi);
			nli_table_text(t, a->worker[i].flags);
		}
}

void nli_sec_planted(struct nli_dossier *a, struct nli_doc *d)
{
	const nli_jval *planted = nli_dossier_find(a, "planted", 0);
	const double ceiling = nli_dossier_number(planted, "accuracy_from_planted_cues");
	const struct nli_value *found = nli_doc_find(d, "hyponly.accuracy");
	struct nli_section *s;

	if (!planted)
		return;
	s = nli_doc_section(d, "planted", "Found against planted");
	s->lead = NLI_STR("This corpus was made with known artifacts. This is what the "
			  "tools found of "
			  "them.");
	if (isfinite(ceiling) && found)
		nli_doc_text(d, s,
			     "The planted cues alone let a model that knows them be "
			     "right %s of the "
			     "time; the model here, which had to find them, is right %s.",
			     nli_doc_share(d, ceiling), nli_doc_share(d, found->v));
	list_cues(a, d, s, planted);
	list_things(a, d, s, planted);
	list_workers(a, d, s, planted);
	nli_doc_move_last(d, d->n_section > 1);
}
