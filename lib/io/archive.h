/*
 * archive.h - members of zip and tar, and streams of zstd, xz and bzip2.
 * libarchive does the work.  Nothing is ever written: a member's path is a name.
 */
#ifndef NLI_IO_ARCHIVE_H
#define NLI_IO_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

/* Up to cap bytes of the archive itself; 0 at the end; < 0. */
typedef ptrdiff_t nli_archive_read_fn(void *ctx, void *to, size_t cap,
				      struct nli_err *err);

struct nli_archive;

/* What the first bytes of a file say it is. At least 512 are needed to see a tar. */
bool nli_is_zip(struct nli_str head);
bool nli_is_tar(struct nli_str head);
bool nli_is_packed(struct nli_str head); /* zstd, xz, bzip2: no members, only bytes */

/*
 * Open the archive at path, by which a zip's own directory can be used; or,
 * where path is NULL, the stream of read.
 */
int nli_archive_open(struct nli_archive **a, const char *path, nli_archive_read_fn *read,
		     void *ctx, struct nli_err *err);

/* Open a compressed stream of bytes: it has one member, whatever is in it. */
int nli_archive_open_bytes(struct nli_archive **a, nli_archive_read_fn *read, void *ctx,
			   struct nli_err *err);

/*
 * The next member that is a file and holds data: folders, links, __MACOSX and
 * files that begin with a dot are passed over.  1 and its name, valid until
 * the next call; 0 at the end; < 0.  NLI_EDATA for one that is encrypted.
 */
int nli_archive_next(struct nli_archive *a, const char **name, struct nli_err *err);

/* Up to cap bytes of the member; 0 at its end; < 0. */
ptrdiff_t nli_archive_read(struct nli_archive *a, void *to, size_t cap,
			   struct nli_err *err);
void nli_archive_close(struct nli_archive *a); /* NULL is fine */

#endif
