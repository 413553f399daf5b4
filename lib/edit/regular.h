/*
 * regular.h - an assignment in which everybody gives and takes equally often.
 *
 * n items, each with one answer.  Every item is given the answers of b other
 * items, and the answer of every item is given b times, so that with its own
 * item each is used b + 1 times, once as right: what is to be seen of an answer
 * alone says nothing of whether it is right (R. Zellers, Y. Bisk, A. Farhadi,
 * Y. Choi: "From recognition to cognition: visual commonsense reasoning", CVPR
 * 2019, "adversarial matching").  They solve b weighted bipartite matchings on
 * buckets; here one transportation problem on sparse lists of candidates by
 * auction (D. Bertsekas, D. Castanon: "The auction algorithm for the
 * transportation problem", Annals of Operations Research 20, 1989), whose
 * prices also bound how much better any assignment could be.
 *
 * No item gets two answers of one class (equal texts), nor one of its own.
 */
#ifndef NLI_EDIT_REGULAR_H
#define NLI_EDIT_REGULAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

/* Borrows all. */
struct nli_regular {
	size_t n, b;
	const uint32_t *cls; /* (n,) of each answer; below n */
	const size_t *start; /* (n + 1,) candidates of item i: start[i] to start[i + 1] */
	const uint32_t
		*cand; /* answers, none twice in a list; not the item's own class */
	const double *weight; /* of each, at least floor */
	double floor;         /* of every other pair */
	/* Pairs outside of the lists that are to be avoided, as far as that goes; NULL: none. */
	bool (*poor)(void *ctx, uint32_t item, uint32_t answer);
	void *ctx;
	uint64_t seed;
};

struct nli_regular_result {
	uint32_t *to;    /* (n, b) answers of each item; owns */
	double value;    /* sum of the weights */
	double bound;    /* no assignment has more */
	uint64_t listed; /* pairs that are of the lists */
	uint64_t poor;   /* pairs that should have been avoided */
	bool shifted;    /* the auction's could not be completed: a cyclic shift */
};

/*
 * Which items must stay out for an assignment to exist: one does exactly if no
 * class has more than n / (b + 1) members.  Clears keep[i] (n,) of as many as
 * needed, those of a class by falling rank[i]; returns how many stay: 0 if too few.
 */
size_t nli_regular_trim(const uint32_t *cls, const uint64_t *rank, size_t n, size_t b,
			bool *keep);

/*
 * NLI_EINVAL, in words, if there is no assignment: fewer than b + 1 items, or a
 * class that is too large.  Deterministic; one thread.
 */
int nli_regular_solve(const struct nli_regular *p, struct nli_regular_result *r,
		      struct nli_err *err);
void nli_regular_release(struct nli_regular_result *r); /* safe twice */

#endif
