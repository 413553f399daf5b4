/* judge.c - see judge.h. */
#include "lib/edit/judge.h"

#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/edit/context.h"

enum { SIDE = NLI_JUDGE_MAX_TOKENS + 1 };

/* Tokens [a, a_to) of the one text became [b, b_to) of the other. */
struct hunk {
	size_t a, a_to, b, b_to;
};

/* Two texts with what is known of their places. */
struct pair {
	const struct nli_lexicon *l;
	const struct nli_view *a, *b;
	const struct nli_places *at_a, *at_b;
	struct hunk hunk[NLI_JUDGE_MAX_EDITS];
	size_t n_hunk;
};

void nli_judge_scratch_init(struct nli_judge_scratch *s)
{
	*s = (struct nli_judge_scratch){ .length = nli_xcalloc((size_t)SIDE * SIDE,
							       sizeof(*s->length)) };
	nli_rule_scratch_init(&s->rule);
}

void nli_judge_scratch_release(struct nli_judge_scratch *s)
{
	nli_view_release(&s->a);
	nli_view_release(&s->b);
	nli_rule_scratch_release(&s->rule);
	nli_buf_release(&s->made);
	free(s->length);
	s->length = NULL;
}

static bool same(const struct pair *p, size_t i, size_t k)
{
	return nli_lexicon_same_token(p->l, p->a, i, p->b, k);
}

/* length[i][k]: of the longest common subsequence of a from i and b from k, both >= from. */
static void measure(const struct pair *p, size_t from, unsigned short *length)
{
	for (size_t i = p->a->n + 1; i-- > from;)
		for (size_t k = p->b->n + 1; k-- > from;) {
			unsigned short *here = &length[i * SIDE + k];
			const unsigned short down = i < p->a->n ? here[SIDE] : 0;
			const unsigned short right = k < p->b->n ? here[1] : 0;

			*here = down > right ? down : right;
			if (i < p->a->n && k < p->b->n && same(p, i, k))
				*here = (unsigned short)(here[SIDE + 1] + 1);
		}
}

static bool add_hunk(struct pair *p, struct hunk h)
{
	if (h.a == h.a_to && h.b == h.b_to)
		return true;
	if (p->n_hunk == NLI_JUDGE_MAX_EDITS)
		return false;
	p->hunk[p->n_hunk++] = h;
	return true;
}

/* Are a from i on and b from k on the same to their ends? */
static bool same_rest(const struct pair *p, size_t i, size_t k)
{
	if (p->a->n - i != p->b->n - k)
		return false;
	while (i < p->a->n && same(p, i, k))
		i++, k++;
	return i == p->a->n;
}

/*
 * One token replaced, put in or left out behind from equal ones, as nearly all that
 * methods make: what align() would find, without its table.  Not where the token
 * behind one that was replaced is the other's, which align() matches.
 */
static bool one_token(struct pair *p, size_t from)
{
	const size_t a = p->a->n, b = p->b->n;
	const bool replaced =
		a == b && from < a && (from + 1 == a || !same(p, from + 1, from));
	const bool in_a = a >= b, in_b = b >= a;

	if ((!replaced && a == b) || a > b + 1 || b > a + 1 ||
	    !same_rest(p, from + in_a, from + in_b))
		return false;
	p->hunk[p->n_hunk++] = (struct hunk){ from, from + in_a, from, from + in_b };
	return true;
}

/* Cut the texts where they differ; false if there are too many places. */
static bool align(struct pair *p, unsigned short *length)
{
	size_t from = 0;
	struct hunk h;

	while (from < p->a->n && from < p->b->n && same(p, from, from))
		from++;
	if (one_token(p, from))
		return true;
	measure(p, from, length);
	h = (struct hunk){ from, from, from, from };
	while (h.a_to < p->a->n || h.b_to < p->b->n) {
		const size_t i = h.a_to, k = h.b_to;

		if (i < p->a->n && k < p->b->n && same(p, i, k)) {
			if (!add_hunk(p, h))
				return false;
			h = (struct hunk){ i + 1, i + 1, k + 1, k + 1 };
		} else if (k == p->b->n ||
			   (i < p->a->n &&
			    length[(i + 1) * SIDE + k] >= length[i * SIDE + k + 1])) {
			h.a_to++;
		} else {
			h.b_to++;
		}
	}
	return add_hunk(p, h);
}

