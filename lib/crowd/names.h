/*
 * names.h - texts numbered 0, 1, 2... in the order first seen, small and fast:
 * a million names of 20 bytes take 50 MB, and the hash is the caller's, so that
 * it can be made on another thread and its slot fetched ahead of time.
 */
#ifndef NLI_CROWD_NAMES_H
#define NLI_CROWD_NAMES_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/hash.h"

struct nli_names_slot {
	uint32_t tag, number; /* upper half of the hash; number + 1, 0 if free */
};

/* Owns all arrays; start from {0}. */
struct nli_names {
	char *text;      /* all names, one after the other */
	uint64_t *start; /* (n + 1,) where each begins */
	struct nli_names_slot *slot;
	size_t n, text_cap, start_cap, n_slot;
};

enum { NLI_NAMES_NONE = -1 };

static inline uint64_t nli_names_hash(struct nli_str s)
{
	return nli_hash(s.s, s.len, 0);
}

/*
 * A memory of names of up to 8 bytes, which most workers and all labels have:
 * the bytes themselves are the key, so nothing is hashed or compared.
 */
enum { NLI_SHORT_NAMES = 8192 };

struct nli_short_names {
	struct {
		uint64_t bytes;
		uint32_t len, number; /* number + 1, 0 if free */
	} at[NLI_SHORT_NAMES];
};

/* As nli_names_add() by way of memory, which must be of the same table. */
uint32_t nli_names_recall(struct nli_names *t, struct nli_short_names *memory,
			  struct nli_str s);

/* Ask for the slot of a hash to be brought near. */
static inline void nli_names_prefetch(const struct nli_names *t, uint64_t hash)
{
	if (t->n_slot)
		__builtin_prefetch(&t->slot[hash & (t->n_slot - 1)]);
}

/* The number of a name, which is added if it is new. hash is nli_names_hash(s). */
uint32_t nli_names_add(struct nli_names *t, struct nli_str s, uint64_t hash);

/* Add a name that will not be looked up, whether it is there already or not. */
uint32_t nli_names_append(struct nli_names *t, struct nli_str s);

/* The number of a name, or NLI_NAMES_NONE. */
int64_t nli_names_find(const struct nli_names *t, struct nli_str s);

static inline struct nli_str nli_names_text(const struct nli_names *t, size_t i)
{
	return (struct nli_str){ t->text + t->start[i], t->start[i + 1] - t->start[i] };
}

/* The hashes of all names, in order. (n,), to be freed. */
uint64_t *nli_names_keys(const struct nli_names *t);

void nli_names_release(struct nli_names *t);

#endif
