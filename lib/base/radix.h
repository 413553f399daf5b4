/*
 * radix.h - 32-bit keys with a number each, put in order: equal keys side by side.
 */
#ifndef NLI_BASE_RADIX_H
#define NLI_BASE_RADIX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sort (n,) values by their upper 32 bits, eleven at a time; equal ones stay in
 * order.  spare is as large; the two may be exchanged.
 */
void nli_radix_sort(uint64_t **v, uint64_t **spare, size_t n);

/* Where the values of the upper 32 bits of *from end, in a sorted stretch. */
const uint64_t *nli_radix_end(const uint64_t *from, const uint64_t *end);

#endif
