/*
 * token.h - words of any script.
 *
 * Letters, marks, digits and "_" that touch make a word; any other character
 * that is not white space is a token of its own (the \w+|[^\w\s] of the
 * papers, with marks inside words so that Hindi is not torn).  Runs in scripts
 * without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) are cut by ICU's word
 * boundaries.  An apostrophe between letters is a token of its own, as in the
 * papers.  Case is not touched: fold first.
 */
#ifndef NLI_TEXT_TOKEN_H
#define NLI_TEXT_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

enum nli_token_kind { NLI_TOKEN_WORD, NLI_TOKEN_NUMBER, NLI_TOKEN_PUNCT };

struct nli_token {
	uint32_t off, len;        /* bytes in the text */
	enum nli_token_kind kind; /* a word that is all digits is a number */
};

/* Tokens of one text and the break iterators to find them; one a thread. Owns all. */
struct nli_tokenizer;

struct nli_tokenizer *nli_tokenizer_new(void);
void nli_tokenizer_free(struct nli_tokenizer *t); /* NULL is fine */

/*
 * Cut runs in scripts without spaces into characters from now on: where a
 * dictionary cuts depends on all that is around, so that one character more may
 * make several words others.
 */
void nli_tokenizer_by_character(struct nli_tokenizer *t);

/* Cut text (valid UTF-8).  Returns (*n,) tokens in order, valid until the next call. */
const struct nli_token *nli_tokenize(struct nli_tokenizer *t, struct nli_str text,
				     size_t *n);

/* Had the last text runs in scripts without spaces? */
bool nli_tokenizer_met_joined(const struct nli_tokenizer *t);

static inline struct nli_str nli_token_str(struct nli_str text, struct nli_token k)
{
	return (struct nli_str){ text.s + k.off, k.len };
}

#endif
