/*
 * linear.h - a trained linear model by itself: weights by the hash of a feature.
 *
 * What scores the records of --train and of a saved model alike, so that both
 * give the same bits: the weights of a row are added in the order of its
 * features, in float.  A hash stands beside its weights: with up to three of them
 * a feature costs one line of the cache.
 */
#ifndef NLI_MODEL_LINEAR_H
#define NLI_MODEL_LINEAR_H

#include <stdbool.h>

#include "lib/model/logit.h"

/* Owns block.  Start from {0}. */
struct nli_linear {
	size_t n_col;    /* classes; 1 for choice, where options are scored */
	size_t stride;   /* floats a slot: 1 + n_col rounded up to 4; the rest are 0 */
	uint32_t n_feat; /* with the constant */
	float constant[NLI_MAX_CLASS];
	void *block;
	float *slot; /* (cap, stride): the bits of a hash, then its weights */
	size_t cap;
};

/* Ready an empty model with room for n_feat features. */
void nli_linear_init(struct nli_linear *m, size_t n_col, size_t n_feat);

/* The weights of what every row has: (n_col,). */
void nli_linear_constant(struct nli_linear *m, const float *w);

/* The weights of a feature that is new: (n_col,); one whose weights are 0 is left out. */
void nli_linear_put(struct nli_linear *m, uint32_t hash, const float *w);

/* The weights of a feature, NULL if the model does not know it. */
const float *nli_linear_find(const struct nli_linear *m, uint32_t hash);

/*
 * Walk the features: the weights of the next one from *at on, which starts at 0, or
 * NULL at the end.  The order depends on the order of nli_linear_put() alone.
 */
const float *nli_linear_next(const struct nli_linear *m, size_t *at, uint32_t *hash);

/* z[0..n_col) = the constant's weights plus those of n hashes, which need not be aligned. */
void nli_linear_sum(const struct nli_linear *m, const void *hash, size_t n, float *z);

/* z becomes log softmax(z) over n >= 1 classes or options. */
void nli_log_softmax(float *z, size_t n);

/* Whether it has features of any of blocks, a bit each: without, none need be made. */
bool nli_linear_has(const struct nli_linear *m, unsigned blocks);

void nli_linear_release(struct nli_linear *m); /* safe twice */

#endif
