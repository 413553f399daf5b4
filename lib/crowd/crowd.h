/*
 * crowd.h - the label table: who said what about which item.
 *
 * Rows are sorted once by item (compressed sparse rows) and then only read.
 * Every method of truth inference is a loop over items in fixed partitions, so
 * that results do not depend on the number of threads (par.h).
 *
 * A probabilistic vote (a language model that gives p instead of a label) is
 * one row a class, weighted by its probability: counts become fractional and
 * nothing else changes.
 */
#ifndef NLI_CROWD_CROWD_H
#define NLI_CROWD_CROWD_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

enum { NLI_CROWD_MAX_CLASS = 250 };

#define NLI_CROWD_NOBODY UINT32_MAX

/* What counts where one worker labelled one item more than once. */
enum nli_crowd_repeat {
	NLI_REPEAT_LAST, /* the latest by time where there are times, else the last row */
	NLI_REPEAT_FIRST, /* the same, the other way round */
	NLI_REPEAT_ALL,   /* each is a vote */
};

/* Rows as they come.  Owns all arrays; start from {0}. */
struct nli_crowd_rows {
	uint32_t *item, *worker; /* (n,) numbers from 0 */
	uint8_t *label;          /* (n,) */
	float *weight;           /* (n,) or NULL as long as every row weighs 1 */
	int64_t *time;           /* (n,) or NULL as long as no row has a time */
	size_t n;
	size_t item_cap, worker_cap, label_cap, weight_cap, time_cap;
};

enum { NLI_CROWD_NO_TIME = INT32_MIN }; /* of a row without one among rows with */

void nli_crowd_rows_add(struct nli_crowd_rows *r, uint32_t item, uint32_t worker,
			uint8_t label);
/* As above; weight in (0,1], time NLI_CROWD_NO_TIME if there is none. */
void nli_crowd_rows_add_full(struct nli_crowd_rows *r, uint32_t item, uint32_t worker,
			     uint8_t label, float weight, int64_t time);
void nli_crowd_rows_release(struct nli_crowd_rows *r);

/* The sorted table.  Owns all arrays; start from {0}. */
struct nli_crowd {
	uint32_t n_item, n_worker, n_class;
	uint64_t n;       /* rows */
	uint64_t repeats; /* rows that the rule on repeats took away */
	uint64_t *start;  /* (n_item + 1,) where the rows of an item begin */
	uint32_t *worker; /* (n,) */
	uint8_t *label;   /* (n,) */
	float *weight;    /* (n,) or NULL */
	int64_t *time;    /* (n,) or NULL */
	int16_t *gold;    /* (n_item,) class to learn from, or -1; NULL: none */
	/* Hashes of names: chance belongs to a name, not to a place.  NULL: the number is it. */
	uint64_t *item_key;   /* (n_item,) */
	uint64_t *worker_key; /* (n_worker,) */
	uint64_t *class_key;  /* (n_class,) */
	/* Who stands for all without a name and may repeat itself, or NLI_CROWD_NOBODY. */
	uint32_t nameless;
};

/*
 * Sort rows, which are emptied, by item.  Items without rows are allowed.
 * NLI_EINVAL if a number is out of range or there is no row or no class.
 */
int nli_crowd_build(struct nli_crowd *c, struct nli_crowd_rows *rows, uint32_t n_item,
		    uint32_t n_worker, uint32_t n_class, uint32_t nameless,
		    enum nli_crowd_repeat repeat, struct nli_err *err);
void nli_crowd_release(struct nli_crowd *c);

static inline double nli_crowd_weight(const struct nli_crowd *c, uint64_t row)
{
	return c->weight ? (double)c->weight[row] : 1;
}

/* The hash that belongs to item i, worker j or class k under a seed. */
uint64_t nli_crowd_item_hash(const struct nli_crowd *c, uint32_t i, uint64_t seed);
uint64_t nli_crowd_worker_hash(const struct nli_crowd *c, uint32_t j, uint64_t seed);
uint64_t nli_crowd_class_hash(const struct nli_crowd *c, uint32_t k, uint64_t seed);

/*
 * A copy without the rows for which drop says true (held-out annotations).
 * Items and workers keep their numbers.
 */
void nli_crowd_filter(struct nli_crowd *to, const struct nli_crowd *c,
		      int (*drop)(const void *ctx, uint32_t item, uint64_t row),
		      const void *ctx);

/* The sum of the weights of each worker's rows. (n_worker,), to be freed. */
double *nli_crowd_worker_weight(const struct nli_crowd *c);

#endif
