/*
 * Unit tests of lib/edit/context, lexicon, rule and judge on the English pack:
 * contexts of words, relations of pairs of sentences, what rules leave alone.
 */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <string.h>

#include "lib/edit/context.h"
#include "lib/edit/judge.h"
#include "lib/edit/rewriter.h"
#include "lib/io/share.h"

static struct nli_rewriter *en;
static struct nli_judge_scratch scratch;

/* The context of the word that stands once in the text. */
static const struct place {
	const char *name, *text, *word;
	enum nli_context want;
} places[] = {
	{ "one event", "A man is wearing a red hat.", "red", NLI_CONTEXT_SAME },
	{ "some", "Some dogs are big.", "dogs", NLI_CONTEXT_UP },
	{ "restrictor of every", "Every young man is tall.", "young", NLI_CONTEXT_DOWN },
	{ "body of every", "Every man is wearing hats.", "hats", NLI_CONTEXT_SAME },
	{ "restrictor with a relative clause", "Every man who is old is a tall man.",
	  "old", NLI_CONTEXT_DOWN },
	{ "behind it", "Every man who is old is wearing hats.", "hats",
	  NLI_CONTEXT_SAME },
	{ "no: noun phrase", "No young man is tall.", "young", NLI_CONTEXT_DOWN },
	{ "no: predicate", "No man is wearing hats.", "hats", NLI_CONTEXT_DOWN },
	{ "not", "A man is not wearing a hat.", "hat", NLI_CONTEXT_DENIED },
	{ "before not", "A man is not wearing a hat.", "man", NLI_CONTEXT_SAME },
	{ "a contraction", "They don't eat fish.", "fish", NLI_CONTEXT_DENIED },
	{ "any below not is some", "They don't eat any fish.", "fish",
	  NLI_CONTEXT_DENIED },
	{ "no ... without", "No man eats without forks.", "forks", NLI_CONTEXT_UP },
	{ "without ends at the verb", "A man without hats is eating fish.", "fish",
	  NLI_CONTEXT_SAME },
	{ "if", "If a dog barks, people run.", "dog", NLI_CONTEXT_DOWN },
	{ "behind if", "If a dog barks, people run.", "people", NLI_CONTEXT_UP },
	{ "at most", "At most three dogs are big.", "dogs", NLI_CONTEXT_DOWN },
	{ "at least", "At least three dogs are big.", "big", NLI_CONTEXT_UP },
	{ "exactly three", "Exactly three dogs are big.", "big", NLI_CONTEXT_NONE },
	{ "restrictor of most", "Most dogs are big.", "dogs", NLI_CONTEXT_UNKNOWN },
	{ "body of most", "Most dogs are big.", "big", NLI_CONTEXT_UP },
	{ "a question", "Is the dog big?", "big", NLI_CONTEXT_UNKNOWN },
	{ "behind because", "A man is not here because dogs bark.", "dogs",
	  NLI_CONTEXT_UNKNOWN },
	{ "refuse", "My children refuse to eat fish.", "fish", NLI_CONTEXT_DOWN },
};

static void check_place(void **state)
{
	const struct place *r = *state;
	enum nli_context at[50], gap[51];
	struct nli_view v = { 0 };
	size_t i = 0;

	nli_view_set(&v, scratch.rule.tokenizer, nli_str_of(r->text), &scratch.rule.fold);
	nli_lexicon_look(en->lexicon, &v);
	nli_context_scan(en->lexicon, &v, at, gap);
	while (i < v.n && !nli_str_is(nli_view_token(&v, i), r->word))
		i++;
	assert_true(i < v.n);
	assert_int_equal(at[i], r->want);
	nli_view_release(&v);
}

enum {
	EQ = 1 << NLI_REL_EQUAL,
	FW = 1 << NLI_REL_FORWARD,
	RV = 1 << NLI_REL_REVERSE,
	NG = 1 << NLI_REL_NEGATION,
	AL = 1 << NLI_REL_ALTERNATION,
	IN = 1 << NLI_REL_INDEPENDENT,
	ANY = NLI_REL_ANY
};

static const struct pair {
	const char *name, *a, *b;
	unsigned want;
} pairs[] = {
	{ "the same", "A man sleeps.", "A man sleeps.", EQ },
	{ "a colour", "A man in a red hat sleeps.", "A man in a blue hat sleeps.", AL },
	{ "a hypernym", "A dog sleeps.", "An animal sleeps.", FW },
	{ "a hyponym", "An animal sleeps.", "A dog sleeps.", RV },
	{ "a hypernym below no", "No animal sleeps.", "No dog sleeps.", FW },
	{ "two steps up", "A puppy sleeps.", "An animal sleeps.", FW },
	{ "a synonym", "A man sits on a couch.", "A man sits on a sofa.", EQ },
	{ "numbers", "Two men sleep.", "Three men sleep.", AL },
	{ "the same number", "Two men sleep.", "2 men sleep.", EQ },
	{ "at least", "At least five men sleep.", "At least four men sleep.", FW },
	{ "at most", "At most five men sleep.", "At most four men sleep.", RV },
	{ "a modifier goes", "A tall man sleeps.", "A man sleeps.", FW },
	{ "a modifier goes below not", "He has no red hat.", "He has no hat.", RV },
	{ "a phrase comes", "A man sleeps.", "A man sleeps in the park.", RV },
	{ "a relative clause goes", "He sees a dog that barks.", "He sees a dog.", FW },
	{ "an alternative comes", "A man sang.", "A man sang or danced.", FW },
	{ "a conjunct goes", "Juan and his friends are here.", "Juan is here.", ANY },
	{ "a fake gun", "He has a fake gun.", "He has a gun.", ANY },
	{ "a former king", "She met the former king.", "She met the king.", ANY },
	{ "and below not", "I do not eat fish and meat.", "I do not eat fish.", ANY },
	{ "two changes", "A dog sleeps in a red box.", "An animal sleeps in a box.", FW },
	{ "not monotone", "Exactly three dogs are big.", "Exactly three animals are big.",
	  IN },
	{ "a rule", "A man is sleeping.", "A man is not sleeping.", NG },
	{ "a rule turned round", "Not every man sleeps.", "Every man sleeps.", NG },
	{ "words unknown", "A man sleeps.", "A xyzzy sleeps.", ANY },
	{ "nothing alike", "A man sleeps.", "It was a dark and stormy night out there",
	  ANY },
	{ "empty", "", "A man.", ANY },
	/* One token, which needs no table; and what looks like one and does not. */
	{ "the last word", "He sees a dog", "He sees an animal", FW },
	{ "the first word", "Dogs sleep.", "Animals sleep.", FW },
	{ "a word comes last", "He has a dog", "He has a dog today", RV },
	{ "a word doubled", "A big dog sleeps.", "A big big dog sleeps.", RV },
	{ "two words exchanged", "A red big dog sleeps.", "A big red dog sleeps.",
	  EQ | FW | RV | AL | IN },
};

