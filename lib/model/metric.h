/*
 * metric.h - what the predictions of a classifier are worth, every figure with
 * its n and an interval.
 *
 * Intervals: accuracy by Wilson; gain by a bootstrap of whole groups, for
 * records of one premise are no independent evidence (Poisson weights; above
 * NLI_METRIC_CLUSTERS groups, bundles of groups formed by hash are drawn, which
 * are as independent as the groups were); V-information, F1 and calibration error by
 * the linearised variance of a ratio of group sums (L. Kish, "Survey Sampling", 1965,
 * 6.4).  That of the calibration error takes the side on which each bin errs as given:
 * where the error is near 0 it is an interval of what was measured, which is above
 * the truth.
 */
#ifndef NLI_MODEL_METRIC_H
#define NLI_MODEL_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/model/stats.h"

enum {
	NLI_METRIC_CLUSTERS = 2000,
	NLI_METRIC_BOOT = 1000,
	NLI_METRIC_FLIPS = 1999,
	NLI_CALIB_BINS = 10
};

/* One labelled record as a model saw it. */
struct nli_scored {
	uint64_t group;
	int16_t y, pred; /* class or option */
	uint16_t n_opt;  /* classes, or options of the item */
	float p;         /* of y */
	float top;       /* of pred */
	float pvi;       /* log2 p(y | input) - log2 p(y), bits */
};

struct nli_label_metric {
	uint64_t gold, pred, hit;
	double precision, recall, f1; /* 0 where they are not defined */
	struct nli_interval f1_ci;
};

struct nli_calib_bin {
	uint64_t n, hit;
	double confidence; /* mean of top */
};

/* Owns label and confusion. */
struct nli_metrics {
	uint64_t n, hit, n_group;
	size_t n_class;
	double majority; /* share of the commonest label */
	size_t majority_label;
	double chance;   /* mean of 1 / options */
	double baseline; /* what gain is over: majority, or chance for choice */
	double accuracy;
	struct nli_interval accuracy_ci;
	double gain, gain_se;
	struct nli_interval gain_ci;
	double p_gain;    /* see below */
	double inflation; /* of the hits' variance, see nli_metrics_widen(); 0: none */
	double v_information, v_se; /* bits */
	struct nli_interval v_ci;
	double entropy; /* of the labels, bits */
	double ece; /* expected calibration error: mean |accuracy - confidence| over bins */
	struct nli_interval ece_ci;
	struct nli_calib_bin bin[NLI_CALIB_BINS]; /* of top, equal widths of [0,1] */
	struct nli_label_metric *label;           /* (n_class,) */
	uint64_t *confusion;                      /* (n_class, n_class): gold, pred */
};

/*
 * p_gain: is the gain above 0?  The gain of each group (cluster) of records over the
 * baseline changes its sign or not, at random; p is the share of draws, the real one
 * among them, whose sum is at least the real one.  Exact where groups are
 * independent and their gains symmetric about 0, and right in the limit without
 * symmetry (I. Canay, J. Romano and A. Shaikh, "Randomization tests under an
 * approximate symmetry assumption", Econometrica 85(3), 2017).  It takes the models
 * as they are: it fits records that had no part in training.
 */

/*
 * Measure n scored records.  choice: classes are places of options.  The
 * result does not depend on their order; s is sorted by group.
 */
void nli_metrics_of(struct nli_scored *s, size_t n, size_t n_class, bool choice,
		    double level, uint64_t seed, struct nli_metrics *out);

/*
 * Widen the interval of the gain for cross-fitted scores.  The models of two folds
 * were trained on each other's records: two records that are alike both profit from
 * equal labels and both suffer from different ones, so that hits are not independent
 * and a bootstrap of the scores covers too little (Y. Bengio and Y. Grandvalet, JMLR
 * 5, 2004; S. Bates, T. Hastie and R. Tibshirani, JASA 119, 2024).  How much, the
 * permutation test shows, whose draws train and test anew: inflation is the variance
 * of their accuracy over the binomial one, held to [1, 2] (2: each record is judged
 * by its one twin).  The draws are of naive Bayes, which leans on its twins more than
 * a penalised model: half of what is beyond 1 is taken, which is a rule of thumb.
 * Measured over 200 corpora of each kind (tests/unit/test_gain.c), without it 90.5 to
 * 96 % are covered, with all of it 95.5 to 99 %.  The variance of the hits grows by
 * it, that of the baseline stays.
 */
void nli_metrics_widen(struct nli_metrics *m, double inflation);

/* A test of the design agrees with a gain up to this p. */
#define NLI_WEAK_P 0.05

/* strong, weak, none: what an auditor should say (metric.c has the rule). */
enum nli_evidence { NLI_EVIDENCE_NONE, NLI_EVIDENCE_WEAK, NLI_EVIDENCE_STRONG };
enum nli_evidence nli_evidence_of(const struct nli_metrics *m, double p);
const char *nli_evidence_name(enum nli_evidence e);

void nli_metrics_release(struct nli_metrics *m); /* safe twice */

#endif
