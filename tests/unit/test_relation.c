/*
 * Unit tests of lib/edit/relation: the join table against the sets themselves, the
 * projections, and which labels follow.
 */
#include "tests/unit/rows.h"

#include "lib/edit/relation.h"

enum {
	EQ = 1 << NLI_REL_EQUAL,
	FW = 1 << NLI_REL_FORWARD,
	RV = 1 << NLI_REL_REVERSE,
	NG = 1 << NLI_REL_NEGATION,
	AL = 1 << NLI_REL_ALTERNATION,
	CV = 1 << NLI_REL_COVER,
	IN = 1 << NLI_REL_INDEPENDENT,
	POINTS = 5,
	ALL = (1 << POINTS) - 1
};

/* The relation of two sets of POINTS points, by the definitions. */
static unsigned relation(unsigned x, unsigned y)
{
	const bool apart = !(x & y), all = (x | y) == ALL;

	if (x == y)
		return EQ;
	if (!(x & ~y))
		return FW;
	if (!(y & ~x))
		return RV;
	if (apart)
		return all ? NG : AL;
	return all ? CV : IN;
}

/* Every join is what some three sets show, and nothing else. */
static void joins_are_those_of_sets(void **state)
{
	unsigned seen[NLI_N_RELATION][NLI_N_RELATION] = { { 0 } };

	(void)state;
	for (unsigned x = 1; x < ALL; x++)
		for (unsigned y = 1; y < ALL; y++)
			for (unsigned z = 1; z < ALL; z++) {
				const int a = nli_relation_only(relation(x, y));
				const int b = nli_relation_only(relation(y, z));

				seen[a][b] |= relation(x, z);
			}
	for (int a = 0; a < NLI_N_RELATION; a++)
		for (int b = 0; b < NLI_N_RELATION; b++)
			assert_int_equal(nli_relation_join(1u << a, 1u << b), seen[a][b]);
}

static void turning_is_exchanging(void **state)
{
	(void)state;
	for (unsigned x = 1; x < ALL; x++)
		for (unsigned y = 1; y < ALL; y++)
			assert_int_equal(nli_relation_turn(relation(x, y)),
					 relation(y, x));
}

/* "Not": the complement of a set stands to another's as the table says. */
static void denial_is_the_complement(void **state)
{
	(void)state;
	for (unsigned x = 1; x < ALL; x++)
		for (unsigned y = 1; y < ALL; y++)
			assert_int_equal(
				nli_relation_project(relation(x, y), NLI_CONTEXT_DENIED),
				relation(ALL & ~x, ALL & ~y));
}

static const struct projected {
	const char *name;
	unsigned of;
	enum nli_context in;
	unsigned want;
} projected[] = {
	{ "up keeps the order", FW, NLI_CONTEXT_UP, FW },
	{ "down turns it", FW, NLI_CONTEXT_DOWN, RV },
	{ "down turns it back", RV, NLI_CONTEXT_DOWN, FW },
	{ "up says nothing of exclusion", AL, NLI_CONTEXT_UP, NLI_REL_ANY },
	{ "one event: exclusion stays", AL, NLI_CONTEXT_SAME, AL },
	{ "not monotone: no order", FW, NLI_CONTEXT_NONE, IN },
	{ "unknown: only equal is sure", EQ, NLI_CONTEXT_UNKNOWN, EQ },
	{ "unknown: all else is open", RV, NLI_CONTEXT_UNKNOWN, NLI_REL_ANY },
};

static void check_projected(void **state)
{
	const struct projected *r = *state;

	assert_int_equal(nli_relation_project(r->of, r->in), r->want);
}

static const struct composed {
	const char *name;
	enum nli_context outer, inner, want;
} composed[] = {
	{ "no ... without", NLI_CONTEXT_DOWN, NLI_CONTEXT_DOWN, NLI_CONTEXT_UP },
	{ "not ... not", NLI_CONTEXT_DENIED, NLI_CONTEXT_DENIED, NLI_CONTEXT_SAME },
	{ "not ... some", NLI_CONTEXT_DENIED, NLI_CONTEXT_UP, NLI_CONTEXT_DOWN },
	{ "in nothing", NLI_CONTEXT_SAME, NLI_CONTEXT_DENIED, NLI_CONTEXT_DENIED },
	{ "exactly ... no", NLI_CONTEXT_NONE, NLI_CONTEXT_DOWN, NLI_CONTEXT_NONE },
	{ "unknown stays", NLI_CONTEXT_UNKNOWN, NLI_CONTEXT_NONE, NLI_CONTEXT_UNKNOWN },
};

