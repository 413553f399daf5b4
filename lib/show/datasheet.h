/* datasheet.h - a data card with what can be known filled in, and gaps marked. */
#ifndef NLI_SHOW_DATASHEET_H
#define NLI_SHOW_DATASHEET_H

#include "lib/show/dossier.h"

/*
 * Append a README for the Hugging Face hub: front matter (language, license,
 * task_categories, size_categories), then the sections of its template.  What
 * is not known stands as "[More Information Needed]", which the template uses.
 */
void nli_datasheet(const struct nli_dossier *a, const struct nli_doc *d,
		   struct nli_buf *out);

#endif
