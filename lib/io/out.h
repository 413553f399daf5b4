/*
 * out.h - output that is whole or not there.
 *
 * A file is written as a temporary beside it, fsynced and renamed by
 * nli_out_commit(): killed at any moment, the file is the old one or the whole
 * new one.  stdout is flushed and its close is checked.  A name that ends in
 * .gz or .zst compresses.
 */
#ifndef NLI_IO_OUT_H
#define NLI_IO_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/hash.h"

struct nli_out;

/* path NULL or "-" is stdout.  hashed: keep the hash of what is written (before compression). */
int nli_out_open(struct nli_out **o, const char *path, bool hashed, struct nli_err *err);
int nli_out_write(struct nli_out *o, const void *bytes, size_t len, struct nli_err *err);

/* Make what was written so far readable by others now (a pipe's other end). */
int nli_out_flush(struct nli_out *o, struct nli_err *err);

/* Flush, fsync, rename (or close stdout).  Frees o, whatever it returns. */
int nli_out_commit(struct nli_out *o, struct nli_err *err);

/* Remove the temporary and free o; the old file is as it was.  NULL is fine. */
void nli_out_abandon(struct nli_out *o);

uint64_t nli_out_bytes(const struct nli_out *o);
struct nli_hash128 nli_out_hash(const struct nli_out *o);
const char *nli_out_temp(
	const struct nli_out *o); /* the temporary's path, or NULL for stdout */

/* A whole file at once, atomically. */
int nli_out_file(const char *path, const void *bytes, size_t len, struct nli_err *err);

#endif
