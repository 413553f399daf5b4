/* oneedit.c - see oneedit.h. */
#include "lib/model/oneedit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/base/radix.h"
#include "lib/model/near.h"
#include "lib/model/set128.h"

struct edge {
	uint32_t i, j;
	float similarity;
};

/* Keys and their items, as radix.h has them. */
struct keys {
	uint64_t *v, *spare;
	size_t n, cap, spare_cap;
};

/* Keys of whole rows; of rows that wait for such; of rows without a token. */
enum { WHOLE, WANTED, WITHOUT, N_KEYS };

/*
 * Pairs compared of late, by their hash: two long rows meet in as many buckets as
 * their keys have hashes in common, and are long to compare.
 */
enum { LATELY = 4096 };

/* One slice: the keys whose hash falls into it, and what was found. */
struct slice {
	struct keys keys[N_KEYS];
	uint64_t *token; /* scratch: a row and its suffix sums */
	size_t token_cap;
	uint64_t compared, *lately; /* lately: (LATELY,) i << 32 | j; 0: none */
	struct edge *edge;
	size_t n_edge, edge_cap;
};

/* Slices at once: not as many as threads, so that memory is the same for all. */
enum { ROUND = 4, SLICE_KEYS = 1 << 21, LEAST_KEYS = 1 << 18 };

struct search {
	const struct nli_one_edit *s;
	size_t first, n_slice;
	struct slice slice[ROUND];
};

/* Items after which memory is let go of, a power of two less one. */
enum { EASE = 16383 };

/* Odd, so that it has an inverse mod 2^64: row x hashes to the sum of x[k] P^k. */
static const uint64_t P = 0xd6e8feb86659fd93u;

static uint64_t inverse_of(uint64_t odd)
{
	uint64_t x = odd; /* right in 3 bits; each step doubles them */

	for (int i = 0; i < 5; i++)
		x *= 2 - odd * x;
	return x;
}

static void put(const struct search *x, struct slice *s, size_t slice, unsigned kind,
		uint64_t key, uint32_t item)
{
	const uint64_t h = nli_mix(key);
	struct keys *k = &s->keys[kind];

	/* By what is sorted by, so that buckets are the same for any number of slices. */
	if ((size_t)((h >> 32) * x->n_slice >> 32) != slice)
		return;
	nli_grow(&k->v, &k->cap, k->n + 1, sizeof(*k->v));
	k->v[k->n++] = (h >> 32) << 32 | item;
}

/*
 * All keys of a row: what is before token i, pre, and behind it, w - pre - x P^i,
 * is the row without it once the latter moved down one place.
 */
static void put_row(const struct search *x, struct slice *s, size_t slice, uint32_t item,
		    const uint64_t *token, size_t n)
{
	const uint64_t down = inverse_of(P);
	uint64_t w = 0, pre = 0, power = 1;

	for (size_t i = 0; i < n; i++, power *= P)
		w += token[i] * power;
	put(x, s, slice, WHOLE, w + n, item);
	power = 1;
	for (size_t i = 0; i < n && n > 1; i++, power *= P) {
		const uint64_t here = token[i] * power, rest = w - pre - here;

		put(x, s, slice, WITHOUT, (w - here) ^ nli_mix(i << 32 ^ n), item);
		/* Of equal neighbours either gives the same row. */
		if (!i || token[i] != token[i - 1])
			put(x, s, slice, WANTED, pre + rest * down + (n - 1), item);
		if (i + 1 < n && token[i] < token[i + 1])
			put(x, s, slice, WANTED,
			    w + (token[i + 1] - token[i]) * (power - power * P) + n,
			    item);
		pre += here;
	}
}

static void gather(const struct search *x, struct slice *s, size_t slice)
{
	for (uint32_t i = 0; i < x->s->n; i++) {
		const uint64_t *from[2];
		size_t n[2];

		if (!(i & EASE))
			nli_store_ease(x->s->store);
		x->s->tokens(x->s->ctx, i, from, n);
		if (!n[1]) {
			put_row(x, s, slice, i, from[0], n[0]);
			continue;
		}
		/* A mark between the two, which no token is. */
		nli_grow(&s->token, &s->token_cap, n[0] + 1 + n[1], sizeof(*s->token));
		for (size_t k = 0; k < n[0]; k++)
			s->token[k] = from[0][k];
		s->token[n[0]] = P;
		for (size_t k = 0; k < n[1]; k++)
			s->token[n[0] + 1 + k] = from[1][k];
		put_row(x, s, slice, i, s->token, n[0] + 1 + n[1]);
	}
}

