/*
 * logit.h - multinomial and conditional logistic regression with an L2
 * penalty, several models side by side in one sweep over the rows.
 *
 * Minimises, for each lane (one model),
 *
 *	P(W) = sum_i [ log sum_c exp(z_ic) - z_iy ] + lambda/2 sum_j |w_j|^2 / a_j^2
 *
 * over the rows i of the lane, where z_i = sum_{j in row i} w_j and a_j is the
 * scale of the feature: of its block, and if asked for of its naive Bayes log
 * ratios, sqrt(mean_c r_jc^2)^nb with
 *
 *	r_jc = log((n_jc + 2) / (n_c + 4)) - mean_c' log((n_jc' + 2) / (n_c' + 4))
 *
 * from the lane's own records, so that features that say nothing are held near 0
 * (S. Wang and C. Manning, "Baselines and bigrams", ACL 2012, where the values of
 * the features are multiplied by r: the same thing for two classes).  With classes, w_j is a vector and z_ic its sum
 * for class c.  For multiple choice, w_j is one number, each option is a row and
 * z_ic is the score of option c (D. McFadden's conditional logit, 1974).
 *
 * Method: stochastic dual coordinate ascent (S. Shalev-Shwartz and T. Zhang,
 * "Accelerated proximal stochastic dual coordinate ascent", Mathematical
 * Programming 155, 2016, fig. 1, option II).  The dual variable of item i is a
 * probability vector p_i, W = 1/lambda sum_i x_i (e_y - p_i)^T, and
 *
 *	D(p) = sum_i H(p_i) - lambda/2 |W|^2 <= P(W),
 *
 * equal at the optimum, where p_i is the softmax of z_i.  A step moves p_i
 * towards the softmax p^ of the current z_i by
 *
 *	s = (KL(p_i || p^) + |u|_1^2 / 2) / (|u|_1^2 + |u|_G^2 / lambda), u = p^ - p_i,
 *
 * G the Gram matrix of the item's rows.  Each KL is that item's share of the
 * duality gap, so a sweep measures the gap for nothing.  No step size, no line
 * search; items are swept in their order, which the caller has shuffled, and from
 * 30,000 on in blocks whose order changes, the gap being that of a sample behind them.
 *
 * A lane's arithmetic does not depend on the other lanes, so that models may be
 * dealt out to threads in any way and come out the same to the last bit.
 */
#ifndef NLI_MODEL_LOGIT_H
#define NLI_MODEL_LOGIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/model/rows.h"

enum { NLI_MAX_CLASS = 64, NLI_LANES = 4 };

/* What is to be learnt.  Borrows all. */
struct nli_problem {
	const struct nli_rows *rows;
	size_t n;            /* items */
	const size_t *item;  /* (n + 1,) first row of each item; NULL: item i is row i */
	const int16_t *y;    /* (n,) class or option, -1 if not known: not trained on */
	const uint8_t *fold; /* (n,) */
	size_t n_class;      /* 0: choice, the rows of an item are the classes */
	float scale2[NLI_N_BLOCK]; /* a_j^2 of each block */
	double nb;                 /* exponent of the naive Bayes scale; 0: none */
};

/* A model: trained on the items in none of its two folds (-1: no fold). */
struct nli_lane {
	int skip[2];
	double lambda;
};

struct nli_fit {
	uint32_t epochs;  /* sweeps so far */
	size_t n;         /* items trained on */
	double objective; /* P(W), nats; what is below it is at most gap * n */
	double gap;       /* mean KL, nats an item: the last sweep's, or behind it */
	double gradient;  /* |grad P(W)| / |grad P(0)| */
	bool converged;   /* gap is within the tolerance */
};

struct nli_solver; /* the lanes, their weights and dual variables */

/* How many lanes fit one sweep for a problem. */
size_t nli_solver_width(const struct nli_problem *p);

/* n_lane <= nli_solver_width().  Borrows p; copies lane. */
struct nli_solver *nli_solver_new(const struct nli_problem *p,
				  const struct nli_lane *lane, size_t n_lane);

/*
 * Go on with another lambda, not larger than before, from the weights that there are, which stay as they
 * are.
 */
void nli_solver_set_lambda(struct nli_solver *s, size_t lane, double lambda);

/*
 * Sweep over items [0, n_use) until each lane's gap is at most tol, or max_epoch
 * sweeps.  Items may only be added from call to call.
 */
void nli_solver_run(struct nli_solver *s, size_t n_use, double tol, uint32_t max_epoch);

/* Leave a lane's weights as they are from now on. */
void nli_solver_freeze(struct nli_solver *s, size_t lane);

/*
 * Take the weights of the lanes that are not frozen into their mean, which then
 * scores.  Averaging along a path of penalties predicts better than its best
 * point alone: it is a shrunken ensemble that is still one linear model.
 */
void nli_solver_average(struct nli_solver *s);

/* Keep a copy of a lane's mean weights as they are now. */
void nli_solver_keep(struct nli_solver *s, size_t lane);

/* Go back to the kept weights; training ends here.  Each lane must have been kept. */
void nli_solver_restore(struct nli_solver *s);

/* One more pass, without a change: fills objective and gradient of fit[n_lane]. */
void nli_solver_check(const struct nli_solver *s, size_t n_use, struct nli_fit *fit);

/*
 * Log-probabilities of item i by each lane, of the mean weights if there are any:
 * logp[lane * stride + class].
 */
void nli_solver_score(const struct nli_solver *s, size_t i, float *logp, size_t stride);

/* The (mean) weight of a feature for a class (0 for choice). */
float nli_solver_weight(const struct nli_solver *s, size_t lane, uint32_t feat, size_t c);

void nli_solver_free(struct nli_solver *s); /* NULL is fine */

#endif
