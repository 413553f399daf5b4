/*
 * encoding.h - bytes of whatever encoding as UTF-8.  ICU does the work.
 *
 * Names are ICU's ("Shift_JIS", "UTF-16LE", "windows-1252"...), and
 * "utf-8+windows-1252": UTF-8 into which bytes of the other have strayed, as
 * happens when files of two editors are pasted together.
 */
#ifndef NLI_IO_ENCODING_H
#define NLI_IO_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/io/cut.h"

#define NLI_UTF8 "utf-8"
#define NLI_UTF8_STRAY "utf-8+windows-1252"

/*
 * The encoding that the first bytes of a file show: by a byte order mark, else
 * UTF-8 if they are, UTF-16 by its NULs, UTF-8 with few stray bytes, else what
 * ICU's detector holds for the most likely.  Never NULL; static memory.
 */
const char *nli_encoding_guess(struct nli_str sample);

/* Whether text in this encoding needs no struct nli_decoder. */
bool nli_encoding_is_utf8(const char *name);

/* Length of the byte order mark of UTF-8, or 0. */
size_t nli_utf8_mark(struct nli_str s);

/* A stream in UTF-8 made of one in another encoding. */
struct nli_decoder;

/* NLI_EINVAL if ICU has no such encoding. */
int nli_decoder_new(struct nli_decoder **d, const char *encoding, nli_read_fn *read,
		    void *ctx, struct nli_err *err);

/* As an nli_read_fn with the decoder as ctx.  Bytes that mean nothing become U+FFFD. */
ptrdiff_t nli_decoder_read(void *d, void *to, size_t cap, struct nli_err *err);

/* How many places became U+FFFD, and how many were read as Shift_JIS-2004 instead. */
uint64_t nli_decoder_lost(const struct nli_decoder *d);
uint64_t nli_decoder_rescued(const struct nli_decoder *d);
void nli_decoder_free(struct nli_decoder *d); /* NULL is fine */

/*
 * Append s with each byte that is not part of valid UTF-8 read as
 * windows-1252.  Returns how many there were.
 */
size_t nli_utf8_repair(struct nli_str s, struct nli_buf *out);

#endif