static void check_composed(void **state)
{
	const struct composed *r = *state;

	assert_int_equal(nli_context_compose(r->outer, r->inner), r->want);
}

enum {
	E = NLI_PROVED_ENTAILMENT,
	N = NLI_PROVED_NEUTRAL,
	C = NLI_PROVED_CONTRADICTION,
	O = NLI_PROVED_NOT_ENTAILMENT,
	NOTHING = NLI_PROVED_NOTHING
};

static const struct label {
	const char *name;
	int had;
	unsigned relation;
	int hypothesis, exclusive, premise; /* wanted for each part of three classes */
	int two;                            /* for the hypothesis, of two classes */
} labels[] = {
	{ "E, equal", E, EQ, E, E, E, E },
	{ "E, weaker", E, FW, E, E, NOTHING, E },
	{ "E, stronger", E, RV, NOTHING, NOTHING, E, NOTHING },
	{ "E, negation", E, NG, C, C, NOTHING, O },
	{ "E, alternation", E, AL, C, C, NOTHING, O },
	{ "E, cover", E, CV, NOTHING, NOTHING, NOTHING, NOTHING },
	{ "N, equal", N, EQ, N, N, N, O },
	{ "N, weaker", N, FW, NOTHING, NOTHING, N, NOTHING },
	{ "N, negation", N, NG, N, N, NOTHING, O },
	{ "N, alternation", N, AL, NOTHING, NOTHING, NOTHING, NOTHING },
	{ "C, stronger", C, RV, C, C, C, O },
	{ "C, weaker", C, FW, NOTHING, NOTHING, NOTHING, NOTHING },
	{ "C, negation", C, NG, NOTHING, E, NOTHING, NOTHING },
	{ "C, alternation", C, AL, NOTHING, NOTHING, NOTHING, NOTHING },
	{ "not E, stronger", O, RV, O, O, NOTHING, O },
	{ "not E, weaker", O, FW, NOTHING, NOTHING, O, NOTHING },
	{ "not E, negation", O, NG, NOTHING, NOTHING, NOTHING, NOTHING },
	{ "E, negation or alternation", E, NG | AL, C, C, NOTHING, O },
	{ "E, weaker or negation", E, FW | NG, NOTHING, NOTHING, NOTHING, NOTHING },
	{ "no label", NOTHING, EQ, NOTHING, NOTHING, NOTHING, NOTHING },
};

static void check_label(void **state)
{
	const struct label *r = *state;
	const enum nli_verdict_label had = (enum nli_verdict_label)r->had;

	assert_int_equal(nli_label_hypothesis(had, false, r->relation, false),
			 r->hypothesis);
	assert_int_equal(nli_label_hypothesis(had, false, r->relation, true),
			 r->exclusive);
	assert_int_equal(nli_label_premise(had, false, r->relation), r->premise);
	assert_int_equal(nli_label_hypothesis(had, true, r->relation, false), r->two);
}

static void directly(void **state)
{
	(void)state;
	assert_int_equal(nli_label_direct(false, EQ | FW), E);
	assert_int_equal(nli_label_direct(false, NG | AL), C);
	assert_int_equal(nli_label_direct(false, RV | IN | CV), N);
	assert_int_equal(nli_label_direct(false, AL | IN), NOTHING);
	assert_int_equal(nli_label_direct(true, AL | IN), O);
	assert_int_equal(nli_label_direct(true, FW | IN), NOTHING);
}

#define N_ROWS(rows) (sizeof(rows) / sizeof(*(rows)))

int main(void)
{
	struct CMUnitTest project[N_ROWS(projected)], compose[N_ROWS(composed)];
	struct CMUnitTest label[N_ROWS(labels)];
	const struct CMUnitTest rest[] = { cmocka_unit_test(joins_are_those_of_sets),
					   cmocka_unit_test(turning_is_exchanging),
					   cmocka_unit_test(denial_is_the_complement),
					   cmocka_unit_test(directly) };
	int failed;

	ROW_TESTS(project, projected, check_projected);
	ROW_TESTS(compose, composed, check_composed);
	ROW_TESTS(label, labels, check_label);
	failed = cmocka_run_group_tests_name("relation projected", project, NULL, NULL);
	failed += cmocka_run_group_tests_name("relation composed", compose, NULL, NULL);
	failed += cmocka_run_group_tests_name("relation labels", label, NULL, NULL);
	return failed + cmocka_run_group_tests_name("relation", rest, NULL, NULL);
}