static void check_pair(void **state)
{
	const struct pair *r = *state;
	struct nli_judgement j, back;
	struct nli_err err;

	assert_int_equal(nli_judge(en->lexicon, en->rules, &scratch, nli_str_of(r->a),
				   nli_str_of(r->b), &j, &err),
			 0);
	assert_int_equal(j.relation, r->want);
	assert_int_equal(nli_judge(en->lexicon, en->rules, &scratch, nli_str_of(r->b),
				   nli_str_of(r->a), &back, &err),
			 0);
	assert_int_equal(back.relation, nli_relation_turn(r->want));
}

/* What the first rule of op negate or affirm makes; NULL: none applies. */
static const struct rewrite {
	const char *name, *text, *want;
} rewrites[] = {
	{ "an imperative", "Walk to the door.", NULL },
	{ "a question", "Do you swim?", NULL },
	{ "a fragment", "A man walking in the park.", NULL },
	{ "a participle is no past", "A man dressed in black.", NULL },
	{ "a capital moves", "Every man is here.", "Not every man is here." },
	{ "a capital comes back", "Not every man is here.", "Every man is here." },
	{ "I keeps its capital", "I am here.", "I am not here." },
	{ "a name keeps its own", "Anna is here.", "Anna is not here." },
	{ "no capital, none comes", "a man is here", "a man is not here" },
	{ "a second clause", "A man is here and a dog is there.", NULL },
	{ "a noun like a verb", "The waves crash on the beach.",
	  "The waves do not crash on the beach." },
	{ "any below not stays there", "He is not eating any fish.", NULL },
};

static void check_rewrite(void **state)
{
	const struct rewrite *r = *state;
	struct nli_buf out = { 0 };
	struct nli_err err;
	const char *made = NULL;

	for (size_t i = 0; i < en->pack->n_rule && !made; i++) {
		const struct nli_rw_rule *rule = &en->pack->rule[i];

		if (rule->priority < 0 ||
		    (strcmp(rule->op, "negate") && strcmp(rule->op, "affirm")))
			continue;
		if (nli_rule_apply_checked(en->rules, i, &scratch.rule,
					   nli_str_of(r->text), &out, &err) == 1)
			made = out.data;
	}
	if (r->want)
		assert_string_equal(made, r->want);
	else
		assert_null(made);
	nli_buf_release(&out);
}

/* The next word stays, and one goes before it and comes behind it: not a dog that became one. */
static void becomes_the_next_one(void **state)
{
	struct nli_judgement j;
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_judge(en->lexicon, en->rules, &scratch,
				   NLI_STR("A dog animal sleeps."),
				   NLI_STR("An animal animal sleeps."), &j, &err),
			 0);
	assert_int_equal(j.relation, EQ | FW | RV | AL | IN);
}

#define N_ROWS(rows) (sizeof(rows) / sizeof(*(rows)))

int main(void)
{
	struct CMUnitTest place[N_ROWS(places)], pair[N_ROWS(pairs)];
	struct CMUnitTest rewrite[N_ROWS(rewrites)];
	struct CMUnitTest token[] = { cmocka_unit_test(becomes_the_next_one) };
	struct nli_buf dir = { 0 }, path = { 0 }, rng = { 0 };
	struct nli_err err;
	int failed;

	if (nli_share_dir("langs", &dir, &err))
		return 1;
	nli_buf_addf(&path, "%s/en.xml", dir.data);
	nli_buf_addf(&rng, "%s/langpack.rng", dir.data);
	if (nli_rewriter_load(&en, path.data, rng.data, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	nli_judge_scratch_init(&scratch);
	ROW_TESTS(place, places, check_place);
	ROW_TESTS(pair, pairs, check_pair);
	ROW_TESTS(rewrite, rewrites, check_rewrite);
	failed = cmocka_run_group_tests_name("contexts", place, NULL, NULL);
	failed += cmocka_run_group_tests_name("judge", pair, NULL, NULL);
	failed += cmocka_run_group_tests_name("one token", token, NULL, NULL);
	failed += cmocka_run_group_tests_name("rewriting", rewrite, NULL, NULL);
	nli_judge_scratch_release(&scratch);
	nli_rewriter_free(en);
	nli_buf_release(&dir);
	nli_buf_release(&path);
	nli_buf_release(&rng);
	return failed;
}
