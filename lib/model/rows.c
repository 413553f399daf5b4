/* rows.c - see rows.h. */
#include "lib/model/rows.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/radix.h"

enum {
	AHEAD = 8, /* rows that are fetched before they are copied */
	AHEAD_ITEM = 16,
	LEAST_CELLS = 1 << 12
};

/*
 * How often each hash comes, roughly: a cell of two bits counts to 2, and hashes that
 * share it are counted together, so never too low.  Most features come once; what is
 * known of that before the table is made keeps it a fraction of its size.
 */
struct sketch {
	uint64_t *word; /* (n_cell / 32,) owned */
	size_t n_cell;
};

static bool is_dropped(uint32_t hash, unsigned drop)
{
	return drop >> hash % NLI_N_BLOCK & 1;
}

static const uint64_t *cell_word(const struct sketch *k, uint32_t hash)
{
	return &k->word[nli_feat_home(hash, k->n_cell) / 32];
}

static void sketch_init(struct sketch *k, const struct nli_rows_builder *b, unsigned drop)
{
	k->n_cell = LEAST_CELLS;
	while (k->n_cell < b->n_item)
		k->n_cell *= 2;
	k->word = nli_xcalloc(k->n_cell / 32, sizeof(*k->word));
	for (size_t i = 0; i < b->n_item; i++) {
		const size_t cell = nli_feat_home(b->item[i], k->n_cell);

		if (i + AHEAD_ITEM < b->n_item)
			__builtin_prefetch(cell_word(k, b->item[i + AHEAD_ITEM]), 1);
		const unsigned shift = 2 * (cell % 32);
		const bool more = !is_dropped(b->item[i], drop) &&
				  (k->word[cell / 32] >> shift & 3) < 2;

		k->word[cell / 32] += (uint64_t)more << shift;
	}
}

/* At most how often a hash comes; more than 2 is 2. */
static unsigned sketch_count(const struct sketch *k, uint32_t hash)
{
	const size_t cell = nli_feat_home(hash, k->n_cell);

	return k->word[cell / 32] >> 2 * (cell % 32) & 3;
}

/* How many cells have counted to least, 1 or 2: about as many as hashes that have. */
static size_t sketch_size(const struct sketch *k, uint32_t least)
{
	const uint64_t twos = 0xaaaaaaaaaaaaaaaau;
	size_t n = 0;

	for (size_t i = 0; i < k->n_cell / 32; i++) {
		const uint64_t w = k->word[i];

		/* A cell is 0, 1 or 2: never both bits. */
		n += (size_t)__builtin_popcountll(least > 1 ? w & twos : w);
	}
	return n;
}

/* The features by hash, while they are numbered.  Owns slot. */
struct table {
	struct table_slot {
		uint32_t hash, count,
			number; /* rows it is in, 0: free; order of arrival, from 1 */
	} * slot;               /* (cap,) all of a hash side by side */
	size_t cap, n;          /* n is at most two thirds of cap */
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

	t->cap = 2 * old.cap;
	t->slot = nli_xcalloc(t->cap, sizeof(*t->slot));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slot[i].count)
			*slot_of(t, old.slot[i].hash) = old.slot[i];
	free(old.slot);
}

static void table_init(struct table *t, size_t n)
{
	*t = (struct table){ .cap = 64 };
	while (2 * t->cap <= 3 * n)
		t->cap *= 2;
	t->slot = nli_xcalloc(t->cap, sizeof(*t->slot));
}

/* The number of a hash, counted once more. */
static uint32_t number_of(struct table *t, uint32_t hash)
{
	struct table_slot *slot;

	if (3 * (t->n + 1) > 2 * t->cap)
		widen(t);
	slot = slot_of(t, hash);
	if (!slot->count)
		*slot = (struct table_slot){ hash, 0, (uint32_t)++t->n };
	slot->count++;
	return slot->number;
}

/* Count the features and replace each by its number; those that will not do get 0. */
static void number_items(struct nli_rows_builder *b, uint32_t min_count, unsigned drop,
			 struct table *t)
{
	const unsigned least = min_count > 1 ? 2 : 1;
	struct sketch k;

