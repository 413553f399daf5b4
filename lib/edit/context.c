/* context.c - see context.h. */
#include "lib/edit/context.h"

#include <stdbool.h>
#include <string.h>

/* What is known while a sentence is read from left to right. */
struct scan {
	const struct nli_lexicon *l;
	const struct nli_view *v;
	enum nli_context outer; /* of the clause */
	enum nli_context here;  /* of what comes next */
	enum nli_context body;  /* of what comes behind the main verb, if pending */
	size_t main_verb;       /* its token; v->n: not found; SIZE_MAX: cannot be told */
	bool pending;           /* in a restrictor that the main verb ends */
	bool object;            /* in a restrictor that a preposition ends */
	bool antecedent;        /* in a conditional that a comma ends */
	bool denied;            /* a negation or the like rules what comes */
	bool joined;            /* and a conjunction has come since */
};

static unsigned classes_at(const struct scan *s, size_t i, size_t *n)
{
	unsigned classes;

	*n = nli_lexicon_at(s->v, i, &classes);
	return classes;
}

static bool is_mark(const struct nli_view *v, size_t i, char c)
{
	return v->token[i].len == 1 && v->text.s[v->token[i].off] == c;
}

static bool ends_clause(const struct scan *s, size_t i, unsigned classes)
{
	return is_mark(s->v, i, ',') || is_mark(s->v, i, ';') || is_mark(s->v, i, ':') ||
	       classes & (NLI_WORD_CLAUSE | NLI_WORD_CONDITIONAL);
}

/*
 * The main verb of the clause that begins at from: the first word that can only
 * be a finite verb, but for that of a relative clause; if there is none, the one
 * word that may be one.
 */
static size_t find_verb(const struct scan *s, size_t from)
{
	size_t maybe = s->v->n, n_maybe = 0, open = 0, n;

	for (size_t i = from; i < s->v->n; i += n) {
		const unsigned c = classes_at(s, i, &n);

		if (ends_clause(s, i, c))
			break;
		open += c & NLI_WORD_RELATIVE ? 1 : 0;
		if (c & NLI_WORD_FINITE) {
			if (!open)
				return i;
			open--;
		} else if (c & NLI_WORD_MAYBE_VERB && !(c & NLI_WORD_PREPOSITION)) {
			maybe = n_maybe++ ? maybe : i;
		}
	}
	if (n_maybe == 1 && !open)
		return maybe;
	return n_maybe ? SIZE_MAX : s->v->n;
}

static enum nli_context named_context(const char *monotone)
{
	return *monotone == 'u'   ? NLI_CONTEXT_UP
	       : *monotone == 'd' ? NLI_CONTEXT_DOWN
				  : NLI_CONTEXT_NONE;
}

/* How many is "many" depends on the noun, so that no order is sure in its phrase. */
static bool is_vague(const struct nli_rw_quantifier *q)
{
	static const char *const vague[] = { "many", "few",   "half", "other",
					     "only", "about", "most", "exactly" };

	for (size_t i = 0; i < sizeof(vague) / sizeof(*vague); i++)
		if (!strcmp(q->kind, vague[i]))
			return true;
	return false;
}

static void on_quantifier(struct scan *s, const struct nli_rw_quantifier *q, bool subject)
{
	const enum nli_context outer = s->here;
	enum nli_context in = named_context(q->restrictor), over = named_context(q->body);

	if (is_vague(q) && in == NLI_CONTEXT_NONE)
		in = NLI_CONTEXT_UNKNOWN;
	if (is_vague(q) && over == NLI_CONTEXT_NONE)
		over = NLI_CONTEXT_UNKNOWN;
	in = nli_context_compose(outer, in);
	/* What holds of each thing excludes what it excludes of each. */
	over = !strcmp(q->kind, "universal") ? outer : nli_context_compose(outer, over);
	s->here = in;
	s->denied |= !strcmp(q->kind, "negative");
	if (in == over)
		return;
	if (subject) {
		s->pending = true;
		s->body = s->main_verb == SIZE_MAX ? NLI_CONTEXT_UNKNOWN : over;
	} else {
		s->object = true;
		s->body = NLI_CONTEXT_UNKNOWN;
	}
}

/* A comma or a word that begins a clause: what ruled so far rules no more, or who knows. */
static void on_clause(struct scan *s, size_t i, unsigned classes)
{
	const bool comma = !(classes & (NLI_WORD_CLAUSE | NLI_WORD_CONDITIONAL));

	if (s->antecedent && comma) {
		s->antecedent = false;
		s->here = s->outer =
			NLI_CONTEXT_UP; /* of no one event: it may not come */
		s->main_verb = find_verb(s, i + 1);
	} else if (s->here != NLI_CONTEXT_SAME || s->pending || s->denied ||
		   classes & NLI_WORD_CLAUSE) {
		s->here = NLI_CONTEXT_UNKNOWN;
	}
	s->pending = s->object = s->denied = s->joined = false;
}

