/*
 * packtree.h - a language pack's XML as a plain tree, validated against its
 * RELAX NG schema when it is read.
 *
 * Unchanged after it is read.  libxml2 is known to packtree.c alone of
 * lib/text.
 */
#ifndef NLI_TEXT_PACKTREE_H
#define NLI_TEXT_PACKTREE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/err.h"

struct nli_packattr {
	const char *name, *value;
};

/* An element.  Borrows all from its tree. */
struct nli_packnode {
	const char *name;
	const char *text; /* all the text below it */
	long line;
	const struct nli_packattr *attr; /* (n_attr,) in document order */
	size_t n_attr;
	const struct nli_packnode *child, *next; /* elements alone; NULL at the end */
};

struct nli_packtree; /* opaque */

/*
 * Read path, at most 16 MiB and without a DTD, under the schema in rng.
 * Returns 0 and *t to free; NLI_EIO if a file cannot be read; NLI_EDATA, with
 * path and line, if it is not what the schema wants.
 */
int nli_packtree_read(struct nli_packtree **t, const char *path, const char *rng,
		      struct nli_err *err);
void nli_packtree_free(struct nli_packtree *t); /* NULL is fine */
const struct nli_packnode *nli_packtree_root(const struct nli_packtree *t);

/* To be called before there are threads that read trees. */
void nli_packtree_init(void);

/* The value of an attribute, or NULL. */
const char *nli_packnode_attr(const struct nli_packnode *n, const char *name);
bool nli_packnode_is(const struct nli_packnode *n, const char *name);
/* The first child of that name, or NULL; the next sibling of n's name, or NULL. */
const struct nli_packnode *nli_packnode_child(const struct nli_packnode *n,
					      const char *name);
const struct nli_packnode *nli_packnode_again(const struct nli_packnode *n);

#endif
