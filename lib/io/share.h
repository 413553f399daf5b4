/* share.h - where the tools' data files are: corpora/, langs/, reports/. */
#ifndef NLI_IO_SHARE_H
#define NLI_IO_SHARE_H

#include "lib/base/buf.h"
#include "lib/base/err.h"

/*
 * Append the path of a folder of data: of $NLI_SHARE if that is set, of the
 * tree that the running program was built in, or of the place that it was
 * installed to.  NLI_EIO if there is none.
 */
int nli_share_dir(const char *folder, struct nli_buf *out, struct nli_err *err);

#endif
