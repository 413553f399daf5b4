/* rows.c - see rows.h. */
#include "lib/model/rows.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/radix.h"

/*
 * The features of all rows are dealt out by hash into parts, each of which is counted
 * and numbered by a table that the cache holds, and taken back in the same order
 * (radix partitioning: S. Manegold, P. Boncz and M. Kersten, "Optimizing main-memory
 * join on modern hardware", IEEE TKDE 14, 2002).  One table for all would miss the
 * cache with every feature but the commonest.
 */
enum {
	PART_ITEMS = 1 << 16, /* of a part, about */
	MAX_BITS = 12,        /* of the number of parts */
	AHEAD = 12            /* rows that are fetched before they are copied */
};

struct parts {
	unsigned bits;
	size_t n;    /* 1 << bits */
	size_t *end; /* (n,) where each part ends in item */
	uint32_t
		*item; /* hashes, then numbers of features, 0: none; with room for rows */
};

static size_t part_of(const struct parts *p, uint32_t hash)
{
	return (hash * NLI_FEAT_SPREAD >> 32) >> (32 - p->bits);
}

/* Where each part begins, in its end: that of the first is 0. */
static void parts_rewind(struct parts *p)
{
	for (size_t k = p->n - 1; k; k--)
		p->end[k] = p->end[k - 1];
	p->end[0] = 0;
}

static void parts_init(struct parts *p, const struct nli_rows_builder *b)
{
	size_t sum = 0;

	*p = (struct parts){ 0 };
	while (p->bits < MAX_BITS && b->n_item >> p->bits > PART_ITEMS)
		p->bits++;
	p->n = (size_t)1 << p->bits;
	p->end = nli_xcalloc(p->n, sizeof(*p->end));
	p->item = nli_xmalloc(b->n_item + b->n + 1, sizeof(*p->item));
	for (size_t i = 0; i < b->n_item; i++)
		p->end[part_of(p, b->item[i])]++;
	for (size_t k = 0; k < p->n; k++) {
		const size_t n = p->end[k];

		p->end[k] = sum;
		sum += n;
	}
	for (size_t i = 0; i < b->n_item; i++)
		p->item[p->end[part_of(p, b->item[i])]++] = b->item[i];
}

struct feature {
	uint32_t hash, count;
};

/* The features that stay, numbered from 1, and scratch for one part.  Owns all. */
struct table {
	struct feature *kept; /* (n + 1,) by number */
	size_t n, kept_cap;
	struct table_slot {
		uint32_t hash, number; /* 0: free */
	} * slot;                      /* (cap,) all of a hash side by side */
	size_t cap;
	struct feature *met; /* (n_met + 1,) those of the part */
	size_t n_met, met_cap;
};

/* Where a hash stands, or the free slot where it belongs. */
static struct table_slot *slot_of(const struct table *t, uint32_t hash)
{
	size_t at = nli_feat_home(hash, t->cap);

	while (t->slot[at].number && t->slot[at].hash != hash)
		at = (at + 1) & (t->cap - 1);
	return &t->slot[at];
}

static void widen(struct table *t)
{
	t->cap = t->cap ? 2 * t->cap : 1024;
	free(t->slot);
	t->slot = nli_xcalloc(t->cap, sizeof(*t->slot));
	for (size_t k = 1; k <= t->n_met; k++)
		*slot_of(t, t->met[k].hash) =
			(struct table_slot){ t->met[k].hash, (uint32_t)k };
}

/* The number of a hash in its part, counted once more. */
static uint32_t number_of(struct table *t, uint32_t hash)
{
	struct table_slot *slot = slot_of(t, hash);

	if (!slot->number) {
		if (3 * (t->n_met + 1) > 2 * t->cap) {
			widen(t);
			slot = slot_of(t, hash);
		}
		nli_grow(&t->met, &t->met_cap, ++t->n_met + 1, sizeof(*t->met));
		t->met[t->n_met] = (struct feature){ hash, 0 };
		*slot = (struct table_slot){ hash, (uint32_t)t->n_met };
	}
	t->met[slot->number].count++;
	return slot->number;
}

/* Replace the hashes of a part by the numbers of those in at least min_count rows, or 0. */
static void number_part(uint32_t *item, size_t n, uint32_t min_count, struct table *t)
{
	t->n_met = 0;
	memset(t->slot, 0, t->cap * sizeof(*t->slot));
	for (size_t i = 0; i < n; i++)
		item[i] = number_of(t, item[i]);
	nli_grow(&t->kept, &t->kept_cap, t->n + t->n_met + 1, sizeof(*t->kept));
	for (size_t k = 1; k <= t->n_met; k++) {
		const bool stays = t->met[k].count >= min_count;

		t->kept[t->n + 1] = t->met[k];
		t->n += stays;
		t->met[k].count = stays ? (uint32_t)t->n : 0;
	}
	for (size_t i = 0; i < n; i++)
		item[i] = t->met[item[i]].count;
}

