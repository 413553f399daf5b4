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

/* Ten bits of h from bit at on, counted from the highest. */
static unsigned ten_bits(struct nli_hash128 h, int at)
{
	if (at + 10 <= 64)
		return (unsigned)(h.hi >> (54 - at)) & 1023;
	if (at >= 64)
		return at + 10 <= 128 ? (unsigned)(h.lo >> (118 - at)) & 1023
				      : (unsigned)(h.lo << (at - 118)) & 1023;
	return (unsigned)(h.hi << (at - 54) | h.lo >> (118 - at)) & 1023;
}

void nli_hash128_base32(struct nli_hash128 h, char out[NLI_KEY_LEN + 1])
{
	static const char digit[] = "abcdefghijklmnopqrstuvwxyz234567";

	/* 26 digits hold 130 bits: the last one carries 3 bits of the hash. */
	for (int i = 0; i < NLI_KEY_LEN; i += 2) {
		const unsigned two = ten_bits(h, 5 * i);

		out[i] = digit[two >> 5];
		out[i + 1] = digit[two & 31];
	}
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
