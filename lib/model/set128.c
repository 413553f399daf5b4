/* set128.c - see set128.h. */
#include "lib/model/set128.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

static void grow_slots(struct nli_set128 *s)
{
	const size_t cap = s->cap ? 2 * s->cap : 1024;

	free(s->slot);
	s->slot = nli_xcalloc(cap, sizeof(*s->slot));
	s->cap = cap;
	for (size_t i = 0; i < s->n; i++) {
		size_t at = s->hash[i].lo & (cap - 1);

		while (s->slot[at])
			at = (at + 1) & (cap - 1);
		s->slot[at] = (uint32_t)i + 1;
	}
}

uint32_t nli_set128_add(struct nli_set128 *s, struct nli_hash128 h, bool *fresh)
{
	size_t at;

	if (2 * (s->n + 1) > s->cap)
		grow_slots(s);
	at = h.lo & (s->cap - 1);
	for (; s->slot[at]; at = (at + 1) & (s->cap - 1)) {
		const uint32_t i = s->slot[at] - 1;

		if (s->hash[i].lo == h.lo && s->hash[i].hi == h.hi) {
			*fresh = false;
			return i;
		}
	}
	*fresh = true;
	s->slot[at] = (uint32_t)s->n + 1;
	nli_grow(&s->hash, &s->hash_cap, s->n + 1, sizeof(*s->hash));
	s->hash[s->n] = h;
	return (uint32_t)s->n++;
}

void nli_set128_release(struct nli_set128 *s)
{
	free(s->hash);
	free(s->slot);
	memset(s, 0, sizeof(*s));
}