	sketch_init(&k, b, drop);
	table_init(t, sketch_size(&k, least));
	for (size_t i = 0; i < b->n_item; i++) {
		const uint32_t hash = b->item[i];

		/* Sketch and table are larger than the cache. */
		if (i + 2 * AHEAD_ITEM < b->n_item)
			__builtin_prefetch(cell_word(&k, b->item[i + 2 * AHEAD_ITEM]));
		if (i + AHEAD_ITEM < b->n_item)
			__builtin_prefetch(
				&t->slot[nli_feat_home(b->item[i + AHEAD_ITEM], t->cap)],
				1);
		b->item[i] = is_dropped(hash, drop) || sketch_count(&k, hash) < least
				     ? 0
				     : number_of(t, hash);
	}
	free(k.word);
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

/*
 * In order by block, then falling count, then hash, which knows no order of rows: sorted
 * by the last first.  Of each the number is left, below its count.
 */
static uint64_t *rank_features(const struct table *t, uint32_t min_count, size_t *n)
{
	const uint32_t most = (UINT32_MAX >> NLI_BLOCK_BITS);
	uint64_t *v = nli_xmalloc(t->n, sizeof(*v)),
		 *spare = nli_xmalloc(t->n, sizeof(*v));

	*n = 0;
	for (size_t i = 0; i < t->cap; i++)
		if (t->slot[i].count && t->slot[i].count >= min_count)
			v[(*n)++] = (uint64_t)t->slot[i].hash << 32 | i;
	nli_radix_sort(&v, &spare, *n);
	for (size_t i = 0; i < *n; i++) {
		const struct table_slot *slot = &t->slot[(uint32_t)v[i]];
		const uint32_t count = slot->count < most ? slot->count : most;
		const uint64_t block = slot->hash % NLI_N_BLOCK;

		v[i] = (block << (32 - NLI_BLOCK_BITS) | (most - count)) << 32 |
		       (uint32_t)v[i];
	}
	nli_radix_sort(&v, &spare, *n);
	free(spare);
	return v;
}

/* Number the features that stay anew; new_id[old] is 0 for those that do not. */
static void number_features(const struct table *t, uint32_t min_count, uint32_t *new_id,
			    struct nli_rows *out)
{
	size_t n;
	uint64_t *rank = rank_features(t, min_count, &n);

	out->n_feat = (uint32_t)n + 1;
	out->hash = nli_xcalloc(out->n_feat, sizeof(*out->hash));
	for (int k = 0; k < NLI_N_BLOCK; k++)
		out->bound[k] = 1;
	for (uint32_t i = 0; i < n; i++) {
		const struct table_slot *slot = &t->slot[(uint32_t)rank[i]];

		out->hash[i + 1] = slot->hash;
		new_id[slot->number] = i + 1;
		for (unsigned k = slot->hash % NLI_N_BLOCK; k < NLI_N_BLOCK; k++)
			out->bound[k] = i + 2;
	}
	free(rank);
}

/* Copy the rows in their order, with the numbers of the features that stay. */
static void copy_rows(const struct nli_rows_builder *b, const size_t *order,
		      const uint32_t *new_id, struct nli_rows *out)
{
	enum { LINE = 64 / sizeof(*b->item) };
	size_t used = 0;

	for (size_t i = 0; i < b->n; i++) {
		const size_t row = order ? order[i] : i;

		if (order && i + AHEAD < b->n && order[i + AHEAD]) {
			const uint32_t *next = b->item + b->end[order[i + AHEAD] - 1];

			__builtin_prefetch(next);
			__builtin_prefetch(next + LINE);
		}
		out->start[i] = used;
		out->id[used++] = 0;
		/* What is dropped is overwritten by what comes next: no branch to guess. */
		for (size_t k = row ? b->end[row - 1] : 0; k < b->end[row]; k++) {
			const uint32_t id = new_id[b->item[k]];

			out->id[used] = id;
			used += id != 0;
		}
	}
	out->start[b->n] = used;
}

void nli_rows_finish(struct nli_rows_builder *b, const size_t *order, uint32_t min_count,
		     unsigned drop, struct nli_rows *out)
{
	struct table t;
	uint32_t *new_id;

	*out = (struct nli_rows){ .n = b->n };
	number_items(b, min_count, drop, &t);
	new_id = nli_xcalloc(t.n + 1, sizeof(*new_id));
	number_features(&t, min_count, new_id, out);
	free(t.slot);
	out->start = nli_xmalloc(b->n + 1, sizeof(*out->start));
	out->id = nli_xmalloc(b->n_item + b->n + 1, sizeof(*out->id));
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
