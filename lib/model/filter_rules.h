/*
 * filter_rules.h - what the files that hold rule types share; for lib/model/
 * filter*.c, judge.c and ledger.c alone.
 */
#ifndef NLI_MODEL_FILTER_RULES_H
#define NLI_MODEL_FILTER_RULES_H

#include "lib/model/filter.h"
#include "lib/text/token.h"

/* Ends with a NULL name, each. */
extern const struct nli_rule_type nli_text_rules[];    /* filter_text.c */
extern const struct nli_rule_type nli_set_rules[];     /* filter_set.c */
extern const struct nli_rule_type nli_rollout_rules[]; /* filter_rollout.c */

/* Member of an object by name, which need not be NUL-terminated. */
const nli_jval *nli_jget_str(const nli_jval *obj, struct nli_str key);

/* The object that a tool left in the record, or NULL. */
const nli_jval *nli_judge_left(const struct nli_judge *j, const char *tool);

/*
 * Three numbers of rule u that depend on (c, n) alone, kept by this worker.
 * fresh: they are to be computed.  Valid until the next call for u.
 */
double *nli_judge_memo(struct nli_judge *j, const struct nli_rule *u, uint64_t c,
		       uint64_t n, bool *fresh);

/* Case-folded text in slot 0 or 1, valid until the next call for the slot. */
struct nli_str nli_judge_fold(struct nli_judge *j, int slot, struct nli_str text);

/* The worker's tokenizer, and its compiled condition of rule u (NULL: does not compile). */
struct nli_tokenizer *nli_judge_tokenizer(struct nli_judge *j);
struct nli_where *nli_judge_where(struct nli_judge *j, const struct nli_rule *u);

/* The share that v says, which must be in [0,1]; what: how it is called. */
int nli_share_of(const nli_jval *v, const char *what, double *out, struct nli_err *err);

void nli_judge_tools_free(struct nli_judge_tools *t); /* NULL is fine */

/* Sets of hashes, for as long as the record: slot 0 or 1. Returns (n,). */
uint64_t *nli_judge_hashes(struct nli_judge *j, int slot, size_t n);

#endif
