/* near.c - see near.h. */
#include "lib/model/near.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/base/radix.h"
#include "lib/base/runs.h"
#include "lib/base/twice.h"

struct edge {
	uint32_t i, j;
	float similarity;
};

/* A stretch of whole buckets of one band, and what was found in it. */
struct task {
	unsigned band;
	const uint64_t *from, *to;
	struct edge *edge; /* owns */
	size_t n, cap;
};

/*
 * Bands at once, and stretches a band.  Not as many bands as threads: what is
 * settled after a round must not depend on these.
 */
enum { ROUND = 4, CHUNKS = 32 };

/* Buckets after which memory is let go of, a power of two less one. */
enum { EASE = 255 };

struct search {
	const struct nli_near *s;
	struct nli_view sig, name, crowds; /* crowds: of crowded */
	uint32_t *
		crowded; /* (n,) bit b: the item's bucket of band b is too large for all pairs */
	unsigned first, n_band;        /* the bands of this round */
	struct nli_twice twice[ROUND]; /* the keys of each of them */
	uint32_t *key[ROUND];          /* (n,) the same one by one */
	/* (n_sorted,) key << 32 | item, of items that may share it; or, on disk, */
	uint64_t *sorted[ROUND], *spare[ROUND];
	size_t n_sorted[ROUND];
	struct nli_runs *runs[ROUND];
	struct task *task; /* (ROUND * CHUNKS,) */
};

static size_t place_of(const struct nli_near *s, uint32_t item)
{
	return s->at ? s->at[item] : item;
}

static void get_sig(const struct search *x, uint32_t item, struct nli_sig *to)
{
	nli_view_read(&x->sig, place_of(x->s, item) * sizeof(*to), sizeof(*to), to);
}

/* The round's keys of some items: bands that stand beside each other, read once for all. */
static void copy_keys(void *ctx, size_t part)
{
	struct search *x = ctx;
	const uint64_t n = x->s->n;

	for (uint64_t i = n * part / CHUNKS; i < n * (part + 1) / CHUNKS; i++) {
		const struct nli_sig *sig = &x->s->sig[place_of(x->s, (uint32_t)i)];

		for (unsigned k = 0; k < ROUND; k++)
			x->key[k][i] = nli_sig_band(sig, x->first + k);
	}
}

static void sort_band(void *ctx, size_t part)
{
	struct search *x = ctx;
	struct nli_twice *t = &x->twice[part];
	const uint32_t *key = x->key[part];
	uint64_t *v = x->sorted[part];
	size_t n = 0;

	nli_twice_clear(t);
	for (size_t i = 0; i < x->s->n; i++)
		nli_twice_add(t, key[i]);
	for (size_t i = 0; i < x->s->n; i++) {
		v[n] = (uint64_t)key[i] << 32 | i;
		n += nli_twice_again(t, key[i]);
	}
	x->n_sorted[part] = n;
	nli_radix_sort(&x->sorted[part], &x->spare[part], n);
}

static void mark_crowded(struct search *x)
{
	for (unsigned k = 0; k < ROUND; k++) {
		const uint64_t *at = x->sorted[k], *end = at + x->n_sorted[k];

		while (at < end) {
			const uint64_t *next = nli_radix_end(at, end);

			const bool many = next - at > NLI_BUCKET;

			for (; many && at < next; at++)
				x->crowded[(uint32_t)*at] |= (uint32_t)1
							     << (x->first + k);
			at = next;
		}
	}
}

static void add_edge(const struct search *x, struct task *t, uint32_t i, uint32_t j,
		     float similarity)
{
	nli_store_grow(x->s->store, &t->edge, &t->cap, t->n + 1, sizeof(*t->edge));
	t->edge[t->n++] = (struct edge){ i < j ? i : j, i < j ? j : i, similarity };
}

