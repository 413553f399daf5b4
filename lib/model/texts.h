/*
 * texts.h - different texts, each kept once, and how alike two of them are.
 */
#ifndef NLI_MODEL_TEXTS_H
#define NLI_MODEL_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/model/minhash.h"
#include "lib/model/set128.h"

/* Hashes of pieces of each text, one text after the other. */
struct nli_token_rows {
	uint64_t *hash; /* those of text i end at end[i] */
	uint64_t *end;  /* (n,) */
};

/* Owns all but store.  Start from {0}. */
struct nli_texts {
	struct nli_store *store; /* where all is; NULL: memory.  Set with set.store */
	struct nli_set128 set;
	uint64_t *end; /* (n,) in bytes */
	char *bytes;
	size_t end_cap, bytes_cap;
	struct nli_sig *sig;                      /* (n,) once signed */
	uint32_t *gram;                           /* those of text i end at gram_end[i] */
	uint64_t *gram_end;                       /* (n,) */
	bool *latin;                              /* (n,) are its grams exact */
	struct nli_token_rows word, unit, joined; /* where wanted */
	size_t n_joined;                          /* hashes in joined */
	/* Once signed, of these and of end and bytes: for texts here and there. */
	struct {
		struct nli_view end, bytes, gram, gram_end, latin, unit, unit_end, joined,
			joined_end;
	} view;
};

/* The number of s, whose nli_hash128() is hash; it is added if it is new. */
uint32_t nli_texts_add(struct nli_texts *t, struct nli_str s, struct nli_hash128 hash);
/* Add one that is known to be new; nli_texts_add() is not called then. */
void nli_texts_append(struct nli_texts *t, struct nli_str s, struct nli_hash128 hash);
/* Make room for n texts such as those that there are. */
void nli_texts_reserve(struct nli_texts *t, size_t n);
struct nli_str nli_texts_get(const struct nli_texts *t, uint32_t text);
void nli_texts_release(struct nli_texts *t);

/*
 * What is counted of texts beside grams: words (token.h), and what one edit edits:
 * words, too, but single characters in scripts without spaces; with these units go the
 * words of texts in such scripts alone, "joined".
 */
enum { NLI_TEXTS_WORDS = 1, NLI_TEXTS_UNITS = 2 };

/*
 * Once all are there: signatures and grams of those that are wanted ((n,), NULL:
 * all), and words and units of all if they are.  memory: bytes that it may take
 * beside the store, but for the largest text; 0: some dozen MB.
 */
void nli_texts_sign(struct nli_texts *t, const bool *wanted, unsigned rows, unsigned jobs,
		    size_t memory);

/*
 * A text's grams or units at hand: where they are, or, with a store, a copy, which
 * nli_texts_drop() frees.  Any thread.
 */
struct nli_text_part {
	uint32_t text;
	bool latin;     /* of grams: are they exact */
	const void *at; /* (n,) uint32_t grams or uint64_t units; NULL: not at hand */
	size_t n;
	void *heap; /* owns */
};
void nli_texts_grams(const struct nli_texts *t, uint32_t text, struct nli_text_part *p);
void nli_texts_units(const struct nli_texts *t, uint32_t text, struct nli_text_part *p);
/* Those of a text without joined are its units. */
void nli_texts_joined(const struct nli_texts *t, uint32_t text, struct nli_text_part *p);
void nli_texts_drop(struct nli_text_part *p); /* safe on {0} */

/* The Jaccard similarity of two texts' grams if it is at least j, else -1. */
double nli_texts_alike(const struct nli_texts *t, const struct nli_text_part *a,
		       const struct nli_text_part *b, double j);
double nli_texts_compare(const struct nli_texts *t, uint32_t a, uint32_t b, double j);

/* The hashes of its words, where they were wanted. */
const uint64_t *nli_texts_words(const struct nli_texts *t, uint32_t text, size_t *n);

/* The same of units, for texts one after the other: through the store's mapping. */
const uint64_t *nli_texts_unit_row(const struct nli_texts *t, uint32_t text, size_t *n);
/* *n is 0 for a text in other scripts. */
const uint64_t *nli_texts_joined_row(const struct nli_texts *t, uint32_t text, size_t *n);

#endif
