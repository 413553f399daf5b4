/*
 * map.h - hash tables: 64-bit key to 64-bit value, and text to a small integer.
 *
 * Open addressing with linear probing at a load of at most 1/2.  Iteration
 * order depends on insertion history, so nobody may print by walking a table:
 * sort first.  Not safe to change from two threads at once.
 */
#ifndef NLI_BASE_MAP_H
#define NLI_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"

/* Owns slot.  Start from {0}. */
struct nli_map64 {
	struct nli_map64_slot {
		uint64_t key, value;
		bool used;
	} * slot;
	size_t n, cap; /* entries; slots, a power of two or 0 */
};

/* The value of key, or NULL.  Valid until the next _put(). */
uint64_t *nli_map64_get(const struct nli_map64 *m, uint64_t key);

/* The value of key, made 0 if it was not there (*fresh, if given, says so). */
uint64_t *nli_map64_put(struct nli_map64 *m, uint64_t key, bool *fresh);

/* Ask the memory for where a key stands, before it is needed. */
void nli_map64_prefetch(const struct nli_map64 *m, uint64_t key);
void nli_map64_release(struct nli_map64 *m);

/* Texts numbered 0, 1, 2... in the order they were first seen.  Owns copies. */
struct nli_intern {
	struct nli_str *text; /* (n,) */
	uint64_t *hash;       /* (n,) */
	uint32_t *slot;       /* (cap,) index + 1, 0 if free */
	size_t n, text_cap, hash_cap, cap;
	struct nli_arena arena;
};

enum { NLI_INTERN_NONE = -1 };

/* The number of a text, which is added if it is new. */
size_t nli_intern_add(struct nli_intern *t, struct nli_str s);

/* The number of a text, or NLI_INTERN_NONE. */
ptrdiff_t nli_intern_find(const struct nli_intern *t, struct nli_str s);
void nli_intern_release(struct nli_intern *t);

#endif