/*
 * "a big dog, a big cat" can be cut in two ways; a segment that was put in is
 * moved left as far as it goes, so that it begins where its phrase does.
 */
static void slide(struct pair *p, struct hunk *h, size_t a_least, size_t b_least)
{
	while (h->a == h->a_to && h->a > a_least && h->b > b_least &&
	       p->b->hash[h->b - 1] == p->b->hash[h->b_to - 1]) {
		h->a--, h->a_to--;
		h->b--, h->b_to--;
	}
	while (h->b == h->b_to && h->a > a_least && h->b > b_least &&
	       p->a->hash[h->a - 1] == p->a->hash[h->a_to - 1]) {
		h->a--, h->a_to--;
		h->b--, h->b_to--;
	}
}

/* Some and any before a noun say no more than nothing does: not counted as a difference. */
static void drop_weak(struct pair *p, struct hunk *h)
{
	const bool a =
		h->a < h->a_to && nli_lexicon_class(p->l, p->a, h->a) & NLI_WORD_WEAK;
	const bool b =
		h->b < h->b_to && nli_lexicon_class(p->l, p->b, h->b) & NLI_WORD_WEAK;

	if (a != b && h->a + a + h->b + b < h->a_to + h->b_to) {
		h->a += a;
		h->b += b;
	}
}

enum { STRONGER = 1 << NLI_REL_REVERSE, WEAKER = 1 << NLI_REL_FORWARD };

/* Words of which it cannot be told what their coming or going does. */
enum {
	OPAQUE = NLI_WORD_NEGATION | NLI_WORD_QUANTIFIER | NLI_WORD_NUMBER |
		 NLI_WORD_COMPARATIVE | NLI_WORD_SUPERLATIVE | NLI_WORD_CONDITIONAL |
		 NLI_WORD_DOWNWARD | NLI_WORD_UNKNOWN | NLI_WORD_NONSUBSECTIVE |
		 NLI_WORD_CLAUSE | NLI_WORD_PRONOUN
};

static bool is_word(const struct nli_view *v, size_t i)
{
	return v->token[i].kind != NLI_TOKEN_PUNCT;
}

/* Classes of all words of a segment; marks other than hyphens and a last comma are opaque. */
static unsigned classes_of(const struct nli_lexicon *l, const struct nli_view *v,
			   size_t from, size_t to)
{
	unsigned all = 0, c;
	size_t n;

	for (size_t i = from; i < to; i += n) {
		const char mark = v->text.s[v->token[i].off];

		n = nli_lexicon_at(v, i, &c);
		if (i + n > to)
			n = 1, c = nli_lexicon_class(l, v, i);
		if (!is_word(v, i) && mark != '-' && mark != '\'' &&
		    !(mark == ',' && i + 1 == to))
			c |= NLI_WORD_UNKNOWN;
		all |= c;
	}
	return all;
}

static unsigned at_edge(const struct nli_lexicon *l, const struct nli_view *v,
			size_t from, size_t to)
{
	return nli_lexicon_class(l, v, from) | nli_lexicon_class(l, v, to - 1);
}

/* Does a finite verb stand in the segment outside of a relative clause that it begins? */
static bool has_clause(unsigned all, unsigned first)
{
	return all & NLI_WORD_FINITE && !(first & NLI_WORD_RELATIVE);
}

/*
 * What putting in the words [from, to) does: a modifier or a conjunct makes the
 * phrase stronger, an alternative weaker.
 */
static unsigned insertion(const struct pair *p, const struct nli_view *v, size_t from,
			  size_t to, const char **why)
{
	const unsigned all = classes_of(p->l, v, from, to);
	const unsigned edge = at_edge(p->l, v, from, to);
	const unsigned first = nli_lexicon_class(p->l, v, from);

	if (all & OPAQUE || has_clause(all, first) ||
	    (all & NLI_WORD_DETERMINER &&
	     !(first & (NLI_WORD_PREPOSITION | NLI_WORD_CONJUNCTION |
			NLI_WORD_DISJUNCTION | NLI_WORD_RELATIVE))))
		return NLI_REL_ANY;
	*why = "disjunct";
	if (edge & NLI_WORD_DISJUNCTION)
		return WEAKER;
	*why = "conjunct";
	if (edge & NLI_WORD_CONJUNCTION)
		return STRONGER;
	*why = "modifier";
	return all & (NLI_WORD_DISJUNCTION | NLI_WORD_CONJUNCTION) &&
			       !(first & (NLI_WORD_PREPOSITION | NLI_WORD_RELATIVE))
		       ? NLI_REL_ANY
		       : STRONGER;
}

