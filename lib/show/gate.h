/*
 * gate.h - the figures of a report that have names, and conditions on them
 * that a build can fail on.
 */
#ifndef NLI_SHOW_GATE_H
#define NLI_SHOW_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/show/doc.h"

struct nli_gauge {
	const char *name; /* INPUT stands for an input of nli-hyponly */
	const char *meaning;
	bool share; /* in [0,1]: shown in per cent, compared as proportions */
};

/* Ends with a NULL name; sorted by name. */
extern const struct nli_gauge nli_gauges[];

/* The metric of that name ("hyponly.premise.gain" is one of "hyponly.INPUT.gain"), or NULL. */
const struct nli_gauge *nli_gauge_find(struct nli_str name);

/* Append the list for people: name, meaning. */
void nli_gauge_list(struct nli_buf *out);

enum nli_relation { NLI_LT, NLI_LE, NLI_EQ, NLI_NE, NLI_GE, NLI_GT };
enum nli_facet { NLI_FACET_VALUE, NLI_FACET_LO, NLI_FACET_HI, NLI_FACET_N };

/* "NAME OP NUMBER"; NAME may end in .lo, .hi (of the interval) or .n.  Owns nothing: text is borrowed. */
struct nli_condition {
	const char *text;
	char name[64];
	enum nli_facet facet;
	enum nli_relation relation;
	double limit;
};

enum nli_outcome { NLI_OUTCOME_NO, NLI_OUTCOME_YES, NLI_OUTCOME_UNKNOWN };

/* NLI_EINVAL, and what is wrong, for anything but a condition on a metric that there is. */
int nli_condition_parse(struct nli_condition *c, const char *text, struct nli_err *err);

/* Whether it holds in d; UNKNOWN if nothing there says so.  says, if given, gets the reason in words. */
enum nli_outcome nli_condition_try(const struct nli_condition *c, const struct nli_doc *d,
				   struct nli_buf *says);

/* Append a JUnit file: each condition a test case, which fails if the condition holds. */
void nli_condition_junit(const struct nli_condition *c, size_t n, const struct nli_doc *d,
			 struct nli_buf *out);

#endif
