/* edits.c - see edits.h. */
#include "lib/model/edits.h"

#include <stdlib.h>

#include "lib/base/mem.h"

static unsigned least3(unsigned a, unsigned b, unsigned c)
{
	const unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/*
 * Three rows of the table, one for each i; row[j] is the distance of the prefixes
 * i, j.  A swap looks two rows back (optimal string alignment, Boytsov 2011, 2.1).
 * Cells more than max off the diagonal are more than max (Ukkonen 1985).
 */
static unsigned distance(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
			 unsigned max, unsigned *row[3])
{
	for (size_t j = 0; j <= m; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		const unsigned *up = row[(i - 1) % 3], *up2 = row[(i + 1) % 3];
		const size_t first = i > max ? i - max : 1;
		const size_t last = i + max < m ? i + max : m;
		unsigned *here = row[i % 3], low;

		low = here[first - 1] = first > 1 ? max + 1 : (unsigned)i;
		for (size_t j = first; j <= last; j++) {
			here[j] = least3(up[j] + 1, here[j - 1] + 1,
					 up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && up2[j - 2] + 1 < here[j])
				here[j] = up2[j - 2] + 1;
			low = here[j] < low ? here[j] : low;
		}
		if (last < m)
			here[last + 1] = max + 1;
		/* The row before has no less than low - 1: both can only grow. */
		if (low > max)
			return max + 1;
	}
	return row[n % 3][m];
}

unsigned nli_token_edits(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
			 unsigned max)
{
	unsigned *row[3], result;

	if ((n > m ? n - m : m - n) > max)
		return max + 1;
	/* What both begin and end with takes no edit. */
	for (; n && m && *a == *b; a++, b++, n--, m--)
		;
	for (; n && m && a[n - 1] == b[m - 1]; n--, m--)
		;
	if (!n || !m)
		return (unsigned)(n + m);
	if (max == 1)
		return (n == 1 && m == 1) ||
				       (n == 2 && m == 2 && a[0] == b[1] && a[1] == b[0])
			       ? 1
			       : 2;
	row[0] = nli_xmalloc(3 * (m + 1), sizeof(*row[0]));
	row[1] = row[0] + m + 1;
	row[2] = row[1] + m + 1;
	result = distance(a, n, b, m, max, row);
	free(row[0]);
	return result <= max ? result : max + 1;
}
