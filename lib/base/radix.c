/* radix.c - see radix.h. */
#include "lib/base/radix.h"

void nli_radix_sort(uint64_t **v, uint64_t **spare, size_t n)
{
	enum { BITS = 11, SIZE = 1 << BITS };

	for (unsigned shift = 32; shift < 64; shift += BITS) {
		size_t at[SIZE + 1] = { 0 };
		uint64_t *t;

		for (size_t i = 0; i < n; i++)
			at[((*v)[i] >> shift & (SIZE - 1)) + 1]++;
		for (size_t b = 0; b < SIZE; b++)
			at[b + 1] += at[b];
		for (size_t i = 0; i < n; i++)
			(*spare)[at[(*v)[i] >> shift & (SIZE - 1)]++] = (*v)[i];
		t = *v;
		*v = *spare;
		*spare = t;
	}
}

const uint64_t *nli_radix_end(const uint64_t *from, const uint64_t *end)
{
	const uint64_t key = *from >> 32;

	while (from < end && *from >> 32 == key)
		from++;
	return from;
}
