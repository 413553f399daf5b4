/*
 * partial.h - what a partial-input model gets to see of a record.
 *
 * hypothesis  the hypothesis; for a choice record each option without the stem
 * premise     the premise; the same for all options, so that it says nothing there
 * length      number of words, and of characters; for options also against the
 *             others (longest, shortest)
 * overlap     how many words of the hypothesis stand in the premise, whether in
 *             order, how many do not; the difference in length; negation in one
 *             only, by the language's pack
 * position    the place of an option among the options
 * shuffled    the words of both, their order destroyed
 * both        hypothesis, premise words, overlap, and pairs of a word only here
 *             with a word only there
 */
#ifndef NLI_MODEL_PARTIAL_H
#define NLI_MODEL_PARTIAL_H

#include "lib/model/feat.h"
#include "lib/nli/record.h"
#include "lib/text/langpack.h"

enum nli_partial {
	NLI_IN_HYPOTHESIS,
	NLI_IN_PREMISE,
	NLI_IN_CHOICES, /* the same as hypothesis, for choice records only */
	NLI_IN_LENGTH,
	NLI_IN_OVERLAP,
	NLI_IN_POSITION,
	NLI_IN_SHUFFLED,
	NLI_IN_BOTH,
	NLI_N_PARTIAL
};

/* "hypothesis"... */
const char *nli_partial_name(enum nli_partial in);

/* The input of that name, or -1. */
int nli_partial_of(const char *name);

/* Scratch; one a thread. */
struct nli_partials;
struct nli_partials *nli_partials_new(const struct nli_feat_opts *o);
void nli_partials_free(struct nli_partials *s); /* NULL is fine */

/* Look for negation, with the packs of langs, which it borrows. */
void nli_partials_langs(struct nli_partials *s, struct nli_langs *langs);

/* What went wrong since the last call: 0, or NLI_EDATA as nli_negation_find(). */
int nli_partials_error(struct nli_partials *s, struct nli_err *err);

/* Keep the words of texts in names, NULL to stop. */
void nli_partials_names(struct nli_partials *s, struct nli_feat_names *names);

/* From now on without the features of NLI_FEAT_DEAR, or again with them. */
void nli_partials_skip_dear(struct nli_partials *s, bool skip);

/* Append what input in shows of record r, of its option for a choice record. */
void nli_partial_feats(struct nli_partials *s, const struct nli_record *r,
		       enum nli_partial in, size_t option, struct nli_feats *out);

#endif
