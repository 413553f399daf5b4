/*
 * parallel.h - independent tasks on several threads.
 *
 * Each task writes to places of its own, so that the result does not depend on
 * how many threads there are or who does what.
 */
#ifndef NLI_MODEL_PARALLEL_H
#define NLI_MODEL_PARALLEL_H

#include <stddef.h>
#include <stdint.h>

/* Call task(ctx, i) for each i < n, on up to jobs threads, this one among them. */
void nli_parallel(size_t n, int64_t jobs, void (*task)(void *ctx, size_t i), void *ctx);

#endif
