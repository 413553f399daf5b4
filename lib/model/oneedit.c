/* oneedit.c - see oneedit.h. */
#include "lib/model/oneedit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/base/runs.h"
#include "lib/model/near.h"
#include "lib/model/set128.h"

struct edge {
	uint32_t i, j;
	float similarity;
};

/* Keys of whole rows; of rows that wait for such; of rows without a token. */
enum { WHOLE, WANTED, WITHOUT, N_KEYS };

/*
 * Pairs compared of late, by their hash: two long rows meet in as many buckets as
 * their keys have hashes in common, and are long to compare.
 */
enum { LATELY = 4096 };

/* Numbers with an equal upper half side by side: a key's items. */
struct bucket {
	uint64_t *v;
	size_t n, cap;
};

/* A quarter of all keys, by their hash, and what was found in it. */
struct slice {
	size_t number;
	struct nli_runs *keys[N_KEYS]; /* key << 32 | item */
	struct bucket whole, wanted;
	uint64_t *token; /* scratch: a row and its suffix sums */
	size_t token_cap;
	uint64_t *lately; /* (LATELY,) i << 32 | j; 0: none */
	struct edge *edge;
	size_t n_edge, edge_cap;
};

/* Not as many as threads, so that memory is the same for all. */
enum { SLICES = 4 };

struct search {
	const struct nli_one_edit *s;
	struct nli_view name;
	struct slice slice[SLICES];
};

/* Items after which memory is let go of, a power of two less one. */
enum { EASE = 255 };

/* Odd, so that it has an inverse mod 2^64: row x hashes to the sum of x[k] P^k. */
static const uint64_t P = 0xd6e8feb86659fd93u;

static uint64_t inverse_of(uint64_t odd)
{
	uint64_t x = odd; /* right in 3 bits; each step doubles them */

	for (int i = 0; i < 5; i++)
		x *= 2 - odd * x;
	return x;
}

static void put(struct slice *s, unsigned kind, uint64_t key, uint32_t item)
{
	const uint64_t h = nli_mix(key);

	if (h >> 62 == s->number)
		nli_runs_add(s->keys[kind], (h >> 32) << 32 | item);
}

/*
 * All keys of a row: what is before token i, pre, and behind it, w - pre - x P^i,
 * is the row without it once the latter moved down one place.
 */
static void put_row(struct slice *s, uint32_t item, const uint64_t *token, size_t n)
{
	const uint64_t down = inverse_of(P);
	uint64_t w = 0, pre = 0, power = 1;

	for (size_t i = 0; i < n; i++, power *= P)
		w += token[i] * power;
	put(s, WHOLE, w + n, item);
	power = 1;
	for (size_t i = 0; i < n && n > 1; i++, power *= P) {
		const uint64_t here = token[i] * power, rest = w - pre - here;

		put(s, WITHOUT, (w - here) ^ nli_mix(i << 32 ^ n), item);
		/* Of equal neighbours either gives the same row. */
		if (!i || token[i] != token[i - 1])
			put(s, WANTED, pre + rest * down + (n - 1), item);
		if (i + 1 < n && token[i] < token[i + 1])
			put(s, WANTED,
			    w + (token[i + 1] - token[i]) * (power - power * P) + n,
			    item);
		pre += here;
	}
}

static void gather(const struct search *x, struct slice *s)
{
	for (uint32_t i = 0; i < x->s->n; i++) {
		const uint64_t *from[2];
		size_t n[2];

		if (!(i & EASE))
			nli_store_ease(x->s->store);
		x->s->tokens(x->s->ctx, i, from, n);
		if (!n[0] && !n[1])
			continue;
		if (!n[1]) {
			put_row(s, i, from[0], n[0]);
			continue;
		}
		/* A mark between the two, which no token is. */
		nli_grow(&s->token, &s->token_cap, n[0] + 1 + n[1], sizeof(*s->token));
		for (size_t k = 0; k < n[0]; k++)
			s->token[k] = from[0][k];
		s->token[n[0]] = P;
		for (size_t k = 0; k < n[1]; k++)
			s->token[n[0] + 1 + k] = from[1][k];
		put_row(s, i, s->token, n[0] + 1 + n[1]);
	}
}

