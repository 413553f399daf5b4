/*
 * Unit tests of lib/io/skim: it says yes only to what the parser takes, finds the
 * same members, and undoes the same escapes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/io/skim.h"

/* skim: what is wanted of nli_skim(); a "no" to good JSON is allowed, and is said so. */
static const struct row {
	const char *name, *line;
	bool skim;
} rows[] = {
	{ "plain", "{\"a\":\"b\",\"c\":1}", true },
	{ "blanks", " { \"a\" : \"b\" , \"c\" : null } ", true },
	{ "nested", "{\"a\":[1,{\"b\":[true,false,\"x\"]},-1.5e+3],\"c\":{}}", true },
	{ "arrays", "{\"a\":[],\"b\":[ ],\"c\":[ 1 , [2,3] ,\"],[\" ],\"d\":[{}]}",
	  true },
	{ "escapes", "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude02\"}",
	  true },
	{ "utf-8", "{\"a\":\"\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x82\"}", true },
	{ "long strings", "{\"a\":\"0123456789abcdef0123456789abcdef\",\"b\":\"x\"}",
	  true },
	{ "empty object is left to the parser", "{}", false },
	{ "escaped name is left to the parser", "{\"\\u0061\":1}", false },
	{ "array", "[1]", false },
	{ "trailing comma", "{\"a\":1,}", false },
	{ "two values", "{\"a\":1}{\"b\":1}", false },
	{ "no colon", "{\"a\" 1}", false },
	{ "no value", "{\"a\":}", false },
	{ "cut string", "{\"a\":\"b", false },
	{ "cut object", "{\"a\":1", false },
	{ "control in string", "{\"a\":\"\t\"}", false },
	{ "bad escape", "{\"a\":\"\\x\"}", false },
	{ "short \\u", "{\"a\":\"\\u12\"}", false },
	{ "lone high surrogate", "{\"a\":\"\\ud83d\"}", false },
	{ "lone low surrogate", "{\"a\":\"\\ude02\"}", false },
	{ "leading zero", "{\"a\":01}", false },
	{ "bare minus", "{\"a\":-}", false },
	{ "point without digits", "{\"a\":1.}", false },
	{ "exponent without digits", "{\"a\":1e}", false },
	{ "nul word", "{\"a\":nul}", false },
	{ "single quotes", "{'a':1}", false },
	{ "overlong utf-8", "{\"a\":\"\xc0\xaf\"}", false },
	{ "surrogate in utf-8", "{\"a\":\"\xed\xa0\x80\"}", false },
	{ "cut utf-8", "{\"a\":\"\xe2\x82\"}", false },
};
enum { NROWS = sizeof(rows) / sizeof(*rows) };

static void same_members(const struct nli_skimmer *k, const struct nli_object *o)
{
	struct nli_buf text = { 0 };

	assert_int_equal(k->n, o->n);
	for (size_t i = 0; i < o->n; i++) {
		assert_true(nli_str_eq(k->m[i].key, o->m[i].key));
		assert_true(nli_str_eq(k->m[i].raw, o->m[i].raw));
		assert_int_equal(k->m[i].type, nli_jtype(o->m[i].val));
		if (k->m[i].type == NLI_J_ARRAY)
			assert_int_equal(nli_raw_len(k->m[i].raw), nli_jlen(o->m[i].val));
		if (k->m[i].type != NLI_J_STRING)
			continue;
		nli_buf_clear(&text);
		if (k->m[i].escaped)
			nli_unescape(k->m[i].raw, &text);
		else
			nli_buf_add(&text, nli_raw_text(&k->m[i]).s,
				    nli_raw_text(&k->m[i]).len);
		assert_true(nli_str_eq(nli_buf_str(&text), nli_jstr(o->m[i].val)));
	}
	nli_buf_release(&text);
}

static void check_row(void **state)
{
	const struct row *r = *state;
	const struct nli_str line = nli_str_of(r->line);
	struct nli_json *j = nli_json_new();
	static struct nli_skimmer k;
	struct nli_object o;

	/* Twice: the second time the names are known. */
	memset(&k, 0, sizeof(k));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(nli_skim(&k, line), r->skim);
		if (!r->skim)
			continue;
		assert_int_equal(nli_json_object(j, line, &o, NULL), 0);
		same_members(&k, &o);
		assert_int_equal(k.m[0].known, i);
	}
	nli_json_free(j);
}

