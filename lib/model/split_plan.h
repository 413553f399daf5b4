/*
 * split_plan.h - splits that must see all records first: several fields that
 * join groups, exact sizes, strata, hold-outs, a split that is there already.
 *
 * Groups are the connected components of records that share the value of any of
 * the fields.  A component's chance is the least hash of its values, so that
 * one field alone gives the same split as nli_split_record().
 *
 * Like tool.h, for cmd/ alone: nli_split_run() prints and exits.
 */
#ifndef NLI_MODEL_SPLIT_PLAN_H
#define NLI_MODEL_SPLIT_PLAN_H

#include "lib/io/opt.h"
#include "lib/nli/split.h"

struct nli_split_args {
	struct nli_split split;    /* parts, folds, seed */
	struct nli_opt_list group; /* fields; "annotator": all workers of annotations */
	struct nli_opt_list stratify; /* fields */
	struct nli_opt_list holdout;  /* FIELD=VALUE */
	const char *by_date, *cutoff; /* field, first value that is held out */
	const char *holdout_part;
	bool balance; /* exact sizes */
	bool respect; /* keep the split of groups that are not cut */
	bool fix; /* move groups that are cut to where most of them is, nothing else */
};

/* Must all records be seen before the first is written? */
bool nli_split_needs_all(const struct nli_split_args *a);

/* NLI_EINVAL in words if the options do not go together. */
int nli_split_check(const struct nli_split_args *a, struct nli_err *err);

void nli_split_run(struct nli_run *run, const struct nli_split_args *a);

#endif
