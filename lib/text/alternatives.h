/*
 * alternatives.h - any of many words, as one pattern that shares what they
 * begin with: 1,600 verbs cost a step a letter in place of a try a word, and a
 * fifth of the room that PCRE2 has for a pattern.
 */
#ifndef NLI_TEXT_ALTERNATIVES_H
#define NLI_TEXT_ALTERNATIVES_H

#include <stddef.h>

#include "lib/base/buf.h"

/*
 * Append a group that is not counted and matches any of n >= 1 words, the
 * longest that fits first.  Sorts word[].  A word is valid UTF-8 and stands for
 * itself, whatever it means in a pattern.
 */
void nli_alternatives(const char **word, size_t n, struct nli_buf *out);

#endif
