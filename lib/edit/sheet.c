/* sheet.c - see sheet.h.  A cell is its length + 1, or 0 for none, then its bytes. */
#include "lib/edit/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

static const uint32_t ROW_END = UINT32_MAX;

void nli_sheet_put(struct nli_buf *out, struct nli_str s)
{
	const uint32_t n = s.s ? (uint32_t)s.len + 1 : 0;

	nli_buf_add(out, &n, sizeof(n));
	nli_buf_add(out, s.s, s.len);
}

void nli_sheet_end(struct nli_buf *out)
{
	nli_buf_add(out, &ROW_END, sizeof(ROW_END));
}

static void end_row(struct nli_sheet *t)
{
	nli_grow(&t->end, &t->end_cap, t->n + 1, sizeof(*t->end));
	t->end[t->n++] = t->n_cell;
}

static void add_cell(struct nli_sheet *t, uint32_t number)
{
	nli_grow(&t->cell, &t->cell_cap, t->n_cell + 1, sizeof(*t->cell));
	t->cell[t->n_cell++] = number;
}

void nli_sheet_take(struct nli_sheet *t, struct nli_str rows)
{
	size_t at = 0;

	while (at < rows.len) {
		uint32_t n;

		memcpy(&n, rows.s + at, sizeof(n));
		at += sizeof(n);
		if (n == ROW_END) {
			end_row(t);
		} else if (!n) {
			add_cell(t, NLI_SHEET_NONE);
		} else {
			const struct nli_str s = { rows.s + at, n - 1 };

			add_cell(t, (uint32_t)nli_intern_add(&t->text, s));
			at += s.len;
		}
	}
}

void nli_sheet_release(struct nli_sheet *t)
{
	nli_intern_release(&t->text);
	free(t->cell);
	free(t->end);
	memset(t, 0, sizeof(*t));
}
