/* doc.c - see doc.h: the document is put together. */
#include "lib/show/doc.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/show/clean.h"

/* Zeroed memory of the document's arena. */
static void *make(struct nli_doc *d, size_t size)
{
	return memset(nli_arena_alloc(&d->arena, size), 0, size);
}

void nli_doc_release(struct nli_doc *d)
{
	for (size_t i = 0; i < d->n_section; i++) {
		struct nli_section *s = d->section[i];

		for (size_t k = 0; k < s->n; k++) {
			struct nli_block *b = &s->block[k];

			if (b->table) {
				free(b->table->column);
				free(b->table->cell);
			}
			if (b->chart)
				nli_chart_release(b->chart);
			for (size_t j = 0; j < b->n_side; j++) {
				for (size_t e = 0; e < b->side[j]->n; e++)
					free(b->side[j]->example[e].part);
				free(b->side[j]->example);
			}
		}
		free(s->block);
	}
	free(d->section);
	free(d->finding);
	free(d->figure);
	free(d->value);
	nli_arena_release(&d->arena);
	nli_buf_release(&d->tmp);
	memset(d, 0, sizeof(*d));
}

struct nli_str nli_doc_str(struct nli_doc *d, struct nli_str s)
{
	return (struct nli_str){ nli_arena_strndup(&d->arena, s.s ? s.s : "", s.len),
				 s.len };
}

struct nli_str nli_doc_clean(struct nli_doc *d, struct nli_str s, size_t max)
{
	nli_buf_clear(&d->tmp);
	nli_clean(s, max, &d->tmp);
	return nli_doc_str(d, nli_buf_str(&d->tmp));
}

__attribute__((format(printf, 2, 0))) static struct nli_str format(struct nli_doc *d,
								   const char *fmt,
								   va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	nli_buf_clear(&d->tmp);
	vsnprintf(nli_buf_reserve(&d->tmp, (size_t)n), (size_t)n + 1, fmt, ap);
	d->tmp.len = (size_t)n;
	return nli_doc_str(d, nli_buf_str(&d->tmp));
}

struct nli_str nli_doc_fmt(struct nli_doc *d, const char *fmt, ...)
{
	struct nli_str s;
	va_list ap;

	va_start(ap, fmt);
	s = format(d, fmt, ap);
	va_end(ap);
	return s;
}

static const char *keep(struct nli_doc *d)
{
	return nli_doc_str(d, nli_buf_str(&d->tmp)).s;
}

const char *nli_doc_share(struct nli_doc *d, double v)
{
	nli_buf_clear(&d->tmp);
	nli_show_share(v, &d->tmp);
	return keep(d);
}

const char *nli_doc_points(struct nli_doc *d, double v)
{
	nli_buf_clear(&d->tmp);
	nli_buf_addf(&d->tmp, "%s%.1f points", v <= -0.0005 ? "\xe2\x88\x92" : "",
		     v < 0 ? -100 * v : 100 * v);
	return keep(d);
}

const char *nli_doc_span(struct nli_doc *d, double lo, double hi)
{
	const char *from = nli_doc_points(d, lo);

	return nli_doc_fmt(d, "%.*s to %s", (int)(strchr(from, ' ') - from), from,
			   nli_doc_points(d, hi))
		.s;
}

const char *nli_doc_count(struct nli_doc *d, double n)
{
	nli_buf_clear(&d->tmp);
	nli_show_whole(n, &d->tmp);
	return keep(d);
}

const char *nli_doc_counted(struct nli_doc *d, double n, const char *one,
			    const char *many)
{
	return nli_doc_fmt(d, "%s %s", nli_doc_count(d, n), n == 1 ? one : many).s;
}

const char *nli_doc_real(struct nli_doc *d, double v)
{
	nli_buf_clear(&d->tmp);
	nli_show_real(v, &d->tmp);
	return keep(d);
}

