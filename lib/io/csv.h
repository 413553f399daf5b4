/*
 * csv.h - rows of a table: where they end, and what their fields are.
 *
 * Two ways to write a table (facts: formats.md, 2).  Raw: a line is a row and
 * a quote is a letter.  Quoted (RFC 4180): a field that begins with a quote
 * runs to the quote that closes it, "" inside stands for one, and delimiters
 * and line ends in it are text.  Blanks around a field belong to it.  A row
 * ends at LF, before which one CR is dropped.
 *
 * Here and not from libcsv: rows are found in order but parsed by many
 * threads, blanks are kept, and the line on which an unclosed quote opened is
 * known.  The tests hold the result against libcsv.
 */
#ifndef NLI_IO_CSV_H
#define NLI_IO_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

struct nli_csv {
	char delimiter;
	bool quoted;
};

/*
 * The place of the LF that ends the row which begins at s[0], or len if it is
 * not there: the row goes on, or is the last.
 */
size_t nli_csv_row_end(const struct nli_csv *c, const char *s, size_t len);

/* The quote that is still open at the end of s, where a row begins; len if none is. */
size_t nli_csv_open_quote(const struct nli_csv *c, const char *s, size_t len);

/* Fields of a row.  Owns all.  Start from {0}. */
struct nli_row {
	struct nli_str *cell; /* (n,) borrowed from the row's text, or from plain */
	size_t n, cap;
	struct nli_buf plain; /* cells whose quotes were taken off */
};

/*
 * Cut row, which is without its LF and must stay as it is while *r is used.
 * NLI_EDATA if a quote does not close; *open_at is then where it stands.
 */
int nli_csv_row(const struct nli_csv *c, struct nli_str row, struct nli_row *r,
		size_t *open_at, struct nli_err *err);
void nli_row_release(struct nli_row *r);

/*
 * Whether a sample of whole lines is quoted: of the fields that begin with a
 * quote, at least 90 % also end with one and have only pairs inside
 * (formats.md, 2: right for all 85 files there with such fields).  False if
 * there is none.
 */
bool nli_csv_looks_quoted(char delimiter, struct nli_str sample);

#endif
