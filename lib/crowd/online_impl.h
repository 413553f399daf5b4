/* online_impl.h - the state of online.c, for it and state.c alone. */
#ifndef NLI_CROWD_ONLINE_IMPL_H
#define NLI_CROWD_ONLINE_IMPL_H

#include "lib/base/map.h"
#include "lib/crowd/names.h"
#include "lib/crowd/online.h"

#define NLI_SLOT_NONE UINT32_MAX

struct online_vote {
	double counted; /* q of the label, as counted in the worker's right */
	uint32_t worker;
	uint32_t at; /* the worker's number of labels when it was given */
	float weight;
	uint8_t label;
};

enum { NLI_NEAR_NAME = 24, NLI_ONLINE_AHEAD = 8 };

/*
 * An open item. Owns its arrays, which stay with the slot when it is freed.  Most
 * names are short and stand in the slot itself: a million open items are read at
 * random, and each array more is a cache miss a vote.
 */
struct online_slot {
	char *far_name; /* of name_len above NLI_NEAR_NAME */
	struct online_vote *vote;
	size_t name_len, far_cap;
	uint32_t n_vote, vote_cap;
	uint64_t hash, order; /* order: which item of all this is */
	char near_name[NLI_NEAR_NAME];
	int32_t truth; /* label, or -1 */
	uint32_t next; /* in its bucket, or in the free list */
	bool used;
};

struct online_worker {
	double labels;   /* given so far */
	double right, n; /* sbic: decayed */
	double *s;       /* sem: (cap K, cap K) mean statistics [true][said], or NULL */
};

struct nli_online {
	struct nli_online_opts o;
	struct nli_names label, worker; /* worker: name, or name LF group */
	struct nli_short_names *short_label;
	struct online_worker *w;
	size_t w_cap;
	uint32_t *sorted; /* (K,) labels in the order of output */
	double *share;    /* (K cap,) sum of q of all items */
	uint32_t k_cap;   /* room for classes in every q, s and share */
	uint64_t items;   /* opened so far */
	struct online_slot *slot;
	double *q; /* (n_slot, k_cap) posteriors; from the number of classes on, 0 */
	size_t n_slot, slot_cap, q_cap;
	uint64_t ahead[NLI_ONLINE_AHEAD]; /* hashes of items to come, in a ring */
	uint64_t n_ahead;
	uint32_t *bucket, free_slot;
	size_t n_bucket; /* a power of two */
	uint64_t n_open;
	struct nli_map64 done; /* hashes of emitted items, for once */
	struct nli_buf key;    /* scratch */
	struct nli_online_tally tally;
};

static inline double *nli_online_q(const struct nli_online *s, uint32_t i)
{
	return s->q + (size_t)i * s->k_cap;
}

static inline struct nli_str nli_online_name(const struct online_slot *x)
{
	return (struct nli_str){ x->name_len > NLI_NEAR_NAME ? x->far_name : x->near_name,
				 x->name_len };
}

/* For state.c: an item's slot, made if it is not open; room for classes. */
uint32_t nli_online_slot(struct nli_online *s, struct nli_str item);
int nli_online_label(struct nli_online *s, struct nli_str label, struct nli_err *err);
uint32_t nli_online_worker(struct nli_online *s, struct nli_str worker,
			   struct nli_str group);
struct online_vote *nli_online_push(struct online_slot *x);

/* Slots that are open, in the order of opening: (n_open,), to be freed. */
uint32_t *nli_online_by_order(const struct nli_online *s);

#endif
