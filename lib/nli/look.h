/*
 * look.h - what the beginning of a file shows: dialect, fields, labels; and
 * which layout fits it.
 */
#ifndef NLI_NLI_LOOK_H
#define NLI_NLI_LOOK_H

#include "lib/io/csv.h"
#include "lib/nli/profile.h"

/* Owns names. Start from {0}. */
struct nli_look {
	enum nli_dialect dialect;
	struct nli_csv csv; /* of a table */
	struct nli_str *
		field; /* (n_field,) of the first item, or of the header; texts in names */
	size_t n_field, field_cap;
	struct nli_arena names;
	struct nli_str
		first; /* a table's first row, or the first item; borrowed from the sample */
	struct nli_str sample;
	bool nothing; /* blank, or an empty array */
};

/*
 * Look at sample, UTF-8 text without a mark, the beginning of a file or (whole)
 * all of it.  NLI_EDATA for what holds no records: a Git LFS pointer, an HTML
 * page, a binary format.
 */
int nli_look(struct nli_look *l, struct nli_str sample, bool whole, struct nli_err *err);
void nli_look_release(struct nli_look *l);

/* NLI_EDATA, with what to do, for bytes that are no text of a corpus. */
int nli_look_at_bytes(struct nli_str head, struct nli_err *err);

enum { NLI_FIT_NAME = 64 }; /* added where the name fits */

/*
 * How well a layout fits: 0 not at all, 1 by its fields, more by each name of
 * its signature if they are all there, NLI_FIT_NAME more if the name does.
 * named: the name must fit where the layout says names.
 */
int nli_layout_fit(const struct nli_layout *layout, const struct nli_look *l,
		   const char *path, bool named);

/*
 * What keeps the first item of an XML document that is all in the sample from being
 * read as layout says: NLI_EDATA, or 0 if nothing does.
 */
int nli_look_xml(const struct nli_layout *layout, const struct nli_look *l,
		 struct nli_err *err);

#endif
