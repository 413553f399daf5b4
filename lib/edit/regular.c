/* regular.c - see regular.h. */
#include "lib/edit/regular.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

/* A bid is raised by this at least: the auction's value is within n b EPSILON of the best. */
static const double EPSILON = 0.02;
/* What a pair to be avoided costs beside the floor: more than any weight can make good. */
static const double POOR = 1000;
/* What is tried for a pair that is to be avoided; passes of exchanges in the end. */
#define NONE UINT32_MAX
enum { TRIES = 4096, PASSES = 4, SWAPS = 64 };

struct held {
	double bid;
	uint32_t item;
};

struct auction {
	const struct nli_regular *p;
	uint32_t *to;      /* (n, b) answers of each item, n_to[i] of them */
	uint32_t *n_to;    /* (n,) */
	uint32_t *outside; /* (n,) units that no candidate is worth its price to */
	struct held *held; /* (n, b) */
	uint32_t *n_held;  /* (n,) */
	double *price; /* (n,) 0 while there is room; then the lowest bid of its holders */
	uint32_t *queue; /* (n,) items that want more, a ring */
	bool *queued;
	size_t head, n_queue;
};

static bool has_class(const struct auction *a, uint32_t i, uint32_t cls, uint32_t but)
{
	const size_t b = a->p->b;

	if (a->p->cls[i] == cls)
		return true;
	for (size_t k = 0; k < a->n_to[i]; k++)
		if (a->to[i * b + k] != but && a->p->cls[a->to[i * b + k]] == cls)
			return true;
	return false;
}

static void enqueue(struct auction *a, uint32_t i)
{
	if (a->queued[i])
		return;
	a->queued[i] = true;
	a->queue[(a->head + a->n_queue++) % a->p->n] = i;
}

static void give_up(struct auction *a, uint32_t i, uint32_t j)
{
	uint32_t *to = a->to + i * a->p->b;
	size_t k = 0;

	while (to[k] != j)
		k++;
	to[k] = to[--a->n_to[i]];
	enqueue(a, i);
}

static size_t lowest(const struct auction *a, uint32_t j)
{
	const struct held *h = a->held + j * a->p->b;
	size_t low = 0;

	for (size_t k = 1; k < a->n_held[j]; k++)
		if (h[k].bid < h[low].bid ||
		    (!(h[low].bid < h[k].bid) && h[k].item > h[low].item))
			low = k;
	return low;
}

static void place(struct auction *a, uint32_t i, uint32_t j, double bid)
{
	struct held *h = a->held + j * a->p->b;
	size_t at = a->n_held[j];

	if (at == a->p->b) {
		at = lowest(a, j);
		give_up(a, h[at].item, j);
	} else {
		a->n_held[j]++;
	}
	h[at] = (struct held){ bid, i };
	if (a->n_held[j] == a->p->b)
		a->price[j] = h[lowest(a, j)].bid;
	a->to[i * a->p->b + a->n_to[i]++] = j;
}

/* One unit for item i: the best at its price, bid up to where the next best is as good. */
static void bid(struct auction *a, uint32_t i)
{
	const struct nli_regular *p = a->p;
	double best = -INFINITY, next = p->floor, at = 0;
	uint32_t j = NONE;

	for (size_t k = p->start[i]; k < p->start[i + 1]; k++) {
		const uint32_t c = p->cand[k];
		const double cost = a->price[c], gain = p->weight[k] - cost;

		if (gain <= next || has_class(a, i, p->cls[c], NONE))
			continue;
		if (gain > best) {
			next = best > next ? best : next;
			best = gain;
			at = cost;
			j = c;
		} else {
			next = gain;
		}
	}
	if (j == NONE || best < p->floor + EPSILON)
		a->outside[i]++;
	else
		place(a, i, j, at + (best - next) + EPSILON);
}

static void run_auction(struct auction *a)
{
	for (uint32_t i = 0; i < a->p->n; i++)
		enqueue(a, i);
	while (a->n_queue) {
		const uint32_t i = a->queue[a->head];

		a->head = (a->head + 1) % a->p->n;
		a->n_queue--;
		a->queued[i] = false;
		while (a->n_to[i] + a->outside[i] < a->p->b)
			bid(a, i);
	}
}

