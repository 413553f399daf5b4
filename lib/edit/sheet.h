/*
 * sheet.h - what a set method remembers of its input: a row of texts a record,
 * each text kept once.
 *
 * Workers append rows to a buffer; the sheet takes the buffers in, in the order
 * of the input, on one thread.
 */
#ifndef NLI_EDIT_SHEET_H
#define NLI_EDIT_SHEET_H

#include <stdint.h>

#include "lib/base/map.h"

#define NLI_SHEET_NONE UINT32_MAX /* the number of a text that is not there */

/* Start from {0}.  Owns all. */
struct nli_sheet {
	struct nli_intern text;
	uint32_t *cell; /* texts of all rows, by number */
	size_t n_cell, cell_cap;
	size_t *end; /* (n,) where the cells of each row end */
	size_t n, end_cap;
};

/* Append the next cell of a row, and what ends a row. */
void nli_sheet_put(struct nli_buf *out, struct nli_str s);
void nli_sheet_end(struct nli_buf *out);

/* Take in rows that were put by the functions above. */
void nli_sheet_take(struct nli_sheet *t, struct nli_str rows);

/* Row i: (*n,) numbers of texts. */
static inline const uint32_t *nli_sheet_row(const struct nli_sheet *t, size_t i,
					    size_t *n)
{
	const size_t from = i ? t->end[i - 1] : 0;

	*n = t->end[i] - from;
	return t->cell + from;
}

/* A text by its number; {NULL, 0} for NLI_SHEET_NONE. */
static inline struct nli_str nli_sheet_text(const struct nli_sheet *t, uint32_t number)
{
	return number == NLI_SHEET_NONE ? (struct nli_str){ NULL, 0 }
					: t->text.text[number];
}

void nli_sheet_release(struct nli_sheet *t); /* safe twice */

#endif
