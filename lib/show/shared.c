/* shared.c - see shared.h. */
#include "lib/show/shared.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

static void place(struct nli_shared *s, uint64_t hash, uint32_t parts)
{
	size_t at = (size_t)(hash & (s->cap - 1));

	while (s->hash[at] && s->hash[at] != hash)
		at = (at + 1) & (s->cap - 1);
	s->n += !s->hash[at];
	s->hash[at] = hash;
	s->parts[at] |= parts;
}

static void grow(struct nli_shared *s)
{
	const struct nli_shared old = *s;

	s->cap = old.cap ? 2 * old.cap : 1024;
	s->n = 0;
	s->hash = nli_xcalloc(s->cap, sizeof(*s->hash));
	s->parts = nli_xcalloc(s->cap, sizeof(*s->parts));
	for (size_t i = 0; i < old.cap; i++)
		if (old.hash[i])
			place(s, old.hash[i], old.parts[i]);
	free(old.hash);
	free(old.parts);
}

void nli_shared_add(struct nli_shared *s, uint64_t hash, uint32_t parts)
{
	if (2 * (s->n + 1) > s->cap)
		grow(s);
	place(s, hash ? hash : 1, parts);
}

void nli_shared_release(struct nli_shared *s)
{
	free(s->hash);
	free(s->parts);
	memset(s, 0, sizeof(*s));
}

uint32_t nli_shared_parts(const struct nli_shared *s, uint64_t hash)
{
	if (!s->cap)
		return 0;
	hash = hash ? hash : 1;
	for (size_t at = (size_t)(hash & (s->cap - 1)); s->hash[at];
	     at = (at + 1) & (s->cap - 1))
		if (s->hash[at] == hash)
			return s->parts[at];
	return 0;
}

uint64_t nli_shared_count(const struct nli_shared *s, uint32_t mask)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s->cap; i++)
		n += s->hash[i] && (s->parts[i] & mask) == mask;
	return n;
}
