/*
 * langpack.h - what the tools know of a language: langs/xx.xml, validated
 * against langs/langpack.rng when it is loaded.  langs/README.md says what the
 * parts of a pack mean.
 *
 * This much of it is read here: the families of words that give labels away.
 * A pack is unchanged after it is loaded and may be shared by threads; what a
 * thread needs to match is in a struct nli_lang_scratch.  What rewriting needs
 * of a pack is read by rewrites.h.
 */
#ifndef NLI_TEXT_LANGPACK_H
#define NLI_TEXT_LANGPACK_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/text/token.h"

enum nli_family {
	NLI_FAM_NEGATION,
	NLI_FAM_QUANTIFIER,
	NLI_FAM_NUMBER,
	NLI_FAM_COMPARATIVE,
	NLI_FAM_SUPERLATIVE,
	NLI_FAM_PURPOSE,  /* because, in order to */
	NLI_FAM_MODIFIER, /* very, sad, tall: what annotators add to make a neutral one */
	NLI_FAM_FUNCTION,
	NLI_FAM_GENERIC,  /* person, animal, something */
	NLI_FAM_GENDERED, /* woman, boy */
	NLI_N_FAMILY
};

/* "negation"... */
const char *nli_family_name(enum nli_family f);

struct nli_langpack; /* opaque */

/*
 * Read the pack in path under the schema in rng.  Returns 0 and *p to free;
 * NLI_EIO if a file cannot be read; NLI_EDATA, with path and line, if it is not
 * what the schema wants, or a pattern in it does not compile.
 */
int nli_langpack_load(struct nli_langpack **p, const char *path, const char *rng,
		      struct nli_err *err);
void nli_langpack_free(struct nli_langpack *p); /* NULL is fine */

/* The language, "en". */
const char *nli_langpack_lang(const struct nli_langpack *p);

/* How many words, sequences and patterns a family has. */
size_t nli_langpack_size(const struct nli_langpack *p, enum nli_family f);

/* Room to match in; one a thread. */
struct nli_lang_scratch;
struct nli_lang_scratch *nli_lang_scratch_new(void);
void nli_lang_scratch_free(struct nli_lang_scratch *s); /* NULL is fine */

/* The hash by which tokens are known here; the typographic apostrophe counts as "'". */
uint64_t nli_lang_hash(struct nli_str token);

/*
 * The families (bits 1 << enum nli_family) that a single folded token is of,
 * with NLI_LANG_BEGINS if sequences begin with it.  Costs a table look-up and
 * a match for each token pattern of the pack: keep the answer for each word.
 * A token pattern that hits its limits does not match.
 */
enum { NLI_LANG_BEGINS = 1 << 30 };
unsigned nli_lang_token(const struct nli_langpack *p, struct nli_lang_scratch *s,
			struct nli_str token, enum nli_token_kind kind);

/*
 * The families of a folded text beyond those of its tokens: of sequences of
 * tokens and of patterns on the text.  of[i] is nli_lang_token() and hash[i]
 * nli_lang_hash() of token i, i < n.  Returns 0, or NLI_EDATA if a pattern hit
 * its limits.
 */
int nli_lang_text(const struct nli_langpack *p, struct nli_lang_scratch *s,
		  struct nli_str text, const uint64_t *hash, const unsigned *of, size_t n,
		  unsigned *families, struct nli_err *err);

/* The primary subtag of a BCP 47 tag in lower case; false if it is no language. */
bool nli_lang_primary(struct nli_str tag, char out[9]);

/*
 * The packs of a folder, loaded when first asked for.  Safe to ask from any
 * thread.  Returns 0 and *l to free, or NLI_EIO if dir has no langpack.rng.
 */
struct nli_langs;
int nli_langs_new(struct nli_langs **l, const char *dir, struct nli_err *err);
void nli_langs_free(struct nli_langs *l); /* frees the packs; NULL is fine */

/*
 * The pack of a BCP 47 tag ("pt-BR" is looked for as pt), or *p = NULL where
 * the folder has none.  Returns 0, or < 0 if there is one that is not right.
 */
int nli_langs_get(struct nli_langs *l, struct nli_str tag, const struct nli_langpack **p,
		  struct nli_err *err);

#endif
