/*
 * report.h - what nli-truth does from its options on: read, fit, write, report; or
 * hand on to stream.h.
 *
 * For cmd/nli-truth.c: says what ended the run and exits.
 */
#ifndef NLI_CROWD_REPORT_H
#define NLI_CROWD_REPORT_H

#include "lib/crowd/pipe.h"

struct nli_truth_opts {
	const char *method, *repeats, *by;
	const char *truth, *gold, *weights;   /* files to read, or NULL */
	const char *workers, *pairs, *report; /* files to write, or NULL */
	bool table, no_items;
	int64_t iterations, restarts; /* 0: the method's own */
	double tol, smooth;           /* < 0: the method's own */
	double max_entropy;           /* < 0: not asked for */
	int64_t ask;                  /* items to ask for, in place of items; 0: none */
	const char *ask_by;
	struct nli_table_names names;
	bool online, replay, flush, once; /* one pass, see stream.h */
	const char *state;
	double threshold, forget;
	int64_t least_votes, budget;
};

/* What must be done when the output is in its place: struct nli_buf is a state, or empty. */
void nli_truth_run(struct nli_run *run, const struct nli_truth_opts *t,
		   struct nli_buf *after);
void nli_truth_after(const struct nli_truth_opts *t, struct nli_buf *after);

#endif
