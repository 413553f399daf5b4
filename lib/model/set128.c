/* set128.c - see set128.h. */
#include "lib/model/set128.h"

#include <string.h>

static void grow_slots(struct nli_set128 *s, size_t cap)
{
	const size_t old = s->cap;
	uint64_t *slot = nli_store_calloc(s->store, cap, sizeof(*slot));

	for (size_t i = 0; i < old; i++) {
		size_t at = s->slot[i] >> 32 & (cap - 1);

		if (!s->slot[i])
			continue;
		while (slot[at])
			at = (at + 1) & (cap - 1);
		slot[at] = s->slot[i];
	}
	nli_store_drop(s->store, s->slot);
	s->slot = slot;
	s->cap = cap;
}

static size_t cap_for(const struct nli_set128 *s, size_t n)
{
	size_t cap = s->cap ? s->cap : 1024;

	while (n > cap / 3 * 2)
		cap *= 2;
	return cap;
}

void nli_set128_reserve(struct nli_set128 *s, size_t n)
{
	const size_t cap = cap_for(s, n);

	nli_store_grow(s->store, &s->hash, &s->hash_cap, n, sizeof(*s->hash));
	if (cap > s->cap)
		grow_slots(s, cap);
}

uint32_t nli_set128_add(struct nli_set128 *s, struct nli_hash128 h, bool *fresh)
{
	const uint64_t tag = h.lo << 32;
	size_t at;

	if (s->n + 1 > s->cap / 3 * 2)
		grow_slots(s, cap_for(s, s->n + 1));
	at = (uint32_t)h.lo & (s->cap - 1);
	for (; s->slot[at]; at = (at + 1) & (s->cap - 1)) {
		const uint32_t i = (uint32_t)s->slot[at] - 1;

		if ((s->slot[at] ^ tag) >> 32 || s->hash[i].lo != h.lo ||
		    s->hash[i].hi != h.hi)
			continue;
		*fresh = false;
		return i;
	}
	*fresh = true;
	s->slot[at] = tag | (s->n + 1);
	nli_set128_append(s, h);
	return (uint32_t)s->n - 1;
}

void nli_set128_append(struct nli_set128 *s, struct nli_hash128 h)
{
	nli_store_grow(s->store, &s->hash, &s->hash_cap, s->n + 1, sizeof(*s->hash));
	s->hash[s->n++] = h;
}

void nli_set128_release(struct nli_set128 *s)
{
	nli_store_drop(s->store, s->hash);
	nli_store_drop(s->store, s->slot);
	memset(s, 0, sizeof(*s));
}
