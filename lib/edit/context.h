/*
 * context.h - in which context of monotonicity each place of a sentence stands:
 * a cautious scanner over tokens, with the closed classes of a pack.
 *
 * It knows quantifiers (restrictor and body), negation, conditionals, "without"
 * and its like, and says "unknown" where the end of what they rule cannot be
 * told from the tokens.  It is no parser: what it does not know it does not
 * guess at, and it reads one sentence.
 */
#ifndef NLI_EDIT_CONTEXT_H
#define NLI_EDIT_CONTEXT_H

#include "lib/edit/lexicon.h"
#include "lib/edit/relation.h"

/*
 * at[i] is the context of token i of v, i < v->n; gap[i] that of what is put
 * before token i, i <= v->n.
 */
void nli_context_scan(const struct nli_lexicon *l, const struct nli_view *v,
		      enum nli_context *at, enum nli_context *gap);

#endif
