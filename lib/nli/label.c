/* label.c - see label.h. */
#include "lib/nli/label.h"

static const char *const name[NLI_N_LABEL] = {
	[NLI_ENTAILMENT] = "entailment",
	[NLI_NEUTRAL] = "neutral",
	[NLI_CONTRADICTION] = "contradiction",
	[NLI_NOT_ENTAILMENT] = "not_entailment",
};

const char *nli_label_name(enum nli_label l)
{
	return l < 0 || l >= NLI_N_LABEL ? NULL : name[l];
}

enum nli_label nli_label_of(struct nli_str s)
{
	for (int l = 0; l < NLI_N_LABEL; l++)
		if (nli_str_is(s, name[l]))
			return (enum nli_label)l;
	return NLI_LABEL_NONE;
}
