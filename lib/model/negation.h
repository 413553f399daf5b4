/*
 * negation.h - whether a text has a negation cue, by the pack of its language.
 */
#ifndef NLI_MODEL_NEGATION_H
#define NLI_MODEL_NEGATION_H

#include "lib/text/langpack.h"

/* Scratch of one thread, with what it learnt of words. */
struct nli_negation;
struct nli_negation *nli_negation_new(struct nli_langs *langs); /* borrows langs */
void nli_negation_free(struct nli_negation *n);                 /* NULL is fine */

/*
 * 1 if text has a cue, 0 if not, *found -1 if no pack knows the language.  NLI_EDATA
 * if a pattern hit its limits on it, < 0 too for a pack that is not right.
 */
int nli_negation_find(struct nli_negation *n, struct nli_str lang, struct nli_str text,
		      int *found, struct nli_err *err);

#endif
