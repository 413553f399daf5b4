/*
 * view.h - a text as its tokens, each known by the hash of its folded form: what
 * rules, lexicon and contexts look at.
 */
#ifndef NLI_EDIT_VIEW_H
#define NLI_EDIT_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/text/token.h"

/* Owns what is (n,); text is borrowed.  Start from {0}. */
struct nli_view {
	struct nli_str text;
	struct nli_token *token; /* (n,) */
	uint64_t *hash;          /* (n,) nli_lang_hash() of the folded token */
	/* By nli_lexicon_look(): a lexicon's own number; the phrase that begins there. */
	uint32_t *word; /* (n,) */
	struct nli_view_phrase {
		unsigned classes;
		uint32_t n; /* tokens */
	} * phrase;         /* (n,) */
	size_t n, token_cap, hash_cap, word_cap, phrase_cap;
	bool cut;    /* false: the text alone is there yet (rewriting.h) */
	bool looked; /* false: and word and phrase are not */
};

/* Look at text, which must stay; fold is room to work in. */
void nli_view_set(struct nli_view *v, struct nli_tokenizer *t, struct nli_str text,
		  struct nli_buf *fold);
void nli_view_release(struct nli_view *v);

/* Bytes of the tokens [from, to), with what stands between them. */
struct nli_str nli_view_span(const struct nli_view *v, size_t from, size_t to);

/*
 * A set of hashes that says "perhaps" or "no" for a word of memory: most words of a
 * text are in no list of the pack.  Start from {0}.
 */
struct nli_sieve {
	uint64_t bit[1024];
};

static inline void nli_sieve_add(struct nli_sieve *s, uint64_t hash)
{
	s->bit[hash >> 6 & 1023] |= UINT64_C(1) << (hash & 63);
}

static inline bool nli_sieve_may(const struct nli_sieve *s, uint64_t hash)
{
	return s->bit[hash >> 6 & 1023] >> (hash & 63) & 1;
}

static inline struct nli_str nli_view_token(const struct nli_view *v, size_t i)
{
	return nli_token_str(v->text, v->token[i]);
}

/* The hash of one more token behind a phrase (0: none yet). */
static inline uint64_t nli_phrase_hash(uint64_t before, uint64_t token)
{
	return before ? (before ^ token) * 0x9e3779b97f4a7c15u + token : token;
}

#endif
