/*
 * spool.h - lines that a tool must see twice: in memory up to a size, then in
 * an unlinked temporary file (in TMPDIR, else /tmp).
 */
#ifndef NLI_IO_SPOOL_H
#define NLI_IO_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/io/lines.h"

struct nli_spool;

/* limit: bytes kept in memory. */
struct nli_spool *nli_spool_new(size_t limit);

/* Add the n lines of len bytes, each with its LF. */
int nli_spool_add(struct nli_spool *s, const char *lines, size_t len,
		  struct nli_err *err);

/* Begin to read, from the first line.  May be called again. */
int nli_spool_rewind(struct nli_spool *s, struct nli_err *err);

/* As nli_lines_block(): 1, or 0 at the end, or < 0. first_line counts from 1. */
int nli_spool_block(struct nli_spool *s, struct nli_block *b, size_t target,
		    struct nli_err *err);

void nli_spool_free(struct nli_spool *s); /* NULL is fine */

#endif
