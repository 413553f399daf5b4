/* Unit tests of lib/text/alternatives: the pattern of some words matches those and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lib/text/alternatives.h"
#include "lib/text/pattern.h"

static const struct row {
	const char *name, *word[6], *want;
} rows[] = {
	{ "one word", { "no" }, "(?:no)" },
	{ "nothing in common", { "b", "a" }, "(?:(?:a|b))" },
	{ "one begins the other", { "is", "isn't" }, "(?:is(?:n't)?)" },
	{ "a shared beginning", { "come", "comía", "comió" }, "(?:com(?:e|ió|ía))" },
	{ "twice the same", { "un", "un" }, "(?:un)" },
	{ "characters, not bytes", { "é", "è" }, "(?:(?:è|é))" },
	{ "no pattern", { "a.b", "a+" }, "(?:a(?:\\+|\\.b))" },
};
enum { NROWS = sizeof(rows) / sizeof(*rows) };

static bool matches(struct nli_str pattern, const char *text)
{
	struct nli_pattern *p;
	struct nli_match *m = nli_match_new();
	struct nli_err err;
	bool found;

	assert_int_equal(nli_pattern_new(&p, pattern, NLI_PATTERN_WHOLE, &err), 0);
	found = nli_pattern_find(p, m, nli_str_of(text), 0, &err) == 1;
	nli_pattern_free(p);
	nli_match_free(m);
	return found;
}

static void check_row(void **state)
{
	const struct row *r = *state;
	const char *word[6];
	struct nli_buf out = { 0 };
	size_t n = 0;

	while (n < 6 && r->word[n]) {
		word[n] = r->word[n];
		n++;
	}
	nli_alternatives(word, n, &out);
	assert_string_equal(out.data, r->want);
	for (size_t i = 0; i < n; i++)
		assert_true(matches(nli_buf_str(&out), r->word[i]));
	assert_false(matches(nli_buf_str(&out), ""));
	assert_false(matches(nli_buf_str(&out), "comi"));
	nli_buf_release(&out);
}

int main(void)
{
	struct CMUnitTest tests[NROWS];

	for (size_t i = 0; i < NROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = check_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("alternatives", tests, NULL, NULL);
}