const char *nli_doc_p(struct nli_doc *d, double p)
{
	nli_buf_clear(&d->tmp);
	nli_buf_adds(&d->tmp, p < 1e-12 ? "" : "= ");
	nli_show_p_value(p, &d->tmp);
	return keep(d);
}

const char *nli_doc_interval(struct nli_doc *d, double lo, double hi)
{
	nli_buf_clear(&d->tmp);
	nli_show_share(lo, &d->tmp);
	nli_buf_adds(&d->tmp, " to ");
	nli_show_share(hi, &d->tmp);
	return keep(d);
}

struct nli_section *nli_doc_section(struct nli_doc *d, const char *id, const char *title)
{
	struct nli_section *s = make(d, sizeof(*s));

	s->id = id;
	s->title = title;
	nli_grow(&d->section, &d->section_cap, d->n_section + 1, sizeof(*d->section));
	return d->section[d->n_section++] = s;
}

static struct nli_block *add_block(struct nli_section *s, enum nli_block_kind kind)
{
	nli_grow(&s->block, &s->cap, s->n + 1, sizeof(*s->block));
	s->block[s->n] = (struct nli_block){ .kind = kind };
	return &s->block[s->n++];
}

void nli_doc_text(struct nli_doc *d, struct nli_section *s, const char *fmt, ...)
{
	struct nli_block *b = add_block(s, NLI_BLOCK_TEXT);
	va_list ap;

	va_start(ap, fmt);
	b->text = format(d, fmt, ap);
	va_end(ap);
}

struct nli_table *nli_doc_table(struct nli_doc *d, struct nli_section *s, const char *id,
				const char *title)
{
	struct nli_block *b = add_block(s, NLI_BLOCK_TABLE);

	b->table = make(d, sizeof(*b->table));
	b->table->id = id;
	b->table->title = title;
	return b->table;
}

struct nli_chart *nli_doc_chart(struct nli_doc *d, struct nli_section *s, const char *id,
				enum nli_chart_kind kind, struct nli_str title,
				struct nli_str desc)
{
	struct nli_block *b = add_block(s, NLI_BLOCK_CHART);

	b->chart = make(d, sizeof(*b->chart));
	b->chart->id = id;
	b->chart->kind = kind;
	b->chart->title = title;
	b->chart->desc = desc;
	return b->chart;
}

struct nli_examples *nli_doc_examples_new(struct nli_doc *d, const char *title,
					  const char *note)
{
	struct nli_examples *e = make(d, sizeof(*e));

	e->title = title;
	e->note = note;
	return e;
}

void nli_doc_examples(struct nli_section *s, struct nli_examples *a,
		      struct nli_examples *b)
{
	struct nli_block *block = add_block(s, NLI_BLOCK_EXAMPLES);

	block->side[0] = a;
	block->side[1] = b;
	block->n_side = b ? 2 : 1;
}

struct nli_example *nli_examples_add(struct nli_examples *e)
{
	nli_grow(&e->example, &e->cap, e->n + 1, sizeof(*e->example));
	memset(&e->example[e->n], 0, sizeof(*e->example));
	return &e->example[e->n++];
}

struct nli_part *nli_example_part(struct nli_example *e, const char *name,
				  struct nli_str text)
{
	nli_grow(&e->part, &e->cap, e->n_part + 1, sizeof(*e->part));
	e->part[e->n_part] = (struct nli_part){ .name = name, .text = text };
	return &e->part[e->n_part++];
}

void nli_doc_finding(struct nli_doc *d, enum nli_level level, const char *section,
		     struct nli_str headline, struct nli_str evidence)
{
	nli_grow(&d->finding, &d->finding_cap, d->n_finding + 1, sizeof(*d->finding));
	d->finding[d->n_finding++] =
		(struct nli_finding){ level, section, headline, evidence };
}

