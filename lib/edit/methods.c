/* methods.c - the table of methods. */
#include "lib/edit/rewriting.h"
#include "lib/edit/sets.h"

#define REWRITING .scratch_new = nli_rewriting_new, .scratch_free = nli_rewriting_free

const struct nli_edit_method nli_edit_methods[] = {
	{ .name = "negate", REWRITING, .make = nli_negate_make },
	{ .name = "contrast", REWRITING, .make = nli_contrast_make },
	{ .name = "invariant", REWRITING, .make = nli_invariant_make },
	{ .name = "monotone", REWRITING, .make = nli_monotone_make },
	{ .name = "judge", REWRITING, .values = true, .make = nli_judge_make },
	{ .name = "to-nli", .values = true, .make = nli_to_nli_make },
	{ .name = "to-choice", .run = nli_to_choice_run },
	{ .name = "match", .run = nli_match_run },
	{ .name = "balance", .langs = true, .run = nli_balance_run },
	{ .name = "neutral", .run = nli_neutral_run },
	{ .name = "hans", .langs = true, .run = nli_hans_run },
	{ .name = NULL },
};
