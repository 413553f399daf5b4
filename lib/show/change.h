/* change.h - a text that was made from another, and the other, with what changed marked. */
#ifndef NLI_SHOW_CHANGE_H
#define NLI_SHOW_CHANGE_H

#include "lib/io/json.h"
#include "lib/show/doc.h"

/*
 * Add to e the text of a part, name, as it was, with what went out marked "del", and as
 * it is, with what came in marked "ins".  edits is the member of "adversarial":
 * [{"in": name, "at": [from, to], "old": ..., "new": ...}...], in code points of text;
 * index is which of the choices it is, or -1.
 *
 * False, and nothing is added, if no edit is of this part, or they do not fit the
 * text.  Of a long text the stretch around the first edit is shown.
 */
bool nli_change_add(struct nli_doc *d, struct nli_example *e, const char *name, int index,
		    struct nli_str text, const nli_jval *edits);

#endif