/* The items of a bucket, or some in a row of a crowded one, beside each other in memory. */
struct bucket {
	uint32_t item[NLI_BUCKET];
	struct nli_sig sig[NLI_BUCKET];
	uint32_t crowded[NLI_BUCKET]; /* of each item, see struct search */
	uint32_t hit[NLI_BUCKET];
	bool loaded[NLI_BUCKET];
	char *slot; /* (NLI_BUCKET,) what load() made of those that are loaded */
	size_t n;
};

static struct bucket *bucket_new(const struct search *x)
{
	struct bucket *b = nli_xcalloc(1, sizeof(*b));

	b->slot = nli_xmalloc(NLI_BUCKET, x->s->slot);
	return b;
}

static void bucket_free(struct bucket *b)
{
	free(b->slot);
	free(b);
}

/* sig: the item's, or NULL. */
static void bucket_add(const struct search *x, struct bucket *b, uint32_t item,
		       const struct nli_sig *sig)
{
	b->item[b->n] = item;
	b->loaded[b->n] = false;
	if (sig)
		b->sig[b->n] = *sig;
	else
		get_sig(x, item, &b->sig[b->n]);
	nli_view_read(&x->crowds, item * sizeof(*b->crowded), sizeof(*b->crowded),
		      &b->crowded[b->n]);
	b->n++;
}

static void *loaded(const struct search *x, struct bucket *b, size_t p)
{
	void *slot = b->slot + p * x->s->slot;

	if (!b->loaded[p])
		x->s->load(x->s->ctx, b->item[p], slot);
	b->loaded[p] = true;
	return slot;
}

/* Forget the first n items. */
static void bucket_forget(const struct search *x, struct bucket *b, size_t n)
{
	const size_t left = b->n - n;

	for (size_t p = 0; p < n; p++)
		if (b->loaded[p])
			x->s->unload(x->s->ctx, loaded(x, b, p));
	memmove(b->item, b->item + n, left * sizeof(*b->item));
	memmove(b->sig, b->sig + n, left * sizeof(*b->sig));
	memmove(b->crowded, b->crowded + n, left * sizeof(*b->crowded));
	memmove(b->loaded, b->loaded + n, left * sizeof(*b->loaded));
	memmove(b->slot, b->slot + n * x->s->slot, left * x->s->slot);
	b->n = left;
}

/* Were items p and q compared already, as two of all pairs of a band before this one? */
static bool seen_before(const struct bucket *b, size_t p, size_t q, unsigned band)
{
	for (unsigned k = 0; k < band; k++)
		if (nli_sig_band(&b->sig[p], k) == nli_sig_band(&b->sig[q], k) &&
		    !(b->crowded[p] >> k & 1))
			return true;
	return false;
}

/* Compare item p with those from p + 1 up to end. */
static void compare_one(const struct search *x, struct task *t, struct bucket *b,
			size_t p, size_t end, bool again)
{
	const struct nli_near *s = x->s;
	const size_t n = nli_sig_scan(&b->sig[p], &b->sig[p + 1], end - p - 1,
				      nli_sig_least(s->least), b->hit);

	for (size_t k = 0; k < n; k++) {
		const size_t q = p + 1 + b->hit[k];
		void *one, *other;
		float similarity;

		if (!again && seen_before(b, p, q, t->band))
			continue;
		one = loaded(x, b, p);
		other = loaded(x, b, q);
		if (again && s->settled(s->ctx, one, other))
			continue;
		similarity = s->compare(s->ctx, one, other);
		if (similarity >= 0)
			add_edge(x, t, b->item[p], b->item[q], similarity);
	}
}

static void compare_all(const struct search *x, struct task *t, struct bucket *b)
{
	for (size_t p = 0; p + 1 < b->n; p++)
		compare_one(x, t, b, p, b->n, false);
	bucket_forget(x, b, b->n);
}

static void small_bucket(const struct search *x, struct task *t, struct bucket *b,
			 const uint64_t *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bucket_add(x, b, (uint32_t)from[i], NULL);
	compare_all(x, t, b);
}

