/*
 * feed.h - a file, or a member of an archive, and how it is to be read.
 */
#ifndef NLI_NLI_FEED_H
#define NLI_NLI_FEED_H

#include "lib/base/map.h"
#include "lib/io/csv.h"
#include "lib/nli/profile.h"

/* Owns what is not said to be borrowed. */
struct nli_feed {
	size_t number;                   /* of this run, from 0 */
	char *path;                      /* for messages: "a.zip/b.xml" */
	const struct nli_layout *layout; /* borrowed from its profile */
	enum nli_dialect dialect;
	struct nli_csv csv; /* of a table */
	struct nli_str
		*column; /* (n_column,) names of a table's columns; texts in names */
	struct nli_str *label; /* (n_column,) the same as JSON, each with its colon */
	size_t n_column;
	struct nli_arena names;
	struct nli_str key; /* of NLI_DIALECT_ARRAYS: which array, as it is written */
	struct nli_str corpus, split,
		lang; /* split and lang may be {NULL, 0}: not said */
	char *why;    /* what decided on the layout */
	char encoding[32];
	bool by_place; /* ids without one of their own count items, not lines */
	bool stray;    /* bytes that are not UTF-8 are read as windows-1252 */

	/* $beside: line i belongs to item i + 1. */
	struct nli_str *beside; /* (n_beside,) in beside_text */
	size_t n_beside;
	struct nli_buf beside_text;

	/* $join: the JSON text of each key's record. */
	struct nli_intern join_key;
	struct nli_str *join; /* (join_key.n,) in join_text */
	struct nli_buf join_text;
};

void nli_feed_free(struct nli_feed *p); /* NULL is fine */

#endif
