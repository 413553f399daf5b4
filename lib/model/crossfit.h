/*
 * crossfit.h - every item scored by a model that never saw its group, the
 * strength of the penalty included.
 *
 * The candidates are the means of the weights along a path of falling
 * penalties, up to each of its points.  For the model of fold k the point is
 * chosen by the loss on fold k + 1 of models that saw neither; where the items
 * to be scored are a set of their own (fold NLI_FOLD_TEST), by the loss over
 * all training folds, each from a model that did not see it.
 *
 * With more than n_select items, the model that chose is the model: it does
 * without fold k + 1 (fold 0), which so many others make up for.  The path ends at the
 * first point that lowers the loss by less than half a per cent; its points are left at
 * ten times the tolerance, the last goes on to the tolerance.
 */
#ifndef NLI_MODEL_CROSSFIT_H
#define NLI_MODEL_CROSSFIT_H

#include "lib/model/logit.h"

enum { NLI_MAX_FOLD = 64, NLI_MAX_PATH = 16, NLI_FOLD_TEST = 255 };

struct nli_crossfit_opts {
	size_t n_fold;          /* 2..NLI_MAX_FOLD */
	bool test;              /* train on folds 0..n_fold-1, score NLI_FOLD_TEST */
	double c[NLI_MAX_PATH]; /* (n_c,) rising: 1/lambda along the path */
	size_t n_c;
	double tol; /* nats an item, see logit.h */
	uint32_t max_epoch;
	size_t n_select; /* items, from the first, that choose the penalty */
	bool check;      /* fill objective and gradient of info->fit: two more passes */
	int64_t jobs;
	/* Gets models [first, first + n) when they are done, as the lanes of s; or NULL. */
	void (*models)(void *ctx, const struct nli_solver *s, size_t first, size_t n);
	void *ctx;
};

struct nli_crossfit_info {
	size_t n_model;
	size_t chosen[NLI_MAX_FOLD];      /* index into c for each model */
	struct nli_fit fit[NLI_MAX_FOLD]; /* of each model, at its last penalty */
};

/*
 * Fill logp (n, stride): log-probabilities of each item; in test mode only of
 * items of fold NLI_FOLD_TEST.  stride is at least the classes or options.
 * last, if given, gets the solver of the one model of test mode: the caller's.
 */
void nli_crossfit(const struct nli_problem *p, const struct nli_crossfit_opts *o,
		  float *logp, size_t stride, struct nli_crossfit_info *info,
		  struct nli_solver **last);

#endif
