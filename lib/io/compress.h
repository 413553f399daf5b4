/*
 * compress.h - gzip and zstd for output, chosen by the name of the file.
 * libarchive does the work; no time and no name go into the gzip header, so the
 * same input gives the same bytes.
 */
#ifndef NLI_IO_COMPRESS_H
#define NLI_IO_COMPRESS_H

#include <stddef.h>

#include "lib/base/err.h"

struct nli_compressor;

/* Takes the compressed bytes; returns 0 or < 0. */
typedef int nli_compress_sink(void *ctx, const void *bytes, size_t len,
			      struct nli_err *err);

/* *c is NULL if path ends in neither .gz nor .zst: there is nothing to do then. */
int nli_compressor_new(struct nli_compressor **c, const char *path,
		       nli_compress_sink *sink, void *ctx, struct nli_err *err);
int nli_compressor_add(struct nli_compressor *c, const void *bytes, size_t len,
		       struct nli_err *err);

/* Write what is still inside.  c must still be freed. */
int nli_compressor_end(struct nli_compressor *c, struct nli_err *err);
void nli_compressor_free(struct nli_compressor *c); /* NULL is fine */

#endif
