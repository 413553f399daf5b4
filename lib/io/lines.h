/*
 * lines.h - lines from a file, a pipe or a compressed stream, one by one or by
 * the block, with file and line known.
 *
 * A line ends at LF alone: U+0085, U+2028, VT, FF and CR stay inside it.  The
 * last line needs no LF.  A UTF-8 byte order mark at the beginning is skipped.
 * A gzip stream that is cut short is NLI_EIO, never an end of file.
 */
#ifndef NLI_IO_LINES_H
#define NLI_IO_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/hash.h"

struct nli_input; /* see input.h */

/* Owns all it points to.  {0} is closed. */
struct nli_lines {
	char *path;      /* as given; "-" is stdin */
	uint64_t lineno; /* of the line that nli_lines_next() gave last, from 1 */
	uint64_t bytes;  /* read so far, decompressed */
	struct nli_input *in;
	struct nli_buf rest; /* the beginning of a line whose end is not read yet */
	struct nli_hasher
		*hasher; /* of the decompressed bytes, where asked for; else NULL */
	bool eof;
	struct nli_block *one; /* what nli_lines_next() walks through */
	size_t at;
};

/*
 * Whole lines, or whole items of another kind (see struct nli_source of tool.h).
 * Owns text, end and line; start from {0}.
 */
struct nli_block {
	char *text; /* lines, each with its LF but perhaps the last of the file */
	size_t len, cap;
	size_t *end; /* (n,) where each line ends: the place of its LF, or len */
	size_t n, end_cap;
	uint64_t first_line; /* number of the first of them, from 1 */
	uint64_t from;       /* bytes of the stream before text */

	/* Set by a source alone. */
	uint64_t *line; /* (n,) where each item begins, if numbered; else one line each */
	size_t line_cap;
	bool numbered;
	uint64_t first_item; /* place of the first item in its file, from 1 */
	const char *path;    /* of the file or member; borrowed from the source */
	const void *part;    /* how to read the items; borrowed from the source */
};

/* path "-" is stdin.  hashed: keep the hash of what is read. */
int nli_lines_open(struct nli_lines *l, const char *path, bool hashed,
		   struct nli_err *err);

/* The next line, without LF, valid until the next call.  1, or 0 at the end, or < 0. */
int nli_lines_next(struct nli_lines *l, struct nli_str *line, struct nli_err *err);

/*
 * Fill b with about target bytes of whole lines (more if one line is longer).
 * 1, or 0 at the end, or < 0.  Not to be mixed with nli_lines_next().
 */
int nli_lines_block(struct nli_lines *l, struct nli_block *b, size_t target,
		    struct nli_err *err);

/* Line i of a block, without LF. */
static inline struct nli_str nli_block_line(const struct nli_block *b, size_t i)
{
	const size_t from = i ? b->end[i - 1] + 1 : 0;

	return (struct nli_str){ b->text + from, b->end[i] - from };
}

/* Number of the line on which item i of a block begins, from 1. */
static inline uint64_t nli_block_lineno(const struct nli_block *b, size_t i)
{
	return b->numbered ? b->line[i] : b->first_line + i;
}

void nli_block_release(struct nli_block *b);
void nli_lines_close(struct nli_lines *l); /* safe on {0} and twice */

#endif