static void on_verb(struct scan *s, size_t i)
{
	if (s->pending && (i == s->main_verb || s->main_verb == SIZE_MAX)) {
		s->here = s->body;
		s->pending = false;
	}
}

/* A bare number is of one group; "exactly two" and "only two" are of none else. */
static bool is_exact(const struct scan *s, const struct nli_rw_quantifier *q, size_t next)
{
	size_t n;

	return (!strcmp(q->kind, "exactly") || !strcmp(q->kind, "only")) &&
	       next < s->v->n && classes_at(s, next, &n) & NLI_WORD_NUMBER;
}

/* "Everything" is a noun phrase by itself, unless a relative clause restricts it. */
static bool has_restrictor(const struct scan *s, const struct nli_rw_quantifier *q,
			   size_t next)
{
	size_t n;

	return q->takes || strcmp(q->kind, "universal") ||
	       (next < s->v->n && classes_at(s, next, &n) & NLI_WORD_RELATIVE);
}

/* "Any" below a negation is "some". */
static bool is_polar(const struct scan *s, unsigned classes)
{
	return classes & NLI_WORD_WEAK && s->here != NLI_CONTEXT_SAME &&
	       s->here != NLI_CONTEXT_UP;
}

/* "A pope without a cross is": what it denies ends where the main verb begins. */
static void on_downward(struct scan *s, size_t i, unsigned c)
{
	on_verb(s, i);
	if (c & NLI_WORD_PREPOSITION && !s->pending && s->main_verb != SIZE_MAX &&
	    i < s->main_verb && s->main_verb < s->v->n) {
		s->pending = true;
		s->body = s->here;
	}
	s->here = nli_context_compose(s->here, NLI_CONTEXT_DOWN);
	s->denied = true;
}

static void on_word(struct scan *s, size_t i, size_t n, unsigned c)
{
	const struct nli_rw_quantifier *q =
		c & NLI_WORD_QUANTIFIER ? nli_lexicon_quantifier(s->l, s->v, i, i + n)
					: NULL;

	if (c & NLI_WORD_CONDITIONAL && !(c & NLI_WORD_NEGATION)) {
		s->here = nli_context_compose(s->outer, NLI_CONTEXT_DOWN);
		s->antecedent = true;
		s->main_verb = find_verb(s, i + n);
	} else if (c & NLI_WORD_UNKNOWN || (c & NLI_WORD_SUPERLATIVE && !q)) {
		s->here = NLI_CONTEXT_UNKNOWN;
	} else if ((s->joined || (s->denied && c & NLI_WORD_CONCORD)) &&
		   c & NLI_WORD_NEGATION) {
		/* In a second conjunct, or in concord with the first ("no vio nada")? */
		s->here = NLI_CONTEXT_UNKNOWN;
	} else if (q && is_exact(s, q, i + n)) {
		s->here = NLI_CONTEXT_NONE;
	} else if (q && (!has_restrictor(s, q, i + n) || is_polar(s, c))) {
		return;
	} else if (q) {
		on_quantifier(s, q, i < s->main_verb && !s->pending);
	} else if (c & NLI_WORD_DOWNWARD) {
		on_downward(s, i, c);
	} else if (c & NLI_WORD_NEGATION) {
		on_verb(s, i);
		s->here = nli_context_compose(s->here, NLI_CONTEXT_DENIED);
		s->denied = true;
	} else if (s->object && c & (NLI_WORD_PREPOSITION | NLI_WORD_ADVERB)) {
		s->here = s->body;
		s->object = false;
	} else if (c & (NLI_WORD_FINITE | NLI_WORD_MAYBE_VERB)) {
		on_verb(s, i);
	}
	s->joined |= s->denied && c & NLI_WORD_CONJUNCTION;
}

static bool is_question(const struct nli_view *v)
{
	return v->n && is_mark(v, v->n - 1, '?');
}

void nli_context_scan(const struct nli_lexicon *l, const struct nli_view *v,
		      enum nli_context *at, enum nli_context *gap)
{
	struct scan s = { .l = l,
			  .v = v,
			  .here = is_question(v) ? NLI_CONTEXT_UNKNOWN
						 : NLI_CONTEXT_SAME };
	/* These end what ruled before them, and so stand behind it themselves. */
	const unsigned own = NLI_WORD_FINITE | NLI_WORD_MAYBE_VERB | NLI_WORD_PREPOSITION;
	size_t n;

	s.outer = s.here;
	s.main_verb = find_verb(&s, 0);
	gap[0] = s.here;
	for (size_t i = 0; i < v->n; i += n) {
		const unsigned c = classes_at(&s, i, &n);
		const enum nli_context before = s.here;

		if (ends_clause(&s, i, c))
			on_clause(&s, i, c);
		on_word(&s, i, n, c);
		for (size_t k = i; k < i + n; k++) {
			at[k] = c & own && !(c & (NLI_WORD_NEGATION | NLI_WORD_DOWNWARD))
					? s.here
					: before;
			gap[k + 1] = k + 1 < i + n ? NLI_CONTEXT_UNKNOWN : s.here;
		}
	}
}
