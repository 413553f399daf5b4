/*
 * par.h - the same work on fixed parts by any number of threads.
 *
 * The parts depend on the data alone and their results are added in order, so
 * that the bytes of a result are the same for every -j.
 */
#ifndef NLI_BASE_PAR_H
#define NLI_BASE_PAR_H

#include <stddef.h>

/* Call fn(ctx, part) for every part below n, on up to jobs threads, in any order. */
void nli_par(unsigned jobs, size_t n, void (*fn)(void *ctx, size_t part), void *ctx);

#endif