static int falling(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/*
 * The Lagrangian at the prices: each item takes the b best that it sees, an
 * answer outside of its list at the floor less the least price.  By weak duality
 * this bounds every assignment whatever the prices, so it needs no proof that
 * the auction went well.
 */
static double bound(const struct auction *a)
{
	const struct nli_regular *p = a->p;
	double sum = 0, least = INFINITY;
	double *gain = NULL;
	size_t cap = 0;

	for (uint32_t j = 0; j < p->n; j++) {
		sum += (double)p->b * a->price[j];
		least = fmin(least, a->price[j]);
	}
	for (size_t i = 0; i < p->n; i++) {
		const size_t from = p->start[i], n = p->start[i + 1] - from;

		nli_grow(&gain, &cap, n + p->b, sizeof(*gain));
		for (size_t k = 0; k < n; k++)
			gain[k] = p->weight[from + k] - a->price[p->cand[from + k]];
		for (size_t k = 0; k < p->b; k++)
			gain[n + k] = p->floor - least;
		qsort(gain, n + p->b, sizeof(*gain), falling);
		for (size_t k = 0; k < p->b; k++)
			sum += gain[k];
	}
	free(gain);
	return sum;
}

static double pair_weight(const struct nli_regular *p, uint32_t i, uint32_t j,
			  bool *listed)
{
	*listed = true;
	for (size_t k = p->start[i]; k < p->start[i + 1]; k++)
		if (p->cand[k] == j)
			return p->weight[k];
	*listed = false;
	return p->floor - (p->poor && p->poor(p->ctx, i, j) ? POOR : 0);
}

/* May item i have j in place of but (NONE: beside all that it has)? */
static bool fits(const struct auction *a, uint32_t i, uint32_t j, uint32_t but)
{
	return !has_class(a, i, a->p->cls[j], but);
}

static bool is_poor(const struct auction *a, uint32_t i, uint32_t j)
{
	bool listed;

	return pair_weight(a->p, i, j, &listed) < a->p->floor - POOR / 2;
}

/*
 * Give item i the free answer j by way of a slot of another item, which takes j:
 * of the first that can be had, that which costs least.
 */
static bool swap_in(struct auction *a, uint32_t i, uint32_t j, uint64_t chance)
{
	const size_t b = a->p->b, n = a->p->n;
	const size_t first = (size_t)((double)n * nli_unit(nli_mix(chance)));
	size_t best = SIZE_MAX, seen = 0;
	double most = -INFINITY;

	for (size_t t = 0; t < n && seen < SWAPS; t++) {
		const uint32_t other = (uint32_t)((first + t) % n);

		for (size_t k = 0; other != i && k < a->n_to[other]; k++) {
			const uint32_t had = a->to[other * b + k];
			bool listed;
			double gain;

			if (!fits(a, i, had, NONE) || !fits(a, other, j, had))
				continue;
			gain = pair_weight(a->p, i, had, &listed) +
			       pair_weight(a->p, other, j, &listed) -
			       pair_weight(a->p, other, had, &listed);
			seen++;
			if (gain > most) {
				most = gain;
				best = other * b + k;
			}
		}
	}
	if (best == SIZE_MAX)
		return false;
	a->to[i * b + a->n_to[i]++] = a->to[best];
	a->to[best] = j;
	return true;
}

struct unit {
	uint64_t chance;
	uint32_t of;
};

static int by_chance(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;

	if (x->chance != y->chance)
		return x->chance < y->chance ? -1 : 1;
	return x->of < y->of ? -1 : x->of > y->of;
}

/* What each of n lacks of b, a unit at a time, in an order by chance. */
static struct unit *lacking(const struct auction *a, const uint32_t *has, uint64_t salt,
			    size_t *n)
{
	struct unit *u = NULL;
	size_t cap = 0;

	*n = 0;
	for (uint32_t i = 0; i < a->p->n; i++)
		for (size_t k = has[i]; k < a->p->b; k++) {
			nli_grow(&u, &cap, *n + 1, sizeof(*u));
			u[(*n)++] = (struct unit){
				nli_mix(nli_mix(a->p->seed ^ salt) ^ (i * a->p->b + k)), i
			};
		}
	if (*n)
		qsort(u, *n, sizeof(*u), by_chance);
	return u;
}

/* Match what the items lack with what the answers have left.  False if a unit fits nowhere. */
static bool complete(struct auction *a)
{
	size_t n, n_free, n_done = 0;
	struct unit *want = lacking(a, a->n_to, 1, &n);
	struct unit *left = lacking(a, a->n_held, 2, &n_free);
	bool ok = true;

	for (size_t u = 0; ok && u < n; u++) {
		const uint32_t i = want[u].of;
		size_t at = n_done, found = n_free;

		/* A pair to be avoided only if the first TRIES have no other. */
		for (; at < n_free; at++) {
			if (!fits(a, i, left[at].of, NONE))
				continue;
			if (found == n_free)
				found = at;
			if (!is_poor(a, i, left[at].of)) {
				found = at;
				break;
			}
			if (at - n_done > TRIES)
				break;
		}
		if (found < n_free) {
			const struct unit taken = left[found];

			a->to[i * a->p->b + a->n_to[i]++] = taken.of;
			left[found] = left[n_done];
			left[n_done] = taken;
		} else {
			ok = swap_in(a, i, left[n_done].of, want[u].chance);
		}
		n_done++;
	}
	free(want);
	free(left);
	return ok;
}

struct place {
	uint64_t rank; /* within the class */
	uint32_t cls, item;
};

static int by_class(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->cls != y->cls)
		return x->cls < y->cls ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

/*
 * Items in a ring by class; item at place t takes those at t + s floor(n / k),
 * s = 1..b, k = b + 1.  Any two of its k places are at least floor(n / k) apart,
 * and a class is no longer than that, so that no two are of one class.
 */
static void shift(const struct nli_regular *p, uint32_t *to)
{
	struct place *ring = nli_xmalloc(p->n, sizeof(*ring));
	const size_t step = p->n / (p->b + 1);

	for (uint32_t i = 0; i < p->n; i++)
		ring[i] = (struct place){ 0, p->cls[i], i };
	qsort(ring, p->n, sizeof(*ring), by_class);
	for (size_t t = 0; t < p->n; t++)
		for (size_t s = 1; s <= p->b; s++)
			to[ring[t].item * p->b + s - 1] =
				ring[(t + s * step) % p->n].item;
	free(ring);
}

/* Exchange answer k of item i with one of another item, if that makes both better in sum. */
static bool exchange(struct auction *a, uint32_t i, size_t k, uint64_t chance)
{
	const struct nli_regular *p = a->p;
	uint32_t *mine = &a->to[i * p->b + k];
	bool listed;

	for (size_t t = 0; t < TRIES; t++) {
		const double u = nli_unit(nli_mix(chance + t));
		const size_t slot = (size_t)(u * (double)(p->n * p->b));
		const uint32_t other = (uint32_t)(slot / p->b);
		uint32_t *theirs = &a->to[slot];

		if (other == i || !fits(a, i, *theirs, *mine) ||
		    !fits(a, other, *mine, *theirs))
			continue;
		if (pair_weight(p, i, *theirs, &listed) +
			    pair_weight(p, other, *mine, &listed) >
		    pair_weight(p, i, *mine, &listed) +
			    pair_weight(p, other, *theirs, &listed) + POOR / 2) {
			const uint32_t had = *mine;

			*mine = *theirs;
			*theirs = had;
			return true;
		}
	}
	return false;
}

static void mend(struct auction *a)
{
	const size_t b = a->p->b;

	for (uint32_t i = 0; a->p->poor && i < a->p->n; i++)
		for (size_t k = 0; k < b; k++)
			if (is_poor(a, i, a->to[i * b + k]))
				exchange(a, i, k, nli_mix(a->p->seed ^ (i * b + k)));
}

/* Slots in which each answer stands, (n, b): item * b + place. */
static size_t *find_slots(const struct auction *a)
{
	const size_t b = a->p->b, n = a->p->n;
	size_t *slot = nli_xmalloc(n * b, sizeof(*slot));
	uint32_t *n_slot = nli_xcalloc(n, sizeof(*n_slot));

	for (size_t s = 0; s < n * b; s++)
		slot[a->to[s] * b + n_slot[a->to[s]]++] = s;
	free(n_slot);
	return slot;
}

/* Exchange what stands in slot s with a candidate of its item, if both together gain. */
static bool take_candidate(struct auction *a, size_t s, size_t *slot)
{
	const struct nli_regular *p = a->p;
	const uint32_t i = (uint32_t)(s / p->b), had = a->to[s];
	bool listed;
	const double worth = pair_weight(p, i, had, &listed);

	for (size_t k = p->start[i]; k < p->start[i + 1]; k++) {
		const uint32_t want = p->cand[k];

		if (p->weight[k] <= worth || !fits(a, i, want, had))
			continue;
		for (size_t h = want * p->b; h < (want + 1) * p->b; h++) {
			const size_t at = slot[h];
			const uint32_t other = (uint32_t)(at / p->b);
			size_t mine = had * p->b;

			if (other == i || !fits(a, other, had, want) ||
			    p->weight[k] + pair_weight(p, other, had, &listed) <=
				    worth + pair_weight(p, other, want, &listed) + 1e-9)
				continue;
			while (slot[mine] != s)
				mine++;
			slot[mine] = at;
			slot[h] = s;
			a->to[s] = want;
			a->to[at] = had;
			return true;
		}
	}
	return false;
}

/* What was completed with what was left may have cost candidates that others wanted more. */
static void improve(struct auction *a)
{
	size_t *slot = find_slots(a);
	size_t gained = 1;

	for (int pass = 0; gained && pass < PASSES; pass++) {
		gained = 0;
		for (size_t s = 0; s < a->p->n * a->p->b; s++)
			gained += take_candidate(a, s, slot);
	}
	free(slot);
}

static void sum_up(const struct nli_regular *p, struct nli_regular_result *r)
{
	for (uint32_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->b; k++) {
			bool listed;
			double w = pair_weight(p, i, r->to[i * p->b + k], &listed);

			r->listed += listed;
			if (w < p->floor - POOR / 2) {
				r->poor++;
				w += POOR;
			}
			r->value += w;
		}
}

static int check(const struct nli_regular *p, struct nli_err *err)
{
	uint32_t *size;
	uint32_t most = 0;

	if (p->n < p->b + 1)
		return nli_fail(err, NLI_EINVAL,
				"%zu items, wanted at least %zu, since each needs the "
				"answers of %zu others",
				p->n, p->b + 1, p->b);
	size = nli_xcalloc(p->n, sizeof(*size));
	for (size_t i = 0; i < p->n; i++)
		if (++size[p->cls[i]] > most)
			most = size[p->cls[i]];
	free(size);
	if (most > p->n / (p->b + 1))
		return nli_fail(err, NLI_EINVAL,
				"%u of %zu items have the same answer, wanted at most "
				"%zu: it would be two choices of one item",
				most, p->n, p->n / (p->b + 1));
	return 0;
}

int nli_regular_solve(const struct nli_regular *p, struct nli_regular_result *r,
		      struct nli_err *err)
{
	struct auction a = { .p = p };
	const int rc = check(p, err);

	memset(r, 0, sizeof(*r));
	if (rc)
		return rc;
	r->to = a.to = nli_xcalloc(p->n * p->b, sizeof(*a.to));
	a.n_to = nli_xcalloc(p->n, sizeof(*a.n_to));
	a.outside = nli_xcalloc(p->n, sizeof(*a.outside));
	a.held = nli_xcalloc(p->n * p->b, sizeof(*a.held));
	a.n_held = nli_xcalloc(p->n, sizeof(*a.n_held));
	a.price = nli_xcalloc(p->n, sizeof(*a.price));
	a.queue = nli_xcalloc(p->n, sizeof(*a.queue));
	a.queued = nli_xcalloc(p->n, sizeof(*a.queued));
	run_auction(&a);
	r->bound = bound(&a);
	if (!complete(&a)) {
		shift(p, a.to);
		r->shifted = true;
	}
	for (size_t i = 0; i < p->n; i++)
		a.n_to[i] = (uint32_t)p->b;
	mend(&a);
	improve(&a);
	sum_up(p, r);
	free(a.n_to);
	free(a.outside);
	free(a.held);
	free(a.n_held);
	free(a.price);
	free(a.queue);
	free(a.queued);
	return 0;
}

/* How many stay if no class may have more than most. */
static size_t stay(const struct place *p, size_t n, size_t most, bool *keep)
{
	size_t kept = 0, in_class = 0;

	for (size_t t = 0; t < n; t++) {
		in_class = t && p[t].cls == p[t - 1].cls ? in_class + 1 : 1;
		if (keep)
			keep[p[t].item] = in_class <= most;
		kept += in_class <= most;
	}
	return kept;
}

size_t nli_regular_trim(const uint32_t *cls, const uint64_t *rank, size_t n, size_t b,
			bool *keep)
{
	struct place *p = nli_xmalloc(n, sizeof(*p));
	size_t most = n / (b + 1), kept = 0;

	for (uint32_t i = 0; i < n; i++)
		p[i] = (struct place){ rank[i], cls[i], i };
	qsort(p, n, sizeof(*p), by_class);
	/* Fewer may stay, of which then each class may have fewer: down to where it holds. */
	while (most && (kept = stay(p, n, most, NULL)) / (b + 1) < most)
		most = kept / (b + 1);
	kept = stay(p, n, most, keep);
	free(p);
	return kept;
}

void nli_regular_release(struct nli_regular_result *r)
{
	free(r->to);
	memset(r, 0, sizeof(*r));
}
