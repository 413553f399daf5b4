/*
 * label.h - the labels of natural language inference and their spellings.
 *
 * Two vocabularies, never folded into each other (facts: formats.md, 6):
 * entailment, neutral, contradiction; and entailment, not_entailment.
 */
#ifndef NLI_NLI_LABEL_H
#define NLI_NLI_LABEL_H

#include "lib/base/buf.h"

enum nli_label {
	NLI_LABEL_NONE = -1, /* unlabelled, no majority, or not a label we know */
	NLI_ENTAILMENT,
	NLI_NEUTRAL,
	NLI_CONTRADICTION,
	NLI_NOT_ENTAILMENT,
	NLI_N_LABEL
};

/* "entailment"... ; NULL for NLI_LABEL_NONE. */
const char *nli_label_name(enum nli_label l);

/* The label that the bus spells so, exactly; NLI_LABEL_NONE otherwise. */
enum nli_label nli_label_of(struct nli_str name);

#endif
