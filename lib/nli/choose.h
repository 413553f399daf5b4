/*
 * choose.h - which layout a file is read by: one of the profile that was named,
 * or what content shows (of a corpus that is known, or made up from the names
 * of the fields).
 */
#ifndef NLI_NLI_CHOOSE_H
#define NLI_NLI_CHOOSE_H

#include "lib/nli/look.h"
#include "lib/nli/source.h"

/* Owns the profiles it loads, once, when content is to decide. */
struct nli_chooser;

struct nli_chooser *nli_chooser_new(const struct nli_source_options *o); /* borrows *o */

/*
 * The layout for what l shows of path, valid as long as the chooser.  member:
 * of an archive, where names that no layout has are passed over: *layout is
 * NULL then.  why is appended a few words on what decided.  NLI_EDATA if
 * nothing fits.
 */
int nli_choose(struct nli_chooser *c, const struct nli_look *l, const char *path,
	       bool member, const struct nli_layout **layout, struct nli_buf *why,
	       struct nli_err *err);

/* The encoding that a layout of the named profile, whose names fit path, says; or NULL. */
const char *nli_choose_encoding(struct nli_chooser *c, const char *path);

/* Whether any layout of the named profile needs a second file. */
bool nli_has_companions(struct nli_chooser *c);

/* Whether path is not to be read for itself: the named profile has it beside, or joined to, another. */
bool nli_is_companion(struct nli_chooser *c, const char *path);

void nli_chooser_free(struct nli_chooser *c); /* NULL is fine */

#endif