/*
 * Below a negation, "and" and "or" between nouns are read both ways ("I don't speak
 * Dutch and Thai"), and in a noun phrase of "all" both join what they join.
 */
static bool is_ambiguous(const struct pair *p, const struct nli_view *v, size_t from,
			 size_t to, enum nli_context c)
{
	const unsigned all = classes_of(p->l, v, from, to);

	if (c == NLI_CONTEXT_SAME || c == NLI_CONTEXT_UP)
		return false;
	return all & NLI_WORD_CONJUNCTION ||
	       (all & NLI_WORD_DISJUNCTION &&
		(c == NLI_CONTEXT_DENIED ||
		 !(all & (NLI_WORD_FINITE | NLI_WORD_MAYBE_VERB))));
}

static enum nli_context agreed(enum nli_context a, enum nli_context b)
{
	return a == b ? a : NLI_CONTEXT_UNKNOWN;
}

static unsigned replacement(const struct pair *p, const struct hunk *h, const char **why)
{
	const struct nli_phrase a = { p->a, h->a, h->a_to }, b = { p->b, h->b, h->b_to };

	return nli_lexicon_relation(p->l, a, b, why);
}

/*
 * The context of a segment that only one text has: of its first word there, and
 * of the gap in the other; but a verb that is put in stands where the next one does.
 */
static enum nli_context place(const struct pair *p, const struct hunk *h)
{
	const bool in_b = h->a == h->a_to;
	const struct nli_view *v = in_b ? p->b : p->a, *other = in_b ? p->a : p->b;
	const size_t first = in_b ? h->b : h->a, gap = in_b ? h->a : h->b;
	const struct nli_places *own = in_b ? p->at_b : p->at_a;
	const struct nli_places *others = in_b ? p->at_a : p->at_b;

	if (nli_lexicon_class(p->l, v, first) & NLI_WORD_MAYBE_VERB && gap < other->n)
		return agreed(own->at[first], others->at[gap]);
	return agreed(own->at[first], others->gap[gap]);
}

/* One difference: what it is by itself, and where it stands. */
static unsigned atomic(const struct pair *p, const struct hunk *h, enum nli_context *c,
		       const char **why)
{
	unsigned made;
	size_t bound;

	*c = place(p, h);
	if ((h->a == h->a_to && is_ambiguous(p, p->b, h->b, h->b_to, *c)) ||
	    (h->b == h->b_to && is_ambiguous(p, p->a, h->a, h->a_to, *c)))
		return NLI_REL_ANY;
	if (h->a == h->a_to)
		return insertion(p, p->b, h->b, h->b_to, why);
	if (h->b == h->b_to) {
		made = insertion(p, p->a, h->a, h->a_to, why);
		return nli_relation_turn(made);
	}
	made = replacement(p, h, why);
	/* A bounded number is part of its quantifier, not of what that rules. */
	bound = !strcmp(*why, "number") ? nli_lexicon_bound(p->l, p->a, h->a) : 0;
	*c = agreed(p->at_a->at[h->a - bound],
		    p->at_b->at[h->b - (bound <= h->b ? bound : 0)]);
	return made;
}

