/*
 * source.h - the operands of nli-ingest as a stream of items: containers
 * opened, encodings decoded, layouts chosen, items cut.  To be passed over by
 * nli_run_items(); each block's part is a struct nli_feed.
 */
#ifndef NLI_NLI_SOURCE_H
#define NLI_NLI_SOURCE_H

#include "lib/base/hash.h"
#include "lib/io/tool.h"
#include "lib/nli/feed.h"

/* What is wanted of it. Borrows all. */
struct nli_source_options {
	const struct nli_profile *profile; /* NULL: found by content */
	const char *name;     /* of the corpus; NULL: the profile's, or the file's */
	const char *encoding; /* NULL: the profile's, or by content */
	const char *lang;     /* NULL: the profile's */
	const char
		*labels; /* nli_generic_spellings(), where no profile is named; or NULL */
	const char *member; /* glob of the members wanted; NULL: all */
	uint64_t max_size;  /* bytes that a file or member may unpack to */
	size_t max_item;    /* bytes of an item beyond which a file is given up */
	size_t max_row;     /* the same of a quoted row: a quote left open has no end */
	struct nli_run
		*run; /* whose summary is to have the hash of what is read; or NULL */
	/* What was taken for what, what was passed over; or NULL. */
	void (*say)(const char *path, const char *what);
};

struct nli_items;

/* files ends with NULL and stays as long as the items are used. */
struct nli_items *nli_items_new(char *const *files, const struct nli_source_options *o);
int nli_items_next(void *items, struct nli_block *b, size_t target, struct nli_err *err);
double nli_items_done(void *items);

/*
 * Instead of reading: open the next file or member, and say how it would be
 * read.  1, 0 at the end, < 0 for *path, after which the next may be asked for.
 */
int nli_items_open(struct nli_items *s, const struct nli_feed **f, const char **path,
		   struct nli_err *err);

/* Parts opened so far, by number. */
size_t nli_items_n(const struct nli_items *s);
const struct nli_feed *nli_items_feed(const struct nli_items *s, size_t i);

/* Characters that an encoding had no meaning for, and that Shift_JIS-2004 had. */
uint64_t nli_items_lost(const struct nli_items *s);
uint64_t nli_items_rescued(const struct nli_items *s);
void nli_items_free(struct nli_items *s); /* NULL is fine */

#endif
