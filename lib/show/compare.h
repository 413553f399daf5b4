/*
 * compare.h - what changed between two versions of a dataset, and how sure that
 * is.
 */
#ifndef NLI_SHOW_COMPARE_H
#define NLI_SHOW_COMPARE_H

#include "lib/show/dossier.h"

/*
 * Add the section "compare" to d, as the first, with old as what it was.  old
 * holds a report (its JSON) or the same sort of things as a.
 */
void nli_compare(struct nli_dossier *a, struct nli_dossier *old, struct nli_doc *d);

#endif
