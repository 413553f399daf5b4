/* run.h - what tool.c and pass.c share; not for the tools. */
#ifndef NLI_IO_RUN_H
#define NLI_IO_RUN_H

#include "lib/io/tool.h"

/* Tell of a bad record and keep it.  0, or NLI_ESTOP if there are too many now. */
int nli_run_bad(struct nli_run *r, const char *path, uint64_t lineno,
		struct nli_str record, const struct nli_err *why, struct nli_err *err);

/* Say what ended the run and exit 1. */
_Noreturn void nli_run_fail(const struct nli_err *err);

/* Remember size and hash of an input for the summary. */
void nli_run_note_input(struct nli_run *r, uint64_t bytes, const struct nli_hasher *h);

#endif
