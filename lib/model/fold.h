/*
 * fold.h - folds that cut no group in two and have about equal shares of every
 * label.
 */
#ifndef NLI_MODEL_FOLD_H
#define NLI_MODEL_FOLD_H

#include <stddef.h>
#include <stdint.h>

/*
 * fold[i] in 0..n_fold-1 for each of n items with a group and a label y (-1:
 * none).  Groups are dealt out from the largest, each to the fold where it
 * leaves the labels most even (scikit-learn's StratifiedGroupKFold does the
 * same), ties by hash of (seed, group): what a record gets does not depend on
 * the order of records.  Returns the number of groups; where it is below
 * n_fold, some folds are empty.
 */
size_t nli_fold_groups(size_t n, const uint64_t *group, const int16_t *y, size_t n_class,
		       size_t n_fold, uint64_t seed, uint8_t *fold);

#endif
