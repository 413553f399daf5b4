/* edits.c - see edits.h. */
#include "lib/model/edits.h"

#include <stdlib.h>

#include "lib/base/mem.h"

static unsigned least3(unsigned a, unsigned b, unsigned c)
{
	const unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* One row of the table at a time; row[j] is the distance of the prefixes i, j. */
unsigned nli_token_edits(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
			 unsigned max)
{
	unsigned *row, result;

	if ((n > m ? n - m : m - n) > max)
		return max + 1;
	row = nli_xmalloc(m + 1, sizeof(*row));
	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned corner = row[0], low;

		low = row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			const unsigned above = row[j];

			row[j] = least3(above + 1, row[j - 1] + 1,
					corner + (a[i - 1] != b[j - 1]));
			corner = above;
			low = row[j] < low ? row[j] : low;
		}
		if (low > max)
			break; /* it can only grow; so row[m] is more than max, too */
	}
	result = row[m] <= max ? row[m] : max + 1;
	free(row);
	return result;
}
