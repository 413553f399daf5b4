/* oneedit.c - see oneedit.h. */
#include "lib/model/oneedit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/base/runs.h"
#include "lib/base/twice.h"
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
	struct nli_twice whole, without; /* the keys of these kinds, before any is kept */
	struct nli_runs *keys[N_KEYS];   /* key << 32 | item */
	struct bucket row, wanted;
	uint64_t *lately; /* (LATELY,) i << 32 | j; 0: none */
	struct edge *edge;
	size_t n_edge, edge_cap;
};

/* Not as many as threads, so that memory is the same for all. */
enum { SLICES = 4 };

/* Some items in a row, whose keys are made. */
struct part {
	uint32_t from, to;
	struct bucket keys[SLICES][N_KEYS];
	uint64_t *token; /* scratch: a row of two texts */
	size_t token_cap;
};

struct search {
	const struct nli_one_edit *s;
	struct nli_view name;
	bool keeping; /* the second time around */
	struct slice slice[SLICES];
	/* A round's items: what the parts made keys of, and rows too long for that. */
	struct part part[SLICES];
	uint32_t *longs;
	size_t n_long, long_cap;
};

/* Tokens of a round, and of a row whose keys are made by each slice for itself. */
enum { ROUND = 1 << 18, LONG_ROW = 1 << 14 };

/* Items after which memory is let go of, a power of two less one. */
enum { EASE = 255 };

/* Odd, so that it has an inverse mod 2^64: row x hashes to the sum of x[k] P^k. */
static const uint64_t P = 0xd6e8feb86659fd93u;

static const uint64_t P_INVERSE = 0xcfee444d8b59a89bu; /* P P_INVERSE = 1 */

/*
 * Most keys are of one item, which is of no use: the first time around they are
 * counted, the second time those are kept that others may share.
 */
static void take_key(bool keeping, struct slice *s, unsigned kind, uint64_t v)
{
	const uint32_t key = (uint32_t)(v >> 32);

	if (!keeping) {
		if (kind != WANTED)
			nli_twice_add(kind == WHOLE ? &s->whole : &s->without, key);
		return;
	}
	if (kind == WHOLE || (kind == WANTED ? nli_twice_had(&s->whole, key)
					     : nli_twice_again(&s->without, key)))
		nli_runs_add(s->keys[kind], v);
}

/* Where the keys of a row go: to piles of each slice, or to one slice alone. */
struct sink {
	bool keeping;
	struct part *part;
	struct slice *slice; /* or NULL */
	unsigned number;     /* its */
};

static inline void put(const struct sink *to, unsigned kind, uint64_t key, uint32_t item)
{
	const uint64_t h = nli_mix(key), v = (h >> 32) << 32 | item;
	struct bucket *b = &to->part->keys[h >> 62][kind];

	if (to->slice) {
		if (h >> 62 == to->number)
			take_key(to->keeping, to->slice, kind, v);
		return;
	}
	if (b->n == b->cap)
		nli_grow(&b->v, &b->cap, b->n + 1, sizeof(*b->v));
	b->v[b->n++] = v;
}

/*
 * All keys of a row: what is before token i, pre, and behind it, w - pre - x P^i,
 * is the row without it once the latter moved down one place.
 */
static void put_row(const struct sink *to, uint32_t item, const uint64_t *token, size_t n)
{
	uint64_t w = 0, pre = 0, power = 1;

	for (size_t i = 0; i < n; i++, power *= P)
		w += token[i] * power;
	put(to, WHOLE, w + n, item);
	power = 1;
	for (size_t i = 0; i < n && n > 1; i++, power *= P) {
		const uint64_t here = token[i] * power, rest = w - pre - here;

		put(to, WITHOUT, (w - here) ^ nli_mix(i << 32 ^ n), item);
		pre += here;
		if (!to->keeping)
			continue;
		/* Of equal neighbours either gives the same row. */
		if (!i || token[i] != token[i - 1])
			put(to, WANTED, pre - here + rest * P_INVERSE + (n - 1), item);
		if (i + 1 < n && token[i] < token[i + 1])
			put(to, WANTED,
			    w + (token[i + 1] - token[i]) * (power - power * P) + n,
			    item);
	}
}

/* The tokens of an item as one row, with a mark between the two texts, which no token is. */
static const uint64_t *row_of(const struct search *x, struct part *p, uint32_t item,
			      size_t *len)
{
	const uint64_t *from[2] = { NULL, NULL };
	size_t n[2];

	x->s->tokens(x->s->ctx, item, from, n);
	*len = n[0] + n[1] + (n[1] > 0);
	if (!n[1])
		return from[0];
	nli_grow(&p->token, &p->token_cap, *len, sizeof(*p->token));
	for (size_t k = 0; k < n[0]; k++)
		p->token[k] = from[0][k];
	p->token[n[0]] = P;
	for (size_t k = 0; k < n[1]; k++)
		p->token[n[0] + 1 + k] = from[1][k];
	return p->token;
}

