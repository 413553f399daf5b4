/* swaps.c - one phrase of a text for another, by the lexicon: contrast and monotone. */
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/edit/rewriting_parts.h"
#include "lib/text/norm.h"

/* The candidate of a phrase and a kind with the least hash. */
struct best {
	const struct nli_view *v;
	size_t from, to;
	bool predicate;
	unsigned taken; /* relations that in some place are of those wanted */
	uint64_t seed;
	struct nli_swap of[4]; /* by kind */
	uint64_t hash[4];
	bool has[4];
	bool denies; /* the candidate of kind 0 is a negation */
};

static size_t kind_of(unsigned relation)
{
	switch (nli_relation_only(relation)) {
	case NLI_REL_ALTERNATION:
	case NLI_REL_NEGATION:
		return 0;
	case NLI_REL_FORWARD:
		return 1;
	case NLI_REL_REVERSE:
		return 2;
	default:
		return 3;
	}
}

static bool consider(void *ctx, const struct nli_fact *f, const char *other,
		     unsigned relation, const char *why)
{
	struct best *b = ctx;
	const size_t k = kind_of(relation);
	const bool denies = f->kind == NLI_FACT_ANTONYM && f->exclusive && b->predicate;
	uint64_t h;

	if (!denies && !(relation & b->taken))
		return true;
	if (f->making == NLI_FACT_PREDICATE && !b->predicate)
		return true;
	/* The forms of an article are one word: which of them stands, the next word says. */
	if (f->kind == NLI_FACT_SAME && f->pos && !strcmp(f->pos, "determiner"))
		return true;
	h = nli_mix(nli_hash(other, strlen(other), b->seed) ^ b->from);
	/* A negation before what merely excludes; else by chance. */
	if (b->has[k] && (k || denies == b->denies ? b->hash[k] <= h : b->denies))
		return true;
	b->denies |= denies;
	b->has[k] = true;
	b->hash[k] = h;
	b->of[k] = (struct nli_swap){ b->from, b->to, other,
				      denies ? 1u << NLI_REL_NEGATION : relation, why };
	return true;
}

/* What stands at x replaced, in the case of what stood there. */
static void build(struct nli_rewriting *w, const struct nli_view *v,
		  const struct nli_swap *x, struct nli_buf *out)
{
	const struct nli_str was = nli_view_span(v, x->from, x->to);
	const char *end = was.s + was.len;
	struct nli_buf *made = &w->judge.made;

	nli_buf_clear(made);
	nli_buf_add(made, v->text.s, (size_t)(was.s - v->text.s));
	nli_buf_adds(made, x->other);
	nli_buf_add(made, end, (size_t)(v->text.s + v->text.len - end));
	nli_rule_recase(w->of->rules, &w->judge.rule, v->text, nli_buf_str(made), out);
}

/* The article before the place agrees with how the new word begins, or who knows. */
static bool article_fits(struct nli_rewriting *w, const struct nli_view *v,
			 const struct nli_swap *x)
{
	const struct nli_str now = nli_view_token(v, x->from);
	const struct nli_str other = nli_str_of(x->other);
	const bool article =
		x->from && nli_lexicon_is_article(w->of->lexicon, v, x->from - 1);

	return !article || (strchr("aeiouAEIOU", now.s[0]) != NULL) ==
				   (strchr("aeiouAEIOU", other.s[0]) != NULL);
}

/*
 * The inverse operation: the judge, reading the new text against the old one,
 * must find the same edit and the relation turned round.
 */
static bool comes_back(struct nli_rewriting *w, const struct nli_view *v,
		       const struct nli_swap *x, struct nli_str made)
{
	struct nli_judgement j;

	nli_judge_edits(w->of->lexicon, &w->judge, made, v, &w->places, &j);
	return j.relation == nli_relation_turn(x->relation);
}

bool nli_rewriting_offer(struct nli_rewriting *w, const struct nli_view *v,
			 const struct nli_swap *x, nli_swap_take *take, void *ctx)
{
	if (!article_fits(w, v, x))
		return true;
	nli_buf_clear(&w->out[1]);
	build(w, v, x, &w->out[1]);
	return !comes_back(w, v, x, nli_buf_str(&w->out[1])) ||
	       take(ctx, x, nli_buf_str(&w->out[1]));
}

/* Words behind which a noun or a participle ends its phrase. */
enum {
	CLOSES = NLI_WORD_FUNCTION | NLI_WORD_FINITE | NLI_WORD_PREPOSITION |
		 NLI_WORD_CONJUNCTION | NLI_WORD_DISJUNCTION | NLI_WORD_RELATIVE |
		 NLI_WORD_CLAUSE | NLI_WORD_DETERMINER | NLI_WORD_ADVERB |
		 NLI_WORD_QUANTIFIER | NLI_WORD_NUMBER
};

