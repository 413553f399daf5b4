/* sets.h - the methods that look at whole items or whole sets: rows of methods.c. */
#ifndef NLI_EDIT_SETS_H
#define NLI_EDIT_SETS_H

#include "lib/edit/method.h"

/*
 * to-nli: each choice of an item as the hypothesis of its premise.  to-choice:
 * the way back, of any pairs that share a premise of which exactly one is
 * entailed.
 */
int nli_to_nli_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		    struct nli_edit_sink *s, struct nli_err *err);
void nli_to_choice_run(struct nli_run *run, const struct nli_edit *e,
		       struct nli_edit_tally *t);

/* match: wrong choices that are right answers of other items, as often wrong as k - 1 times right. */
void nli_match_run(struct nli_run *run, const struct nli_edit *e,
		   struct nli_edit_tally *t);

/* balance: the input without what makes cues, or with candidates that unmake them. */
void nli_balance_run(struct nli_run *run, const struct nli_edit *e,
		     struct nli_edit_tally *t);

/* neutral: premises with hypotheses of others, or with raw sentences. */
void nli_neutral_run(struct nli_run *run, const struct nli_edit *e,
		     struct nli_edit_tally *t);

/* hans: pairs from the templates and the lexicon of a language; reads no input. */
void nli_hans_run(struct nli_run *run, const struct nli_edit *e,
		  struct nli_edit_tally *t);

#endif
