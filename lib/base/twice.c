/* twice.c - see twice.h. */
#include "lib/base/twice.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

/* Cells a key, and the number of them as a power of two, at least and at most. */
enum { CELLS = 8, LEAST = 10, MOST = 36 };

void nli_twice_init(struct nli_twice *t, size_t n, size_t memory)
{
	const uint64_t most = memory ? (uint64_t)memory * 4 : UINT64_MAX;
	unsigned bits = LEAST;

	while (bits < MOST && (uint64_t)1 << bits < (uint64_t)n * CELLS &&
	       (uint64_t)2 << bits <= most)
		bits++;
	t->shift = 64 - bits;
	t->n_word = (size_t)1 << (bits - 5);
	t->word = nli_xcalloc(t->n_word, sizeof(*t->word));
}

void nli_twice_clear(struct nli_twice *t)
{
	memset(t->word, 0, t->n_word * sizeof(*t->word));
}

void nli_twice_release(struct nli_twice *t)
{
	free(t->word);
	memset(t, 0, sizeof(*t));
}
