/*
 * input.h - a stream of bytes, decompressed and unpacked as needed by what it
 * holds (its first bytes), not by its name: gzip (by ISA-L), zstd, xz, bzip2,
 * and the members of zip and tar one behind the other.
 */
#ifndef NLI_IO_INPUT_H
#define NLI_IO_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

struct nli_input;

/* Open path ("-" is stdin).  Returns 0 and an input to close, or < 0. */
int nli_input_open(struct nli_input **in, const char *path, struct nli_err *err);

/* The same, but an archive stays an archive: only its compression is undone. */
int nli_input_open_bytes(struct nli_input **in, const char *path, struct nli_err *err);

/*
 * Up to cap bytes; 0 at the end; < 0 on error, a stream that is cut short
 * among them.
 */
ptrdiff_t nli_input_read(struct nli_input *in, void *to, size_t cap, struct nli_err *err);

/* Bytes of the file itself read so far, and its size (0 if not known: a pipe). */
uint64_t nli_input_offset(const struct nli_input *in);
uint64_t nli_input_size(const struct nli_input *in);

/*
 * The descriptor of a regular file whose bytes are what is read, none of them
 * decompressed, and where in it they begin; -1 if it is no such file.
 */
int nli_input_file(const struct nli_input *in, uint64_t *start);

/* Append all of path, which may have up to max bytes (NLI_EDATA if it has more). */
int nli_input_all(const char *path, size_t max, struct nli_buf *out, struct nli_err *err);

void nli_input_close(struct nli_input *in); /* NULL is fine */

#endif
