/*
 * lexicon.h - what a pack says of the words of a text, and in what relation two
 * phrases stand by it.
 */
#ifndef NLI_EDIT_LEXICON_H
#define NLI_EDIT_LEXICON_H

#include "lib/edit/relation.h"
#include "lib/edit/view.h"
#include "lib/text/rewrites.h"

/* Classes of a phrase, as bits. */
enum nli_word_class {
	NLI_WORD_NEGATION = 1 << 0,
	NLI_WORD_QUANTIFIER = 1 << 1,
	NLI_WORD_NUMBER = 1 << 2,
	NLI_WORD_COMPARATIVE = 1 << 3,
	NLI_WORD_SUPERLATIVE = 1 << 4,
	NLI_WORD_FUNCTION = 1 << 5,
	NLI_WORD_CONDITIONAL = 1 << 6,
	NLI_WORD_DOWNWARD = 1 << 7,
	NLI_WORD_UNKNOWN = 1 << 8,
	NLI_WORD_NONSUBSECTIVE = 1 << 9,
	NLI_WORD_RELATIVE = 1 << 10,
	NLI_WORD_CLAUSE = 1 << 11,
	NLI_WORD_PREPOSITION = 1 << 12,
	NLI_WORD_DETERMINER = 1 << 13,
	NLI_WORD_CONJUNCTION = 1 << 14,
	NLI_WORD_DISJUNCTION = 1 << 15,
	NLI_WORD_FINITE = 1 << 16,     /* a finite verb and nothing else */
	NLI_WORD_MAYBE_VERB = 1 << 17, /* perhaps a finite verb */
	NLI_WORD_ADJECTIVE = 1 << 18,
	NLI_WORD_ADVERB = 1 << 19,
	NLI_WORD_WEAK =
		1 << 20, /* a determiner that may as well be left out: some, any */
	NLI_WORD_PRONOUN = 1 << 21,
	NLI_WORD_GENDERED = 1 << 22,
	NLI_WORD_KNOWN = 1 << 23,   /* has an entry at all */
	NLI_WORD_ADJUNCT = 1 << 24, /* a preposition whose phrase may be left out */
	NLI_WORD_CONCORD =
		1 << 26, /* a negation that may stand by another and is none then */
	NLI_WORD_WANTS = 1 << 25 /* a word whose phrase may not: "put", "lives" */
};

struct nli_lexicon; /* opaque; unchanged after it is made */

/* Borrows rw. */
struct nli_lexicon *nli_lexicon_new(const struct nli_rewrites *rw);
void nli_lexicon_free(struct nli_lexicon *l); /* NULL is fine */

/* Look the tokens of v up; each view must be given here, by itself, before l is asked of it. */
void nli_lexicon_look(const struct nli_lexicon *l, struct nli_view *v);

/* What a text may have for a method to make something of it. */
enum { NLI_LEXICON_MODIFIER = 1 << NLI_N_RELATION };

/*
 * Which relations the facts of a text's words may tell, as nli_lexicon_told(), and
 * whether it may have a modifier (an adjective, an adverb, what begins a phrase or
 * clause that may be left out): by the bytes of the text, which need not be cut into
 * tokens.  All where the language writes spaces, and cutting costs little.
 */
unsigned nli_lexicon_may(const struct nli_lexicon *l, struct nli_str text);

/*
 * The longest phrase with an entry that begins at token i of v: its number of
 * tokens (1 where there is no entry) and its classes.
 */
static inline size_t nli_lexicon_at(const struct nli_view *v, size_t i, unsigned *classes)
{
	*classes = v->phrase[i].classes;
	return v->phrase[i].n;
}

/* The classes of the phrase that is all of tokens [from, to). */
unsigned nli_lexicon_classes(const struct nli_lexicon *l, const struct nli_view *v,
			     size_t from, size_t to);

/* And of token i alone. */
static inline unsigned nli_lexicon_class(const struct nli_lexicon *l,
					 const struct nli_view *v, size_t i)
{
	return v->phrase[i].n == 1 ? v->phrase[i].classes
				   : nli_lexicon_classes(l, v, i, i + 1);
}

/* The quantifier that the phrase [from, to) is, or NULL. */
const struct nli_rw_quantifier *nli_lexicon_quantifier(const struct nli_lexicon *l,
						       const struct nli_view *v,
						       size_t from, size_t to);

/* The number that the phrase is, in words or digits; false if none.  kind: "cardinal"... */
bool nli_lexicon_number(const struct nli_lexicon *l, const struct nli_view *v,
			size_t from, size_t to, double *value, const char **kind);

/* How many tokens before token i are a quantifier that bounds the number there: "at least". */
size_t nli_lexicon_bound(const struct nli_lexicon *l, const struct nli_view *v, size_t i);

/* A phrase of a text. */
struct nli_phrase {
	const struct nli_view *v;
	size_t from, to;
};

/*
 * The relation of two phrases that stand in the same place, as a mask (see
 * relation.h), and by what it is known: "antonym", "hypernym"...
 */
unsigned nli_lexicon_relation(const struct nli_lexicon *l, struct nli_phrase a,
			      struct nli_phrase b, const char **why);

/*
 * Does the phrase stand right behind a copula or auxiliary, and end what is said
 * ("is open.", "is outside in the rain"), with no quantifier or negation before it?
 * There an exclusive antonym is the negation; in a noun phrase, or of all or some
 * things, it only speaks of other ones.
 */
bool nli_lexicon_is_predicate(const struct nli_lexicon *l, struct nli_phrase p);

/* Is token i an article that has several forms? */
bool nli_lexicon_is_article(const struct nli_lexicon *l, const struct nli_view *v,
			    size_t i);
/* Are the tokens of the same meaning in any place (an article in two forms)? */
bool nli_lexicon_same_token(const struct nli_lexicon *l, const struct nli_view *a,
			    size_t i, const struct nli_view *b, size_t k);

/*
 * What may stand in place of a phrase: called for every fact of it, with the
 * other text and the relation to it, if that is one of wanted.  Stops when fn
 * returns false.
 */
typedef bool nli_lexicon_fn(void *ctx, const struct nli_fact *f, const char *other,
			    unsigned relation, const char *why);
/*
 * The relations that nli_lexicon_others() may tell of the phrase: a mask.  The negation
 * is among them if an exclusive antonym is, which may be one.
 */
unsigned nli_lexicon_told(const struct nli_lexicon *l, const struct nli_view *v,
			  size_t from, size_t to);
void nli_lexicon_others(const struct nli_lexicon *l, const struct nli_view *v,
			size_t from, size_t to, unsigned wanted, nli_lexicon_fn *fn,
			void *ctx);

#endif
