/*
 * generic.h - a profile for a file that is of no corpus known, made up from the
 * names of its fields and the spellings of its labels.  What those do not say
 * (what integers mean) is not made up.
 */
#ifndef NLI_NLI_GENERIC_H
#define NLI_NLI_GENERIC_H

#include "lib/base/map.h"
#include "lib/nli/look.h"

/*
 * Write a profile, as JSON, for what l shows to out.  spellings: what
 * nli_generic_spellings() made, or NULL.  NLI_EDATA if it shows no pair of texts
 * and no choices; NLI_EINVAL if labels or answers are integers and spellings is NULL.
 */
int nli_generic_profile(const struct nli_look *l, const char *name, const char *spellings,
			struct nli_buf *out, struct nli_err *err);

/*
 * Append "0=entailment,1=neutral" as {"0":"entailment","1":"neutral"}; nothing
 * behind a = is unlabelled.  NLI_EINVAL if it is no such list.
 */
int nli_generic_spellings(const char *list, struct nli_buf *out, struct nli_err *err);

/* Whether the fields of l are called like those of pairs. */
bool nli_generic_fits(const struct nli_look *l);

/* Values of a field in the first items of the sample, each once.  Owns text. */
struct nli_seen_values {
	struct nli_intern text;
	size_t items;  /* looked at */
	size_t there;  /* that have the field */
	bool booleans; /* true or false of JSON are among them */
};
void nli_look_values(const struct nli_look *l, struct nli_str field, bool header,
		     struct nli_seen_values *out);

#endif