/* What sorts a crowded bucket: the three bands that follow, then the name. */
struct place {
	uint32_t next[3], item;
	struct nli_hash128 name;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	for (int k = 0; k < 3; k++)
		if (x->next[k] != y->next[k])
			return x->next[k] < y->next[k] ? -1 : 1;
	if (x->name.hi != y->name.hi)
		return x->name.hi < y->name.hi ? -1 : 1;
	return (x->name.lo > y->name.lo) - (x->name.lo < y->name.lo);
}

static void crowded_bucket(const struct search *x, struct task *t, struct bucket *b,
			   const uint64_t *from, size_t n)
{
	struct place *place = nli_xmalloc(n, sizeof(*place));
	for (size_t i = 0; i < n; i++) {
		const uint32_t item = (uint32_t)from[i];
		struct nli_sig sig;

		get_sig(x, item, &sig);
		for (unsigned k = 0; k < 3; k++)
			place[i].next[k] =
				nli_sig_band(&sig, (t->band + 1 + k) % NLI_BANDS);
		place[i].item = item;
		nli_view_read(&x->name, item * sizeof(place[i].name),
			      sizeof(place[i].name), &place[i].name);
	}
	qsort(place, n, sizeof(*place), by_place);
	for (size_t i = 0; i < n; i++) {
		bucket_add(x, b, place[i].item, NULL);
		if (b->n <= NLI_REACH)
			continue;
		compare_one(x, t, b, 0, b->n, true);
		bucket_forget(x, b, 1);
	}
	for (size_t p = 0; p + 1 < b->n; p++)
		compare_one(x, t, b, p, b->n, true);
	bucket_forget(x, b, b->n);
	free(place);
}

/* How many items before a signature is read it is asked for. */
enum { AHEAD = 16 };

/* Inline: gcc 12 takes a function of prefetches alone for one that does nothing. */
static inline __attribute__((always_inline)) void expect_sig(const struct search *x,
							     uint32_t item)
{
	const char *at = (const char *)&x->s->sig[place_of(x->s, item)];

	__builtin_prefetch(at);
	__builtin_prefetch(at + 64);
}

static void run_task(void *ctx, size_t part)
{
	struct search *x = ctx;
	struct task *t = &x->task[part];
	struct bucket *b = bucket_new(x);

	for (const uint64_t *at = t->from, *soon = at; at < t->to;) {
		const uint64_t *next = nli_radix_end(at, t->to);
		const size_t n = (size_t)(next - at);

		for (; soon < t->to && soon < next + AHEAD; soon++)
			expect_sig(x, (uint32_t)*soon);
		if (n > NLI_BUCKET)
			crowded_bucket(x, t, b, at, n);
		else if (n > 1)
			small_bucket(x, t, b, at, n);
		at = next;
	}
	bucket_free(b);
}

/* Cut each band into stretches that end where a bucket does. */
static void make_tasks(struct search *x)
{
	for (unsigned k = 0; k < ROUND; k++) {
		const size_t n = x->n_sorted[k];
		const uint64_t *const all = x->sorted[k], *const end = all + n;
		const uint64_t *from = all;

		for (size_t c = 0; c < CHUNKS; c++) {
			struct task *t = &x->task[k * CHUNKS + c];
			const uint64_t *to = all + n * (c + 1) / CHUNKS;

			if (to < from)
				to = from;
			if (to > all && to < end)
				to = nli_radix_end(to - 1, end);
			t->band = x->first + k;
			t->from = from;
			t->to = from = to;
			t->n = 0;
		}
	}
}

static void tell(struct search *x)
{
	for (size_t i = 0; i < ROUND * CHUNKS; i++) {
		for (size_t k = 0; k < x->task[i].n; k++) {
			const struct edge *e = &x->task[i].edge[k];

			x->s->found(x->s->ctx, e->i, e->j, e->similarity);
			if (!(k & EASE))
				nli_store_ease(x->s->store);
		}
		x->task[i].n = 0;
	}
}

