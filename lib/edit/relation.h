/*
 * relation.h - the seven relations of natural logic, what joins and contexts
 * make of them, and which labels follow.
 *
 * Two meanings x and y, neither of them empty nor everything, stand in exactly
 * one of the seven basic relations.  What is known of them is a set of those,
 * a mask of 1 << enum nli_relation: NLI_REL_ANY knows nothing.
 *
 * [1] B. MacCartney, C. Manning, "Modeling Semantic Containment and Exclusion in
 *     Natural Language Inference", COLING 2008.
 * [2] B. MacCartney, C. Manning, "An Extended Model of Natural Logic", IWCS 2009:
 *     the join table is its table 2, projectivity its section 5.
 */
#ifndef NLI_EDIT_RELATION_H
#define NLI_EDIT_RELATION_H

#include <stdbool.h>

#include "lib/base/buf.h"

enum nli_relation {
	NLI_REL_EQUAL,       /* x = y */
	NLI_REL_FORWARD,     /* x < y: x entails y */
	NLI_REL_REVERSE,     /* x > y */
	NLI_REL_NEGATION,    /* no common part, and together all */
	NLI_REL_ALTERNATION, /* no common part */
	NLI_REL_COVER,       /* together all */
	NLI_REL_INDEPENDENT,
	NLI_N_RELATION
};

enum { NLI_REL_ANY = (1 << NLI_N_RELATION) - 1 };

/* "equal"...; the relation of a name, or NLI_N_RELATION. */
const char *nli_relation_name(enum nli_relation r);
enum nli_relation nli_relation_of(struct nli_str name);
/* The one relation of a mask, or NLI_N_RELATION if it has none or several. */
enum nli_relation nli_relation_only(unsigned mask);

/* What x and z can be, if x, y are one of a and y, z one of b. */
unsigned nli_relation_join(unsigned a, unsigned b);

/* What y and x can be, if x and y are one of a. */
unsigned nli_relation_turn(unsigned a);

/* Where a phrase stands, as far as that decides what its change does to the sentence. */
enum nli_context {
	NLI_CONTEXT_SAME,   /* of one thing or event: relations go through unchanged */
	NLI_CONTEXT_UP,     /* upward monotone */
	NLI_CONTEXT_DOWN,   /* downward monotone */
	NLI_CONTEXT_DENIED, /* right below a negation: of one event, turned round */
	NLI_CONTEXT_NONE,   /* not monotone: equal stays, all else is independent */
	NLI_CONTEXT_UNKNOWN /* it cannot be told */
};

unsigned nli_relation_project(unsigned a, enum nli_context c);
/* The context of a phrase in context inner of a phrase in context outer. */
enum nli_context nli_context_compose(enum nli_context outer, enum nli_context inner);

enum nli_verdict_label {
	NLI_PROVED_NOTHING,
	NLI_PROVED_ENTAILMENT,
	NLI_PROVED_NEUTRAL,
	NLI_PROVED_CONTRADICTION,
	NLI_PROVED_NOT_ENTAILMENT
};
const char *nli_proved_name(enum nli_verdict_label l); /* NULL for nothing */
enum nli_verdict_label nli_proved_of(struct nli_str label);

/*
 * The label of (P, H') if (P, H) has label and H, H' are one of a; exclusive:
 * the rule says that what it makes of a contradicted text is entailed.  Labels
 * of two classes stay in those.
 */
enum nli_verdict_label nli_label_hypothesis(enum nli_verdict_label label, bool two,
					    unsigned a, bool exclusive);
/* The label of (P', H) if P, P' are one of a. */
enum nli_verdict_label nli_label_premise(enum nli_verdict_label label, bool two,
					 unsigned a);
/* The label of (P, H) if they themselves are one of a. */
enum nli_verdict_label nli_label_direct(bool two, unsigned a);

#endif