static void tidy(void **state)
{
	(void)state;
	assert_true(nli_is_tidy(NLI_STR("")));
	assert_true(nli_is_tidy(NLI_STR("A dog runs over the hill, and sleeps.")));
	assert_false(nli_is_tidy(NLI_STR(" a")));
	assert_false(nli_is_tidy(NLI_STR("a ")));
	assert_false(nli_is_tidy(NLI_STR("0123456789abcde  0123456789abcdef")));
	assert_false(nli_is_tidy(NLI_STR("0123456789abcdef0123456789 \tbcdef")));
	assert_false(nli_is_tidy(NLI_STR("caf\xc3\xa9")));
	assert_false(nli_is_tidy(NLI_STR("0123456789abcdef\x7f")));
}

/* The same byte by byte, as skim.h has it. */
static bool tidy_by_rule(struct nli_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] < ' ' || s.s[i] > '~' ||
		    (s.s[i] == ' ' && (!i || i + 1 == s.len || s.s[i + 1] == ' ')))
			return false;
	return true;
}

enum { MOST = 70 }; /* four times what is looked at at once, and some more */
static const char odd[] = { ' ', '\t', '\x7f', '\xe9', '"', '\\', 'x' };

/* Of any length, with any byte at any place; the memory ends where the text does. */
static void tidy_everywhere(void **state)
{
	(void)state;
	for (size_t len = 1; len < MOST; len++)
		for (size_t at = 0; at < len; at++)
			for (size_t i = 0; i < sizeof(odd); i++) {
				char *text = malloc(len);
				const struct nli_str s = { text, len };

				memset(text, 'a', len);
				text[len / 2] = ' ';
				text[at] = odd[i];
				assert_int_equal(nli_is_tidy(s), tidy_by_rule(s));
				free(text);
			}
}

/* {"name":"text"} or {"name":"text","z":1}, the name all of c. */
static struct nli_str line_of(char *to, size_t n_name, char c, size_t len, bool more)
{
	const char *end = more ? "\",\"z\":1}" : "\"}";
	char *at = to;

	*at++ = '{';
	*at++ = '"';
	memset(at, c, n_name);
	at += n_name;
	memcpy(at, "\":\"", 3);
	at += 3;
	memset(at, 'a', len);
	at += len;
	memcpy(at, end, strlen(end));
	return (struct nli_str){ to, (size_t)(at - to) + strlen(end) };
}

/* What the parser says of a line is what the skimmer says. */
static void same_verdict(struct nli_skimmer *k, struct nli_json *j, struct nli_str line)
{
	char *exact = malloc(line.len);
	const struct nli_str s = { memcpy(exact, line.s, line.len), line.len };
	struct nli_object o;
	const bool good = !nli_json_object(j, s, &o, NULL);

	assert_int_equal(nli_skim(k, s), good);
	if (good)
		same_members(k, &o);
	free(exact);
}

static void strings_everywhere(void **state)
{
	static const size_t name[] = { 1, 9, 12, 26, 27, 28, 29, 44 };
	struct nli_json *j = nli_json_new();
	static struct nli_skimmer k;
	char text[2 * MOST];

	(void)state;
	for (size_t i = 0; i < sizeof(name) / sizeof(*name); i++)
		for (size_t len = 0; len < 2 * MOST - 60; len++) {
			const bool more = len % 2;
			const size_t from = name[i] + 5;

			memset(&k, 0, sizeof(k));
			same_verdict(&k, j, line_of(text, name[i], 'n', len, more));
			same_verdict(&k, j, line_of(text, name[i], 'n', len, more));
			assert_true(k.m[0].known);
			for (size_t at = 0; at < len; at++) {
				text[from + at] = odd[at % sizeof(odd)];
				same_verdict(&k, j,
					     (struct nli_str){
						     text, from + len + (more ? 8 : 2) });
				text[from + at] = 'a';
			}
			/* Its last letter is another one. */
			line_of(text, name[i], 'n', len, more);
			text[1 + name[i]] = 'm';
			same_verdict(
				&k, j,
				(struct nli_str){ text, from + len + (more ? 8 : 2) });
			assert_false(k.m[0].known);
		}
	nli_json_free(j);
}

int main(void)
{
	struct CMUnitTest tests[NROWS + 3] = {
		[NROWS] = cmocka_unit_test(tidy),
		[NROWS + 1] = cmocka_unit_test(tidy_everywhere),
		[NROWS + 2] = cmocka_unit_test(strings_everywhere),
	};

	for (size_t i = 0; i < NROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = check_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("skim", tests, NULL, NULL);
}
