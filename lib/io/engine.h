/*
 * engine.h - ordered parallel work: blocks are read in order, computed by any
 * thread, committed in order.
 *
 * minimap2's three-step pipeline: a thread that is free commits the block whose
 * turn it is, else fills a job, else computes one that is filled.  There are
 * more jobs than threads, and one is filled ahead, so that threads hardly ever
 * wait for each other: to sleep and be woken costs as much as to compute a block.
 * Which blocks there are depends on the source alone, so the result does not
 * depend on the number of threads.
 */
#ifndef NLI_IO_ENGINE_H
#define NLI_IO_ENGINE_H

#include <stddef.h>

#include "lib/base/err.h"

/*
 * The caller's job type is its own: a block and what became of it.  What a
 * thread needs to compute one is found by its number, below n_thread.
 */
struct nli_engine {
	void *ctx;
	void *(*job_new)(void *ctx);
	void (*job_free)(void *ctx,
			 void *job); /* one after the other, on the calling thread */
	int (*fill)(void *ctx, void *job, struct nli_err *err); /* 1, 0 at the end, < 0 */
	void (*work)(void *ctx, void *job, size_t thread);
	int (*commit)(void *ctx, void *job, struct nli_err *err); /* 0 or < 0 */
};

enum { NLI_MAX_JOBS = 64 };

/*
 * Run to the end of the source, or to the first failure in source order: all
 * blocks before it are committed, none behind it.  Returns 0 or that failure.
 * n_thread is 1..NLI_MAX_JOBS.
 */
int nli_engine_run(const struct nli_engine *e, size_t n_thread, struct nli_err *err);

#endif
