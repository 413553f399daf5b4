/* tablefile.h - the tables named on the command line as a source of rows (tool.h). */
#ifndef NLI_CROWD_TABLEFILE_H
#define NLI_CROWD_TABLEFILE_H

#include "lib/crowd/table.h"
#include "lib/io/lines.h"
#include "lib/io/tool.h"

/* Owns lines and heads.  Start from files, names, need and hashed. */
struct nli_table_source {
	char *const *file; /* NULL-terminated; the next one to open */
	const struct nli_table_names *names;
	unsigned need; /* bits 1 << enum nli_column */
	bool hashed;

	/* Called when a file has been read to its end; may be NULL. */
	void (*closed)(void *ctx, const struct nli_lines *lines);
	void *ctx;

	/* private */
	struct nli_lines lines;
	struct nli_table_head *
		*head; /* (n_head,) one a file, so that rows in hand keep theirs */
	size_t n_head, head_cap;
	struct nli_buf
		rest; /* the beginning of a quoted row that goes on behind a block */
	const char *path;
	bool open;
};

/* For struct nli_source: blocks whose part is a struct nli_table_head. */
int nli_table_source_next(void *source, struct nli_block *b, size_t target,
			  struct nli_err *err);
double nli_table_source_done(void *source);
void nli_table_source_release(struct nli_table_source *s);

/*
 * Does the file hold a table and no records?  Told by its first bytes: a JSON
 * object with "annotations" or "premise" is a record.  Stdin is not looked at.
 */
int nli_table_sniff(const char *path, bool *table, struct nli_err *err);

#endif
