/* rows.c - see rows.h. */
#include "lib/model/rows.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

enum {
	FIRST_CAP = 1 << 12,
	AHEAD = 8, /* rows that are fetched before they are copied */
	AHEAD_ITEM = 16
};
#define NO_NUMBER UINT32_MAX /* of a feature that is dropped */

/* The features by hash, while they are numbered.  Owns slot. */
struct table {
	struct table_slot {
		uint32_t hash, count,
			number; /* rows it is in, 0: free; order of arrival */
	} * slot;               /* (cap,) all of a hash side by side */
	size_t cap, n;
};

/* Where a hash stands, or the free slot where it belongs. */
static struct table_slot *slot_of(const struct table *t, uint32_t hash)
{
	size_t at = nli_feat_home(hash, t->cap);

	while (t->slot[at].count && t->slot[at].hash != hash)
		at = (at + 1) & (t->cap - 1);
	return &t->slot[at];
}

static void widen(struct table *t)
{
	const struct table old = *t;

	t->cap = old.cap ? old.cap * 4 : FIRST_CAP;
	t->slot = nli_xcalloc(t->cap, sizeof(*t->slot));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slot[i].count)
			*slot_of(t, old.slot[i].hash) = old.slot[i];
	free(old.slot);
}

static bool is_dropped(uint32_t hash, unsigned drop)
{
	return drop >> hash % NLI_N_BLOCK & 1;
}

/* Count the features and replace each by its number. */
static void number_items(struct nli_rows_builder *b, unsigned drop, struct table *t)
{
	widen(t);
	for (size_t i = 0; i < b->n_item; i++) {
		struct table_slot *slot;

		/* The table is larger than the cache. */
		if (i + AHEAD_ITEM < b->n_item)
			__builtin_prefetch(
				&t->slot[nli_feat_home(b->item[i + AHEAD_ITEM], t->cap)],
				1);
		if (is_dropped(b->item[i], drop)) {
			b->item[i] = NO_NUMBER;
			continue;
		}
		if (2 * t->n >= t->cap)
			widen(t);
		slot = slot_of(t, b->item[i]);
		if (!slot->count)
			*slot = (struct table_slot){ b->item[i], 0, (uint32_t)t->n++ };
		slot->count++;
		b->item[i] = slot->number;
	}
}

void nli_rows_add_bytes(struct nli_rows_builder *b, const void *hash, size_t n)
{
	nli_grow(&b->item, &b->item_cap, b->n_item + n, sizeof(*b->item));
	nli_grow(&b->end, &b->end_cap, b->n + 1, sizeof(*b->end));
	if (n)
		memcpy(b->item + b->n_item, hash, n * sizeof(*b->item));
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

/* Number the features that stay anew; new_id[old] is 0 for those that do not. */
static void number_features(const struct table *t, uint32_t min_count, uint32_t *new_id,
			    struct nli_rows *out)
{
	struct ranked *r = nli_xmalloc(t->n, sizeof(*r));
	uint32_t n = 0;

	for (const struct table_slot *k = t->slot; k < t->slot + t->cap; k++)
		if (k->count && k->count >= min_count)
			r[n++] = (struct ranked){ k->hash, k->count, k->number };
	if (n)
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

/* Copy the rows in their order, with the numbers of the features that stay. */
static void copy_rows(const struct nli_rows_builder *b, const size_t *order,
		      const uint32_t *new_id, struct nli_rows *out)
{
	size_t used = 0;

	for (size_t i = 0; i < b->n; i++) {
		const size_t row = order ? order[i] : i;
		uint32_t *to = out->id + used;
		size_t n = 0;

		if (order && i + AHEAD < b->n && order[i + AHEAD])
			__builtin_prefetch(b->item + b->end[order[i + AHEAD] - 1]);
		out->start[i] = used;
		to[n++] = 0;
		for (size_t k = row ? b->end[row - 1] : 0; k < b->end[row]; k++)
			if (b->item[k] != NO_NUMBER && new_id[b->item[k]])
				to[n++] = new_id[b->item[k]];
		used += n;
	}
	out->start[b->n] = used;
}

void nli_rows_finish(struct nli_rows_builder *b, const size_t *order, uint32_t min_count,
		     unsigned drop, struct nli_rows *out)
{
	struct table t = { 0 };
	uint32_t *new_id;

	*out = (struct nli_rows){ .n = b->n };
	number_items(b, drop, &t);
	new_id = nli_xcalloc(t.n, sizeof(*new_id));
	number_features(&t, min_count, new_id, out);
	free(t.slot);
	out->start = nli_xmalloc(b->n + 1, sizeof(*out->start));
	out->id = nli_xmalloc(b->n_item + b->n, sizeof(*out->id));
	copy_rows(b, order, new_id, out);
	free(new_id);
	nli_rows_builder_release(b);
}

void nli_rows_builder_release(struct nli_rows_builder *b)
{
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
