/* minhash.c - see minhash.h. */
#include "lib/model/minhash.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "lib/base/hash.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define WITH_AVX2 1
#endif

/* Vectors of the compiler (gcc, clang): whatever the machine has does them, with equal results. */
enum { LANES = 8, N_VEC = NLI_SIG_LEN / LANES };
typedef int32_t ints __attribute__((vector_size(4 * LANES)));
typedef uint32_t uints __attribute__((vector_size(4 * LANES)));

/*
 * a is odd, so each row is a permutation; grams are spread already, so that a
 * linear one is as good as a random one (tests/unit measures it).
 */
void nli_sig_rows_init(struct nli_sig_rows *rows)
{
	for (uint32_t k = 0; k < NLI_SIG_LEN; k++) {
		const uint64_t h = nli_mix(0x6e6c69 + k); /* "nli" */

		rows->a[k] = (uint32_t)h | 1;
		rows->b[k] = (uint32_t)(h >> 32);
	}
}

/* The lowest of each row, four vectors of rows at a time, which stay in registers. */
static inline __attribute__((always_inline)) void lowest(const struct nli_sig_rows *t,
							 const uint32_t *gram, size_t n,
							 ints low[N_VEC])
{
	enum { STRIP = 4 };

	for (size_t at = 0; at < N_VEC; at += STRIP) {
		uints a[STRIP], b[STRIP];
		ints m[STRIP];

		memcpy(a, t->a + at * LANES, sizeof(a));
		memcpy(b, t->b + at * LANES, sizeof(b));
		memset(m, 0x7f, sizeof(m));
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < STRIP; k++) {
				const ints v = (ints)(gram[i] * a[k] + b[k]);
				const ints less = v < m[k];

				m[k] = (v & less) | (m[k] & ~less);
			}
		memcpy(low + at, m, sizeof(m));
	}
}

/* How many bytes of 128 are equal: at most 4 a lane, then all lanes added up. */
static inline __attribute__((always_inline)) unsigned equal_rows(const struct nli_sig *a,
								 const struct nli_sig *b)
{
	typedef int8_t bytes __attribute__((vector_size(32)));
	bytes sum = { 0 };
	uint64_t part[4];

	for (size_t i = 0; i < NLI_SIG_LEN; i += sizeof(bytes)) {
		bytes x, y;

		memcpy(&x, a->row + i, sizeof(x));
		memcpy(&y, b->row + i, sizeof(y));
		sum -= x == y;
	}
	memcpy(part, &sum, sizeof(part));
	return (unsigned)((part[0] + part[1] + part[2] + part[3]) * 0x0101010101010101u >>
			  56);
}

static inline __attribute__((always_inline)) size_t scan(const struct nli_sig *q,
							 const struct nli_sig *sig,
							 size_t n, unsigned least,
							 uint32_t *hit)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		hit[found] = (uint32_t)i;
		found += equal_rows(q, &sig[i]) >= least;
	}
	return found;
}

static void lowest_plain(const struct nli_sig_rows *t, const uint32_t *gram, size_t n,
			 ints low[N_VEC])
{
	lowest(t, gram, n, low);
}

static size_t scan_plain(const struct nli_sig *q, const struct nli_sig *sig, size_t n,
			 unsigned least, uint32_t *hit)
{
	return scan(q, sig, n, least, hit);
}

#ifdef WITH_AVX2
__attribute__((target("avx2"))) static void lowest_avx2(const struct nli_sig_rows *t,
							const uint32_t *gram, size_t n,
							ints low[N_VEC])
{
	lowest(t, gram, n, low);
}

__attribute__((target("avx2"))) static size_t scan_avx2(const struct nli_sig *q,
							const struct nli_sig *sig,
							size_t n, unsigned least,
							uint32_t *hit)
{
	return scan(q, sig, n, least, hit);
}
#endif

static bool has_avx2(void)
{
#ifdef WITH_AVX2
	return __builtin_cpu_supports("avx2");
#else
	return false;
#endif
}
#ifndef WITH_AVX2
#define lowest_avx2 lowest_plain
#define scan_avx2 scan_plain
#endif

void nli_sig_of(const struct nli_sig_rows *rows, const uint32_t *gram, size_t n,
		struct nli_sig *sig)
{
	ints low[N_VEC];
	uint32_t v[NLI_SIG_LEN];

	(has_avx2() ? lowest_avx2 : lowest_plain)(rows, gram, n, low);
	memcpy(v, low, sizeof(v));
	/* The low values' upper bits are all alike: mix before 8 are taken. */
	for (size_t k = 0; k < NLI_SIG_LEN; k++)
		sig->row[k] = (uint8_t)(v[k] * 0x9e3779b1u >> 24);
}

void nli_sig_pair(const struct nli_sig *a, const struct nli_sig *b, struct nli_sig *out)
{
	for (size_t k = 0; k < NLI_SIG_LEN; k++)
		out->row[k] = k & 2 ? b->row[k] : a->row[k];
}

size_t nli_sig_scan(const struct nli_sig *q, const struct nli_sig *sig, size_t n,
		    unsigned least, uint32_t *hit)
{
	return (has_avx2() ? scan_avx2 : scan_plain)(q, sig, n, least, hit);
}

double nli_sig_recall(double j)
{
	return -expm1(NLI_BANDS * log1p(-pow(j, NLI_ROWS)));
}

unsigned nli_sig_least(double j)
{
	const double p = j + (1 - j) / 256;
	const double least = NLI_SIG_LEN * p - 3 * sqrt(NLI_SIG_LEN * p * (1 - p));

	return least > 0 ? (unsigned)least : 0;
}
