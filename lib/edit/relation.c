/* relation.c - see relation.h for the sources. */
#include "lib/edit/relation.h"

enum {
	EQ = 1 << NLI_REL_EQUAL,
	FW = 1 << NLI_REL_FORWARD,
	RV = 1 << NLI_REL_REVERSE,
	NG = 1 << NLI_REL_NEGATION,
	AL = 1 << NLI_REL_ALTERNATION,
	CV = 1 << NLI_REL_COVER,
	IN = 1 << NLI_REL_INDEPENDENT
};

static const char *const names[NLI_N_RELATION] = {
	"equal", "forward", "reverse", "negation", "alternation", "cover", "independent",
};

/* [2], table 2: x, y by row, y, z by column. */
static const unsigned joins[NLI_N_RELATION][NLI_N_RELATION] = {
	{ EQ, FW, RV, NG, AL, CV, IN },
	{ FW, FW, EQ | FW | RV | AL | IN, AL, AL, FW | NG | AL | CV | IN, FW | AL | IN },
	{ RV, EQ | FW | RV | CV | IN, RV, CV, RV | NG | AL | CV | IN, CV, RV | CV | IN },
	{ NG, CV, AL, EQ, RV, FW, IN },
	{ AL, FW | NG | AL | CV | IN, AL, FW, EQ | FW | RV | AL | IN, FW, FW | AL | IN },
	{ CV, CV, RV | NG | AL | CV | IN, RV, RV, EQ | FW | RV | CV | IN, RV | CV | IN },
	{ IN, FW | CV | IN, RV | AL | IN, IN, RV | AL | IN, FW | CV | IN, NLI_REL_ANY },
};

/* y, x where x, y are the row's. */
static const unsigned turned[NLI_N_RELATION] = { EQ, RV, FW, NG, AL, CV, IN };

/*
 * [2], section 5, as far as it holds for every function of the kind.  A negation
 * maps complements to complements and turns | and cover into each other; of a
 * merely upward or downward function only the order is known (and, as in [2],
 * taken to be strict).
 */
static const unsigned projected[][NLI_N_RELATION] = {
	[NLI_CONTEXT_SAME] = { EQ, FW, RV, NG, AL, CV, IN },
	[NLI_CONTEXT_UP] = { EQ, FW, RV, NLI_REL_ANY, NLI_REL_ANY, NLI_REL_ANY,
			     NLI_REL_ANY },
	[NLI_CONTEXT_DOWN] = { EQ, RV, FW, NLI_REL_ANY, NLI_REL_ANY, NLI_REL_ANY,
			       NLI_REL_ANY },
	[NLI_CONTEXT_DENIED] = { EQ, RV, FW, NG, CV, AL, IN },
	[NLI_CONTEXT_NONE] = { EQ, IN, IN, NLI_REL_ANY, NLI_REL_ANY, NLI_REL_ANY,
			       NLI_REL_ANY },
	[NLI_CONTEXT_UNKNOWN] = { EQ, NLI_REL_ANY, NLI_REL_ANY, NLI_REL_ANY, NLI_REL_ANY,
				  NLI_REL_ANY, NLI_REL_ANY },
};

const char *nli_relation_name(enum nli_relation r)
{
	return names[r];
}

enum nli_relation nli_relation_of(struct nli_str name)
{
	int r = 0;

	while (r < NLI_N_RELATION && !nli_str_is(name, names[r]))
		r++;
	return (enum nli_relation)r;
}

enum nli_relation nli_relation_only(unsigned mask)
{
	int r = 0;

	while (r < NLI_N_RELATION && mask != 1u << r)
		r++;
	return (enum nli_relation)r;
}

unsigned nli_relation_join(unsigned a, unsigned b)
{
	unsigned made = 0;

	for (int x = 0; x < NLI_N_RELATION; x++)
		for (int y = 0; y < NLI_N_RELATION; y++)
			if (a & 1u << x && b & 1u << y)
				made |= joins[x][y];
	return made;
}

static unsigned through(const unsigned to[NLI_N_RELATION], unsigned a)
{
	unsigned made = 0;

	for (int x = 0; x < NLI_N_RELATION; x++)
		made |= a & 1u << x ? to[x] : 0;
	return made;
}

unsigned nli_relation_turn(unsigned a)
{
	return through(turned, a);
}

unsigned nli_relation_project(unsigned a, enum nli_context c)
{
	return through(projected[c], a);
}

enum nli_context nli_context_compose(enum nli_context outer, enum nli_context inner)
{
	const bool turns = (outer == NLI_CONTEXT_DOWN || outer == NLI_CONTEXT_DENIED) !=
			   (inner == NLI_CONTEXT_DOWN || inner == NLI_CONTEXT_DENIED);

