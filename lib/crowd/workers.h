/*
 * workers.h - what can be said of each annotator once a method has run.
 *
 * The consensus q is the method's posterior.  A worker's own labels are part of
 * it; for the figures below each item's q is used as it is, so a worker with
 * few companions looks better than it is (the man page says so).
 *
 *	accuracy  sum over its labels of q(label) / n, with the equal-tailed .95
 *	          interval of Beta(1 + sum q, 1 + n - sum q)
 *	confusion the method's matrix if it has one, else q-weighted counts + .01
 *	bias      share of each label it gave less the share that q expected
 *	spammer   sum_{k<k'} sum_l (pi[k][l] - pi[k'][l])^2 / (K (K-1)) in [0,1]:
 *	          0 if what it says does not depend on the truth (Raykar, Yu, JMLR
 *	          13, 2012, eq. 8, scaled)
 *	entropy   of its labels, in nats
 *
 * Flags:
 *	random   a G test finds no dependence of its labels on q at .05 (n >= 20)
 *	entropy  its labels have less than half the entropy that q expects of
 *	         them (n >= 10, expected >= .1)
 *	copying  it agrees with another worker more than both matrices and q
 *	         allow: z above the Bonferroni limit for all pairs at .01, from 20
 *	         shared items
 *	time     half of its steps from one label to the next take less than a
 *	         quarter of the median worker's (n >= 10)
 */
#ifndef NLI_CROWD_WORKERS_H
#define NLI_CROWD_WORKERS_H

#include "lib/crowd/fit.h"
#include "lib/model/stats.h"

enum nli_worker_flag {
	NLI_WORKER_RANDOM = 1,
	NLI_WORKER_ENTROPY = 2,
	NLI_WORKER_COPYING = 4,
	NLI_WORKER_TIME = 8,
};

struct nli_worker {
	double n;        /* labels, probabilistic ones in parts */
	double accuracy; /* against the consensus */
	struct nli_interval accuracy_ci;
	uint64_t n_truth; /* labels on items whose truth is known, and right among them */
	double right;
	double entropy, spammer;
	double median_step; /* between two labels, in units of time; < 0: no times */
	double agreement;   /* with other workers on shared items; n_shared of pairs */
	uint64_t n_shared;
	uint32_t copies_from; /* the worker it agrees with beyond reason, if flagged */
	unsigned flags;       /* enum nli_worker_flag */
};

/* Two workers and the items they both labelled. */
struct nli_worker_pair {
	uint32_t a, b; /* a < b */
	uint32_t n;
	double agree, expected, variance; /* counts: sums over shared items */
};

/* Owns all arrays.  Start from {0}. */
struct nli_workers {
	struct nli_worker *w;         /* (n_worker,) */
	double *confusion;            /* (n_worker, n_class true, n_class said) */
	double *said;                 /* (n_worker, n_class) labels given */
	double *expected;             /* (n_worker, n_class) sum of q over its items */
	struct nli_worker_pair *pair; /* (n_pair,) by a, then b */
	size_t n_pair;
};

/* truth is (n_item,) class or -1, or NULL.  pairs: compare all pairs (time and
 * memory grow with the sum of squares of labels an item). */
void nli_workers(const struct nli_crowd *c, const struct nli_crowd_fit *f,
		 const int32_t *truth, bool pairs, struct nli_workers *w);
void nli_workers_release(struct nli_workers *w);

#endif
