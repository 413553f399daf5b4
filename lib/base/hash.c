/* hash.c - see hash.h.  The only file that knows xxHash. */
#include "lib/base/hash.h"

#include <stdlib.h>

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

/*
 * The eight digits of 40 bits, the first of the highest, all at once: five bits
 * to a byte, then from a, or, from 26 on, from 2.
 */
static void eight_digits(uint64_t x, char *out)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t over;

	x = (x & 0xfffff00000u) << 12 | (x & 0xfffffu);
	x = (x & 0x000ffc00000ffc00u) << 6 | (x & 0x000003ff000003ffu);
	x = (x & 0x03e003e003e003e0u) << 3 | (x & 0x001f001f001f001fu);
	over = (x + ones * (128 - 26)) >> 7 & ones;
	x += ones * 'a' - over * ('a' - '2' + 26);
	out[0] = (char)(x >> 56);
	out[1] = (char)(x >> 48);
	out[2] = (char)(x >> 40);
	out[3] = (char)(x >> 32);
	out[4] = (char)(x >> 24);
	out[5] = (char)(x >> 16);
	out[6] = (char)(x >> 8);
	out[7] = (char)x;
}

void nli_hash128_base32(struct nli_hash128 h, char out[NLI_KEY_LEN + 1])
{
	const uint64_t mask = ((uint64_t)1 << 40) - 1;
	char last[8];

	/* 26 digits hold 130 bits: the last one carries 3 bits of the hash. */
	eight_digits(h.hi >> 24, out);
	eight_digits((h.hi << 16 | h.lo >> 48) & mask, out + 8);
	eight_digits(h.lo >> 8 & mask, out + 16);
	eight_digits((h.lo & 255) << 32, last);
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
