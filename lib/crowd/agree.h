/*
 * agree.h - how far annotators agree: Krippendorff's alpha (nominal), Fleiss'
 * kappa, percent agreement, over all and per label.
 *
 * With n_ik labels k of n_i on item i, over the items with n_i >= 2, n = sum n_i:
 *
 *	percent = mean_i sum_k n_ik (n_ik - 1) / (n_i (n_i - 1))
 *	alpha   = 1 - D_o / D_e, D_o = 1 - sum_i sum_k n_ik (n_ik - 1) / (n_i - 1) / n,
 *	          D_e = 1 - sum_k n_k (n_k - 1) / (n (n - 1))
 *	          (Krippendorff, Content Analysis, 2004, 11.3)
 *	kappa   = (percent - P_e) / (1 - P_e), P_e = sum_k (n_k / n)^2
 *	          (Fleiss, Psychological Bulletin 76(5), 1971; n_i may differ)
 *	of a label, specific agreement = sum_i n_ik (n_ik - 1) / sum_i n_ik (n_i - 1)
 *
 * Intervals are delete-a-group jackknife over items in 64 groups by hash of
 * the item (Student's t, 63 degrees of freedom, level .95).
 */
#ifndef NLI_CROWD_AGREE_H
#define NLI_CROWD_AGREE_H

#include <stdbool.h>

#include "lib/crowd/crowd.h"
#include "lib/model/stats.h"

struct nli_agree_label {
	double n;         /* labels */
	double agreement; /* specific agreement; 0 if defined is false */
	bool defined;
};

/* Owns label.  Start from {0}. */
struct nli_agree {
	uint64_t items; /* with two labels or more */
	double labels;  /* on them */
	bool defined;   /* false: no such items, or one label only (alpha is 0/0) */
	double percent, alpha, kappa;
	struct nli_interval percent_ci, alpha_ci, kappa_ci;
	struct nli_agree_label *label; /* (n_class,) */
};

/* Over the items that in says, or all if it is NULL. */
void nli_agree(const struct nli_crowd *c, bool (*in)(const void *ctx, uint32_t item),
	       const void *ctx, struct nli_agree *a);
void nli_agree_release(struct nli_agree *a);

#endif
