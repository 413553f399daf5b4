/* terminal.c - the findings and the short tables of a document, for a screen of text. */
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/show/clean.h"
#include "lib/show/doc.h"

enum { GAP = 2, NARROWEST = 14, LEAST_COLUMNS = 5 };

struct screen {
	struct nli_buf *out;
	size_t width;
	bool colour;
};

static void paint(const struct screen *s, const char *code)
{
	if (s->colour)
		nli_buf_addf(s->out, "\033[%sm", code);
}

/* Words up to the width, the following lines indented. */
static void wrap(const struct screen *s, struct nli_str text, size_t indent, size_t at)
{
	size_t i = 0;

	while (i < text.len) {
		size_t end = i, w;

		while (end < text.len && text.s[end] != ' ')
			end++;
		w = nli_show_width((struct nli_str){ text.s + i, end - i });
		if (at > indent && at + 1 + w > s->width) {
			nli_buf_addf(s->out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			nli_buf_addc(s->out, ' ');
			at++;
		}
		nli_buf_add(s->out, text.s + i, end - i);
		at += w;
		for (i = end; i < text.len && text.s[i] == ' ';)
			i++;
	}
	nli_buf_addc(s->out, '\n');
}

static void write_finding(const struct screen *s, const struct nli_finding *f)
{
	static const struct {
		const char *mark, *code;
	} level[] = {
		[NLI_GOOD] = { "  ok", "32" },
		[NLI_INFO] = { "note", "36" },
		[NLI_WARN] = { "look", "33" },
		[NLI_BAD] = { " bad", "31" },
	};

	paint(s, level[f->level].code);
	nli_buf_addf(s->out, "%s  ", level[f->level].mark);
	paint(s, "0");
	paint(s, "1");
	wrap(s, f->headline, 6, 6);
	paint(s, "0");
	if (f->evidence.len) {
		nli_buf_adds(s->out, "      ");
		wrap(s, f->evidence, 6, 6);
	}
}

static void pad(struct nli_buf *out, size_t n)
{
	nli_buf_addf(out, "%*s", (int)n, "");
}

static void write_field(const struct screen *s, struct nli_str text, size_t width,
			bool right, bool last)
{
	struct nli_buf fit = { 0 };
	size_t w;

	nli_show_fit(text, width, &fit);
	w = nli_show_width(nli_buf_str(&fit));
	if (right)
		pad(s->out, width - w);
	nli_buf_add(s->out, fit.data ? fit.data : "", fit.len);
	if (!right && !last)
		pad(s->out, width - w);
	if (!last)
		pad(s->out, GAP);
	nli_buf_release(&fit);
}

static size_t cell_width(const struct nli_cell *c, bool full)
{
	struct nli_buf b = { 0 };
	size_t w;

	nli_cell_show(c, full, &b);
	w = nli_show_width(nli_buf_str(&b));
	nli_buf_release(&b);
	return w;
}

static size_t total(const size_t *width, size_t n)
{
	size_t sum = n ? GAP * (n - 1) : 0;

	for (size_t i = 0; i < n; i++)
		sum += width[i];
	return sum;
}

/* Natural widths; where they do not fit, the widest texts give way. */
static void fit_columns(const struct nli_table *t, size_t rows, bool full, size_t most,
			size_t *width)
{
	for (size_t c = 0; c < t->n_column; c++)
		width[c] = nli_show_width(nli_str_of(t->column[c].title));
	for (size_t i = 0; i < rows * t->n_column; i++) {
		const size_t w = cell_width(&t->cell[i], full);

		if (w > width[i % t->n_column])
			width[i % t->n_column] = w;
	}
	while (total(width, t->n_column) > most) {
		size_t widest = SIZE_MAX;

		for (size_t c = 0; c < t->n_column; c++)
			if (t->column[c].kind == NLI_CELL_TEXT && width[c] > NARROWEST &&
			    (widest == SIZE_MAX || width[c] > width[widest]))
				widest = c;
		if (widest == SIZE_MAX)
			return;
		width[widest]--;
	}
}

static void write_table(const struct screen *s, const struct nli_table *t)
{
	const size_t rows = nli_table_rows(t), n = rows < t->brief ? rows : t->brief;
	size_t *width = nli_xcalloc(t->n_column, sizeof(*width)), shown = t->n_column;
	struct nli_buf b = { 0 };
	bool full = true;

	fit_columns(t, n, full, s->width, width);
	while (shown > LEAST_COLUMNS && total(width, shown) > s->width)
		shown--;
	if (total(width, shown) > s->width) {
		shown = t->n_column;
		fit_columns(t, n, full = false, s->width, width);
	}
	while (shown > 2 && total(width, shown) > s->width)
		shown--;
	nli_buf_addc(s->out, '\n');
	paint(s, "1");
	nli_buf_addf(s->out, "%s\n", t->title);
	paint(s, "0");
	paint(s, "2");
	for (size_t c = 0; c < shown; c++)
		write_field(s, nli_str_of(t->column[c].title), width[c],
			    t->column[c].kind != NLI_CELL_TEXT, c + 1 == shown);
	paint(s, "0");
	nli_buf_addc(s->out, '\n');
	for (size_t r = 0; r < n; r++) {
		for (size_t c = 0; c < shown; c++) {
			nli_buf_clear(&b);
			nli_cell_show(&t->cell[r * t->n_column + c], full, &b);
			write_field(s, nli_buf_str(&b), width[c],
				    t->column[c].kind != NLI_CELL_TEXT, c + 1 == shown);
		}
		nli_buf_addc(s->out, '\n');
	}
	if (rows > n)
		nli_buf_addf(s->out, "(%zu more)\n", rows - n);
	nli_buf_release(&b);
	free(width);
}

void nli_doc_terminal(const struct nli_doc *d, size_t width, bool colour,
		      struct nli_buf *out)
{
	const struct screen s = { out, width, colour };

	paint(&s, "1");
	wrap(&s, d->title, 0, 0);
	paint(&s, "0");
	wrap(&s, d->subtitle, 0, 0);
	nli_buf_addc(out, '\n');
	for (size_t i = 0; i < d->n_finding; i++)
		write_finding(&s, &d->finding[i]);
	for (size_t i = 0; i < d->n_section; i++)
		for (size_t k = 0; k < d->section[i]->n; k++) {
			const struct nli_block *b = &d->section[i]->block[k];

			if (b->kind == NLI_BLOCK_TABLE && b->table->brief &&
			    nli_table_rows(b->table))
				write_table(&s, b->table);
		}
}