static void round_in_memory(struct search *x)
{
	nli_par(x->s->jobs, CHUNKS, copy_keys, x);
	nli_par(x->s->jobs, ROUND, sort_band, x);
	mark_crowded(x);
	make_tasks(x);
	nli_par(x->s->jobs, ROUND * CHUNKS, run_task, x);
}

/* Call of each key of the round, item after item. */
static void each_key(struct search *x, void (*take)(struct search *, unsigned k,
						    uint32_t key, uint32_t item))
{
	for (uint32_t i = 0; i < x->s->n; i++) {
		for (unsigned k = 0; k < ROUND; k++)
			take(x, k, nli_sig_band(&x->s->sig[i], x->first + k), i);
		if (!(i & EASE))
			nli_store_ease(x->s->store);
	}
}

static void note_key(struct search *x, unsigned k, uint32_t key, uint32_t item)
{
	(void)item;
	nli_twice_add(&x->twice[k], key);
}

static void keep_key(struct search *x, unsigned k, uint32_t key, uint32_t item)
{
	if (nli_twice_again(&x->twice[k], key))
		nli_runs_add(x->runs[k], (uint64_t)key << 32 | item);
}

/*
 * The keys of the round's bands that several may share, sorted on disk as far as need
 * be: half of the memory is for telling which these are.
 */
static void gather_bands(struct search *x)
{
	const size_t share = x->s->memory / ROUND / 2;

	for (unsigned k = 0; k < ROUND; k++) {
		nli_twice_init(&x->twice[k], x->s->n, share);
		x->runs[k] = nli_runs_new(share);
	}
	each_key(x, note_key);
	each_key(x, keep_key);
	for (unsigned k = 0; k < ROUND; k++)
		nli_twice_release(&x->twice[k]);
}

/* As mark_crowded(), of one band. */
static void mark_runs(struct search *x, unsigned k)
{
	uint32_t few[NLI_BUCKET];
	uint64_t v, before = 0;
	size_t n = 0, done = 0;

	nli_runs_sort(x->runs[k]);
	for (; nli_runs_next(x->runs[k], &v); before = v) {
		const uint32_t bit = (uint32_t)1 << (x->first + k);

		n = n && v >> 32 == before >> 32 ? n + 1 : 1;
		if (n <= NLI_BUCKET) {
			few[n - 1] = (uint32_t)v;
			continue;
		}
		for (size_t i = 0; n == NLI_BUCKET + 1 && i < NLI_BUCKET; i++)
			x->crowded[few[i]] |= bit;
		x->crowded[(uint32_t)v] |= bit;
		if (!(++done & EASE))
			nli_store_ease(x->s->store);
	}
}

/*
 * Small buckets of a band, as many as there is memory for their signatures: these are
 * read from the file together, in its order.
 */
struct batch {
	uint32_t *item;      /* (n,) the items of one bucket after those of another */
	uint32_t *end;       /* (n_bucket,) of each bucket, in item */
	struct nli_sig *sig; /* (n,) */
	size_t n, n_bucket, cap;
	unsigned band;
	struct search *x;
};

/* Of a batch: its arrays, and what nli_view_gather() takes. */
enum { MEMBER_BYTES = sizeof(struct nli_sig) + 4 + 4 + 8, MOST_MEMBERS = 1 << 24 };

static struct batch batch_new(struct search *x)
{
	const size_t fit = x->s->memory / MEMBER_BYTES;
	struct batch b = { .x = x };

	b.cap = fit < NLI_BUCKET ? NLI_BUCKET : fit < MOST_MEMBERS ? fit : MOST_MEMBERS;
	b.item = nli_xmalloc(b.cap, sizeof(*b.item));
	b.end = nli_xmalloc(b.cap, sizeof(*b.end));
	b.sig = nli_xmalloc(b.cap, sizeof(*b.sig));
	return b;
}

static void batch_free(struct batch *b)
{
	free(b->item);
	free(b->end);
	free(b->sig);
}

