/*
 * modifiers.c - modifiers left out and put in: monotone.  An adjective, an adverb, the
 * prepositional phrase or the relative clause that ends a text; what a pack's table
 * "adjunct" has, at the end.
 */
#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/edit/rewriting_parts.h"

/* A text, and the context of each of its places. */
struct places {
	struct nli_rewriting *w;
	const struct nli_lexicon *l;
	const struct nli_view *v;
	const enum nli_context *at, *gap;
	size_t end; /* the token behind the last word */
};

static bool look(struct places *p, struct nli_rewriting *w, const struct nli_view *v)
{
	nli_rewriting_cut(w, v);
	*p = (struct places){ .w = w,
			      .l = w->of->lexicon,
			      .v = v,
			      .at = w->places.at,
			      .gap = w->places.gap,
			      .end = v->n };
	if (v->n > NLI_JUDGE_MAX_TOKENS || !v->n)
		return false;
	nli_rewriting_places(w, v);
	if (v->token[v->n - 1].kind == NLI_TOKEN_PUNCT)
		p->end--;
	return p->end && v->token[p->end - 1].kind != NLI_TOKEN_PUNCT;
}

static unsigned classes(const struct places *p, size_t i)
{
	return nli_lexicon_class(p->l, p->v, i);
}

static bool is_word(const struct places *p, size_t i)
{
	return p->v->token[i].kind == NLI_TOKEN_WORD;
}

enum {
	VERB = NLI_WORD_FINITE | NLI_WORD_MAYBE_VERB,
	NOT_A_NOUN = NLI_WORD_FUNCTION | NLI_WORD_FINITE | NLI_WORD_PREPOSITION |
		     NLI_WORD_CONJUNCTION | NLI_WORD_DISJUNCTION,
	NO_ATTRIBUTE = NLI_WORD_NONSUBSECTIVE | NLI_WORD_SUPERLATIVE |
		       NLI_WORD_QUANTIFIER | NLI_WORD_NUMBER,
	BEGINS_PHRASE = NLI_WORD_DETERMINER | NLI_WORD_NUMBER | NLI_WORD_QUANTIFIER
};

/*
 * An adjective between a determiner and a word that can be a noun: "a red car",
 * not "the red and", nor "a man red with".
 */
static bool is_attribute(const struct places *p, size_t i)
{
	unsigned c;

	if (nli_lexicon_at(p->v, i, &c) != 1)
		return false; /* "light" of "light colored" is no word by itself */
	return i && i + 1 < p->v->n && c & NLI_WORD_ADJECTIVE && !(c & NO_ATTRIBUTE) &&
	       classes(p, i - 1) & BEGINS_PHRASE && is_word(p, i + 1) &&
	       !(classes(p, i + 1) & (unsigned)NOT_A_NOUN);
}

/* Behind a verb, before nothing that it could be said of: "runs quickly", not "quickly red". */
static bool is_adverb(const struct places *p, size_t i)
{
	const unsigned c = classes(p, i);

	if (!i || !(c & NLI_WORD_ADVERB) || c & (NO_ATTRIBUTE | NLI_WORD_NEGATION) ||
	    classes(p, i - 1) & (NLI_WORD_WANTS | NLI_WORD_FINITE | NLI_WORD_NEGATION |
				 NLI_WORD_DETERMINER | NLI_WORD_CONJUNCTION))
		return false;
	return i + 1 == p->end || classes(p, i + 1) & NLI_WORD_PREPOSITION;
}

/* Has the text a word of a class before token end? */
static bool has(const struct places *p, size_t end, unsigned class)
{
	for (size_t i = 0; i < end; i++)
		if (classes(p, i) & class)
			return true;
	return false;
}

/*
 * Is it sure what rules the end of the text?  Not where something turns round what is
 * behind it up to who knows where ("coffee without sugar"), nor where a quantifier's
 * phrase ends at a verb that is not known.
 */
static bool is_sure(const struct places *p)
{
	return !has(p, p->end, NLI_WORD_DOWNWARD | NLI_WORD_CONDITIONAL) &&
	       (!has(p, p->end, NLI_WORD_QUANTIFIER) || has(p, p->end, VERB));
}

/* Does a word before token i want what follows ("put", "lives"), or is it a verb itself? */
static bool is_wanted(const struct places *p, size_t i)
{
	if (has(p, i, NLI_WORD_WANTS))
		return true;
	return classes(p, i - 1) &
	       (VERB | NLI_WORD_FUNCTION | NLI_WORD_PREPOSITION | NLI_WORD_CONJUNCTION |
		NLI_WORD_DISJUNCTION | NLI_WORD_NUMBER | NLI_WORD_COMPARATIVE);
}

/* The last word that begins a phrase of a class, of which the text is long enough to do without. */
static size_t last_of(const struct places *p, unsigned class)
{
	for (size_t i = p->end; i-- > 2;)
		if (classes(p, i) & class)
			return i;
	return 0;
}

