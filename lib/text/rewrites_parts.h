/* rewrites_parts.h - what the files of rewrites.h share; for them alone. */
#ifndef NLI_TEXT_REWRITES_PARTS_H
#define NLI_TEXT_REWRITES_PARTS_H

#include "lib/text/packtree.h"
#include "lib/text/rewrites.h"

/* Complain about what stands in line of the pack. */
int nli_rw_fail(const struct nli_rewrites *r, long line, struct nli_err *err,
		const char *what, const char *found);

/* The blank-separated items of s, "_" resolved, one after the other; NULL at the end. */
const char *nli_rw_item(struct nli_rewrites *r, const char **s);

/* text NFC and folded, in the arena of r. */
const char *nli_rw_fold(struct nli_rewrites *r, struct nli_str text);

/* Add all facts below root. */
void nli_rw_facts(struct nli_rewrites *r, const struct nli_packnode *root);

/* Add the tables below root. */
int nli_rw_tables(struct nli_rewrites *r, const struct nli_packnode *root,
		  struct nli_err *err);
const struct nli_rw_table *nli_rw_table(const struct nli_rewrites *r, const char *name);
ptrdiff_t nli_rw_column(const struct nli_rw_table *t, const char *name);

/* Add the rules below root, in their order, with what they refer to. */
int nli_rw_rules(struct nli_rewrites *r, const struct nli_packnode *root,
		 struct nli_err *err);

#endif
