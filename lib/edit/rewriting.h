/*
 * rewriting.h - the methods that rewrite the texts of one record by the rules
 * and the lexicon of its language: rows of methods.c.
 */
#ifndef NLI_EDIT_REWRITING_H
#define NLI_EDIT_REWRITING_H

#include "lib/edit/judge.h"
#include "lib/edit/method.h"
#include "lib/edit/rewriter.h"

/* One thread's room, the same for all of these methods. */
struct nli_rewriting {
	struct nli_judge_scratch judge;
	struct nli_view premise, hypothesis;
	struct nli_places places;      /* of the text in hand */
	const struct nli_view *placed; /* that of places; NULL: of none yet */
	unsigned wanted,
		anywhere; /* relations last asked for, and what may become them */
	/* The rules of one kind, for the rewriter that was asked last. */
	const struct nli_rewriter *kind_of;
	const char *const *kind_ops;
	uint64_t kind[NLI_RULES_MAX / 64];
	/* What the last premise gave: it stands in many records in a row. */
	struct nli_rewritten_premise {
		const struct nli_rewriter *by; /* NULL: nothing is kept */
		struct nli_buf of, text; /* the premise; what was made, end to end */
		uint64_t n_not_back;     /* rules whose inverse did not give it back */
		/* negate: what rules were found to make of it, its antonyms if looked for. */
		struct nli_buf by_rule; /* end to end */
		struct nli_kept_rule {
			size_t number, at, len; /* of by_rule */
			int rc;                 /* of nli_rule_apply_checked() */
		} * tried;
		size_t n_tried, tried_cap;
		uint64_t possible[NLI_RULES_MAX / 64];
		const char *const *asked; /* the ops that possible is of, or NULL */
		bool swapped;             /* is swap filled? */
		struct nli_kept_swap {
			size_t len; /* of text */
			unsigned relation;
			const char *why;
		} * swap;
		size_t n_swap, swap_cap;
	} last;
	struct nli_buf out[2], json, fold;
	struct nli_arena arena; /* for one record */
	/* The last record's language and what it asked for: most are of one. */
	char lang[32];
	const struct nli_rewriter *of;
};
void *nli_rewriting_new(const struct nli_edit *e);
void nli_rewriting_free(void *scratch);

/* The rewriter of r's language, or NULL and the reason is counted. */
const struct nli_rewriter *nli_rewriting_begin(const struct nli_edit *e,
					       struct nli_rewriting *w,
					       const struct nli_record *r,
					       struct nli_edit_sink *s,
					       struct nli_err *err, int *rc);

/*
 * Look at a text of the record in hand: v is one of w's own.  What the lexicon says of its
 * tokens waits for nli_rewriting_cut(); and where cutting it into tokens costs most of the
 * time (scripts without spaces) and rules ask for none, so do these: until then v has the
 * text alone.
 */
const struct nli_view *nli_rewriting_look(struct nli_rewriting *w, struct nli_view *v,
					  struct nli_str text);
void nli_rewriting_cut(struct nli_rewriting *w, const struct nli_view *v);

/* nli_lexicon_may() of a text that is not cut yet; all of one that is. */
unsigned nli_rewriting_may(struct nli_rewriting *w, const struct nli_view *v);

/* A change of one text of r, for nli_rewriting_make(). */
struct nli_rewritten {
	const char *part;    /* "premise" or "hypothesis" */
	struct nli_str text; /* as it is now */
	const char *rule;
	unsigned relation; /* of the old text to the new one */
	bool exclusive;
	size_t number;
};

/* Write r with that text, with the label that follows. */
bool nli_rewriting_make(const struct nli_record *r, const struct nli_rewritten *x,
			struct nli_edit_sink *s);

/* The change of from into to, in whole tokens: what is between those that they share. */
struct nli_made_edit nli_rewriting_edit(struct nli_tokenizer *t, const char *in,
					struct nli_str from, struct nli_str to);

typedef int nli_rewriting_method(const struct nli_edit *e, void *scratch,
				 const struct nli_record *r, struct nli_edit_sink *s,
				 struct nli_err *err);
nli_rewriting_method nli_negate_make, nli_contrast_make, nli_invariant_make,
	nli_monotone_make, nli_judge_make;

#endif
