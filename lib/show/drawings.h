/* drawings.h - the charts of a document as files. */
#ifndef NLI_SHOW_DRAWINGS_H
#define NLI_SHOW_DRAWINGS_H

#include "lib/base/err.h"
#include "lib/show/doc.h"

/* Write DIR/ID.svg and DIR/ID.vl.json for each chart; DIR is made if it is not there. */
int nli_drawings_write(const struct nli_doc *d, const char *dir, struct nli_err *err);

#endif
