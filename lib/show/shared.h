/*
 * shared.h - which texts stand in more than one part of a corpus.
 *
 * A set of 64-bit hashes with the parts that each was met in: 12 bytes a
 * different text at a load of at most 1/2.  Two different texts of a million
 * are taken for one with probability below 1e-7.
 */
#ifndef NLI_SHOW_SHARED_H
#define NLI_SHOW_SHARED_H

#include <stddef.h>
#include <stdint.h>

/* Parts have numbers from 0; those from 16 on are not told apart and not kept. */
enum { NLI_SHARED_PARTS = 16 };

/* Owns hash and parts.  Start from {0}. */
struct nli_shared {
	uint64_t *hash; /* (cap,) 0: free */
	uint32_t *
		parts; /* (cap,) a bit a part; a second sort of parts in the upper half */
	size_t n, cap;
};

void nli_shared_add(struct nli_shared *s, uint64_t hash, uint32_t parts);
void nli_shared_release(struct nli_shared *s);

/* The parts of a text, 0 if it is in none. */
uint32_t nli_shared_parts(const struct nli_shared *s, uint64_t hash);

/* How many texts have all bits of mask. */
uint64_t nli_shared_count(const struct nli_shared *s, uint32_t mask);

#endif
