/*
 * stream.h - nli-truth --online: votes in, items out as soon as they are sure.
 *
 * For cmd/nli-truth.c: says what ended the run and exits.
 */
#ifndef NLI_CROWD_STREAM_H
#define NLI_CROWD_STREAM_H

#include "lib/crowd/labels.h"
#include "lib/crowd/online.h"
#include "lib/io/tool.h"

struct nli_stream_opts {
	struct nli_online_opts online;
	bool table;
	bool replay; /* read everything, then take votes in the order of time */
	bool flush;  /* emit what is open at the end even if the state is kept */
	const char *state;
	const struct nli_table_names *names;
	const char *by;
};

/*
 * One pass.  With a state file: begin from it if it is there; what is to be
 * written there goes to *after, for nli_stream_save() once the output is in its
 * place: a run that is killed at any moment can be run again, and gives the
 * bytes that it would have given.  Results go to run->results.
 */
void nli_stream_run(struct nli_run *run, const struct nli_stream_opts *t,
		    struct nli_buf *after);
void nli_stream_save(const char *state, struct nli_buf *after);

#endif
