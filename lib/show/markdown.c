/* markdown.c - a document as Markdown (CommonMark with tables), for a README or data card. */
#include <stdio.h>
#include <string.h>

#include "lib/show/clean.h"
#include "lib/show/doc.h"

enum { MOST_ROWS = 25, MOST_EXAMPLES = 4 };

static void add(struct nli_buf *out, struct nli_str s)
{
	nli_show_markdown(s, out);
}

static void write_row(const struct nli_table *t, size_t r, struct nli_buf *out)
{
	struct nli_buf cell = { 0 };

	for (size_t c = 0; c < t->n_column; c++) {
		nli_buf_clear(&cell);
		nli_cell_show(&t->cell[r * t->n_column + c], true, &cell);
		nli_buf_adds(out, c ? " | " : "| ");
		add(out, nli_buf_str(&cell));
	}
	nli_buf_adds(out, " |\n");
	nli_buf_release(&cell);
}

/* A title may be a label of the corpus. */
static void write_title(const char *title, struct nli_buf *out)
{
	nli_buf_addc(out, ' ');
	add(out, nli_str_of(title));
	nli_buf_adds(out, " |");
}

void nli_doc_markdown_table(const struct nli_table *t, struct nli_buf *out)
{
	const size_t rows = nli_table_rows(t);

	nli_buf_addf(out, "**%s**\n\n|", t->title);
	for (size_t c = 0; c < t->n_column; c++)
		write_title(t->column[c].title, out);
	nli_buf_adds(out, "\n|");
	for (size_t c = 0; c < t->n_column; c++)
		nli_buf_adds(out,
			     t->column[c].kind == NLI_CELL_TEXT ? " --- |" : " ---: |");
	nli_buf_addc(out, '\n');
	for (size_t r = 0; r < rows && r < MOST_ROWS; r++)
		write_row(t, r, out);
	if (rows > MOST_ROWS)
		nli_buf_addf(out, "\n%zu more %s in the page and the JSON.\n",
			     rows - MOST_ROWS,
			     rows - MOST_ROWS == 1 ? "row stands" : "rows stand");
	if (t->note) {
		nli_buf_addc(out, '\n');
		add(out, nli_str_of(t->note));
		nli_buf_addc(out, '\n');
	}
	nli_buf_addc(out, '\n');
}

/* Marks that stand beside a blank, on their inner side, are none in Markdown. */
static void write_span(struct nli_str s, const char *mark, struct nli_buf *out)
{
	size_t from = 0, to = s.len;

	while (from < to && s.s[from] == ' ')
		from++;
	while (to > from && s.s[to - 1] == ' ')
		to--;
	if (to == from)
		mark = "";
	add(out, (struct nli_str){ s.s, from });
	nli_buf_adds(out, mark);
	add(out, (struct nli_str){ s.s + from, to - from });
	nli_buf_adds(out, mark);
	add(out, (struct nli_str){ s.s + to, s.len - to });
}

static void write_part(const struct nli_part *p, struct nli_buf *out)
{
	size_t at = 0;

	nli_buf_addf(out, "  %s%s: ", p->right ? "(right) " : "", p->name);
	for (size_t i = 0; i < p->n_span; i++) {
		const struct nli_span *s = &p->span[i];

		add(out, (struct nli_str){ p->text.s + at, s->off - at });
		write_span((struct nli_str){ p->text.s + s->off, s->len },
			   strcmp(s->kind, "del") ? "**" : "~~", out);
		at = s->off + s->len;
	}
	add(out, (struct nli_str){ p->text.s + at, p->text.len - at });
	nli_buf_adds(out, "  \n");
}

static void write_examples(const struct nli_examples *e, struct nli_buf *out)
{
	nli_buf_addf(out, "**%s**\n\n", e->title);
	for (size_t i = 0; i < e->n && i < MOST_EXAMPLES; i++) {
		const struct nli_example *x = &e->example[i];

		nli_buf_adds(out, "- ");
		add(out, x->label);
		nli_buf_adds(out, x->label.len && x->note.len ? ", " : "");
		add(out, x->note);
		nli_buf_adds(out, " (");
		add(out, x->id);
		nli_buf_adds(out, ")  \n");
		for (size_t k = 0; k < x->n_part; k++)
			write_part(&x->part[k], out);
	}
	nli_buf_addc(out, '\n');
}

static void write_block(const struct nli_doc *d, const struct nli_block *b,
			struct nli_buf *out)
{
	switch (b->kind) {
	case NLI_BLOCK_TEXT:
		add(out, b->text);
		nli_buf_adds(out, "\n\n");
		break;
	case NLI_BLOCK_TABLE:
		if (nli_table_rows(b->table))
			nli_doc_markdown_table(b->table, out);
		break;
	case NLI_BLOCK_CHART:
		if (!d->chart_dir || !b->chart->n)
			break;
		nli_buf_adds(out, "![");
		add(out, b->chart->title);
		nli_buf_addf(out, "](%s/%s.svg)\n\n", d->chart_dir, b->chart->id);
		break;
	case NLI_BLOCK_EXAMPLES:
		for (size_t i = 0; i < b->n_side; i++)
			write_examples(b->side[i], out);
		break;
	}
}

/* Of a section of charts alone nothing is left here, where no folder has them. */
static void write_section(const struct nli_doc *d, const struct nli_section *s,
			  struct nli_buf *out)
{
	struct nli_buf blocks = { 0 };

	for (size_t k = 0; k < s->n; k++)
		write_block(d, &s->block[k], &blocks);
	if (blocks.len) {
		nli_buf_addf(out, "## %s\n\n", s->title);
		add(out, s->lead);
		nli_buf_adds(out, s->lead.len ? "\n\n" : "");
		nli_buf_add(out, blocks.data, blocks.len);
	}
	nli_buf_release(&blocks);
}

void nli_doc_markdown(const struct nli_doc *d, struct nli_buf *out)
{
	static const char *const level[] = { "Sound", "Note", "Look here", "Problem" };

	nli_buf_adds(out, "# ");
	add(out, d->title);
	nli_buf_adds(out, "\n\n");
	add(out, d->subtitle);
	nli_buf_adds(out, "\n\n## Verdict\n\n");
	for (size_t i = 0; i < d->n_finding; i++) {
		nli_buf_addf(out, "- **%s.** ", level[d->finding[i].level]);
		add(out, d->finding[i].headline);
		nli_buf_addc(out, ' ');
		add(out, d->finding[i].evidence);
		nli_buf_addc(out, '\n');
	}
	nli_buf_addc(out, '\n');
	for (size_t i = 0; i < d->n_section; i++)
		write_section(d, d->section[i], out);
	nli_buf_adds(out, "Made by nli-report, nli-tools ");
	add(out, d->version);
	nli_buf_adds(out, ".\n");
}
