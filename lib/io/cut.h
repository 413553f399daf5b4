/*
 * cut.h - a stream of bytes cut into items: lines, rows of a table, groups of
 * lines, elements of a JSON document.  Items are found here, in order, and
 * parsed elsewhere, by many threads.
 */
#ifndef NLI_IO_CUT_H
#define NLI_IO_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/io/csv.h"
#include "lib/io/lines.h"

enum nli_cut_kind {
	NLI_CUT_LINES,
	NLI_CUT_ROWS,   /* of csv */
	NLI_CUT_GROUPS, /* of group lines */
	NLI_CUT_ARRAY,  /* elements of the array that is the document */
	NLI_CUT_KEYED,  /* members of the object that is the document: "key": value */
	NLI_CUT_ARRAYS  /* elements of the arrays in the object; key says of which */
};

/* Up to cap bytes of UTF-8; 0 at the end; < 0. */
typedef ptrdiff_t nli_read_fn(void *ctx, void *to, size_t cap, struct nli_err *err);

/* Set kind, csv, group, max, read and ctx; the rest is private and {0}. Owns rest and key. */
struct nli_cut {
	enum nli_cut_kind kind;
	struct nli_csv csv;
	size_t group;
	size_t max; /* bytes of an item beyond which the stream is given up */
	nli_read_fn *read;
	void *ctx;

	struct nli_buf rest; /* read, not yet cut */
	bool eof, closed;
	int level;          /* JSON: brackets open around the items */
	uint64_t line;      /* of what rest begins with, from 0 */
	uint64_t item;      /* items cut so far */
	struct nli_buf key; /* NLI_CUT_ARRAYS: as it is written, between its quotes */
};

/* Look at what comes next: at least want bytes of it, or all there is. */
int nli_cut_peek(struct nli_cut *c, size_t want, struct nli_str *ahead,
		 struct nli_err *err);

/* Pass over the first n bytes of what nli_cut_peek() showed. */
void nli_cut_skip(struct nli_cut *c, size_t n);

/*
 * Fill b with about target bytes of items: 1, 0 at the end, < 0.  A block of
 * NLI_CUT_ARRAYS is of one key.
 */
int nli_cut_next(struct nli_cut *c, struct nli_block *b, size_t target,
		 struct nli_err *err);

/* What is left as plain bytes: an nli_read_fn with the cut as ctx. */
ptrdiff_t nli_cut_read(void *cut, void *to, size_t cap, struct nli_err *err);

void nli_cut_release(struct nli_cut *c); /* safe on {0} and twice */

#endif
