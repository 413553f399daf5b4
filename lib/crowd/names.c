/* names.c - see names.h. */
#include "lib/crowd/names.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

/* The slot that holds s, or the free one where it belongs. */
static size_t slot_of(const struct nli_names *t, struct nli_str s, uint64_t hash)
{
	const uint32_t tag = (uint32_t)(hash >> 32);
	size_t i = hash & (t->n_slot - 1);

	for (; t->slot[i].number; i = (i + 1) & (t->n_slot - 1))
		if (t->slot[i].tag == tag &&
		    nli_str_eq(nli_names_text(t, t->slot[i].number - 1), s))
			break;
	return i;
}

static void grow_slots(struct nli_names *t)
{
	t->n_slot = t->n_slot ? t->n_slot * 2 : 64;
	free(t->slot);
	t->slot = nli_xcalloc(t->n_slot, sizeof(*t->slot));
	for (size_t k = 0; k < t->n; k++) {
		const uint64_t hash = nli_names_hash(nli_names_text(t, k));
		size_t i = hash & (t->n_slot - 1);

		while (t->slot[i].number)
			i = (i + 1) & (t->n_slot - 1);
		t->slot[i].tag = (uint32_t)(hash >> 32);
		t->slot[i].number = (uint32_t)k + 1;
	}
}

uint32_t nli_names_append(struct nli_names *t, struct nli_str s)
{
	const size_t len = t->n ? t->start[t->n] : 0;

	nli_grow(&t->text, &t->text_cap, len + s.len + 1, 1);
	nli_grow(&t->start, &t->start_cap, t->n + 2, sizeof(*t->start));
	if (s.len)
		memcpy(t->text + len, s.s, s.len);
	t->start[t->n] = len;
	t->start[++t->n] = len + s.len;
	return (uint32_t)t->n - 1;
}

uint32_t nli_names_add(struct nli_names *t, struct nli_str s, uint64_t hash)
{
	size_t i;

	if (t->n >= t->n_slot / 4 * 3)
		grow_slots(t);
	i = slot_of(t, s, hash);
	if (t->slot[i].number)
		return t->slot[i].number - 1;
	t->slot[i].tag = (uint32_t)(hash >> 32);
	t->slot[i].number = nli_names_append(t, s) + 1;
	return t->slot[i].number - 1;
}

uint32_t nli_names_recall(struct nli_names *t, struct nli_short_names *memory,
			  struct nli_str s)
{
	uint64_t bytes = 0;
	size_t i;

	if (s.len > sizeof(bytes))
		return nli_names_add(t, s, nli_names_hash(s));
	for (size_t k = 0; k < s.len; k++)
		bytes |= (uint64_t)(unsigned char)s.s[k] << (8 * k);
	i = (bytes + s.len) * 0x9e3779b97f4a7c15u >> 51;
	if (memory->at[i].number && memory->at[i].bytes == bytes &&
	    memory->at[i].len == s.len)
		return memory->at[i].number - 1;
	memory->at[i].bytes = bytes;
	memory->at[i].len = (uint32_t)s.len;
	memory->at[i].number = nli_names_add(t, s, nli_names_hash(s)) + 1;
	return memory->at[i].number - 1;
}

int64_t nli_names_find(const struct nli_names *t, struct nli_str s)
{
	size_t i;

	if (!t->n)
		return NLI_NAMES_NONE;
	i = slot_of(t, s, nli_names_hash(s));
	return t->slot[i].number ? (int64_t)t->slot[i].number - 1 : NLI_NAMES_NONE;
}

uint64_t *nli_names_keys(const struct nli_names *t)
{
	uint64_t *key = nli_xmalloc(t->n, sizeof(*key));

	for (size_t i = 0; i < t->n; i++)
		key[i] = nli_names_hash(nli_names_text(t, i));
	return key;
}

void nli_names_release(struct nli_names *t)
{
	free(t->text);
	free(t->start);
	free(t->slot);
	memset(t, 0, sizeof(*t));
}
