/* crowd.c - see crowd.h. */
#include "lib/crowd/crowd.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

/* Rows that came before the first weight or time get the neutral one. */
static void begin_weights(struct nli_crowd_rows *r)
{
	nli_grow(&r->weight, &r->weight_cap, r->n + 1, sizeof(*r->weight));
	for (size_t i = 0; i < r->n; i++)
		r->weight[i] = 1;
}

static void begin_times(struct nli_crowd_rows *r)
{
	nli_grow(&r->time, &r->time_cap, r->n + 1, sizeof(*r->time));
	for (size_t i = 0; i < r->n; i++)
		r->time[i] = NLI_CROWD_NO_TIME;
}

void nli_crowd_rows_add(struct nli_crowd_rows *r, uint32_t item, uint32_t worker,
			uint8_t label)
{
	const size_t at = r->n;

	if (at == r->item_cap) {
		nli_grow(&r->item, &r->item_cap, at + 1, sizeof(*r->item));
		nli_grow(&r->worker, &r->worker_cap, at + 1, sizeof(*r->worker));
		nli_grow(&r->label, &r->label_cap, at + 1, sizeof(*r->label));
	}
	r->item[at] = item;
	r->worker[at] = worker;
	r->label[at] = label;
	if (r->weight) {
		nli_grow(&r->weight, &r->weight_cap, at + 1, sizeof(*r->weight));
		r->weight[at] = 1;
	}
	if (r->time) {
		nli_grow(&r->time, &r->time_cap, at + 1, sizeof(*r->time));
		r->time[at] = NLI_CROWD_NO_TIME;
	}
	r->n++;
}

void nli_crowd_rows_add_full(struct nli_crowd_rows *r, uint32_t item, uint32_t worker,
			     uint8_t label, float weight, int64_t time)
{
	if (weight != 1 && !r->weight)
		begin_weights(r);
	if (time != NLI_CROWD_NO_TIME && !r->time)
		begin_times(r);
	nli_crowd_rows_add(r, item, worker, label);
	if (r->weight)
		r->weight[r->n - 1] = weight;
	if (r->time)
		r->time[r->n - 1] = time;
}

void nli_crowd_rows_release(struct nli_crowd_rows *r)
{
	free(r->item);
	free(r->worker);
	free(r->label);
	free(r->weight);
	free(r->time);
	memset(r, 0, sizeof(*r));
}

static int check_sizes(const struct nli_crowd_rows *r, uint32_t n_class,
		       struct nli_err *err)
{
	if (!r->n)
		return nli_fail(err, NLI_EINVAL, "no annotation");
	if (n_class < 1 || n_class > NLI_CROWD_MAX_CLASS)
		return nli_fail(err, NLI_EINVAL, "%u classes, not 1..%d",
				(unsigned)n_class, NLI_CROWD_MAX_CLASS);
	return 0;
}

/* Where each item's rows begin, by counting; rows are held against the sizes on the way. */
static int count_items(struct nli_crowd *c, const struct nli_crowd_rows *r,
		       struct nli_err *err)
{
	c->start = nli_xcalloc((size_t)c->n_item + 1, sizeof(*c->start));
	for (size_t i = 0; i < r->n; i++) {
		if (r->item[i] >= c->n_item || r->worker[i] >= c->n_worker ||
		    r->label[i] >= c->n_class)
			return nli_fail(err, NLI_EINVAL, "row %zu is out of range", i);
		c->start[r->item[i] + 1]++;
	}
	for (uint32_t i = 0; i < c->n_item; i++)
		c->start[i + 1] += c->start[i];
	return 0;
}

/* A stable counting sort; start is moved one item on and moved back. */
static void scatter(struct nli_crowd *c, const struct nli_crowd_rows *r)
{
	c->worker = nli_xmalloc(r->n, sizeof(*c->worker));
	c->label = nli_xmalloc(r->n, sizeof(*c->label));
	c->weight = r->weight ? nli_xmalloc(r->n, sizeof(*c->weight)) : NULL;
	c->time = r->time ? nli_xmalloc(r->n, sizeof(*c->time)) : NULL;
	for (size_t i = 0; i < r->n; i++) {
		const uint64_t to = c->start[r->item[i]]++;

		c->worker[to] = r->worker[i];
		c->label[to] = r->label[i];
		if (c->weight)
			c->weight[to] = r->weight[i];
		if (c->time)
			c->time[to] = r->time[i];
	}
	memmove(c->start + 1, c->start, c->n_item * sizeof(*c->start));
	c->start[0] = 0;
}

static void move_row(struct nli_crowd *c, uint64_t to, uint64_t from)
{
	c->worker[to] = c->worker[from];
	c->label[to] = c->label[from];
	if (c->weight)
		c->weight[to] = c->weight[from];
	if (c->time)
		c->time[to] = c->time[from];
}

/* Does row a count and row b, of the same worker and later in the input, not? */
static bool first_counts(const struct nli_crowd *c, uint64_t a, uint64_t b,
			 enum nli_crowd_repeat repeat)
{
	if (!c->time || c->time[a] == c->time[b])
		return repeat == NLI_REPEAT_FIRST;
	return (c->time[a] < c->time[b]) == (repeat == NLI_REPEAT_FIRST);
}