/* Items, of which some in a row are at hand: item i is in slot i mod n_slot. */
struct hand {
	uint32_t *item; /* (n,) */
	bool *loaded;   /* (n,) */
	char *slot;     /* (n_slot,) */
	size_t n, n_slot, slot_size;
};

static void take(const struct search *x, struct hand *h, size_t n, size_t n_slot)
{
	*h = (struct hand){ .n = n, .n_slot = n_slot, .slot_size = x->s->slot };
	h->item = nli_xmalloc(n, sizeof(*h->item));
	h->loaded = nli_xcalloc(n, sizeof(*h->loaded));
	h->slot = nli_xmalloc(n_slot, h->slot_size);
}

static void *loaded(const struct search *x, struct hand *h, size_t i)
{
	void *slot = h->slot + i % h->n_slot * h->slot_size;

	if (!h->loaded[i])
		x->s->load(x->s->ctx, h->item[i], slot);
	h->loaded[i] = true;
	return slot;
}

static void put_away(const struct search *x, struct hand *h, size_t i)
{
	if (h->loaded[i])
		x->s->unload(x->s->ctx, h->slot + i % h->n_slot * h->slot_size);
	h->loaded[i] = false;
}

static void let_go(const struct search *x, struct hand *h)
{
	for (size_t i = 0; i < h->n; i++)
		put_away(x, h, i);
	free(h->item);
	free(h->loaded);
	free(h->slot);
}

static void compare(const struct search *x, struct slice *s, struct hand *p, size_t a,
		    struct hand *q, size_t b)
{
	const uint32_t i = p->item[a], j = q->item[b];
	const uint64_t pair = (uint64_t)(i < j ? i : j) << 32 | (i < j ? j : i);
	uint64_t *seen = &s->lately[nli_mix(pair) % LATELY];
	float similarity;

	if (i == j || *seen == pair)
		return;
	*seen = pair;
	similarity = x->s->compare(x->s->ctx, loaded(x, p, a), loaded(x, q, b));
	if (similarity < 0)
		return;
	nli_store_grow(x->s->store, &s->edge, &s->edge_cap, s->n_edge + 1,
		       sizeof(*s->edge));
	s->edge[s->n_edge++] =
		(struct edge){ (uint32_t)(pair >> 32), (uint32_t)pair, similarity };
}

struct place {
	struct nli_hash128 name;
	uint32_t item;
};

static int by_name(const void *a, const void *b)
{
	return nli_hash128_cmp(((const struct place *)a)->name,
			       ((const struct place *)b)->name);
}

/* The items of a stretch, by name if that is to be, so many at hand. */
static void take_stretch(const struct search *x, const uint64_t *from, size_t n,
			 bool sorted, size_t n_slot, struct hand *h)
{
	struct place *p;

	take(x, h, n, n_slot);
	for (size_t i = 0; i < n; i++)
		h->item[i] = (uint32_t)from[i];
	if (!sorted)
		return;
	p = nli_xmalloc(n, sizeof(*p));
	for (size_t i = 0; i < n; i++) {
		p[i].item = h->item[i];
		nli_view_read(&x->name, p[i].item * sizeof(p->name), sizeof(p->name),
			      &p[i].name);
	}
	qsort(p, n, sizeof(*p), by_name);
	for (size_t i = 0; i < n; i++)
		h->item[i] = p[i].item;
	free(p);
}

