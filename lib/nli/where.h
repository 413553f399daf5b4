/*
 * where.h - a condition in jq's language, asked of a record.  libjq is known to
 * where.c alone.
 *
 * libjq reads the line again by its own parser and runs a byte code: expect its
 * speed (some 50 MB/s), not that of the built-in rules.
 */
#ifndef NLI_NLI_WHERE_H
#define NLI_NLI_WHERE_H

#include "lib/base/buf.h"
#include "lib/base/err.h"

struct nli_where; /* a compiled expression; one a thread */

/* NLI_EINVAL with jq's own words if it does not compile. */
int nli_where_new(struct nli_where **w, const char *expr, struct nli_err *err);
void nli_where_free(struct nli_where *w); /* NULL is fine */

/*
 * 1 if the first thing that the expression puts out is neither false nor null, 0
 * if it is or there is nothing.  NLI_EDATA if the expression fails on the line.
 */
int nli_where_ask(struct nli_where *w, struct nli_str line, struct nli_err *err);

#endif
