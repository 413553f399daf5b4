/* minhash.c - see minhash.h. */
#include "lib/model/minhash.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "lib/base/hash.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define WITH_AVX2 1
#include <immintrin.h>
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

/* The low values' upper bits are all alike: mix before 8 are taken. */
static const uint32_t SPREAD = 0x9e3779b1u;

static void sig_plain(const struct nli_sig_rows *t, const uint32_t *gram, size_t n,
		      struct nli_sig *sig)
{
	for (size_t at = 0; at < N_VEC; at++) {
		ints low;
		uints a, b;

		memcpy(&a, t->a + at * LANES, sizeof(a));
		memcpy(&b, t->b + at * LANES, sizeof(b));
		memset(&low, 0x7f, sizeof(low));
		for (size_t i = 0; i < n; i++) {
			const ints v = (ints)(gram[i] * a + b);
			const ints less = v < low;

			low = (v & less) | (low & ~less);
		}
		a = (uints)low * SPREAD >> 24;
		for (size_t k = 0; k < LANES; k++)
			sig->row[at * LANES + k] = (uint8_t)a[k];
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

static size_t scan_plain(const struct nli_sig *q, const struct nli_sig *sig, size_t n,
			 unsigned least, uint32_t *hit)
{
	return scan(q, sig, n, least, hit);
}

#ifdef WITH_AVX2
__attribute__((target("avx2"), always_inline)) static inline __m256i lower(__m256i low,
									   __m256i gram,
									   __m256i a,
									   __m256i b)
{
	return _mm256_min_epi32(low, _mm256_add_epi32(_mm256_mullo_epi32(gram, a), b));
}

__attribute__((target("avx2"), always_inline)) static inline __m256i eight_bits(
	__m256i low)
{
	const __m256i spread = _mm256_set1_epi32((int)SPREAD);

	return _mm256_srli_epi32(_mm256_mullo_epi32(low, spread), 24);
}

/*
 * As sig_plain(), four vectors of rows at a time, each minimum one instruction.
 * They have names of their own: compilers keep arrays in memory.
 */
__attribute__((target("avx2"))) static void sig_avx2(const struct nli_sig_rows *t,
						     const uint32_t *gram, size_t n,
						     struct nli_sig *sig)
{
	const __m256i most = _mm256_set1_epi32(0x7f7f7f7f);
	const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);

	for (size_t at = 0; at < NLI_SIG_LEN; at += 4 * LANES) {
		const __m256i *a = (const __m256i *)(const void *)(t->a + at),
			      *b = (const __m256i *)(const void *)(t->b + at);
		const __m256i a0 = _mm256_loadu_si256(a), a1 = _mm256_loadu_si256(a + 1),
			      a2 = _mm256_loadu_si256(a + 2),
			      a3 = _mm256_loadu_si256(a + 3), b0 = _mm256_loadu_si256(b),
			      b1 = _mm256_loadu_si256(b + 1),
			      b2 = _mm256_loadu_si256(b + 2),
			      b3 = _mm256_loadu_si256(b + 3);
		__m256i m0 = most, m1 = most, m2 = most, m3 = most;

		for (size_t i = 0; i < n; i++) {
			const __m256i x = _mm256_set1_epi32((int)gram[i]);

			m0 = lower(m0, x, a0, b0);
			m1 = lower(m1, x, a1, b1);
			m2 = lower(m2, x, a2, b2);
			m3 = lower(m3, x, a3, b3);
		}
		m0 = _mm256_packus_epi32(eight_bits(m0), eight_bits(m1));
		m2 = _mm256_packus_epi32(eight_bits(m2), eight_bits(m3));
		/* Packing works on halves of vectors: their parts stand crosswise. */
		m0 = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(m0, m2), order);
		_mm256_storeu_si256((__m256i *)(void *)(sig->row + at), m0);
	}
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
#define sig_avx2 sig_plain
#define scan_avx2 scan_plain
#endif

void nli_sig_of(const struct nli_sig_rows *rows, const uint32_t *gram, size_t n,
		struct nli_sig *sig)
{
	(has_avx2() ? sig_avx2 : sig_plain)(rows, gram, n, sig);
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
