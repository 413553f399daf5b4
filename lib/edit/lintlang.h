/*
 * lintlang.h - is a language pack fit for rewriting?  Schema; patterns compile
 * and end within the match limit on long hostile texts; every rule has two
 * worked examples at least, which run, and an inverse that takes them back.
 */
#ifndef NLI_EDIT_LINTLANG_H
#define NLI_EDIT_LINTLANG_H

#include <stddef.h>

#include "lib/base/buf.h"

/* What was looked at. */
struct nli_lint_counts {
	size_t rules, examples, facts, complaints;
};

/* Append to out a line "file:line: what" for each complaint about the pack in path. */
void nli_lint_lang(const char *path, const char *rng, struct nli_buf *out,
		   struct nli_lint_counts *n);

#endif