static void by_edits(struct pair *p, struct nli_judgement *j)
{
	size_t a = 0, b = 0;

	j->relation = 1u << NLI_REL_EQUAL;
	for (size_t i = 0; i < p->n_hunk; i++) {
		enum nli_context c;
		const char *why = "words";
		unsigned r;

		slide(p, &p->hunk[i], a, b);
		a = p->hunk[i].a_to;
		b = p->hunk[i].b_to;
		drop_weak(p, &p->hunk[i]);
		if (p->hunk[i].a == p->hunk[i].a_to && p->hunk[i].b == p->hunk[i].b_to)
			continue;
		r = atomic(p, &p->hunk[i], &c, &why);
		if (r == NLI_REL_ANY)
			j->why = "an edit that no fact explains";
		r = nli_relation_project(r, c);
		if (!j->why && r == NLI_REL_ANY)
			j->why = "a place whose context cannot be told";
		j->relation = nli_relation_join(j->relation, r);
		j->exclusive = p->n_hunk == 1 && r == 1u << NLI_REL_NEGATION &&
			       !strcmp(why, "antonym");
		j->rule[j->n_rule++] = why;
	}
}

/* Does one rule of the pack make b of a, or a of b? */
static int by_rule(const struct nli_rules *rules, struct nli_judge_scratch *s,
		   const struct nli_view *from, struct nli_str to,
		   struct nli_judgement *j, struct nli_err *err)
{
	const struct nli_rewrites *rw = nli_rules_pack(rules);
	uint64_t which[NLI_RULES_MAX / 64];

	nli_rules_possible(rules, &s->rule, from, NULL, which);
	for (size_t i = 0; i < rw->n_rule && i < NLI_RULES_MAX; i++) {
		int rc;

		if (!(which[i / 64] >> i % 64 & 1))
			continue;
		nli_buf_clear(&s->made);
		rc = nli_rule_apply(rules, i, &s->rule, from->text, &s->made, err);
		if (rc < 0)
			return rc;
		if (rc != 1 || !nli_str_eq(nli_buf_str(&s->made), to))
			continue;
		j->relation = 1u << nli_relation_of(nli_str_of(rw->rule[i].relation));
		j->exclusive = rw->rule[i].exclusive;
		j->rule[j->n_rule++] = rw->rule[i].id;
		return 1;
	}
	return 0;
}

/* 1 if the texts differ in few places of known sizes, else 0 and j says why. */
static int begin(struct pair *p, struct nli_judge_scratch *s, struct nli_judgement *j)
{
	*j = (struct nli_judgement){ .relation = NLI_REL_ANY };
	if (p->a->n > NLI_JUDGE_MAX_TOKENS || p->b->n > NLI_JUDGE_MAX_TOKENS) {
		j->why = "a text of more than 200 tokens";
		return 0;
	}
	if (!align(p, s->length)) {
		j->why = "more than 4 differences";
		return 0;
	}
	return 1;
}

static void look(const struct nli_lexicon *l, struct nli_judge_scratch *s,
		 struct nli_view *v, struct nli_str text)
{
	nli_view_set(v, s->rule.tokenizer, text, &s->rule.fold);
	nli_lexicon_look(l, v);
}

int nli_judge(const struct nli_lexicon *l, const struct nli_rules *rules,
	      struct nli_judge_scratch *s, struct nli_str a, struct nli_str b,
	      struct nli_judgement *j, struct nli_err *err)
{
	struct nli_places at_a, at_b;
	struct pair p = { .l = l, .a = &s->a, .b = &s->b, .at_a = &at_a, .at_b = &at_b };
	int rc;

	look(l, s, &s->a, a);
	look(l, s, &s->b, b);
	if (!begin(&p, s, j))
		return 0;
	rc = by_rule(rules, s, &s->a, b, j, err);
	if (!rc) {
		rc = by_rule(rules, s, &s->b, a, j, err);
		j->relation = rc == 1 ? nli_relation_turn(j->relation) : j->relation;
	}
	if (!rc) {
		nli_context_scan(l, p.a, at_a.at, at_a.gap);
		nli_context_scan(l, p.b, at_b.at, at_b.gap);
		by_edits(&p, j);
	}
	return rc < 0 ? rc : 0;
}

void nli_judge_edits(const struct nli_lexicon *l, struct nli_judge_scratch *s,
		     struct nli_str a, const struct nli_view *b,
		     const struct nli_places *at_b, struct nli_judgement *j)
{
	struct nli_places at_a;
	struct pair p = { .l = l, .a = &s->a, .b = b, .at_a = &at_a, .at_b = at_b };

	look(l, s, &s->a, a);
	if (!begin(&p, s, j))
		return;
	nli_context_scan(l, p.a, at_a.at, at_a.gap);
	by_edits(&p, j);
}
