/*
 * reject.h - where bad records are kept: JSON lines of file, line, reason and
 * the record, whole: as "text", or as "base64" if it is not UTF-8.
 */
#ifndef NLI_IO_REJECT_H
#define NLI_IO_REJECT_H

#include <stdint.h>

#include "lib/base/buf.h"

/* Append the reject line, with its LF. */
void nli_reject_line(const char *path, uint64_t lineno, const char *reason,
		     struct nli_str record, struct nli_buf *out);

#endif
