/*
 * companion.h - files that belong to another: a line for each of its items, or
 * a record to join to them.
 */
#ifndef NLI_NLI_COMPANION_H
#define NLI_NLI_COMPANION_H

#include "lib/nli/feed.h"

/* Members of an archive that others need, by name. Owns all. */
struct nli_shelf {
	struct nli_intern name;
	struct nli_buf *text; /* (name.n,) */
	size_t cap;
};
void nli_shelf_put(struct nli_shelf *s, const char *name,
		   struct nli_buf *text); /* takes text */
void nli_shelf_release(struct nli_shelf *s);

/* Whether a companion of path is called so; to is appended its path. False: path is not of from. */
bool nli_companion_path(const struct nli_companion *c, const char *path,
			struct nli_buf *to);

/* Whether path may be the companion of some file. */
bool nli_companion_is(const struct nli_companion *c, const char *path);

/*
 * Read what the layout of part has beside it, or joins to it, from shelf, or
 * from the file system where shelf is NULL.
 */
int nli_companions_load(struct nli_feed *part, const char *path,
			const struct nli_shelf *shelf, struct nli_err *err);

#endif
