/*
 * plain.h - which of sixteen bytes end what a JSON string holds as it is.
 * SSE2, which every x86-64 has; elsewhere there is nothing here.
 */
#ifndef NLI_IO_PLAIN_H
#define NLI_IO_PLAIN_H

#ifdef __SSE2__
#include <emmintrin.h>

/* Which are quotes, backslashes or control characters: a bit each, the first the lowest. */
static inline unsigned nli_plain_stops(__m128i x)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
		      control = _mm_set1_epi8(0x1f);

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(
		_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash)),
		_mm_cmpeq_epi8(_mm_min_epu8(x, control), x)));
}
#endif

#endif
