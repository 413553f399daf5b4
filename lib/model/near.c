/* near.c - see near.h. */
#include "lib/model/near.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/base/radix.h"

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
enum { EASE = 16383 };

struct search {
	const struct nli_near *s;
	uint32_t *
		crowded; /* (n,) bit b: the item's bucket of band b is too large for all pairs */
	unsigned first, n_band;                 /* the bands of this round */
	uint64_t *sorted[ROUND], *spare[ROUND]; /* (n,) key << 32 | item */
	struct task *task;                      /* (ROUND * CHUNKS,) */
};

static const struct nli_sig *sig_of(const struct nli_near *s, uint32_t item)
{
	return &s->sig[s->at ? s->at[item] : item];
}

static void sort_band(void *ctx, size_t part)
{
	struct search *x = ctx;
	const unsigned band = x->first + (unsigned)part;
	uint64_t *v = x->sorted[part];

	for (uint32_t i = 0; i < x->s->n; i++) {
		v[i] = (uint64_t)nli_sig_band(sig_of(x->s, i), band) << 32 | i;
		if (!(i & EASE))
			nli_store_ease(x->s->store);
	}
	nli_radix_sort(&x->sorted[part], &x->spare[part], x->s->n);
	nli_store_ease(x->s->store);
}

static void mark_crowded(struct search *x)
{
	for (unsigned k = 0; k < ROUND; k++) {
		const uint64_t *at = x->sorted[k], *end = at + x->s->n;

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

static void add_edge(struct task *t, uint32_t i, uint32_t j, float similarity)
{
	nli_grow(&t->edge, &t->cap, t->n + 1, sizeof(*t->edge));
	t->edge[t->n++] = (struct edge){ i < j ? i : j, i < j ? j : i, similarity };
}

/* The items of a bucket beside each other in memory. */
struct bucket {
	uint32_t item[NLI_BUCKET + 1];
	struct nli_sig sig[NLI_BUCKET + 1];
	uint32_t hit[NLI_BUCKET + 1];
	size_t n;
};

static void fill_bucket(const struct search *x, struct bucket *b, const uint64_t *from,
			size_t n)
{
	for (size_t i = 0; i < n; i++) {
		b->item[i] = (uint32_t)from[i];
		b->sig[i] = *sig_of(x->s, b->item[i]);
	}
	b->n = n;
}

/* Were items p and q compared already, as two of all pairs of a band before this one? */
static bool seen_before(const struct search *x, const struct bucket *b, size_t p,
			size_t q, unsigned band)
{
	const uint32_t crowded = x->crowded[b->item[p]];

	for (unsigned k = 0; k < band; k++)
		if (nli_sig_band(&b->sig[p], k) == nli_sig_band(&b->sig[q], k) &&
		    !(crowded >> k & 1))
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
		float similarity;

		if (again ? s->settled(s->ctx, b->item[p], b->item[q])
			  : seen_before(x, b, p, q, t->band))
			continue;
		similarity = s->compare(s->ctx, b->item[p], b->item[q]);
		if (similarity >= 0)
			add_edge(t, b->item[p], b->item[q], similarity);
	}
}

static void small_bucket(const struct search *x, struct task *t, struct bucket *b,
			 const uint64_t *from, size_t n)
{
	fill_bucket(x, b, from, n);
	for (size_t p = 0; p + 1 < n; p++)
		compare_one(x, t, b, p, n, false);
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
	uint64_t window[NLI_REACH + 1];

	for (size_t i = 0; i < n; i++) {
		const uint32_t item = (uint32_t)from[i];
		const struct nli_sig *sig = sig_of(x->s, item);

		for (unsigned k = 0; k < 3; k++)
			place[i].next[k] =
				nli_sig_band(sig, (t->band + 1 + k) % NLI_BANDS);
		place[i].item = item;
		place[i].name = x->s->name[item];
	}
	qsort(place, n, sizeof(*place), by_place);
	for (size_t i = 0; i + 1 < n; i++) {
		const size_t m = n - i <= NLI_REACH ? n - i : NLI_REACH + 1;

		for (size_t k = 0; k < m; k++)
			window[k] = place[i + k].item;
		fill_bucket(x, b, window, m);
		compare_one(x, t, b, 0, m, true);
	}
	free(place);
}

static void run_task(void *ctx, size_t part)
{
	struct search *x = ctx;
	struct task *t = &x->task[part];
	struct bucket *b = nli_xmalloc(1, sizeof(*b));
	size_t done = 0;

	for (const uint64_t *at = t->from; at < t->to;) {
		const uint64_t *next = nli_radix_end(at, t->to);
		const size_t n = (size_t)(next - at);

		if (n > NLI_BUCKET)
			crowded_bucket(x, t, b, at, n);
		else if (n > 1)
			small_bucket(x, t, b, at, n);
		at = next;
		if (!(++done & EASE))
			nli_store_ease(x->s->store);
	}
	free(b);
}

/* Cut each band into stretches that end where a bucket does. */
static void make_tasks(struct search *x)
{
	for (unsigned k = 0; k < ROUND; k++) {
		const uint64_t *const all = x->sorted[k], *const end = all + x->s->n;
		const uint64_t *from = all;

		for (size_t c = 0; c < CHUNKS; c++) {
			struct task *t = &x->task[k * CHUNKS + c];
			const uint64_t *to = all + x->s->n * (c + 1) / CHUNKS;

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
	for (size_t i = 0; i < ROUND * CHUNKS; i++)
		for (size_t k = 0; k < x->task[i].n; k++) {
			const struct edge *e = &x->task[i].edge[k];

			x->s->found(x->s->ctx, e->i, e->j, e->similarity);
		}
}

void nli_near_search(const struct nli_near *s)
{
	struct search x = { .s = s };

	if (s->n < 2)
		return;
	x.crowded = nli_store_calloc(s->store, s->n, sizeof(*x.crowded));
	x.task = nli_xcalloc(ROUND * CHUNKS, sizeof(*x.task));
	for (unsigned k = 0; k < ROUND; k++) {
		x.sorted[k] = nli_store_calloc(s->store, s->n, sizeof(uint64_t));
		x.spare[k] = nli_store_calloc(s->store, s->n, sizeof(uint64_t));
	}
	_Static_assert(NLI_BANDS % ROUND == 0, "whole rounds");
	for (x.first = 0; x.first < NLI_BANDS; x.first += ROUND) {
		nli_par(s->jobs, ROUND, sort_band, &x);
		mark_crowded(&x);
		make_tasks(&x);
		nli_par(s->jobs, ROUND * CHUNKS, run_task, &x);
		tell(&x);
		nli_store_ease(s->store);
	}
	for (size_t i = 0; i < ROUND * CHUNKS; i++)
		free(x.task[i].edge);
	for (unsigned k = 0; k < ROUND; k++) {
		nli_store_drop(s->store, x.sorted[k]);
		nli_store_drop(s->store, x.spare[k]);
	}
	free(x.task);
	nli_store_drop(s->store, x.crowded);
}
