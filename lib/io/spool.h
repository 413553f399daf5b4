/*
 * spool.h - lines that a tool must see twice: in memory up to a size, then in
 * an unlinked temporary file (in TMPDIR, else /tmp); those of an ordinary file are
 * read from it again, if it is as it was.
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

/*
 * Have a plain file at hand to be read again: a number for nli_spool_again(), and
 * where the stream began in it; -1 if it cannot be (a pipe, compressed, too many).
 */
struct nli_input; /* see input.h */
int nli_spool_file(struct nli_spool *s, const struct nli_input *in, uint64_t *start);

/* Add the lines of that file that stand there, the last with its LF. */
void nli_spool_again(struct nli_spool *s, int file, uint64_t from, size_t len);

/* Begin to read, from the first line.  May be called again. */
int nli_spool_rewind(struct nli_spool *s, struct nli_err *err);

/* As nli_lines_block(): 1, or 0 at the end, or < 0. first_line counts from 1. */
int nli_spool_block(struct nli_spool *s, struct nli_block *b, size_t target,
		    struct nli_err *err);

void nli_spool_free(struct nli_spool *s); /* NULL is fine */

#endif
