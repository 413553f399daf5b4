/*
 * filter_options.h - rules from the options of a command line, by a table.
 */
#ifndef NLI_MODEL_FILTER_OPTIONS_H
#define NLI_MODEL_FILTER_OPTIONS_H

#include "lib/io/opt.h"
#include "lib/model/filter.h"

/* What an option is, and what it does if it was given. */
enum nli_rule_from {
	NLI_FROM_TEXT,     /* const char **: a rule with this value */
	NLI_FROM_FLAG,     /* bool *: a rule */
	NLI_FROM_LIST,     /* struct nli_opt_list *: a rule with this value for each */
	NLI_FROM_QUOTA,    /* struct nli_opt_list *: FIELD=N, a rule for each */
	NLI_FROM_CUES,     /* const char **: a file of nli-cues */
	NLI_FROM_WORKERS,  /* const char **: a skill; goes with the file workers */
	NLI_FROM_ROLLOUTS, /* struct nli_opt_list *: a rule, unless the filter has it */
	NLI_AMEND, /* const char **: a value of the rule before it, if that was made */
};

/* Rows of one rule stand together. */
struct nli_rule_option {
	enum nli_rule_from how;
	const void *from;
	const char *rule, *param;
};

/*
 * Add rules to f, in the order of the rows.  *left_out: cues that are no words.
 * NLI_EINVAL for misuse, an option that amends no rule among it; NLI_EDATA and
 * NLI_EIO for files.
 */
int nli_filter_options(struct nli_filter *f, const struct nli_rule_option *row, size_t n,
		       const char *workers, uint64_t *left_out, struct nli_err *err);

#endif
