/* Unit tests of lib/text/pattern: what is found, and that nothing hangs. */
#include "tests/unit/rows.h"

#include <string.h>

#include "lib/text/pattern.h"

static const struct row {
	const char *name, *pattern;
	unsigned flags;
	const char *subject;
	const char *want; /* what it finds; NULL: nothing */
} rows[] = {
	{ "a word", "\\bcat\\b", 0, "a cat sat", "cat" },
	{ "not inside a word", "\\bcat\\b", 0, "concatenate", NULL },
	{ "word letters beyond ASCII", "\\w+", 0, "\xc3\xa9t\xc3\xa9!",
	  "\xc3\xa9t\xc3\xa9" },
	{ "case is folded beyond ASCII", "\xc3\x89", NLI_PATTERN_CASELESS, "\xc3\xa9",
	  "\xc3\xa9" },
	{ "whole: all of it", "\\d+(st|nd)", NLI_PATTERN_WHOLE, "21st", "21st" },
	{ "whole: not a part", "\\d+(st|nd)", NLI_PATTERN_WHOLE, "21st of", NULL },
	{ "an empty subject", "x?", 0, "", "" },
};

static void check_row(void **state)
{
	const struct row *r = *state;
	struct nli_match *m = nli_match_new();
	struct nli_pattern *p;
	struct nli_err err;
	const struct nli_str s = nli_str_of(r->subject);

	assert_int_equal(nli_pattern_new(&p, nli_str_of(r->pattern), r->flags, &err), 0);
	assert_int_equal(nli_pattern_find(p, m, s, 0, &err), r->want != NULL);
	if (r->want)
		assert_true(nli_str_is(nli_match_group(m, 0), r->want));
	else
		assert_null(nli_match_group(m, 0).s);
	nli_pattern_free(p);
	nli_match_free(m);
}

static void groups_by_name(void **state)
{
	const struct nli_str text =
		NLI_STR("(?<aux>is|are) (?:(?<not>not) )?(?<rest>.*)");
	struct nli_match *m = nli_match_new();
	struct nli_pattern *p;
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_pattern_new(&p, text, 0, &err), 0);
	assert_int_equal(nli_pattern_find(p, m, NLI_STR("he is here"), 0, &err), 1);
	assert_true(nli_str_is(nli_match_named(m, "aux"), "is"));
	assert_null(nli_match_named(m, "not").s);
	assert_true(nli_str_is(nli_match_named(m, "rest"), "here"));
	assert_null(nli_match_named(m, "none").s);
	assert_int_equal(nli_pattern_group(p, "not"), 2);
	assert_int_equal(nli_pattern_group(p, "none"), 0);
	assert_int_equal(nli_pattern_find(p, m, NLI_STR("he is here"), 4, &err), 0);
	assert_null(nli_match_named(m, "aux").s);
	nli_pattern_free(p);
	nli_match_free(m);
}

/* Exponential without a limit: 2^40 ways to cut the a's. */
static void limits_end_a_search(void **state)
{
	struct nli_match *m = nli_match_new();
	struct nli_pattern *p;
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_pattern_new(&p, NLI_STR("^(a|a)+$"), 0, &err), 0);
	assert_int_equal(
		nli_pattern_find(p, m,
				 NLI_STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), 0,
				 &err),
		NLI_EDATA);
	assert_string_equal(err.msg, "pattern: match limit exceeded");
	nli_pattern_free(p);
	nli_match_free(m);
}

static void bad_patterns_say_where(void **state)
{
	char big[70000];
	struct nli_pattern *p;
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_pattern_new(&p, NLI_STR("a(b"), 0, &err), NLI_EINVAL);
	assert_string_equal(err.msg,
			    "byte 3 of \"a(b\": pattern: missing closing parenthesis");
	assert_null(p);
	assert_int_equal(nli_pattern_new(&p, NLI_STR("\xff"), 0, &err), NLI_EINVAL);
	memset(big, 'a', sizeof(big));
	assert_int_equal(
		nli_pattern_new(&p, (struct nli_str){ big, sizeof(big) }, 0, &err),
		NLI_EINVAL);
	assert_string_equal(err.msg, "pattern of 70000 bytes, wanted 65536 at most");
	nli_pattern_free(p);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(*rows)];
	const struct CMUnitTest rest[] = {
		cmocka_unit_test(groups_by_name),
		cmocka_unit_test(limits_end_a_search),
		cmocka_unit_test(bad_patterns_say_where),
	};
	int failed;

	ROW_TESTS(tests, rows, check_row);
	failed = cmocka_run_group_tests_name("pattern rows", tests, NULL, NULL);
	return failed + cmocka_run_group_tests_name("pattern", rest, NULL, NULL);
}
