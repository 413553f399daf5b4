/*
 * mdl.h - the online code of the labels (E. Voita and I. Titov, "Information-
 * theoretic probing with minimum description length", EMNLP 2020, section 2.2.2).
 *
 * The labels are sent in blocks that end at .1, .2, .4, .8, 1.6, 3.2, 6.25, 12.5,
 * 25, 50 and 100 % of the items: the first with the uniform code, each other with
 * a model trained on all before it.  The length cannot be made small by fitting
 * too closely, and the accuracies on the blocks are a learning curve.
 */
#ifndef NLI_MODEL_MDL_H
#define NLI_MODEL_MDL_H

#include "lib/model/logit.h"
#include "lib/model/stats.h"

enum { NLI_MDL_BLOCKS = 11 };

struct nli_mdl {
	uint64_t n;        /* labels sent */
	double codelength; /* bits */
	struct nli_interval ci;
	double uniform;     /* bits of the uniform code */
	double compression; /* uniform / codelength */
	size_t n_block;
	struct nli_mdl_block {
		uint64_t trained; /* items learnt from, before the block */
		uint64_t n, hit;  /* items of the block; 0 trained: none predicted */
		double bits;
	} block[NLI_MDL_BLOCKS];
};

/*
 * The interval is of as many labels from other groups of the same making, coded by
 * these models: n times the mean of a label, by the linearised variance of a ratio of
 * group sums (L. Kish, "Survey Sampling", 1965, 6.4).
 *
 * group: (p->n,) items of a group stand together and are not cut.  Items of fold
 * NLI_FOLD_TEST and unlabelled ones are left out.
 */
void nli_mdl_online(const struct nli_problem *p, const uint64_t *group, double lambda,
		    double tol, uint32_t max_epoch, double level, struct nli_mdl *out);

#endif
