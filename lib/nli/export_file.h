/*
 * export_file.h - exported rows on their way to files: numbered, asked once, cut
 * where a service takes no more.
 *
 * For cmd/ alone, as tool.h.
 */
#ifndef NLI_NLI_EXPORT_FILE_H
#define NLI_NLI_EXPORT_FILE_H

#include <stdint.h>

#include "lib/io/tool.h"
#include "lib/nli/export.h"

struct nli_export_file; /* opaque */

/* max_rows, max_bytes: of a file; 0 is as the format says. */
struct nli_export_file *nli_export_file_new(struct nli_run *run,
					    const struct nli_export_format *f,
					    uint64_t max_rows, uint64_t max_bytes);

/*
 * Take a block of rows, in order.  What is beyond a limit goes to the next file:
 * -o requests.jsonl is followed by requests-2.jsonl.  NLI_EINVAL on standard
 * output, which cannot be cut.
 */
int nli_export_file_put(struct nli_export_file *x, struct nli_str rows,
			struct nli_err *err);

/* End the last file.  *files: how many there are; *repeated: requests left out as asked before. */
int nli_export_file_end(struct nli_export_file *x, uint64_t *files, uint64_t *repeated,
			struct nli_err *err);
void nli_export_file_free(struct nli_export_file *x); /* NULL is fine */

#endif