static size_t row_len(const struct search *x, uint32_t item)
{
	const uint64_t *from[2] = { NULL, NULL };
	size_t n[2];

	x->s->tokens(x->s->ctx, item, from, n);
	return n[0] + n[1] + (n[1] > 0);
}

static void make_keys(void *ctx, size_t number)
{
	struct search *x = ctx;
	struct part *p = &x->part[number];
	const struct sink to = { .keeping = x->keeping, .part = p };

	for (uint32_t i = p->from; i < p->to; i++) {
		size_t n;
		const uint64_t *row;

		if (!(i & EASE))
			nli_store_ease(x->s->store);
		if (row_len(x, i) > LONG_ROW)
			continue;
		row = row_of(x, p, i, &n);
		if (n)
			put_row(&to, i, row, n);
	}
}

static void take_pile(bool keeping, struct slice *s, unsigned kind,
		      const struct bucket *b)
{
	enum { AHEAD = 16 };
	const struct nli_twice *t = kind == WITHOUT ? &s->without : &s->whole;

	for (size_t i = 0; i < b->n; i++) {
		if (i + AHEAD < b->n)
			nli_twice_expect(t, (uint32_t)(b->v[i + AHEAD] >> 32));
		take_key(keeping, s, kind, b->v[i]);
	}
}

static void take_keys(void *ctx, size_t number)
{
	struct search *x = ctx;
	struct slice *s = &x->slice[number];
	struct part *own = &x->part[number];
	const struct sink to = { x->keeping, own, s, (unsigned)number };

	for (size_t k = 0; k < SLICES; k++)
		for (unsigned kind = 0; kind < N_KEYS; kind++) {
			take_pile(x->keeping, s, kind, &x->part[k].keys[number][kind]);
			x->part[k].keys[number][kind].n = 0;
		}
	for (size_t k = 0; k < x->n_long; k++) {
		size_t n;
		const uint64_t *row = row_of(x, own, x->longs[k], &n);

		put_row(&to, x->longs[k], row, n);
	}
}

/* The items from this one on that are a round's; returns the one behind them. */
static uint32_t cut_round(struct search *x, uint32_t from)
{
	uint32_t to = from;
	size_t sum = 0;

	for (x->n_long = 0; to < x->s->n && sum < ROUND; to++) {
		const size_t n = row_len(x, to);

		sum += n;
		if (n <= LONG_ROW)
			continue;
		nli_grow(&x->longs, &x->long_cap, x->n_long + 1, sizeof(*x->longs));
		x->longs[x->n_long++] = to;
	}
	for (uint32_t k = 0; k < SLICES; k++) {
		x->part[k].from = from + (uint32_t)((uint64_t)(to - from) * k / SLICES);
		x->part[k].to =
			from + (uint32_t)((uint64_t)(to - from) * (k + 1) / SLICES);
	}
	return to;
}

static void gather(struct search *x, bool keeping)
{
	x->keeping = keeping;
	for (uint32_t at = 0; at < x->s->n;) {
		at = cut_round(x, at);
		nli_par(x->s->jobs, SLICES, make_keys, x);
		nli_par(x->s->jobs, SLICES, take_keys, x);
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
			next_bucket(&a, &s->row);
			next_bucket(&b, &s->wanted);
			join_wanted(x, s, s->row.v, s->row.n, s->wanted.v, s->wanted.n);
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

	s->lately = nli_xcalloc(LATELY, sizeof(*s->lately));
	join_slice(x, s);
	for (int k = 0; k < N_KEYS; k++)
		nli_runs_free(s->keys[k]);
	free(s->row.v);
	free(s->wanted.v);
	free(s->lately);
}

/* Half of the memory is for the filters, half for what they let through. */
static void begin_slices(struct search *x)
{
	const size_t share = x->s->memory / 8 / SLICES;
	size_t tokens = 0;

	for (uint32_t i = 0; i < x->s->n; i++) {
		if (!(i & EASE))
			nli_store_ease(x->s->store);
		tokens += row_len(x, i);
	}
	for (size_t k = 0; k < SLICES; k++) {
		struct slice *s = &x->slice[k];

		nli_twice_init(&s->whole, x->s->n / SLICES, share);
		nli_twice_init(&s->without, tokens / SLICES, 3 * share);
		for (int kind = 0; kind < N_KEYS; kind++)
			s->keys[kind] = nli_runs_new(4 * share / N_KEYS);
	}
}

static void end_gathering(struct search *x)
{
	for (size_t k = 0; k < SLICES; k++) {
		for (size_t i = 0; i < SLICES * N_KEYS; i++)
			free(x->part[k].keys[i / N_KEYS][i % N_KEYS].v);
		free(x->part[k].token);
		nli_twice_release(&x->slice[k].whole);
		nli_twice_release(&x->slice[k].without);
	}
	free(x->longs);
}

void nli_one_edit_search(const struct nli_one_edit *s)
{
	struct search x = { .s = s, .name = nli_store_view(s->store, s->name) };

	begin_slices(&x);
	gather(&x, false);
	gather(&x, true);
	end_gathering(&x);
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
