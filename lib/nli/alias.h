/*
 * alias.h - how the world spells labels (facts: formats.md, 6).
 *
 * A spelling means what it means in a task: "no" contradicts where there are
 * three labels, and is only not an entailment where there are two.  What a
 * spelling does not say is not made up: "neutral" means nothing in nli2.
 */
#ifndef NLI_NLI_ALIAS_H
#define NLI_NLI_ALIAS_H

#include <stdbool.h>

#include "lib/nli/profile.h"

/*
 * What text means in a task, without regard to case and blanks around it:
 * true and one label in *set, or none for spellings of "unlabelled" ("", "-",
 * "undef").  False if it means nothing.
 */
bool nli_alias(enum nli_task task, struct nli_str text, nli_label_set *set);

/* As nli_alias(), with the spellings, the integers and the sets of a profile first. */
bool nli_label_read(const struct nli_labels *l, enum nli_task task, struct nli_str text,
		    nli_label_set *set);

/* Whether text is an integer, which only a profile can give a meaning to. */
bool nli_is_integer(struct nli_str text);

#endif
