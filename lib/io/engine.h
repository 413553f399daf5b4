/*
 * engine.h - ordered parallel work: blocks are read in order, computed by any
 * thread, committed in order.
 *
 * Each thread takes the reading lock, fills a block, lets go, computes, waits
 * for its turn and commits: minimap2's three-step pipeline without queues.
 * Which blocks there are depends on the source alone, so the result does not
 * depend on the number of threads.
 */
#ifndef NLI_IO_ENGINE_H
#define NLI_IO_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

/* The caller's job type is its own; the engine makes one for each thread. */
struct nli_engine {
	void *ctx;
	void *(*job_new)(void *ctx);
	void (*job_free)(void *ctx,
			 void *job); /* one after the other, on the calling thread */
	int (*fill)(void *ctx, void *job, struct nli_err *err); /* 1, 0 at the end, < 0 */
	void (*work)(void *ctx, void *job);
	int (*commit)(void *ctx, void *job, struct nli_err *err); /* 0 or < 0 */
};

enum { NLI_MAX_JOBS = 64 };

/*
 * Run to the end of the source, or to the first failure in source order: all
 * blocks before it are committed, none behind it.  Returns 0 or that failure.
 */
int nli_engine_run(const struct nli_engine *e, int64_t n_thread, struct nli_err *err);

#endif
