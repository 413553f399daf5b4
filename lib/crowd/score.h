/*
 * score.h - how right a method is, against known truth: accuracy, macro F1,
 * Brier score, log loss, calibration, with intervals.
 *
 * An item whose highest posterior is shared by m classes counts 1/m right where
 * the truth is among them: the expectation over a fair draw, as the published
 * tables have it.  Intervals of level .95: accuracy Wilson; Brier and log loss
 * mean +- 1.96 standard errors; macro F1 delete-a-group jackknife over items.
 */
#ifndef NLI_CROWD_SCORE_H
#define NLI_CROWD_SCORE_H

#include <stdint.h>

#include "lib/crowd/crowd.h"
#include "lib/model/stats.h"

enum { NLI_SCORE_BINS = 10 };

struct nli_score_bin {
	uint64_t n;
	double mean_p, right; /* mean top probability, share right; 0 if n is 0 */
};

struct nli_score_class {
	uint64_t n;                   /* truths */
	double precision, recall, f1; /* 0 where not defined */
};

/* Owns by_class.  Start from {0}. */
struct nli_score {
	uint64_t n; /* items with truth and at least one label */
	double right, accuracy, macro_f1, brier, log_loss;
	struct nli_interval accuracy_ci, f1_ci, brier_ci, log_loss_ci;
	double ece; /* expected calibration error over the bins of the top probability */
	struct nli_score_bin bin[NLI_SCORE_BINS];
	struct nli_score_class *by_class; /* (n_class,) */
};

/*
 * truth is (n_item,) class or -1; n_class or above means a label that no
 * annotator gave: counted, and never right.
 */
void nli_score(const struct nli_crowd *c, const double *post, const int32_t *truth,
	       struct nli_score *s);
void nli_score_release(struct nli_score *s);

#endif
