/* hash.c - see hash.h.  The only file that knows xxHash. */
#include "lib/base/hash.h"

#include <stdlib.h>
#include <string.h>

/* Short keys are nearly all there are: a call would cost more than their hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "lib/base/mem.h"

struct nli_hasher {
	XXH3_state_t *state; /* owns */
};

uint64_t nli_hash(const void *bytes, size_t len, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes, len, seed);
}

struct nli_hash128 nli_hash128(const void *bytes, size_t len)
{
	const XXH128_hash_t h = XXH3_128bits(bytes, len);

	return (struct nli_hash128){ h.high64, h.low64 };
}

/* Eight digits of the lower 40 bits of x, the highest first, as bytes of one word. */
static void put_digits(uint64_t x, char *out)
{
	uint64_t v = 0, digit;

	/* Five bits a byte: the lowest byte is the first in memory, once turned. */
	v = (x & 0xfffff00000u) << 12 | (x & 0xfffffu);
	v = (v & 0x000ffc00000ffc00u) << 6 | (v & 0x000003ff000003ffu);
	v = (v & 0x03e003e003e003e0u) << 3 | (v & 0x001f001f001f001fu);
	/* 0..25 are letters, 26..31 are "234567". */
	digit = (v + 0x0606060606060606u) >> 5 & 0x0101010101010101u;
	v += 0x6161616161616161u - digit * ('a' + 26 - '2');
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		v = __builtin_bswap64(v);
	memcpy(out, &v, sizeof(v));
}

void nli_hash128_base32(struct nli_hash128 h, char out[NLI_KEY_LEN + 1])
{
	char last[8];

	/* 26 digits hold 130 bits: the last one carries 3 bits of the hash. */
	put_digits(h.hi >> 24, out);
	put_digits(h.hi << 16 | h.lo >> 48, out + 8);
	put_digits(h.lo >> 8, out + 16);
	put_digits(h.lo << 32, last);
	memcpy(out + 24, last, 2);
	out[NLI_KEY_LEN] = '\0';
}

struct nli_hasher *nli_hasher_new(void)
{
	struct nli_hasher *h = nli_xmalloc(1, sizeof(*h));

	h->state = XXH3_createState();
	if (!h->state)
		h->state = nli_xmalloc(SIZE_MAX, 2); /* says "out of memory" and exits */
	XXH3_128bits_reset(h->state);
	return h;
}

void nli_hasher_add(struct nli_hasher *h, const void *bytes, size_t len)
{
	XXH3_128bits_update(h->state, bytes, len);
}

struct nli_hash128 nli_hasher_end(const struct nli_hasher *h)
{
	const XXH128_hash_t v = XXH3_128bits_digest(h->state);

	return (struct nli_hash128){ v.high64, v.low64 };
}

void nli_hasher_free(struct nli_hasher *h)
{
	if (!h)
		return;
	XXH3_freeState(h->state);
	free(h);
}
