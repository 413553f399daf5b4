/* rows.c - see rows.h. */
#include "lib/model/rows.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

enum { FIRST_CAP = 1 << 12 };

static void widen(struct nli_rows_builder *b)
{
	const size_t cap = b->cap ? b->cap * 2 : FIRST_CAP;

	free(b->slot);
	b->slot = nli_xcalloc(cap, sizeof(*b->slot));
	b->cap = cap;
	for (size_t i = 0; i < b->n_hash; i++) {
		size_t at = nli_feat_home(b->hash[i], cap);

		while (b->slot[at])
			at = (at + 1) & (cap - 1);
		b->slot[at] = (uint32_t)i + 1;
	}
}

/* The number of a hash, which is added if it is new. */
static uint32_t number_of(struct nli_rows_builder *b, uint32_t hash)
{
	size_t at;

	if (2 * b->n_hash >= b->cap)
		widen(b);
	at = nli_feat_home(hash, b->cap);
	while (b->slot[at]) {
		if (b->hash[b->slot[at] - 1] == hash)
			return b->slot[at] - 1;
		at = (at + 1) & (b->cap - 1);
	}
	nli_grow(&b->hash, &b->hash_cap, b->n_hash + 1, sizeof(*b->hash));
	nli_grow(&b->count, &b->count_cap, b->n_hash + 1, sizeof(*b->count));
	b->hash[b->n_hash] = hash;
	b->count[b->n_hash] = 0;
	b->slot[at] = (uint32_t)++b->n_hash;
	return (uint32_t)b->n_hash - 1;
}

void nli_rows_add_bytes(struct nli_rows_builder *b, const void *hash, size_t n)
{
	uint32_t *v;

	nli_grow(&b->item, &b->item_cap, b->n_item + n, sizeof(*b->item));
	nli_grow(&b->end, &b->end_cap, b->n + 1, sizeof(*b->end));
	v = b->item + b->n_item;
	if (n)
		memcpy(v, hash, n * sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		v[i] = number_of(b, v[i]);
		b->count[v[i]]++;
	}
	b->n_item += n;
	b->end[b->n++] = b->n_item;
}

void nli_rows_add(struct nli_rows_builder *b, const uint32_t *hash, size_t n)
{
	nli_rows_add_bytes(b, hash, n);
}

struct ranked {
	uint32_t hash, count, old;
};

/* By block, then falling count, then hash: a total order that knows no row order. */
static int by_rank(const void *pa, const void *pb)
{
	const struct ranked *a = pa, *b = pb;
	const unsigned ba = a->hash % NLI_N_BLOCK, bb = b->hash % NLI_N_BLOCK;

	if (ba != bb)
		return ba < bb ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return (a->hash > b->hash) - (a->hash < b->hash);
}

/* Number the features that stay; new_id[old] is 0 for those that do not. */
static void number_features(const struct nli_rows_builder *b, uint32_t min_count,
			    unsigned drop, uint32_t *new_id, struct nli_rows *out)
{
	struct ranked *r = nli_xmalloc(b->n_hash, sizeof(*r));
	uint32_t n = 0;

	for (size_t i = 0; i < b->n_hash; i++)
		if (b->count[i] >= min_count && !(drop >> b->hash[i] % NLI_N_BLOCK & 1))
			r[n++] = (struct ranked){ b->hash[i], b->count[i], (uint32_t)i };
	qsort(r, n, sizeof(*r), by_rank);
	out->n_feat = n + 1;
	out->hash = nli_xcalloc(out->n_feat, sizeof(*out->hash));
	for (int k = 0; k < NLI_N_BLOCK; k++)
		out->bound[k] = 1;
	for (uint32_t i = 0; i < n; i++) {
		out->hash[i + 1] = r[i].hash;
		new_id[r[i].old] = i + 1;
		for (unsigned k = r[i].hash % NLI_N_BLOCK; k < NLI_N_BLOCK; k++)
			out->bound[k] = i + 2;
	}
	free(r);
}

void nli_rows_finish(struct nli_rows_builder *b, const size_t *order, uint32_t min_count,
		     unsigned drop, struct nli_rows *out)
{
	uint32_t *new_id = nli_xcalloc(b->n_hash, sizeof(*new_id));
	size_t used = 0;

	free(b->slot);
	b->slot = NULL;
	*out = (struct nli_rows){ .n = b->n };
	number_features(b, min_count, drop, new_id, out);
	out->start = nli_xmalloc(b->n + 1, sizeof(*out->start));
	out->id = nli_xmalloc(b->n_item + b->n, sizeof(*out->id));
	for (size_t i = 0; i < b->n; i++) {
		const size_t row = order ? order[i] : i;
		size_t k = row ? b->end[row - 1] : 0;
		uint32_t *to = out->id + used;
		size_t n = 0;

		out->start[i] = used;
		to[n++] = 0;
		for (; k < b->end[row]; k++)
			if (new_id[b->item[k]])
				to[n++] = new_id[b->item[k]];
		used += n;
	}
	out->start[b->n] = used;
	free(new_id);
	nli_rows_builder_release(b);
}

void nli_rows_builder_release(struct nli_rows_builder *b)
{
	free(b->slot);
	free(b->hash);
	free(b->count);
	free(b->item);
	free(b->end);
	memset(b, 0, sizeof(*b));
}

void nli_rows_release(struct nli_rows *r)
{
	free(r->start);
	free(r->id);
	free(r->hash);
	memset(r, 0, sizeof(*r));
}

void nli_feat_index_init(struct nli_feat_index *x, const uint32_t *hash, uint32_t n_feat)
{
	x->cap = FIRST_CAP;
	while (x->cap < 2 * (size_t)n_feat)
		x->cap *= 2;
	x->slot = nli_xcalloc(x->cap, sizeof(*x->slot));
	for (uint32_t i = 1; i < n_feat; i++) {
		size_t at = nli_feat_home(hash[i], x->cap);

		while (x->slot[at].id)
			at = (at + 1) & (x->cap - 1);
		x->slot[at] = (struct nli_feat_slot){ hash[i], i };
	}
}

size_t nli_feat_lookup(const struct nli_feat_index *x, const uint32_t *hash, size_t n,
		       uint32_t *id)
{
	size_t k = 1;

	id[0] = 0;
	for (size_t i = 0; i < n; i++) {
		id[k] = nli_feat_find(x, hash[i]);
		k += id[k] != 0;
	}
	return k;
}

void nli_feat_index_release(struct nli_feat_index *x)
{
	free(x->slot);
	memset(x, 0, sizeof(*x));
}
