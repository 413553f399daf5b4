/*
 * em.h - the two loops that nearly every method is made of, for its own use
 * inside lib/crowd.
 *
 * The confusion loop serves the models in which a vote depends on the worker
 * and a hidden state of the item: for item i with rows (j, l, w)
 *
 *	q_i(s) is proportional to exp(log_prior[s] + sum w table[j][l][s])
 *
 * and the expected counts count[j][l][s] += w q_i(s) come out of the same pass
 * (E-step and the sums of the M-step in one reading of the table).  A state is
 * a class, or one of n_sub subtypes of a class: state = class * n_sub + sub.
 *
 * The vote loop serves the models in which a worker has one weight.
 *
 * Everything is in logarithms with the maximum shifted out.
 */
#ifndef NLI_CROWD_EM_H
#define NLI_CROWD_EM_H

#include <stdbool.h>

#include "lib/crowd/crowd.h"
#include "lib/crowd/fit.h"

enum { NLI_CROWD_MAX_STATE = 2560 };

/* Where q comes from in a pass. */
enum nli_em_mode {
	NLI_EM_SOFT,  /* the posterior */
	NLI_EM_HARD,  /* all on the most probable state, ties shared (Fast-DS) */
	NLI_EM_GIVEN, /* what init says: the first pass */
};

/* Owns the arrays that nli_em_init() makes. */
struct nli_em {
	const struct nli_crowd *c;
	unsigned jobs;
	uint32_t n_state, n_sub;
	double *table;       /* (n_worker, n_class said, n_state) log p(said | state) */
	double *count;       /* same shape, filled by a pass */
	double *log_prior;   /* (n_state,) */
	double *state_count; /* (n_state,) sum of q, filled by a pass */
	double *post;        /* (n_item, n_class) borrowed; filled by a pass */
	double atol,
		rtol; /* moved counts |new - old| > atol + rtol |new| (numpy's allclose) */

	/* results of a pass */
	double loglik;  /* sum of log of the normalisers */
	double change;  /* greatest |new - old| of post */
	uint64_t moved; /* entries of post that changed by more than atol + rtol |new| */

	/* for NLI_EM_GIVEN: fill q (n_state,) of item i; NULL: the shares of its votes */
	void (*init)(const void *ctx, uint32_t item, double *q);
	const void *ctx;

	size_t n_part;
	struct nli_em_part *part; /* owns */
	enum nli_em_mode mode;
};

/* post is the caller's (n_item, n_class).  NLI_EINVAL if there are too many states. */
int nli_em_init(struct nli_em *em, const struct nli_crowd *c, unsigned jobs,
		uint32_t n_sub, double *post, struct nli_err *err);
void nli_em_pass(struct nli_em *em, enum nli_em_mode mode);
void nli_em_release(struct nli_em *em);

/* log p(said | true) as a confusion matrix (n_worker, true, said) of probabilities. */
void nli_em_confusion(const struct nli_em *em, double *confusion);

/* Shares of the votes of item i, weighted: q (n_class,); uniform if it has none. */
void nli_vote_share(const struct nli_crowd *c, uint32_t i, double *q);

/*
 * What each worker's vote is worth: as the caller says, else (1 + right) / (2 + n)
 * on the gold items.  (n_worker,), to be freed; NULL and an error naming the
 * method if there is neither.
 */
double *nli_crowd_quality(const struct nli_crowd *c, const struct nli_crowd_opts *o,
			  const char *name, struct nli_err *err);

/* A class that --gold states is certain: q becomes 0 or 1.  False if there is no gold. */
bool nli_crowd_clamp(const struct nli_crowd *c, uint32_t i, double *q);

/* q becomes exp(q - max) / sum; returns log of the sum of exp(q). */
double nli_softmax(double *q, uint32_t n);

/*
 * The vote loop.  scores: post[i][k] = base of the item + sum of w * weight[j]
 * over its votes for k.  What becomes of the scores is the method's matter.
 */
struct nli_votes {
	const struct nli_crowd *c;
	unsigned jobs;
	const double *weight; /* (n_worker,) or NULL: 1 each */
	const double *other;  /* (n_worker,) what a vote adds to every class, or NULL */
	const double *prior;  /* (n_class,) what every item begins with, or NULL */
	double *post;         /* (n_item, n_class) */
	double *agree;        /* (n_worker,) sum of w * post[i][l], or NULL */
	enum nli_vote_mode {
		NLI_VOTE_SHARE, /* post = scores / sum; shares of the votes if that is 0 */
		NLI_VOTE_SOFTMAX, /* post = softmax(scores) */
	} mode;
	enum nli_vote_hard {
		NLI_HARD_NOT = 0, /* agree counts against post */
		NLI_HARD_SHARED,  /* against the winners, 1 / ties of each */
		NLI_HARD_DRAWN,   /* against one winner, by hash of seed, item, class */
	} hard;
	uint64_t seed;
	double loglik, change;
	size_t n_part;
	struct nli_votes_part *part;
};

void nli_votes_pass(struct nli_votes *v);
void nli_votes_release(struct nli_votes *v); /* the parts, not the borrowed arrays */

/* The items of part of n_part: about as many rows in each. [*from, *to) */
void nli_crowd_part(const struct nli_crowd *c, size_t n_part, size_t part, uint32_t *from,
		    uint32_t *to);

/* How many parts: enough for many threads, few where each needs bytes of memory. */
size_t nli_crowd_parts(const struct nli_crowd *c, size_t bytes);

/*
 * How many threads a pass over c is worth that takes about steps elementary steps a
 * row: to start them costs as much as some hundred thousand.
 */
unsigned nli_crowd_jobs(const struct nli_crowd *c, unsigned jobs, size_t steps);

#endif