/* A share of the batch's buckets. */
static void run_share(void *ctx, size_t part)
{
	const struct batch *g = ctx;
	struct task *t = &g->x->task[part];
	struct bucket *b = bucket_new(g->x);

	t->band = g->band;
	for (size_t k = g->n_bucket * part / CHUNKS;
	     k < g->n_bucket * (part + 1) / CHUNKS; k++) {
		for (size_t i = k ? g->end[k - 1] : 0; i < g->end[k]; i++)
			bucket_add(g->x, b, g->item[i], &g->sig[i]);
		compare_all(g->x, t, b);
	}
	bucket_free(b);
}

static void run_batch(struct batch *g)
{
	nli_view_gather(&g->x->sig, sizeof(*g->sig), g->item, g->n, g->sig);
	nli_par(g->x->s->jobs, CHUNKS, run_share, g);
	g->n = g->n_bucket = 0;
}

static void end_bucket(struct batch *g, struct bucket *b, const uint64_t *v, size_t n)
{
	if (n > NLI_BUCKET) {
		struct task *t = &g->x->task[0];

		t->band = g->band;
		crowded_bucket(g->x, t, b, v, n);
	} else if (n > 1) {
		if (g->n + n > g->cap)
			run_batch(g);
		for (size_t i = 0; i < n; i++)
			g->item[g->n++] = (uint32_t)v[i];
		g->end[g->n_bucket++] = (uint32_t)g->n;
	}
}

static void run_band(struct batch *g, struct nli_runs *runs)
{
	struct bucket *b = bucket_new(g->x);
	uint64_t *v = NULL, next;
	size_t n = 0, cap = 0;

	nli_runs_sort(runs);
	while (nli_runs_next(runs, &next)) {
		if (n && next >> 32 != v[0] >> 32) {
			end_bucket(g, b, v, n);
			n = 0;
		}
		nli_grow(&v, &cap, n + 1, sizeof(*v));
		v[n++] = next;
	}
	end_bucket(g, b, v, n);
	run_batch(g);
	nli_runs_free(runs);
	free(v);
	bucket_free(b);
}

static void round_on_disk(struct search *x)
{
	struct batch g;

	gather_bands(x);
	for (unsigned k = 0; k < ROUND; k++)
		mark_runs(x, k);
	g = batch_new(x);
	for (unsigned k = 0; k < ROUND; k++) {
		g.band = x->first + k;
		run_band(&g, x->runs[k]);
	}
	batch_free(&g);
}

void nli_near_search(const struct nli_near *s)
{
	struct search x = { .s = s };

	if (s->n < 2)
		return;
	x.crowded = nli_store_calloc(s->store, s->n, sizeof(*x.crowded));
	x.task = nli_xcalloc(ROUND * CHUNKS, sizeof(*x.task));
	x.sig = nli_store_view(s->store, s->sig);
	x.name = nli_store_view(s->store, s->name);
	x.crowds = nli_store_view(s->store, x.crowded);
	for (unsigned k = 0; k < ROUND && !s->store; k++) {
		/* One more than there are: the last that is put there and not kept. */
		x.sorted[k] = nli_xmalloc(s->n + 1, sizeof(uint64_t));
		x.spare[k] = nli_xmalloc(s->n + 1, sizeof(uint64_t));
		x.key[k] = nli_xmalloc(s->n, sizeof(*x.key[k]));
		nli_twice_init(&x.twice[k], s->n, 0);
	}
	_Static_assert(NLI_BANDS % ROUND == 0, "whole rounds");
	for (; x.first < NLI_BANDS; x.first += ROUND) {
		if (s->store)
			round_on_disk(&x);
		else
			round_in_memory(&x);
		tell(&x);
		nli_store_ease(s->store);
	}
	for (size_t i = 0; i < ROUND * CHUNKS; i++)
		nli_store_drop(s->store, x.task[i].edge);
	for (unsigned k = 0; k < ROUND; k++) {
		free(x.key[k]);
		free(x.sorted[k]);
		free(x.spare[k]);
		nli_twice_release(&x.twice[k]);
	}
	free(x.task);
	nli_store_drop(s->store, x.crowded);
}
