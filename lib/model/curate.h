/*
 * curate.h - a filter over a run: one pass, or two where a rule chooses within
 * the set; what is kept, dropped and decided goes where it should.
 *
 * For cmd/ alone, as tool.h: fails by exiting.
 */
#ifndef NLI_MODEL_CURATE_H
#define NLI_MODEL_CURATE_H

#include <stdbool.h>

#include "lib/io/tool.h"
#include "lib/model/audit.h"
#include "lib/model/filter.h"
#include "lib/model/ledger.h"
#include "lib/model/rewards.h"

struct nli_curate {
	const struct nli_filter *filter;     /* after nli_filter_ready() */
	const struct nli_rollouts *rollouts; /* or NULL */
	bool drop;                           /* remove what is hit; else mark all */
	const char *dropped;                 /* file for what is removed, or NULL */
	const char *decisions;    /* file for id, key, keep, reasons of each, or NULL */
	bool again;               /* cross-fit once more on what is left */
	struct nli_ledger ledger; /* from nli_ledger_init(); filled */
	struct nli_rewards *rewards; /* from nli_rewards_new(); filled */
	uint64_t group;              /* that it was made with */
};

/*
 * Pass over the operands.  With again: *left is the partial-input audit of the
 * records that stay, for the caller to read and free; else NULL.
 */
void nli_curate_run(struct nli_run *run, struct nli_curate *c, struct nli_audit **left);

#endif
