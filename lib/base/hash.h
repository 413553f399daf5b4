/*
 * hash.h - the one family of hashes, and the one source of chance.
 *
 * XXH3 (xxHash 0.8, stable since that version): equal on every machine.  A
 * random draw is a hash of (seed, key), never of order, thread or time, so that
 * output does not depend on them.
 */
#ifndef NLI_BASE_HASH_H
#define NLI_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

struct nli_hash128 {
	uint64_t hi, lo;
};

enum { NLI_KEY_LEN = 26 }; /* base32 digits of 128 bits */

uint64_t nli_hash(const void *bytes, size_t len, uint64_t seed);
struct nli_hash128 nli_hash128(const void *bytes, size_t len);

/* A bijection of 64 bits that leaves no pattern (splitmix64 finaliser, Steele et al. 2014). */
static inline uint64_t nli_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* The uniform number in [0,1) that belongs to a hash: its upper 53 bits. */
static inline double nli_unit(uint64_t h)
{
	return (double)(h >> 11) * 0x1p-53;
}

/* Write NLI_KEY_LEN lower-case base32 digits (RFC 4648 letters) and a NUL to out. */
void nli_hash128_base32(struct nli_hash128 h, char out[NLI_KEY_LEN + 1]);

/* A hash fed piece by piece; the result is that of the joined pieces. */
struct nli_hasher; /* opaque */
struct nli_hasher *nli_hasher_new(void);
void nli_hasher_add(struct nli_hasher *h, const void *bytes, size_t len);
struct nli_hash128 nli_hasher_end(const struct nli_hasher *h);
void nli_hasher_free(struct nli_hasher *h); /* NULL is fine */

#endif
