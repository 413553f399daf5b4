/* linear.c - see linear.h. */
#include "lib/model/linear.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/vmath.h"

void nli_linear_init(struct nli_linear *m, size_t n_col, uint32_t n_feat,
		     const uint32_t *hash)
{
	*m = (struct nli_linear){ .n_col = n_col,
				  .stride = (n_col + 3) / 4 * 4,
				  .n_feat = n_feat };
	m->hash = nli_xmalloc(n_feat, sizeof(*m->hash));
	memcpy(m->hash, hash, n_feat * sizeof(*hash));
	m->block = nli_xcalloc(n_feat * m->stride + 16, sizeof(float));
	m->w = (float *)(((uintptr_t)m->block + 63) & ~(uintptr_t)63);
}

static bool has_weight(const struct nli_linear *m, uint32_t feat)
{
	const float *w = nli_linear_at(m, feat);

	for (size_t c = 0; c < m->n_col; c++)
		if (w[c] < 0 || w[c] > 0)
			return true;
	return false;
}

void nli_linear_finish(struct nli_linear *m)
{
	uint32_t n = 1;

	for (uint32_t j = 1; j < m->n_feat; j++) {
		if (!has_weight(m, j))
			continue;
		m->hash[n] = m->hash[j];
		memmove(nli_linear_at(m, n), nli_linear_at(m, j),
			m->stride * sizeof(*m->w));
		n++;
	}
	m->n_feat = n;
	nli_feat_index_init(&m->index, m->hash, n);
}

static inline uint32_t hash_at(const void *hash, size_t i)
{
	uint32_t h;

	memcpy(&h, (const char *)hash + i * sizeof(h), sizeof(h));
	return h;
}

void nli_linear_sum(const struct nli_linear *m, const void *hash, size_t n, uint32_t *id,
		    float *z)
{
	const size_t quads = m->stride / 4;
	size_t known = 1;

	id[0] = 0;
	/* Ask the memory for all slots, then for all weights, before any is needed. */
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(
			&m->index.slot[nli_feat_home(hash_at(hash, i), m->index.cap)]);
	for (size_t i = 0; i < n; i++) {
		id[known] = nli_feat_find(&m->index, hash_at(hash, i));
		__builtin_prefetch(nli_linear_at(m, id[known]));
		known += id[known] != 0;
	}
	for (size_t k = 0; k < quads; k++) {
		nli_v4 sum = nli_splat4(0);

		for (size_t i = 0; i < known; i++)
			sum += *(const nli_v4 *)(nli_linear_at(m, id[i]) + 4 * k);
		memcpy(z + 4 * k, &sum, sizeof(sum));
	}
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
	for (uint32_t j = 1; j < m->n_feat; j++)
		if (blocks >> m->hash[j] % NLI_N_BLOCK & 1)
			return true;
	return false;
}

void nli_linear_release(struct nli_linear *m)
{
	free(m->hash);
	free(m->block);
	nli_feat_index_release(&m->index);
	memset(m, 0, sizeof(*m));
}
