/* differ.h - the words in which two texts differ. */
#ifndef NLI_SHOW_DIFFER_H
#define NLI_SHOW_DIFFER_H

#include "lib/show/doc.h"

/*
 * Mark in a and in b, which have no spans yet, the words that are not in a longest
 * common subsequence of both: kind_a and kind_b.  Texts of more than 200 words are
 * left alone.
 */
void nli_differ(struct nli_part *a, const char *kind_a, struct nli_part *b,
		const char *kind_b);

#endif
