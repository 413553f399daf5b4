/* linear.c - see linear.h. */
#include "lib/model/linear.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/vmath.h"

enum { MAX_QUADS = NLI_MAX_CLASS / 4 + 1, FIRST_CAP = 64 };

/* No feature's hash: it would be of the last block, which is none's (feat.h). */
#define NO_HASH UINT32_MAX

static inline uint32_t hash_of(const float *slot)
{
	uint32_t h;

	memcpy(&h, slot, sizeof(h));
	return h;
}

void nli_linear_init(struct nli_linear *m, size_t n_col, size_t n_feat)
{
	const uint32_t none = NO_HASH;

	*m = (struct nli_linear){ .n_col = n_col,
				  .stride = (n_col + 1 + 3) / 4 * 4,
				  .n_feat = 1,
				  .cap = FIRST_CAP };
	while (3 * m->cap < 5 * n_feat)
		m->cap *= 2;
	m->block = nli_xcalloc(m->cap * m->stride + 16, sizeof(float));
	m->slot = (float *)(((uintptr_t)m->block + 63) & ~(uintptr_t)63);
	for (size_t i = 0; i < m->cap; i++)
		memcpy(m->slot + i * m->stride, &none, sizeof(none));
}

void nli_linear_constant(struct nli_linear *m, const float *w)
{
	memcpy(m->constant, w, m->n_col * sizeof(*w));
}

static inline size_t home_of(const struct nli_linear *m, uint32_t hash)
{
	return nli_feat_home(hash, m->cap);
}

/* Where a hash stands, or the free slot where it belongs. */
static inline const float *slot_of(const struct nli_linear *m, uint32_t hash)
{
	size_t at = home_of(m, hash);

	for (;;) {
		const float *slot = m->slot + at * m->stride;
		const uint32_t h = hash_of(slot);

		if (h == hash || h == NO_HASH)
			return slot;
		at = (at + 1) & (m->cap - 1);
	}
}

void nli_linear_put(struct nli_linear *m, uint32_t hash, const float *w)
{
	bool any = false;
	float *slot;

	for (size_t c = 0; c < m->n_col; c++)
		any = any || w[c] < 0 || w[c] > 0;
	if (!any || hash == NO_HASH)
		return;
	slot = m->slot + (size_t)(slot_of(m, hash) - m->slot);
	m->n_feat += hash_of(slot) == NO_HASH;
	memcpy(slot, &hash, sizeof(hash));
	memcpy(slot + 1, w, m->n_col * sizeof(*w));
}

const float *nli_linear_find(const struct nli_linear *m, uint32_t hash)
{
	const float *slot = slot_of(m, hash);

	return hash_of(slot) == hash && hash != NO_HASH ? slot + 1 : NULL;
}

const float *nli_linear_next(const struct nli_linear *m, size_t *at, uint32_t *hash)
{
	while (*at < m->cap) {
		const float *slot = m->slot + (*at)++ * m->stride;

		*hash = hash_of(slot);
		if (*hash != NO_HASH)
			return slot + 1;
	}
	return NULL;
}

static inline uint32_t hash_at(const void *hash, size_t i)
{
	uint32_t h;

	memcpy(&h, (const char *)hash + i * sizeof(h), sizeof(h));
	return h;
}

/* Add the weights of the hashes that are known; what stands for a hash is left out. */
static inline __attribute__((always_inline)) void add_slots(const struct nli_linear *m,
							    const void *hash, size_t n,
							    size_t quads, nli_v4 *sum)
{
	const nli_v4i weights = { 0, -1, -1, -1 };

	for (size_t i = 0; i < n; i++) {
		const uint32_t h = hash_at(hash, i);
		const float *slot = slot_of(m, h);

		if (hash_of(slot) != h)
			continue;
		sum[0] += (nli_v4)(*(const nli_v4i *)slot & weights);
		for (size_t k = 1; k < quads; k++)
			sum[k] += *(const nli_v4 *)(slot + 4 * k);
	}
}

void nli_linear_sum(const struct nli_linear *m, const void *hash, size_t n, float *z)
{
	const size_t quads = m->stride / 4;
	nli_v4 sum[MAX_QUADS];

	/* Ask the memory for all of them before any is needed. */
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(m->slot + home_of(m, hash_at(hash, i)) * m->stride);
	memset(sum, 0, quads * sizeof(*sum));
	memcpy((float *)sum + 1, m->constant, m->n_col * sizeof(float));
	if (quads == 1)
		add_slots(m, hash, n, 1, sum);
	else
		add_slots(m, hash, n, quads, sum);
	memcpy(z, (float *)sum + 1, m->n_col * sizeof(float));
}

void nli_log_softmax(float *z, size_t n)
{
	float top = z[0], sum = 0;

	for (size_t c = 1; c < n; c++)
		top = z[c] > top ? z[c] : top;
	for (size_t c = 0; c < n; c++)
		sum += nli_expf(z[c] - top);
	top += nli_logf(sum);
	for (size_t c = 0; c < n; c++)
		z[c] -= top;
}

bool nli_linear_has(const struct nli_linear *m, unsigned blocks)
{
	uint32_t hash;

	for (size_t at = 0; nli_linear_next(m, &at, &hash);)
		if (blocks >> hash % NLI_N_BLOCK & 1)
			return true;
	return false;
}

void nli_linear_release(struct nli_linear *m)
{
	free(m->block);
	memset(m, 0, sizeof(*m));
}
