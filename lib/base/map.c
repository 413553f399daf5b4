/* map.c - see map.h. */
#include "lib/base/map.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"

enum { AHEAD = 16 }; /* how early memory is asked for */

static struct nli_map64_slot *find_slot(const struct nli_map64 *m, uint64_t key)
{
	size_t i = nli_mix(key) & (m->cap - 1);

	while (m->slot[i].used && m->slot[i].key != key)
		i = (i + 1) & (m->cap - 1);
	return &m->slot[i];
}

uint64_t *nli_map64_get(const struct nli_map64 *m, uint64_t key)
{
	struct nli_map64_slot *s;

	if (!m->n)
		return NULL;
	s = find_slot(m, key);
	return s->used ? &s->value : NULL;
}

static void rehash64(struct nli_map64 *m)
{
	const struct nli_map64 old = *m;

	m->cap = old.cap ? old.cap * 2 : 64;
	m->slot = nli_xcalloc(m->cap, sizeof(*m->slot));
	for (size_t i = 0; i < old.cap; i++) {
		if (i + AHEAD < old.cap && old.slot[i + AHEAD].used)
			nli_map64_prefetch(m, old.slot[i + AHEAD].key);
		if (old.slot[i].used)
			*find_slot(m, old.slot[i].key) = old.slot[i];
	}
	free(old.slot);
}

uint64_t *nli_map64_put(struct nli_map64 *m, uint64_t key, bool *fresh)
{
	struct nli_map64_slot *s;

	if (m->n >= m->cap / 2)
		rehash64(m);
	s = find_slot(m, key);
	if (fresh)
		*fresh = !s->used;
	if (!s->used) {
		*s = (struct nli_map64_slot){ key, 0, true };
		m->n++;
	}
	return &s->value;
}

void nli_map64_prefetch(const struct nli_map64 *m, uint64_t key)
{
	if (m->cap)
		__builtin_prefetch(&m->slot[nli_mix(key) & (m->cap - 1)], 1);
}

void nli_map64_release(struct nli_map64 *m)
{
	free(m->slot);
	memset(m, 0, sizeof(*m));
}

static size_t text_slot(const struct nli_intern *t, struct nli_str s, uint64_t h)
{
	size_t i = h & (t->cap - 1);

	for (; t->slot[i]; i = (i + 1) & (t->cap - 1)) {
		const size_t k = t->slot[i] - 1;

		if (t->hash[k] == h && nli_str_eq(t->text[k], s))
			break;
	}
	return i;
}

static void rehash_texts(struct nli_intern *t)
{
	t->cap = t->cap ? t->cap * 2 : 64;
	free(t->slot);
	t->slot = nli_xcalloc(t->cap, sizeof(*t->slot));
	for (size_t k = 0; k < t->n; k++)
		t->slot[text_slot(t, t->text[k], t->hash[k])] = (uint32_t)k + 1;
}

size_t nli_intern_add(struct nli_intern *t, struct nli_str s)
{
	const uint64_t h = nli_hash(s.s, s.len, 0);
	size_t i;

	if (t->n >= t->cap / 2)
		rehash_texts(t);
	i = text_slot(t, s, h);
	if (t->slot[i])
		return t->slot[i] - 1;
	nli_grow(&t->text, &t->text_cap, t->n + 1, sizeof(*t->text));
	nli_grow(&t->hash, &t->hash_cap, t->n + 1, sizeof(*t->hash));
	t->text[t->n].s = nli_arena_strndup(&t->arena, s.s, s.len);
	t->text[t->n].len = s.len;
	t->hash[t->n] = h;
	t->slot[i] = (uint32_t)++t->n;
	return t->n - 1;
}

ptrdiff_t nli_intern_find(const struct nli_intern *t, struct nli_str s)
{
	size_t i;

	if (!t->n)
		return NLI_INTERN_NONE;
	i = text_slot(t, s, nli_hash(s.s, s.len, 0));
	return t->slot[i] ? (ptrdiff_t)t->slot[i] - 1 : NLI_INTERN_NONE;
}

void nli_intern_release(struct nli_intern *t)
{
	free(t->text);
	free(t->hash);
	free(t->slot);
	nli_arena_release(&t->arena);
	memset(t, 0, sizeof(*t));
}
