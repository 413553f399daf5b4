/*
 * fit.h - what every method of truth inference takes and gives, and the list
 * of methods that -m, the man page and the tests are made from.
 */
#ifndef NLI_CROWD_FIT_H
#define NLI_CROWD_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/crowd/crowd.h"

/* Settings; a negative number or 0 as stated means the method's own default. */
struct nli_crowd_opts {
	unsigned jobs; /* threads; 0 is 1 */
	uint64_t seed;
	int max_iter;  /* iterations at most; 0: the method's own */
	int restarts;  /* random starts; 0: the method's own */
	double tol;    /* what counts as converged; < 0: the method's own */
	double smooth; /* pseudo-count of an error cell; < 0: the method's own */
	const double *
		known_skill; /* (n_worker,) for methods that are given weights, or NULL */
};

#define NLI_CROWD_OPTS_DEFAULT \
	((struct nli_crowd_opts){ .jobs = 1, .tol = -1, .smooth = -1 })

/* What a protocol says of an item. */
enum nli_crowd_status { NLI_CROWD_ACCEPTED, NLI_CROWD_NEED_MORE, NLI_CROWD_REMOVED };

struct nli_crowd_method;

/* A fitted method.  Owns all arrays; start from {0}. */
struct nli_crowd_fit {
	const struct nli_crowd_method *method;
	double *post;      /* (n_item, n_class) rows sum to 1 */
	double *prior;     /* (n_class,) share of each class, or NULL */
	double *skill;     /* (n_worker,) what method->skill says */
	double *confusion; /* (n_worker, n_class true, n_class said), or NULL */
	double *easiness;  /* (n_item,) GLAD's beta, or NULL */
	uint8_t *status;   /* (n_item,) enum nli_crowd_status of a protocol, or NULL */
	double objective;  /* what method->objective says; higher is better */
	int iterations, restarts;
	bool converged;
};

enum nli_crowd_flag {
	NLI_CROWD_AUTO = 1,   /* takes part in -m auto */
	NLI_CROWD_RANDOM = 2, /* the seed matters */
	NLI_CROWD_VOTES =
		4, /* post is a share of weighted votes, not a calibrated posterior */
};

struct nli_crowd_method {
	const char *name;      /* as -m takes it */
	const char *about;     /* one line */
	const char *paper;     /* where it was published */
	const char *skill;     /* what a worker's skill means; NULL: there is none */
	const char *objective; /* what is maximised; NULL: nothing */
	unsigned flags;        /* enum nli_crowd_flag */
	int max_iter, restarts;
	double tol;
	int (*run)(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		   struct nli_crowd_fit *f, struct nli_err *err);
};

/* All methods, in the order of the man page. */
extern const struct nli_crowd_method *const nli_crowd_methods[];
extern const size_t nli_crowd_n_method;

/* By name; NULL if there is none. */
const struct nli_crowd_method *nli_crowd_method_of(const char *name);

/*
 * Run a method.  0, or NLI_EINVAL where the method cannot serve the table (one
 * class only and so on), or NLI_EDATA if a number came out that is not finite.
 * On failure *f is released.
 */
int nli_crowd_run(const struct nli_crowd_method *m, const struct nli_crowd *c,
		  const struct nli_crowd_opts *o, struct nli_crowd_fit *f,
		  struct nli_err *err);
void nli_crowd_fit_release(struct nli_crowd_fit *f);

/* For methods: room for post, skill and prior (all 0), and confusion if asked for. */
void nli_crowd_fit_init(struct nli_crowd_fit *f, const struct nli_crowd *c,
			bool confusion);

/* The settings with the method's defaults put in. */
struct nli_crowd_opts nli_crowd_defaults(const struct nli_crowd_method *m,
					 const struct nli_crowd_opts *o);

/*
 * Ties.  Posteriors within NLI_CROWD_TIE of the highest count as equal to it,
 * for rounding must not decide.
 */
#define NLI_CROWD_TIE 1e-9

/* How many classes share the highest probability of p (n_class,). */
unsigned nli_crowd_ties(const double *p, uint32_t n_class);

/* The most probable class of item i; a tie is broken by hash (seed, item, class). */
uint32_t nli_crowd_best(const struct nli_crowd *c, const double *p, uint32_t i,
			uint64_t seed);

#endif
