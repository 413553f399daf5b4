/*
 * filter_rules.h - what the files that hold rule types share; for lib/model/
 * filter*.c and judge.c alone.
 */
#ifndef NLI_MODEL_FILTER_RULES_H
#define NLI_MODEL_FILTER_RULES_H

#include "lib/model/filter.h"

/* Member of an object by name, which need not be NUL-terminated. */
const nli_jval *nli_jget_str(const nli_jval *obj, struct nli_str key);

/* The object that a tool left in the record, or NULL. */
const nli_jval *nli_judge_left(const struct nli_judge *j, const char *tool);

/*
 * The cross-fitted chance that the partial-input model gives to the gold label:
 * 1, or 0 if the record has no label or was not scored, or < 0.
 */
int nli_judge_blind(const struct nli_judge *j, double *p, struct nli_err *err);

void nli_judge_tools_release(struct nli_judge *j);

#endif