static void number_parts(struct parts *p, uint32_t min_count, struct table *t)
{
	*t = (struct table){ 0 };
	nli_grow(&t->kept, &t->kept_cap, 1, sizeof(*t->kept));
	widen(t);
	for (size_t k = 0, from = 0; k < p->n; from = p->end[k++])
		number_part(p->item + from, p->end[k] - from, min_count, t);
}

static void table_release(struct table *t)
{
	free(t->slot);
	free(t->kept);
	free(t->met);
}

void nli_rows_drop(struct nli_rows_builder *b, unsigned blocks)
{
	size_t used = 0, at = 0;

	if (!(blocks & ~b->drop))
		return;
	b->drop |= blocks;
	for (size_t i = 0; i < b->n; i++) {
		for (; at < b->end[i]; at++) {
			b->item[used] = b->item[at];
			used += !(b->drop >> b->item[at] % NLI_N_BLOCK & 1);
		}
		b->end[i] = used;
	}
	b->n_item = used;
}

void nli_rows_add_bytes(struct nli_rows_builder *b, const void *hash, size_t n)
{
	uint32_t *to;
	size_t used = 0;

	nli_grow(&b->item, &b->item_cap, b->n_item + n, sizeof(*b->item));
	nli_grow(&b->end, &b->end_cap, b->n + 1, sizeof(*b->end));
	to = b->item + b->n_item;
	if (n)
		memcpy(to, hash, n * sizeof(*to));
	for (size_t k = 0; k < n && b->drop; k++) {
		to[used] = to[k];
		used += !(b->drop >> to[k] % NLI_N_BLOCK & 1);
	}
	b->n_item += b->drop ? used : n;
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
static uint64_t *rank_features(const struct table *t)
{
	const uint32_t most = (UINT32_MAX >> NLI_BLOCK_BITS);
	uint64_t *v = nli_xmalloc(t->n, sizeof(*v)),
		 *spare = nli_xmalloc(t->n, sizeof(*v));

	for (size_t k = 0; k < t->n; k++)
		v[k] = (uint64_t)t->kept[k + 1].hash << 32 | (k + 1);
	nli_radix_sort(&v, &spare, t->n);
	for (size_t i = 0; i < t->n; i++) {
		const struct feature *f = &t->kept[(uint32_t)v[i]];
		const uint32_t count = f->count < most ? f->count : most;
		const uint64_t block = f->hash % NLI_N_BLOCK;

		v[i] = (block << (32 - NLI_BLOCK_BITS) | (most - count)) << 32 |
		       (uint32_t)v[i];
	}
	nli_radix_sort(&v, &spare, t->n);
	free(spare);
	return v;
}

/* Number the features anew: new_id[old]. */
static void number_features(const struct table *t, uint32_t *new_id, struct nli_rows *out)
{
	uint64_t *rank = rank_features(t);

	out->n_feat = (uint32_t)t->n + 1;
	out->hash = nli_xcalloc(out->n_feat, sizeof(*out->hash));
	for (int k = 0; k < NLI_N_BLOCK; k++)
		out->bound[k] = 1;
	for (uint32_t i = 0; i < t->n; i++) {
		const uint32_t number = (uint32_t)rank[i], hash = t->kept[number].hash;

		out->hash[i + 1] = hash;
		new_id[number] = i + 1;
		for (unsigned k = hash % NLI_N_BLOCK; k < NLI_N_BLOCK; k++)
			out->bound[k] = i + 2;
	}
	free(rank);
}

/* Replace each feature by its number, 0 for those that are rare. */
static void number_items(struct nli_rows_builder *b, uint32_t min_count,
			 struct nli_rows *out)
{
	struct parts p;
	struct table t;
	uint32_t *new_id;

	parts_init(&p, b);
	number_parts(&p, min_count, &t);
	new_id = nli_xcalloc(t.n + 1, sizeof(*new_id));
	number_features(&t, new_id, out);
	table_release(&t);
	/* Part by part, so that new_id is read where it was read before. */
	for (size_t i = 0; i < b->n_item; i++)
		p.item[i] = new_id[p.item[i]];
	free(new_id);
	parts_rewind(&p);
	for (size_t i = 0; i < b->n_item; i++)
		b->item[i] = p.item[p.end[part_of(&p, b->item[i])]++];
	free(p.end);
	out->id = p.item; /* of no more use there, and large enough */
}

/* Copy the rows in their order, without the features that are rare. */
static void copy_rows(const struct nli_rows_builder *b, const size_t *order,
		      struct nli_rows *out)
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
			out->id[used] = b->item[k];
			used += b->item[k] != 0;
		}
	}
	out->start[b->n] = used;
}

void nli_rows_finish(struct nli_rows_builder *b, const size_t *order, uint32_t min_count,
		     struct nli_rows *out)
{
	*out = (struct nli_rows){ .n = b->n };
	number_items(b, min_count, out);
	out->start = nli_xmalloc(b->n + 1, sizeof(*out->start));
	copy_rows(b, order, out);
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