/* "Two" of "two hundred" is not the number. */
static bool is_part_of_number(struct nli_rewriting *w, const struct nli_view *v,
			      size_t from, size_t to)
{
	const struct nli_lexicon *l = w->of->lexicon;
	const unsigned before = from ? nli_lexicon_class(l, v, from - 1) : 0;
	const unsigned after = to < v->n ? nli_lexicon_class(l, v, to) : 0;

	return (before | after) & NLI_WORD_NUMBER;
}

/* A name is not what its words say ("White House"); a word in a compound is not its head. */
static bool may_swap(struct nli_rewriting *w, const struct nli_view *v, size_t from,
		     size_t to, const struct nli_swap *x)
{
	const bool head = to == v->n || v->token[to].kind == NLI_TOKEN_PUNCT ||
			  nli_lexicon_class(w->of->lexicon, v, to) & CLOSES;
	const bool taxonomic = !strcmp(x->why, "hypernym") || !strcmp(x->why, "gender");

	if (from && nli_text_capital(nli_view_token(v, from)) &&
	    !nli_text_capital(nli_str_of(x->other)))
		return false;
	if (to < v->n && nli_text_capital(nli_view_token(v, from)) &&
	    nli_text_capital(nli_view_token(v, to)))
		return false;
	if (to < v->n &&
	    (v->text.s[v->token[to].off] == '-' || v->text.s[v->token[to].off] == '\''))
		return false;
	if (from && v->text.s[v->token[from].off - 1] == '-')
		return false;
	if (!strcmp(x->why, "number") && is_part_of_number(w, v, from, to))
		return false;
	return head || !taxonomic;
}

/* What is one relation of wanted in place c. */
static unsigned wanted_in(unsigned wanted, enum nli_context c)
{
	unsigned made = 0;

	for (unsigned r = 0; r < NLI_N_RELATION; r++) {
		const unsigned there = nli_relation_project(1u << r, c);

		if (there & wanted && nli_relation_only(there) != NLI_N_RELATION)
			made |= 1u << r;
	}
	return made;
}

/* And in some place. */
static unsigned wanted_anywhere(struct nli_rewriting *w, unsigned wanted)
{
	if (w->wanted == wanted)
		return w->anywhere;
	w->wanted = wanted;
	w->anywhere = 0;
	for (int c = NLI_CONTEXT_SAME; c < NLI_CONTEXT_UNKNOWN; c++)
		w->anywhere |= wanted_in(wanted, (enum nli_context)c);
	return w->anywhere;
}

/* Offer the best candidates of one phrase; false: no more. */
static bool offer(struct nli_rewriting *w, struct best *b, unsigned wanted,
		  nli_swap_wants *wants, nli_swap_take *take, void *ctx)
{
	const enum nli_context c = w->places.at[b->from];

	for (size_t k = 0; k < 4 && c != NLI_CONTEXT_UNKNOWN; k++) {
		struct nli_swap *x = &b->of[k];

		if (!b->has[k])
			continue;
		x->relation = nli_relation_project(x->relation, c);
		if (!(x->relation & wanted) || !may_swap(w, b->v, b->from, b->to, x) ||
		    nli_relation_only(x->relation) == NLI_N_RELATION)
			continue;
		if (wants && !wants(ctx, x))
			continue;
		if (!nli_rewriting_offer(w, b->v, x, take, ctx))
			return false;
	}
	return true;
}

void nli_rewriting_swaps(struct nli_rewriting *w, const struct nli_view *v, uint64_t seed,
			 unsigned wanted, nli_swap_wants *wants, nli_swap_take *take,
			 void *ctx)
{
	const unsigned taken = wanted_anywhere(w, wanted);
	/* What facts tell as an alternation is the negation in the place of a predicate. */
	const unsigned told =
		taken | (taken & 1u << NLI_REL_NEGATION ? 1u << NLI_REL_ALTERNATION : 0);
	struct best b = { .v = v,
			  .taken = taken,
			  .seed = nli_hash(v->text.s, v->text.len, seed) };
	unsigned c, may;
	size_t n;

	if (!(nli_rewriting_may(w, v) & taken))
		return;
	nli_rewriting_cut(w, v);
	if (v->n > NLI_JUDGE_MAX_TOKENS)
		return;
	for (size_t i = 0; i < v->n; i += n) {
		n = nli_lexicon_at(v, i, &c);
		if (!(c & NLI_WORD_KNOWN))
			continue;
		may = taken & nli_lexicon_told(w->of->lexicon, v, i, i + n);
		if (!may)
			continue;
		b.from = i;
		b.to = i + n;
		b.predicate = nli_lexicon_is_predicate(
			w->of->lexicon, (struct nli_phrase){ v, i, i + n });
		if (may == 1u << NLI_REL_NEGATION && !b.predicate)
			continue;
		memset(b.has, 0, sizeof(b.has));
		b.denies = false;
		nli_lexicon_others(w->of->lexicon, v, i, i + n, told, consider, &b);
		if (!b.has[0] && !b.has[1] && !b.has[2] && !b.has[3])
			continue;
		nli_rewriting_places(w, v);
		if (!offer(w, &b, wanted, wants, take, ctx))
			return;
	}
}
