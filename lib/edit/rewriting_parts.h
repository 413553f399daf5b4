/* rewriting_parts.h - what the files of the rewriting methods share; for them alone. */
#ifndef NLI_EDIT_REWRITING_PARTS_H
#define NLI_EDIT_REWRITING_PARTS_H

#include "lib/edit/context.h"
#include "lib/edit/rewriting.h"

/* Takes what a rule made; false: no more. */
typedef bool nli_rewriting_take(void *ctx, const struct nli_rw_rule *rule,
				struct nli_str made);
/* Could what the rule makes be taken? */
typedef bool nli_rewriting_wants(void *ctx, const struct nli_rw_rule *rule);

/*
 * Offer what each rule with one of these ops makes of v, if it is wanted and its inverse
 * gives v back; count in *n_not_back those whose does not.  Returns 0, or < 0 if a rule
 * hit the match limit.  ops is of static storage: it is known again by its address.
 * wants NULL: all are.  Of a v that is w->premise what was made is kept in w->last.
 */
int nli_rewriting_rules(struct nli_rewriting *w, const struct nli_view *v,
			const char *const *ops, uint64_t *n_not_back,
			nli_rewriting_wants *wants, nli_rewriting_take *take, void *ctx,
			struct nli_err *err);
/* Count that many of them as not made. */
void nli_rewriting_not_back(struct nli_edit_sink *s, uint64_t n);

/* Is w->last of this premise?  If not, it is now, and empty. */
bool nli_rewriting_kept(struct nli_rewriting *w, struct nli_str premise);

/* Find the contexts of v's places, unless w->places are of it already. */
void nli_rewriting_places(struct nli_rewriting *w, const struct nli_view *v);

/* One phrase of a text in another's place. */
struct nli_swap {
	size_t from, to;   /* tokens of the text */
	const char *other; /* what stands there now */
	unsigned relation; /* of the text to the new one */
	const char *why;   /* "antonym" */
};
/* Keep what was made of the premise, for all records that it stands in. */
void nli_rewriting_keep(struct nli_rewritten_premise *last, unsigned relation,
			const char *why, struct nli_str made);

/* An exclusive antonym of a predicate: of two, one holds. */
static inline bool nli_swap_denies(const struct nli_swap *x)
{
	return x->relation == 1u << NLI_REL_NEGATION && !strcmp(x->why, "antonym");
}
typedef bool nli_swap_take(void *ctx, const struct nli_swap *x, struct nli_str made);
/* Could it be taken?  Asked before it is made and read back. */
typedef bool nli_swap_wants(void *ctx, const struct nli_swap *x);

/*
 * Offer v with one phrase replaced by another that the lexicon relates to it,
 * projected through its context: one candidate for each phrase and kind of
 * relation, chosen by hash of seed and text.  Only those whose relation is one of
 * wanted, and that wants (NULL: all) agrees to.
 */
void nli_rewriting_swaps(struct nli_rewriting *w, const struct nli_view *v, uint64_t seed,
			 unsigned wanted, nli_swap_wants *wants, nli_swap_take *take,
			 void *ctx);

/*
 * Offer v with x made, if its article fits and the judge, reading back, finds the
 * same.  False: take wants no more.
 */
bool nli_rewriting_offer(struct nli_rewriting *w, const struct nli_view *v,
			 const struct nli_swap *x, nli_swap_take *take, void *ctx);

/* Offer v without one modifier, whose end can be told. */
void nli_rewriting_deletions(struct nli_rewriting *w, const struct nli_view *v,
			     nli_swap_take *take, void *ctx);

/* Offer v with a phrase of the pack's at its end, drawn by hash of seed and text. */
void nli_rewriting_insertions(struct nli_rewriting *w, const struct nli_view *v,
			      uint64_t seed, nli_swap_take *take, void *ctx);

#endif
