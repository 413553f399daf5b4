/*
 * overlap.h - texts that hold much of another corpus' text, word for word.
 *
 * A text of a benchmark may stand inside a longer one, where neither equality
 * nor Jaccard finds it.  Rows of n tokens in common show it: n is 8 for s1 and
 * open-r1, 13 for GPT-3 and lm-eval.  Beside whether there is any, the share of
 * the benchmark text's tokens that such rows cover is given, of the one text
 * that is covered most (Lambert et al. 2024, Tulu 3).  A text that is equal to one
 * of another corpus, however short, is covered as a whole.
 */
#ifndef NLI_MODEL_OVERLAP_H
#define NLI_MODEL_OVERLAP_H

#include "lib/model/texts.h"

/* What was found for a text of the input. */
struct nli_overlap {
	uint32_t text;   /* of another corpus, perhaps this very one; or NLI_NO_ITEM */
	uint32_t record; /* side[text], or NLI_NO_ITEM */
	float covered;   /* of that text's tokens, in (0,1] */
};

/*
 * Which texts hold n tokens in a row of a text of another corpus: (texts,), the
 * caller frees it.  own[i]: text i is of the input; side[i]: a record of another
 * corpus that it is of, or NLI_NO_ITEM.  Texts are signed with tokens.
 */
struct nli_overlap *nli_overlap_find(const struct nli_texts *t, const bool *own,
				     const uint32_t *side, size_t n, unsigned jobs);

#endif