/* Items that are alike without one token: all pairs, or too many for that. */
static void join_alike(const struct search *x, struct slice *s, const uint64_t *from,
		       size_t n)
{
	const size_t reach = n > NLI_BUCKET ? NLI_REACH : n;
	struct hand h;

	if (n < 2)
		return;
	take_stretch(x, from, n, reach < n, reach < n ? reach + 1 : n, &h);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n && k <= i + reach; k++)
			compare(x, s, &h, i, &h, k);
		put_away(x, &h, i);
	}
	let_go(x, &h);
}

/*
 * Whole rows and those that want them.  There is one whole row, but where items
 * of other texts have the same tokens; then the first few by name stand for all.
 */
static void join_wanted(const struct search *x, struct slice *s, const uint64_t *whole,
			size_t n, const uint64_t *wanted, size_t m)
{
	struct hand w, h;

	take_stretch(x, whole, n, n > NLI_REACH, NLI_REACH, &w);
	take_stretch(x, wanted, m, false, 1, &h);
	for (size_t k = 0; k < m; k++) {
		for (size_t i = 0; i < n && i < NLI_REACH; i++)
			compare(x, s, &w, i, &h, k);
		put_away(x, &h, k);
	}
	let_go(x, &w);
	let_go(x, &h);
}

/* The next bucket of a kind; *ahead is what was read of the one behind it. */
struct ahead {
	struct nli_runs *keys;
	uint64_t v;
	bool any;
};

static struct ahead begin(struct nli_runs *keys)
{
	struct ahead a = { .keys = keys };

	nli_runs_sort(keys);
	a.any = nli_runs_next(keys, &a.v);
	return a;
}

static void next_bucket(struct ahead *a, struct bucket *b)
{
	const uint64_t key = a->v >> 32;

	for (b->n = 0; a->any && a->v >> 32 == key;
	     a->any = nli_runs_next(a->keys, &a->v)) {
		nli_grow(&b->v, &b->cap, b->n + 1, sizeof(*b->v));
		b->v[b->n++] = a->v;
	}
}

static void join_slice(const struct search *x, struct slice *s)
{
	struct ahead a = begin(s->keys[WHOLE]), b = begin(s->keys[WANTED]), c;

	while (a.any && b.any) {
		if (a.v >> 32 == b.v >> 32) {
			next_bucket(&a, &s->whole);
			next_bucket(&b, &s->wanted);
			join_wanted(x, s, s->whole.v, s->whole.n, s->wanted.v,
				    s->wanted.n);
		} else if (a.v < b.v) {
			a.any = nli_runs_next(a.keys, &a.v);
		} else {
			b.any = nli_runs_next(b.keys, &b.v);
		}
	}
	c = begin(s->keys[WITHOUT]);
	while (c.any) {
		next_bucket(&c, &s->wanted);
		join_alike(x, s, s->wanted.v, s->wanted.n);
	}
}

static void run_slice(void *ctx, size_t part)
{
	struct search *x = ctx;
	struct slice *s = &x->slice[part];

	s->number = part;
	s->lately = nli_xcalloc(LATELY, sizeof(*s->lately));
	for (int k = 0; k < N_KEYS; k++)
		s->keys[k] = nli_runs_new(x->s->memory / (SLICES * N_KEYS));
	gather(x, s);
	join_slice(x, s);
	for (int k = 0; k < N_KEYS; k++)
		nli_runs_free(s->keys[k]);
	free(s->whole.v);
	free(s->wanted.v);
	free(s->token);
	free(s->lately);
}

void nli_one_edit_search(const struct nli_one_edit *s)
{
	struct search x = { .s = s, .name = nli_store_view(s->store, s->name) };

	nli_par(s->jobs, SLICES, run_slice, &x);
	for (size_t k = 0; k < SLICES; k++) {
		for (size_t i = 0; i < x.slice[k].n_edge; i++) {
			const struct edge *e = &x.slice[k].edge[i];

			s->found(s->ctx, e->i, e->j, e->similarity);
			if (!(i & EASE))
				nli_store_ease(s->store);
		}
		nli_store_drop(s->store, x.slice[k].edge);
	}
}
