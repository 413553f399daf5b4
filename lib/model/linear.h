/*
 * linear.h - a trained linear model by itself: weights by the hash of a feature.
 *
 * What scores the records of --train and of a saved model alike, so that both
 * give the same bits: the weights of a row are added in the order of its
 * features, in float.
 */
#ifndef NLI_MODEL_LINEAR_H
#define NLI_MODEL_LINEAR_H

#include <stdbool.h>

#include "lib/model/rows.h"

/* Owns all.  Feature 0 is the constant.  Start from {0}. */
struct nli_linear {
	size_t n_col;  /* classes; 1 for choice, where options are scored */
	size_t stride; /* floats a feature: n_col rounded up to 4; the rest are 0 */
	uint32_t n_feat;
	uint32_t *hash; /* (n_feat,) hash[0] is 0 */
	void *block;
	float *w; /* (n_feat, stride) */
	struct nli_feat_index index;
};

/* Ready a model with weights of 0; hash is copied. */
void nli_linear_init(struct nli_linear *m, size_t n_col, uint32_t n_feat,
		     const uint32_t *hash);

static inline float *nli_linear_at(const struct nli_linear *m, uint32_t feat)
{
	return m->w + (size_t)feat * m->stride;
}

/* Once the weights are set: leave features without any out, and make the index. */
void nli_linear_finish(struct nli_linear *m);

/* The number of a feature, 0 if the model does not know it. */
static inline uint32_t nli_linear_find(const struct nli_linear *m, uint32_t hash)
{
	return nli_feat_find(&m->index, hash);
}

/*
 * z[0..stride) = the constant's weights plus those of a row's features, which need
 * not be aligned.  id is scratch of n + 1.
 */
void nli_linear_sum(const struct nli_linear *m, const void *hash, size_t n, uint32_t *id,
		    float *z);

/* z becomes log softmax(z) over n >= 1 classes or options. */
void nli_log_softmax(float *z, size_t n);

/* Whether it has features of any of blocks, a bit each: without, none need be made. */
bool nli_linear_has(const struct nli_linear *m, unsigned blocks);

void nli_linear_release(struct nli_linear *m); /* safe twice */

#endif
