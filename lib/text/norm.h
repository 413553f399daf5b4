/*
 * norm.h - text normalisation over UTF-8: NFC, white space, case folding.
 *
 * Each has an ASCII fast path before ICU.  Functions append to out, so that
 * they chain over two buffers.  Thread-safe: no state.
 */
#ifndef NLI_TEXT_NORM_H
#define NLI_TEXT_NORM_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

/* Length of the valid UTF-8 that begins s: s.len if all of it is (surrogates are not). */
size_t nli_utf8_valid(struct nli_str s);

/* Number of code points in valid UTF-8. */
size_t nli_utf8_count(struct nli_str s);

/* Decode the code point at s[*at], which is valid UTF-8, and step *at behind it. */
uint32_t nli_utf8_next(struct nli_str s, size_t *at);
/* Append c as UTF-8. */
void nli_utf8_add(struct nli_buf *b, uint32_t c);

/* Append NFC(s) with each run of Unicode white space as one space and none at the ends. */
void nli_text_clean(struct nli_str s, struct nli_buf *out);

/* Append NFC(s). */
void nli_text_nfc(struct nli_str s, struct nli_buf *out);

/* Append the full case folding of s (Unicode, not locale: "ß" is "ss", no dotless i). */
void nli_text_fold(struct nli_str s, struct nli_buf *out);

/* Is c of a kind of characters that have no cases: a letter of such a script, a mark, a digit? */
bool nli_text_caseless(uint32_t c);

/* Does s begin with a capital letter? */
bool nli_text_capital(struct nli_str s);
/* Append s with its first letter, or all, as capitals or small: one to one, not by language. */
enum nli_case { NLI_CASE_FIRST_UP, NLI_CASE_FIRST_DOWN, NLI_CASE_ALL_UP };
void nli_text_case(struct nli_str s, enum nli_case how, struct nli_buf *out);

/*
 * Append the form by which exact duplicates are found: NFC; by flags, case
 * folded, full- and half-width forms as everyday ones, punctuation (P*, Sk; not
 * "%") as white space.  Runs of white space are one space, none is at the ends;
 * invisible characters go (soft hyphen, ZWSP, marks of direction), ZWNJ and ZWJ
 * stay.  The form of a text that is nothing but punctuation is empty.
 */
enum nli_match_flags { NLI_MATCH_CASE = 1, NLI_MATCH_PUNCT = 2, NLI_MATCH_WIDTH = 4 };
void nli_text_match_form(struct nli_str s, unsigned flags, struct nli_buf *out);

#endif
