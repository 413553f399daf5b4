/*
 * bayes.h - multinomial naive Bayes over the same rows: the cheap floor.
 *
 *	log p(c | x) = log(n_c / n) + sum_{j in x} log((n_jc + a) / (sum_j' n_j'c + a V))
 *		       + const
 *
 * with n_jc the records of class c that have feature j, V features, a = 1: what
 * scikit-learn's MultinomialNB does with presence for counts (C. Manning, P.
 * Raghavan and H. Schuetze, Introduction to Information Retrieval, 2008, 13.2).
 * For choice the classes are the answer and the other options, and the score of an
 * option is the log of their ratio.
 */
#ifndef NLI_MODEL_BAYES_H
#define NLI_MODEL_BAYES_H

#include "lib/model/linear.h"
#include "lib/model/logit.h"

#define NLI_BAYES_ADD 1.0

/* Count the labelled items whose fold is not skip (-1: all) into a model. */
void nli_bayes_fit(const struct nli_problem *p, int skip, struct nli_linear *out);

#endif
