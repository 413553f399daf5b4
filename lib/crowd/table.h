/*
 * table.h - rows of a plain table by column name: CSV, TSV or JSONL, columns in
 * any order.
 *
 * The header says which separator (a tab if it holds one, else a comma) and
 * where each column is.  Names are the user's, or the usual ones (table.c).
 * CSV may be quoted (lib/io/csv.h), TSV is raw.  Rows without a quote, nearly
 * all there are, take a fast path.
 */
#ifndef NLI_CROWD_TABLE_H
#define NLI_CROWD_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/io/csv.h"
#include "lib/io/json.h"

enum nli_column {
	NLI_COL_ITEM,
	NLI_COL_WORKER,
	NLI_COL_LABEL,
	NLI_COL_TIME,
	NLI_COL_TRUTH,
	NLI_COL_GROUP,
	NLI_N_COL
};

enum { NLI_MAX_COL = 512 };

/* Names that the user gave, or NULL for the usual ones. */
struct nli_table_names {
	const char *name[NLI_N_COL];
};

struct nli_table_head {
	const struct nli_table_names *names; /* borrowed */
	bool json; /* a line is an object; what follows means nothing then */
	char sep;
	int at[NLI_N_COL];           /* place of each column, or -1 */
	int n;                       /* columns */
	signed char is[NLI_MAX_COL]; /* which of ours a place holds, or -1 */
};

/*
 * Read the header of a file, or find that its lines are JSON objects.  Columns
 * in need (bits 1 << enum nli_column) must be there.  NLI_EDATA says which are
 * not, and what there is.
 */
int nli_table_head(struct nli_table_head *h, const struct nli_table_names *names,
		   struct nli_str line, unsigned need, struct nli_err *err);

/*
 * The fields of a row; {NULL, 0} for a column that is not there.  They borrow
 * from line, j or cells.  NLI_EDATA for a row with
 * another number of fields than the header.
 */
int nli_table_row(const struct nli_table_head *h, struct nli_str line, struct nli_json *j,
		  struct nli_row *cells, struct nli_str field[NLI_N_COL],
		  const nli_jval **object, struct nli_err *err);

/* "item", "worker"...: what a column is called in messages. */
const char *nli_column_name(enum nli_column c);

#endif