	if (outer == NLI_CONTEXT_SAME)
		return inner;
	if (inner == NLI_CONTEXT_SAME)
		return outer;
	if (outer == NLI_CONTEXT_UNKNOWN || inner == NLI_CONTEXT_UNKNOWN)
		return NLI_CONTEXT_UNKNOWN;
	if (outer == NLI_CONTEXT_NONE || inner == NLI_CONTEXT_NONE)
		return NLI_CONTEXT_NONE;
	if (outer == NLI_CONTEXT_DENIED && inner == NLI_CONTEXT_DENIED)
		return NLI_CONTEXT_SAME;
	return turns ? NLI_CONTEXT_DOWN : NLI_CONTEXT_UP;
}

static const char *const proved_names[] = { NULL, "entailment", "neutral",
					    "contradiction", "not_entailment" };

const char *nli_proved_name(enum nli_verdict_label l)
{
	return proved_names[l];
}

enum nli_verdict_label nli_proved_of(struct nli_str label)
{
	for (int l = NLI_PROVED_ENTAILMENT; l <= NLI_PROVED_NOT_ENTAILMENT; l++)
		if (nli_str_is(label, proved_names[l]))
			return (enum nli_verdict_label)l;
	return NLI_PROVED_NOTHING;
}

enum {
	E = NLI_PROVED_ENTAILMENT,
	N = NLI_PROVED_NEUTRAL,
	C = NLI_PROVED_CONTRADICTION,
	O = NLI_PROVED_NOT_ENTAILMENT
};

/*
 * By the label before and the relation of the hypothesis to the new one.  P
 * entails H: so it does what H entails, and denies what H excludes.  P excludes H:
 * so it does what entails H; that it entails what H excludes is certain only of
 * exclusive predicates (people also call a pair of two events a contradiction).
 * P leaves H open: so it does the negation of H.  "Not entailed" leaves open
 * which, so that only what entails H is not entailed either.
 */
static const unsigned char by_hypothesis[5][NLI_N_RELATION] = {
	[E] = { E, E, 0, C, C, 0, 0 },
	[N] = { N, 0, 0, N, 0, 0, 0 },
	[C] = { C, 0, C, 0, 0, 0, 0 },
	[O] = { O, 0, O, 0, 0, 0, 0 },
};
static const unsigned char if_exclusive[NLI_N_RELATION] = { 0, 0, 0, E, 0, E, 0 };

/*
 * By the label before and the relation of the premise to the new one.  What a
 * premise entails or excludes, a stronger one does; what it leaves open, a weaker
 * one does.
 */
static const unsigned char by_premise[5][NLI_N_RELATION] = {
	[E] = { E, 0, E, 0, 0, 0, 0 },
	[N] = { N, N, 0, 0, 0, 0, 0 },
	[C] = { C, 0, C, 0, 0, 0, 0 },
	[O] = { O, O, 0, 0, 0, 0, 0 },
};
static const unsigned char direct[NLI_N_RELATION] = { E, E, N, C, C, N, N };

/* Of two classes there are those that are entailed and all others. */
static enum nli_verdict_label in_classes(unsigned label, bool two)
{
	return two && (label == N || label == C) ? NLI_PROVED_NOT_ENTAILMENT
						 : (enum nli_verdict_label)label;
}

/* The label that all relations of a mask give. */
static enum nli_verdict_label agreed(const unsigned char by[NLI_N_RELATION], unsigned a,
				     bool two)
{
	enum nli_verdict_label all = NLI_PROVED_NOTHING;

	for (int r = 0; r < NLI_N_RELATION; r++) {
		const enum nli_verdict_label l = in_classes(by[r], two);

		if (!(a & 1u << r))
			continue;
		if (!l || (all && all != l))
			return NLI_PROVED_NOTHING;
		all = l;
	}
	return all;
}

enum nli_verdict_label nli_label_hypothesis(enum nli_verdict_label label, bool two,
					    unsigned a, bool exclusive)
{
	enum nli_verdict_label l = agreed(by_hypothesis[label], a, two);

	if (!l && exclusive && label == NLI_PROVED_CONTRADICTION)
		l = agreed(if_exclusive, a, two);
	return l;
}

enum nli_verdict_label nli_label_premise(enum nli_verdict_label label, bool two,
					 unsigned a)
{
	return agreed(by_premise[label], a, two);
}

enum nli_verdict_label nli_label_direct(bool two, unsigned a)
{
	return agreed(direct, a, two);
}
