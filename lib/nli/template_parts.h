/* template_parts.h - what template.c and ask.c share. */
#ifndef NLI_NLI_TEMPLATE_PARTS_H
#define NLI_NLI_TEMPLATE_PARTS_H

#include "lib/nli/template.h"

enum slot {
	SLOT_TEXT,  /* as it is */
	SLOT_FIELD, /* a field of the record; text is its name */
	SLOT_PREMISE,
	SLOT_HYPOTHESIS,
	SLOT_LABELS,
	SLOT_CHOICES,
	SLOT_ANSWER
};

enum {
	SECTION_LABELS,
	SECTION_SYSTEM,
	SECTION_NLI,
	SECTION_NLI2,
	SECTION_CHOICE,
	SECTION_ANSWER,
	N_SECTION
};

/* text borrows from the template's own. */
struct piece {
	enum slot slot;
	struct nli_str text;
};

struct section {
	struct piece *piece; /* (n,) owns */
	size_t n, cap;
};

struct nli_template {
	char *text; /* owns */
	struct section section[N_SECTION];
	struct nli_str word[NLI_N_LABEL];
};

#endif
