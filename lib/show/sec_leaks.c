/* sec_leaks.c - what stands in more than one part: of the split, and of the source's own. */
#include <math.h>
#include <stdlib.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

/* More parts than this are a table only. */
enum { MOST_PARTS = 8 };

static const struct {
	const char *metric, *source, *name;
} kinds[NLI_SHARE_KINDS] = {
	[NLI_SHARE_PREMISE] = { "leaks.premise", "leaks.source_premise", "premises" },
	[NLI_SHARE_HYPOTHESIS] = { "leaks.hypothesis", "leaks.source_hypothesis",
				   "hypotheses" },
	[NLI_SHARE_PAIR] = { "leaks.pair", "leaks.source_pair", "whole items" },
	[NLI_SHARE_GROUP] = { "leaks.group", "leaks.source_group", "groups" },
};

/* The parts of a split: their bits and names. */
struct parts {
	bool source;
	struct nli_str name[NLI_SHARED_PARTS];
	uint32_t bit[NLI_SHARED_PARTS];
	uint64_t shared[NLI_SHARE_KINDS]; /* texts in more than one part */
	size_t n;
};

static bool has_records(const struct nli_tally *t, uint32_t bit)
{
	return nli_shared_count(&t->shared[NLI_SHARE_PREMISE], bit) > 0 ||
	       nli_shared_count(&t->shared[NLI_SHARE_PAIR], bit) > 0;
}

static bool more_than_one(uint32_t parts)
{
	return (parts & (parts - 1)) != 0;
}

static void find_parts(struct nli_doc *d, const struct nli_tally *t, bool source,
		       struct parts *p)
{
	const size_t dim = source ? NLI_DIM_SOURCE_SPLIT : NLI_DIM_SPLIT;
	size_t n;
	size_t *value = nli_tally_values(t, dim, &n);

	*p = (struct parts){ .source = source };
	for (size_t i = 0; i + 1 < n && p->n < NLI_SHARED_PARTS; i++) {
		const uint32_t bit = nli_tally_part(value[i], source);

		if (!bit || !has_records(t, bit))
			continue;
		p->name[p->n] = nli_sec_name(d, t, dim, value[i]);
		p->bit[p->n++] = bit;
	}
	free(value);
	for (size_t k = 0; k < NLI_SHARE_KINDS; k++)
		for (size_t i = 0; i < t->shared[k].cap; i++)
			p->shared[k] +=
				t->shared[k].hash[i] &&
				more_than_one(t->shared[k].parts[i] >> (source ? 16 : 0) &
					      0xffff);
}

static void list(struct nli_doc *d, struct nli_section *s, const struct nli_tally *t,
		 const struct parts *p)
{
	struct nli_table *table =
		nli_doc_table(d, s, p->source ? "leaks_source" : "leaks",
			      p->source ? "The source's own split: what two parts share"
					: "The split: what two parts share");

	nli_table_column(table, "what", "what", NLI_CELL_TEXT, NULL);
	nli_table_column(table, "a", "part", NLI_CELL_TEXT, NULL);
	nli_table_column(table, "b", "other", NLI_CELL_TEXT, NULL);
	nli_table_column(table, "in_b", "different in other", NLI_CELL_COUNT, NULL);
	nli_table_column(table, "shared", "shared", NLI_CELL_COUNT, NULL);
	nli_table_column(
		table, "share", "of other", NLI_CELL_SHARE,
		"share of what is in the other part that stands in this part too");
	table->brief = p->shared[NLI_SHARE_PAIR] + p->shared[NLI_SHARE_PREMISE] ? 6 : 0;
	for (size_t k = 0; k < NLI_SHARE_KINDS; k++)
		for (size_t i = 0; i < p->n; i++)
			for (size_t j = i + 1; j < p->n; j++) {
				const double in = (double)nli_shared_count(&t->shared[k],
									   p->bit[j]);
				const double both = (double)nli_shared_count(
					&t->shared[k], p->bit[i] | p->bit[j]);

				if (!(in > 0))
					continue;
				nli_table_cstr(table, kinds[k].name);
				nli_table_text(table, p->name[i]);
				nli_table_text(table, p->name[j]);
				nli_table_number(table, in);
				nli_table_number(table, both);
				nli_table_number(table, both / in);
			}
	table->note = "Equal texts as they stand, byte by byte; nli-dedup finds those "
		      "that are nearly "
		      "equal.";
}

