/*
 * pipe.h - the passes of nli-truth: annotations in, items with "truth" out.
 *
 * For cmd/nli-truth.c: like tool.h, these say what ended the run and exit.
 */
#ifndef NLI_CROWD_PIPE_H
#define NLI_CROWD_PIPE_H

#include "lib/crowd/fit.h"
#include "lib/crowd/render.h"
#include "lib/crowd/render.h"
#include "lib/io/tool.h"

/*
 * Read the operands into l: tables (names says their columns) if table is set
 * or the first operand looks like one, else records, which are kept for
 * nli_pipe_write().  by: the field of a record to group by, or NULL.
 */
void nli_pipe_read(struct nli_run *run, struct nli_labels *l, bool table,
		   const struct nli_table_names *names, const char *by);

/*
 * The same input block by block, packed, to take: the order of the input.
 */
void nli_pipe_votes(struct nli_run *run, bool table, const struct nli_table_names *names,
		    const char *by,
		    int (*take)(void *ctx, struct nli_str packed, struct nli_err *err),
		    void *ctx);

/*
 * Known labels from a table of item and truth (or label): to becomes (n_item,)
 * classes or -1.  A label that no annotator gave is a bad row.  Items that are
 * not in l are counted in *others.
 */
int32_t *nli_pipe_known(struct nli_run *run, const struct nli_labels *l, const char *path,
			const struct nli_table_names *names, uint64_t *others);

/* Weights of workers from a table of worker and label (a number): (n_worker,), 0 if not there. */
double *nli_pipe_weights(struct nli_run *run, const struct nli_labels *l,
			 const char *path, const struct nli_table_names *names);

/* Write every item with its truth: the records, or a line an item of a table. */
void nli_pipe_write(struct nli_run *run, const struct nli_render *r);

/* Write a line for every number below n to a file of its own, whole or not at all. */
void nli_pipe_side(const char *path, size_t n,
		   void (*line)(const void *ctx, size_t i, struct nli_buf *b),
		   const void *ctx);

#endif