static void compare(const struct search *x, struct slice *s, uint32_t a, uint32_t b)
{
	const uint32_t i = a < b ? a : b, j = a < b ? b : a;
	const uint64_t pair = (uint64_t)i << 32 | j;
	uint64_t *seen = &s->lately[nli_mix(pair) % LATELY];
	float similarity;

	if (i == j || *seen == pair)
		return;
	*seen = pair;
	similarity = x->s->compare(x->s->ctx, i, j);
	if (!(++s->compared & EASE))
		nli_store_ease(x->s->store);
	if (similarity < 0)
		return;
	nli_grow(&s->edge, &s->edge_cap, s->n_edge + 1, sizeof(*s->edge));
	s->edge[s->n_edge++] = (struct edge){ i, j, similarity };
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

/* The items of a stretch by name; the caller frees them. */
static struct place *places(const struct search *x, const uint64_t *from, size_t n)
{
	struct place *p = nli_xmalloc(n, sizeof(*p));

	for (size_t i = 0; i < n; i++)
		p[i] = (struct place){ x->s->name[(uint32_t)from[i]], (uint32_t)from[i] };
	qsort(p, n, sizeof(*p), by_name);
	return p;
}

/* Items that are alike without one token: all pairs, or too many for that. */
static void join_alike(const struct search *x, struct slice *s, const uint64_t *from,
		       size_t n)
{
	const size_t reach = n > NLI_BUCKET ? NLI_REACH : n;
	struct place *p;

	if (n < 2)
		return;
	if (reach == n) {
		for (size_t i = 0; i < n; i++)
			for (size_t k = i + 1; k < n; k++)
				compare(x, s, (uint32_t)from[i], (uint32_t)from[k]);
		return;
	}
	p = places(x, from, n);
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n && k <= i + reach; k++)
			compare(x, s, p[i].item, p[k].item);
	free(p);
}

/*
 * Whole rows and those that want them.  There is one whole row, but where items
 * of other texts have the same tokens; then the first few by name stand for all.
 */
static void join_wanted(const struct search *x, struct slice *s, const uint64_t *whole,
			size_t n, const uint64_t *wanted, size_t m)
{
	struct place *p = n > NLI_REACH ? places(x, whole, n) : NULL;

	for (size_t i = 0; i < n && i < NLI_REACH; i++)
		for (size_t k = 0; k < m; k++)
			compare(x, s, p ? p[i].item : (uint32_t)whole[i],
				(uint32_t)wanted[k]);
	free(p);
}

static void join_slice(const struct search *x, struct slice *s)
{
	const struct keys *a = &s->keys[WHOLE], *b = &s->keys[WANTED],
			  *c = &s->keys[WITHOUT];
	const uint64_t *p = a->v, *q = b->v, *next, *after;

	while (p < a->v + a->n && q < b->v + b->n) {
		if (*p >> 32 == *q >> 32) {
			next = nli_radix_end(p, a->v + a->n);
			after = nli_radix_end(q, b->v + b->n);
			join_wanted(x, s, p, (size_t)(next - p), q, (size_t)(after - q));
			p = next;
			q = after;
		} else if (*p < *q) {
			p++;
		} else {
			q++;
		}
	}
	for (p = c->v; p < c->v + c->n; p = next) {
		next = nli_radix_end(p, c->v + c->n);
		join_alike(x, s, p, (size_t)(next - p));
	}
}

static void run_slice(void *ctx, size_t part)
{
	struct search *x = ctx;
	struct slice *s = &x->slice[part];

	s->n_edge = 0;
	for (int k = 0; k < N_KEYS; k++)
		s->keys[k].n = 0;
	if (x->first + part >= x->n_slice)
		return;
	if (!s->lately)
		s->lately = nli_xmalloc(LATELY, sizeof(*s->lately));
	memset(s->lately, 0, LATELY * sizeof(*s->lately));
	gather(x, s, x->first + part);
	for (int k = 0; k < N_KEYS; k++) {
		struct keys *keys = &s->keys[k];

		if (keys->n < 2)
			continue;
		nli_grow(&keys->spare, &keys->spare_cap, keys->cap, sizeof(*keys->v));
		nli_radix_sort(&keys->v, &keys->spare, keys->n);
		keys->cap = keys->spare_cap =
			keys->cap < keys->spare_cap ? keys->cap : keys->spare_cap;
	}
	join_slice(x, s);
}

/* A slice's keys and the space to sort them take 16 bytes each: a quarter of all. */
static size_t slice_keys(size_t memory)
{
	const size_t keys = memory / (4 * ROUND * 16);

	return !memory || keys > SLICE_KEYS ? SLICE_KEYS
	       : keys < LEAST_KEYS          ? LEAST_KEYS
					    : keys;
}

void nli_one_edit_search(const struct nli_one_edit *s)
{
	struct search x = { .s = s };

	x.n_slice = (size_t)((3 * s->n_token + s->n) / slice_keys(s->memory)) + 1;
	for (; x.first < x.n_slice; x.first += ROUND) {
		nli_par(s->jobs, ROUND, run_slice, &x);
		for (size_t k = 0; k < ROUND; k++)
			for (size_t i = 0; i < x.slice[k].n_edge; i++) {
				const struct edge *e = &x.slice[k].edge[i];

				s->found(s->ctx, e->i, e->j, e->similarity);
			}
	}
	for (size_t k = 0; k < ROUND; k++) {
		for (int i = 0; i < N_KEYS; i++) {
			free(x.slice[k].keys[i].v);
			free(x.slice[k].keys[i].spare);
		}
		free(x.slice[k].token);
		free(x.slice[k].edge);
		free(x.slice[k].lately);
	}
}
