/*
 * rewriter.h - a language's rules and lexicon, ready to be used; loaded when a
 * record first asks for them.
 */
#ifndef NLI_EDIT_REWRITER_H
#define NLI_EDIT_REWRITER_H

#include "lib/edit/lexicon.h"
#include "lib/edit/rule.h"

/* Unchanged after it is made; shared by threads. */
struct nli_rewriter {
	struct nli_rewrites *pack;
	struct nli_rules *rules;
	struct nli_lexicon *lexicon;
};

int nli_rewriter_load(struct nli_rewriter **r, const char *path, const char *rng,
		      struct nli_err *err);
void nli_rewriter_free(struct nli_rewriter *r); /* NULL is fine */

struct nli_rewriters; /* opaque */

/* Those of the packs in dir. */
struct nli_rewriters *nli_rewriters_new(const char *dir);
void nli_rewriters_free(struct nli_rewriters *w); /* NULL is fine */

/*
 * The rewriter of a BCP 47 tag, or *r = NULL where the folder has no pack of it.
 * Safe from any thread.  Returns 0, or < 0 if there is a pack that is not right.
 */
int nli_rewriters_get(struct nli_rewriters *w, struct nli_str tag,
		      const struct nli_rewriter **r, struct nli_err *err);

#endif