void nli_doc_sort_findings(struct nli_doc *d)
{
	for (size_t i = 1; i < d->n_finding; i++) {
		const struct nli_finding f = d->finding[i];
		size_t at = i;

		for (; at && d->finding[at - 1].level < f.level; at--)
			d->finding[at] = d->finding[at - 1];
		d->finding[at] = f;
	}
}

void nli_doc_move_last(struct nli_doc *d, size_t place)
{
	struct nli_section *s = d->section[d->n_section - 1];

	memmove(d->section + place + 1, d->section + place,
		(d->n_section - 1 - place) * sizeof(*d->section));
	d->section[place] = s;
}

void nli_doc_figure(struct nli_doc *d, const char *label, struct nli_str value,
		    struct nli_str detail)
{
	nli_grow(&d->figure, &d->figure_cap, d->n_figure + 1, sizeof(*d->figure));
	d->figure[d->n_figure++] = (struct nli_figure){ label, value, detail };
}

void nli_doc_value(struct nli_doc *d, const char *name, double v, double lo, double hi,
		   double n)
{
	if (isnan(v) || nli_doc_find(d, name))
		return;
	nli_grow(&d->value, &d->value_cap, d->n_value + 1, sizeof(*d->value));
	d->value[d->n_value++] = (struct nli_value){ name, v, lo, hi, n };
}

const struct nli_value *nli_doc_find(const struct nli_doc *d, const char *name)
{
	for (size_t i = 0; i < d->n_value; i++)
		if (!strcmp(d->value[i].name, name))
			return &d->value[i];
	return NULL;
}

void nli_table_column(struct nli_table *t, const char *id, const char *title,
		      enum nli_cell_kind kind, const char *help)
{
	nli_grow(&t->column, &t->column_cap, t->n_column + 1, sizeof(*t->column));
	t->column[t->n_column++] = (struct nli_column){ id, title, help, kind, false };
}

static struct nli_cell *add_cell(struct nli_table *t)
{
	const struct nli_column *c = &t->column[t->n % t->n_column];

	nli_grow(&t->cell, &t->cap, t->n + 1, sizeof(*t->cell));
	t->cell[t->n] = (struct nli_cell){ .kind = c->kind };
	return &t->cell[t->n++];
}

void nli_table_text(struct nli_table *t, struct nli_str s)
{
	add_cell(t)->text = s;
}

void nli_table_cstr(struct nli_table *t, const char *s)
{
	nli_table_text(t, nli_str_of(s));
}

void nli_table_number(struct nli_table *t, double v)
{
	struct nli_cell *c = add_cell(t);

	if (isfinite(v))
		c->v = v;
	else
		c->kind = NLI_CELL_NONE;
}

void nli_table_range(struct nli_table *t, double v, double lo, double hi)
{
	struct nli_cell *c;

	nli_table_number(t, v);
	c = &t->cell[t->n - 1];
	c->ranged = isfinite(v) && isfinite(lo) && isfinite(hi);
	c->lo = lo;
	c->hi = hi;
}

static void show_number(enum nli_cell_kind kind, double v, struct nli_buf *out)
{
	switch (kind) {
	case NLI_CELL_COUNT:
		nli_show_whole(v, out);
		break;
	case NLI_CELL_SHARE:
		nli_show_share(v, out);
		break;
	case NLI_CELL_P:
		nli_show_p_value(v, out);
		break;
	default:
		nli_show_real(v, out);
	}
}

void nli_cell_show(const struct nli_cell *c, bool full, struct nli_buf *out)
{
	if (c->kind == NLI_CELL_NONE)
		return;
	if (c->kind == NLI_CELL_TEXT) {
		nli_buf_add(out, c->text.s, c->text.len);
		return;
	}
	show_number(c->kind, c->v, out);
	if (!full || !c->ranged)
		return;
	nli_buf_adds(out, " [");
	show_number(c->kind, c->lo, out);
	nli_buf_adds(out, ", ");
	show_number(c->kind, c->hi, out);
	nli_buf_addc(out, ']');
}
