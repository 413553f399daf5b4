/*
 * feat.h - the features of a text for a linear model, hashed straight from the
 * token stream.
 *
 * Words: folded tokens of lib/text/token.h, and pairs of neighbours, the ends of
 * the text included; and two words with a gap of one word (B. Guthrie et al., "A
 * closer look at skip-gram modelling", LREC 2006).  Characters: n-grams of code points inside a word with its
 * ends marked ("^word$"), as scikit-learn's char_wb; words that touch, as in
 * scripts without spaces, count as one, and Han and Kana take short n-grams.
 */
#ifndef NLI_MODEL_FEAT_H
#define NLI_MODEL_FEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/map.h"

/* Blocks of features, each with a scale of its own (rows.h, logit.h). */
enum nli_feat_block {
	NLI_FEAT_WORD,
	NLI_FEAT_NGRAM,
	NLI_FEAT_CHAR,
	NLI_FEAT_OTHER,
	NLI_FEAT_SKIP, /* two words with one between, whatever it is */
};

/*
 * Features that help where records are few and cost most: many records say the
 * same by words and pairs alone.
 */
enum { NLI_FEAT_DEAR = 1 << NLI_FEAT_CHAR | 1 << NLI_FEAT_SKIP };

/* What to extract.  A word_n of 0 or char_hi of 0 leaves the family out. */
struct nli_feat_opts {
	int word_n;           /* longest word n-gram, 0..3 */
	int char_lo, char_hi; /* code points of character n-grams */
	bool length;          /* number of words, in bins */
};

/* What features are, for people: "kind\ttext" of each.  Owns all; start from {0}. */
struct nli_feat_names {
	struct nli_buf text, next; /* next: of the feature that is added now */
	size_t *end;               /* (n,) */
	size_t n, cap;
	/* Words met, since their hashes alone are handed on: hash to place in word_text. */
	struct nli_map64 word;
	struct nli_buf word_text;
};
void nli_feat_names_clear(struct nli_feat_names *n);
struct nli_str nli_feat_name(const struct nli_feat_names *n, size_t i);
/* The word of a hash of nli_feat_words(), "" for the end of a text. */
const char *nli_feat_word(const struct nli_feat_names *n, uint64_t hash);
void nli_feat_names_release(struct nli_feat_names *n);

/* A set of feature hashes in the order they came.  Owns v and slot; start from {0}. */
struct nli_feats {
	uint32_t *v; /* (n,) no repeats */
	size_t n, cap;
	struct nli_feats_slot {
		uint32_t hash, round; /* taken if round is that of the set */
	} * slot;
	size_t n_slot; /* a power of two, at least 2 n */
	uint32_t round;
	struct nli_feat_names *names; /* NULL: not wanted */
};

void nli_feats_clear(struct nli_feats *f);
void nli_feats_add(struct nli_feats *f, uint32_t hash); /* nothing if it is there */
void nli_feats_release(struct nli_feats *f);

struct nli_featurizer; /* scratch; one a thread */
struct nli_featurizer *nli_featurizer_new(const struct nli_feat_opts *o);
void nli_featurizer_free(struct nli_featurizer *z); /* NULL is fine */

/* Keep the words of texts in names, NULL to stop. */
void nli_featurizer_names(struct nli_featurizer *z, struct nli_feat_names *names);

/* From now on without the features of NLI_FEAT_DEAR, or again with them. */
void nli_featurizer_skip_dear(struct nli_featurizer *z, bool skip);

/* Append the features of a text (valid UTF-8; {NULL, 0} has none but the empty text's). */
void nli_feat_text(struct nli_featurizer *z, struct nli_str text, struct nli_feats *out);

/* Add the feature that stands for a number of words. */
void nli_feats_add_length(struct nli_feats *out, size_t n_word);

/* The feature that stands for a number of words. */
uint32_t nli_feat_length(size_t n_word);

/*
 * The hashes of the words of a text in order, punctuation left out.  Returns
 * (*n,), valid until the next call with z.
 */
const uint64_t *nli_feat_words(struct nli_featurizer *z, struct nli_str text, size_t *n);

#endif