/*
 * One row a worker and item.  The parts of a probabilistic vote (weight below
 * 1) belong together and are never repeats of each other: they differ in label.
 */
static void drop_repeats(struct nli_crowd *c, enum nli_crowd_repeat repeat)
{
	uint64_t *seen = nli_xmalloc(c->n_worker, sizeof(*seen)); /* row kept last, + 1 */
	uint64_t to = 0;

	memset(seen, 0, c->n_worker * sizeof(*seen));
	for (uint32_t i = 0; i < c->n_item; i++) {
		const uint64_t from = c->start[i], end = c->start[i + 1], base = to;

		c->start[i] = base;
		for (uint64_t r = from; r < end; r++) {
			const uint32_t j = c->worker[r];
			const uint64_t old = seen[j];
			const bool part = c->weight && c->weight[r] < 1;

			if (j != c->nameless && old > base && !part) {
				if (!first_counts(c, old - 1, r, repeat))
					move_row(c, old - 1, r);
				continue;
			}
			move_row(c, to++, r);
			seen[j] = to;
		}
	}
	c->start[c->n_item] = to;
	c->repeats = c->n - to;
	c->n = to;
	free(seen);
}

int nli_crowd_build(struct nli_crowd *c, struct nli_crowd_rows *rows, uint32_t n_item,
		    uint32_t n_worker, uint32_t n_class, uint32_t nameless,
		    enum nli_crowd_repeat repeat, struct nli_err *err)
{
	memset(c, 0, sizeof(*c));
	if (check_sizes(rows, n_class, err))
		return NLI_EINVAL;
	c->n_item = n_item;
	c->n_worker = n_worker;
	c->n_class = n_class;
	c->nameless = nameless;
	c->n = rows->n;
	if (count_items(c, rows, err)) {
		nli_crowd_release(c);
		return NLI_EINVAL;
	}
	scatter(c, rows);
	nli_crowd_rows_release(rows);
	if (repeat != NLI_REPEAT_ALL)
		drop_repeats(c, repeat);
	return 0;
}

void nli_crowd_release(struct nli_crowd *c)
{
	free(c->start);
	free(c->worker);
	free(c->label);
	free(c->weight);
	free(c->time);
	free(c->gold);
	free(c->item_key);
	free(c->worker_key);
	free(c->class_key);
	memset(c, 0, sizeof(*c));
}

static uint64_t key_hash(const uint64_t *key, uint32_t i, uint64_t seed, uint64_t kind)
{
	return nli_mix(nli_mix(seed ^ kind << 56) ^ (key ? key[i] : i));
}

uint64_t nli_crowd_item_hash(const struct nli_crowd *c, uint32_t i, uint64_t seed)
{
	return key_hash(c->item_key, i, seed, 1);
}

uint64_t nli_crowd_worker_hash(const struct nli_crowd *c, uint32_t j, uint64_t seed)
{
	return key_hash(c->worker_key, j, seed, 2);
}

uint64_t nli_crowd_class_hash(const struct nli_crowd *c, uint32_t k, uint64_t seed)
{
	return key_hash(c->class_key, k, seed, 3);
}

static void *copy_of(const void *from, size_t n, size_t size)
{
	void *to;

	if (!from)
		return NULL;
	to = nli_xmalloc(n, size);
	memcpy(to, from, n * size);
	return to;
}

void nli_crowd_filter(struct nli_crowd *to, const struct nli_crowd *c,
		      int (*drop)(const void *ctx, uint32_t item, uint64_t row),
		      const void *ctx)
{
	uint64_t n = 0;

	*to = *c;
	to->start = copy_of(c->start, (size_t)c->n_item + 1, sizeof(*c->start));
	to->worker = copy_of(c->worker, c->n, sizeof(*c->worker));
	to->label = copy_of(c->label, c->n, sizeof(*c->label));
	to->weight = copy_of(c->weight, c->n, sizeof(*c->weight));
	to->time = copy_of(c->time, c->n, sizeof(*c->time));
	to->gold = copy_of(c->gold, c->n_item, sizeof(*c->gold));
	to->item_key = copy_of(c->item_key, c->n_item, sizeof(*c->item_key));
	to->worker_key = copy_of(c->worker_key, c->n_worker, sizeof(*c->worker_key));
	to->class_key = copy_of(c->class_key, c->n_class, sizeof(*c->class_key));
	for (uint32_t i = 0; i < c->n_item; i++) {
		to->start[i] = n;
		for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++)
			if (!drop(ctx, i, r))
				move_row(to, n++, r);
	}
	to->start[c->n_item] = n;
	to->n = n;
}

double *nli_crowd_worker_weight(const struct nli_crowd *c)
{
	double *sum = nli_xcalloc(c->n_worker, sizeof(*sum));

	for (uint64_t r = 0; r < c->n; r++)
		sum[c->worker[r]] += nli_crowd_weight(c, r);
	return sum;
}
