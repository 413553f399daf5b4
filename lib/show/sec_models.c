/*
 * sec_models.c - models that were evaluated elsewhere, on all records, on those that
 * are guessed right without the premise and on those that are not: Gururangan et al.,
 * NAACL 2018, section 4, as nli-hyponly --preds counts them.
 */
#include <math.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

enum { MOST_MODELS = 40, MOST_DRAWN = 6, PARTS = 3 };

/* Accuracy on a part of the records. */
struct score {
	double n, v, lo, hi;
};

/* Of a model: on all records, easy ones, hard ones. */
struct model {
	struct nli_str name, file;
	struct score on[PARTS];
};

static const char *const part[PARTS] = { "all", "easy", "hard" };

static struct score score_of(const nli_jval *v)
{
	return (struct score){ nli_dossier_number(v, "n"),
			       nli_dossier_number(v, "accuracy"),
			       nli_dossier_number(v, "accuracy_lo"),
			       nli_dossier_number(v, "accuracy_hi") };
}

static size_t collect(struct nli_dossier *a, struct nli_doc *d, struct model *m)
{
	const nli_jval *results;
	size_t n = 0;

	for (size_t k = 0; (results = nli_dossier_results(a, "nli-hyponly", k)); k++)
		for (struct nli_jiter it = nli_jiter(nli_jget(results, "preds"));
		     nli_jnext(&it) && n < MOST_MODELS; n++)
			m[n] = (struct model){
				nli_sec_text(d, nli_jget(it.val, "model")),
				nli_sec_text(d, nli_jget(it.val, "file")),
				{ score_of(it.val), score_of(nli_jget(it.val, "easy")),
				  score_of(nli_jget(it.val, "hard")) },
			};
	return n;
}

static void draw_models(struct nli_doc *d, struct nli_section *s, const struct model *m,
			size_t n)
{
	struct nli_chart *c = nli_doc_chart(
		d, s, "preds", NLI_CHART_BARS,
		NLI_STR("Models on records that are guessed without the premise, and on "
			"the rest"),
		NLI_STR("With 95% intervals. A model that reads both texts and rests on "
			"no artifact is as good on hard records as on easy ones."));

	c->row = nli_arena_alloc(&d->arena, n * PARTS * sizeof(*c->row));
	c->x = (struct nli_axis){ "accuracy", 0, 1, false, true };
	for (size_t i = 0; i < n * PARTS; i++) {
		const struct model *of = &m[i / PARTS];
		const struct score *on = &of->on[i % PARTS];
		struct nli_mark *mark;

		if (!isfinite(on->v))
			continue;
		mark = nli_chart_add(c);
		mark->row = c->n_row;
		mark->series = i % PARTS == 2 ? 2 : 0;
		mark->x = on->v;
		mark->lo = on->lo;
		mark->hi = on->hi;
		mark->text = nli_str_of(nli_doc_share(d, on->v));
		mark->tip = nli_doc_fmt(
			d, "%.*s, %s: %s right (%s), n = %s", (int)of->name.len,
			of->name.s, part[i % PARTS], nli_doc_share(d, on->v),
			nli_doc_interval(d, on->lo, on->hi), nli_doc_count(d, on->n));
		c->row[c->n_row++] = nli_doc_fmt(d, "%.*s: %s", (int)of->name.len,
						 of->name.s, part[i % PARTS]);
	}
}

static void list_models(struct nli_doc *d, struct nli_section *s, const struct model *m,
			size_t n)
{
	struct nli_table *t =
		nli_doc_table(d, s, "preds", "Models on easy and hard records");

	nli_table_column(t, "model", "model", NLI_CELL_TEXT, "column of the file");
	nli_table_column(t, "file", "file", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "on", "on", NLI_CELL_TEXT,
			 "easy: guessed right without the premise; hard: not");
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "accuracy", "accuracy", NLI_CELL_SHARE,
			 "with Wilson's 95% interval");
	t->brief = 12;
	for (size_t i = 0; i < n * PARTS; i++) {
		const struct score *on = &m[i / PARTS].on[i % PARTS];

		nli_table_text(t, m[i / PARTS].name);
		nli_table_text(t, m[i / PARTS].file);
		nli_table_cstr(t, part[i % PARTS]);
		nli_table_number(t, on->n);
		nli_table_range(t, on->v, on->lo, on->hi);
	}
	t->note = "Hard is not better: a wrong label is hard too.";
}

static void judge(struct nli_doc *d, const struct model *m)
{
	static const char *const name[PARTS] = { "preds.accuracy", "preds.easy",
						 "preds.hard" };
	const struct score *easy = &m->on[1], *hard = &m->on[2];

	for (size_t i = 0; i < PARTS; i++)
		nli_doc_value(d, name[i], m->on[i].v, m->on[i].lo, m->on[i].hi,
			      m->on[i].n);
	if (!isfinite(easy->v) || !isfinite(hard->v))
		return;
	nli_doc_finding(d, hard->hi < easy->lo ? NLI_WARN : NLI_INFO, "models",
			nli_doc_fmt(d,
				    "The model %s is right %s on easy records, %s on "
				    "hard ones.",
				    nli_sec_quoted(d, m->name), nli_doc_share(d, easy->v),
				    nli_doc_share(d, hard->v)),
			nli_doc_fmt(d, "%s of %s, and %s of %s.",
				    nli_doc_interval(d, easy->lo, easy->hi),
				    nli_doc_count(d, easy->n),
				    nli_doc_interval(d, hard->lo, hard->hi),
				    nli_doc_count(d, hard->n)));
}

void nli_sec_models(struct nli_dossier *a, struct nli_doc *d)
{
	struct model m[MOST_MODELS];
	const size_t n = collect(a, d, m);
	struct nli_section *s;

	if (!n)
		return;
	s = nli_doc_section(d, "models", "Models on easy and hard");
	s->lead = NLI_STR("What is left of a model's score where the label cannot be "
			  "guessed without the premise.");
	draw_models(d, s, m, n < MOST_DRAWN ? n : MOST_DRAWN);
	list_models(d, s, m, n);
	judge(d, &m[0]);
}
