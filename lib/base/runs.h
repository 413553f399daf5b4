/*
 * runs.h - more numbers than there is memory for, put in order.
 *
 * Numbers are gathered until the memory is full, sorted and written to an unlinked
 * temporary file (store.h) as a run; the runs are then merged as they are read back
 * (external merge sort: Knuth, The Art of Computer Programming 3, section 5.4).  Where
 * all fit, no file is made.  A key and an item are one number, key << 32 | item.
 *
 * For one thread at a time.
 */
#ifndef NLI_BASE_RUNS_H
#define NLI_BASE_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nli_runs;

/* memory: bytes that it may take, from 16 KiB up; 0: as many as it takes. */
struct nli_runs *nli_runs_new(size_t memory);
void nli_runs_add(struct nli_runs *r, uint64_t v);

/* Nothing is added any more; nli_runs_next() begins.  May be called again. */
void nli_runs_sort(struct nli_runs *r);

/* The next in ascending order; false at the end. */
bool nli_runs_next(struct nli_runs *r, uint64_t *v);

void nli_runs_free(struct nli_runs *r); /* NULL is fine */

/* Sort (n,) numbers in place. */
void nli_sort64(uint64_t *v, size_t n);

#endif