/* Where a prepositional phrase begins that ends the text and may be left out; 0: none does. */
static size_t final_phrase(const struct places *p)
{
	const size_t i = last_of(p, NLI_WORD_PREPOSITION);

	if (!i || i + 1 >= p->end || !(classes(p, i) & NLI_WORD_ADJUNCT) ||
	    is_wanted(p, i) || classes(p, i + 1) & NLI_WORD_PREPOSITION)
		return 0;
	for (size_t k = i; k < p->end; k++)
		if (!is_word(p, k) ||
		    (k > i && classes(p, k) & (VERB | NLI_WORD_CONJUNCTION)))
			return 0;
	return i;
}

/* The same of a relative clause, by its verb: "a dog that barks", not "says that dogs bark". */
static size_t final_clause(const struct places *p)
{
	const size_t i = last_of(p, NLI_WORD_RELATIVE);

	if (!i || i + 1 >= p->end || !(classes(p, i + 1) & VERB) || is_wanted(p, i) ||
	    !(classes(p, i - 2) & BEGINS_PHRASE) || !has(p, i - 2, VERB))
		return 0;
	for (size_t k = i; k < p->end; k++)
		if (!is_word(p, k))
			return 0;
	return i;
}

/* Offer the text without the tokens [from, to), and with the word behind or before them. */
static bool leave_out(const struct places *p, size_t from, size_t to, bool behind,
		      const char *why, nli_swap_take *take, void *ctx)
{
	const struct nli_str stays = nli_view_token(p->v, behind ? to : from - 1);
	const struct nli_swap x = {
		.from = behind ? from : from - 1,
		.to = behind ? to + 1 : to,
		.other = nli_arena_strndup(&p->w->arena, stays.s, stays.len),
		.relation = nli_relation_project(1u << NLI_REL_FORWARD, p->at[from]),
		.why = why,
	};

	return p->at[from] == NLI_CONTEXT_UNKNOWN ||
	       nli_rewriting_offer(p->w, p->v, &x, take, ctx);
}

void nli_rewriting_deletions(struct nli_rewriting *w, const struct nli_view *v,
			     nli_swap_take *take, void *ctx)
{
	struct places p;
	size_t from;

	if (!(nli_rewriting_may(w, v) & NLI_LEXICON_MODIFIER) || !look(&p, w, v))
		return;
	for (size_t i = 0; i < p.end; i++) {
		if (is_attribute(&p, i) &&
		    !leave_out(&p, i, i + 1, true, "modifier", take, ctx))
			return;
		if (is_adverb(&p, i) &&
		    !leave_out(&p, i, i + 1, false, "adverb", take, ctx))
			return;
	}
	if (!is_sure(&p))
		return;
	from = final_phrase(&p);
	if (from && !leave_out(&p, from, p.end, false, "phrase", take, ctx))
		return;
	from = final_clause(&p);
	if (from)
		leave_out(&p, from, p.end, false, "relative", take, ctx);
}

/* The phrase of the pack's table of a number drawn by hash; NULL if it has no table. */
static const char *draw(const struct nli_rewriting *w, struct nli_str text, uint64_t seed)
{
	const struct nli_rewrites *rw = w->of->pack;

	for (size_t t = 0; t < rw->n_table; t++)
		if (!strcmp(rw->table[t].name, "adjunct") && rw->table[t].n_row)
			return rw->table[t]
				.cell[nli_hash(text.s, text.len, seed) %
				      rw->table[t].n_row * rw->table[t].n_column];
	return NULL;
}

void nli_rewriting_insertions(struct nli_rewriting *w, const struct nli_view *v,
			      uint64_t seed, nli_swap_take *take, void *ctx)
{
	struct nli_buf made = { 0 };
	struct nli_swap x = { .why = "adjunct" };
	const char *phrase = draw(w, v->text, seed);
	struct nli_str last;
	struct places p;

	if (!phrase || !look(&p, w, v) || !is_sure(&p) ||
	    p.gap[p.end] == NLI_CONTEXT_UNKNOWN)
		return;
	/* Behind another phrase or clause it might be read as a part of that. */
	if (has(&p, p.end,
		NLI_WORD_PREPOSITION | NLI_WORD_RELATIVE | NLI_WORD_CLAUSE |
			NLI_WORD_CONJUNCTION | NLI_WORD_ADVERB | NLI_WORD_COMPARATIVE))
		return;
	x.from = p.end - 1;
	x.to = p.end;
	last = nli_view_token(v, x.from);
	nli_buf_add(&made, last.s, last.len);
	nli_buf_addc(&made, ' ');
	nli_buf_adds(&made, phrase);
	x.other = made.data;
	x.relation = nli_relation_project(1u << NLI_REL_REVERSE, p.gap[p.end]);
	nli_rewriting_offer(w, v, &x, take, ctx);
	nli_buf_release(&made);
}