/* Rows: how much of a part's premises stand in each other part. */
static void draw(struct nli_doc *d, struct nli_section *s, const struct nli_tally *t,
		 const struct parts *p)
{
	struct nli_chart *c = nli_doc_chart(
		d, s, p->source ? "leaks-source" : "leaks", NLI_CHART_HEAT,
		p->source ? NLI_STR("Premises shared in the source's own split")
			  : NLI_STR("Premises shared between the parts"),
		NLI_STR("Of the premises of the row, the share that stands in the column "
			"too."));

	c->row = nli_arena_alloc(&d->arena, p->n * sizeof(*c->row));
	c->column = nli_arena_alloc(&d->arena, p->n * sizeof(*c->column));
	c->n_row = c->n_column = p->n;
	for (size_t i = 0; i < p->n; i++) {
		const double all = (double)nli_shared_count(&t->shared[0], p->bit[i]);

		c->row[i] = c->column[i] = p->name[i];
		for (size_t j = 0; j < p->n; j++) {
			const double both = (double)nli_shared_count(
				&t->shared[0], p->bit[i] | p->bit[j]);
			struct nli_mark *m;

			if (i == j || !(all > 0))
				continue;
			m = nli_chart_add(c);
			m->row = i;
			m->series = j;
			m->y = both / all;
			m->text = nli_str_of(nli_doc_share(d, m->y));
			m->tip = nli_doc_fmt(
				d, "%s of the %s premises of %.*s are in %.*s",
				nli_doc_count(d, both), nli_doc_count(d, all),
				(int)p->name[i].len, p->name[i].s, (int)p->name[j].len,
				p->name[j].s);
		}
	}
}

static void judge(struct nli_doc *d, const struct parts *p)
{
	const uint64_t pair = p->shared[NLI_SHARE_PAIR],
		       premise = p->shared[NLI_SHARE_PREMISE];
	const char *whose = p->source ? "The source's own split" : "The split";
	const uint64_t any = pair + premise + p->shared[NLI_SHARE_GROUP];

	nli_doc_finding(
		d,
		!any        ? NLI_GOOD
		: p->source ? NLI_INFO
		: pair      ? NLI_BAD
			    : NLI_WARN,
		"leaks",
		any ? nli_doc_fmt(
			      d, "%s leaks: %s and %s in more than one part.", whose,
			      nli_doc_counted(d, (double)premise, "premise", "premises"),
			      nli_doc_counted(d, (double)pair, "whole item",
					      "whole items"))
		    : nli_doc_fmt(d, "%s has no premise, item or group in two parts.",
				  whose),
		any && p->source
			? NLI_STR("A score on its test part is in part a score on what "
				  "was trained on.")
			: NLI_STR(""));
}

void nli_sec_leaks(struct nli_dossier *a, struct nli_doc *d)
{
	struct nli_section *s = NULL;
	struct parts p;

	for (int source = 0; source < 2; source++) {
		find_parts(d, a->tally, source == 1, &p);
		if (p.n < 2)
			continue;
		if (!s)
			s = nli_doc_section(d, "leaks", "Leaks between the parts");
		if (p.n <= MOST_PARTS)
			draw(d, s, a->tally, &p);
		list(d, s, a->tally, &p);
		judge(d, &p);
		for (size_t k = 0; k < NLI_SHARE_KINDS; k++)
			nli_doc_value(d, source ? kinds[k].source : kinds[k].metric,
				      (double)p.shared[k], NAN, NAN,
				      (double)a->tally->shared[k].n);
	}
}
