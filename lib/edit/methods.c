/* methods.c - the table of methods. */
#include "lib/edit/sets.h"

const struct nli_edit_method nli_edit_methods[] = {
	{ .name = "to-nli", .make = nli_to_nli_make },
	{ .name = "to-choice", .run = nli_to_choice_run },
	{ .name = "match", .run = nli_match_run },
	{ .name = "balance", .langs = true, .run = nli_balance_run },
	{ .name = "neutral", .run = nli_neutral_run },
	{ .name = "hans", .langs = true, .run = nli_hans_run },
	{ .name = NULL },
};
