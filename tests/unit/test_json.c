/* Unit tests of lib/io/json: what is accepted, and that a splice changes nothing else. */
#include "tests/unit/rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/io/json.h"

/* want NULL: the line must be refused, with text in the message. */
static const struct splice_row {
	const char *name, *line;
	struct nli_splice set[2];
	size_t n;
	const char *want, *says;
} splice_rows[] = {
	{ "a new member goes last",
	  "{\"a\":1}",
	  { { "x", { "2", 1 } } },
	  1,
	  "{\"a\":1,\"x\":2}",
	  NULL },
	{ "an empty object gets no comma",
	  "{ }",
	  { { "x", { "2", 1 } } },
	  1,
	  "{ \"x\":2}",
	  NULL },
	{ "an old member is replaced in its place",
	  "{\"x\" : [1,{\"y\":2}] , \"b\":1}",
	  { { "x", { "7", 1 } } },
	  1,
	  "{\"x\" : 7 , \"b\":1}",
	  NULL },
	{ "the last member is replaced",
	  "{\"b\":1,\"x\":\"\\\"}\" }",
	  { { "x", { "7", 1 } } },
	  1,
	  "{\"b\":1,\"x\":7 }",
	  NULL },
	{ "numbers and escapes stay as they were",
	  "{\"n\":1.10,\"e\":9007199254740993,\"u\":\"\\u00e9\\/\"}",
	  { { "x", { "0", 1 } } },
	  1,
	  "{\"n\":1.10,\"e\":9007199254740993,\"u\":\"\\u00e9\\/\",\"x\":0}",
	  NULL },
	{ "a key with escapes is found by its decoded text",
	  "{\"\\u0078\":1,\"\\\"\":2}",
	  { { "x", { "0", 1 } } },
	  1,
	  "{\"\\u0078\":0,\"\\\"\":2}",
	  NULL },
	{ "two members at once, one old and one new",
	  "{\"a\":1,\"b\":2}",
	  { { "z", { "9", 1 } }, { "a", { "8", 1 } } },
	  2,
	  "{\"a\":8,\"b\":2,\"z\":9}",
	  NULL },
	{ "the first member is taken away",
	  "{\"a\":1, \"b\":2}",
	  { { "a", { NULL, 0 } } },
	  1,
	  "{\"b\":2}",
	  NULL },
	{ "a middle member is taken away",
	  "{\"a\":1, \"b\":2 ,\"c\":3}",
	  { { "b", { NULL, 0 } } },
	  1,
	  "{\"a\":1 ,\"c\":3}",
	  NULL },
	{ "the only member is taken away",
	  "{\"a\":1}",
	  { { "a", { NULL, 0 } } },
	  1,
	  "{}",
	  NULL },
	{ "taken away and put in",
	  "{\"a\":1}",
	  { { "a", { NULL, 0 } }, { "b", { "2", 1 } } },
	  2,
	  "{\"b\":2}",
	  NULL },
	{ "blanks around the line go",
	  " \t{\"a\":1}\r",
	  { { "x", { "2", 1 } } },
	  1,
	  "{\"a\":1,\"x\":2}",
	  NULL },
	{ "an array is no object",
	  "[1]",
	  { { "x", { "2", 1 } } },
	  1,
	  NULL,
	  "the line is an array, wanted a JSON object" },
	{ "a trailing comma is refused",
	  "{\"a\":1,}",
	  { { "x", { "2", 1 } } },
	  1,
	  NULL,
	  "not JSON" },
	{ "two values are refused",
	  "{} {}",
	  { { "x", { "2", 1 } } },
	  1,
	  NULL,
	  "not JSON" },
	{ "an empty line is refused",
	  "",
	  { { "x", { "2", 1 } } },
	  1,
	  NULL,
	  "wanted JSON" },
	{ "invalid UTF-8 is refused",
	  "{\"a\":\"\xff\"}",
	  { { "x", { "2", 1 } } },
	  1,
	  NULL,
	  "UTF-8" },
	{ "a raw control character is refused",
	  "{\"a\":\"\x01\"}",
	  { { "x", { "2", 1 } } },
	  1,
	  NULL,
	  "not JSON" },
	{ "NaN is refused", "{\"a\":NaN}", { { "x", { "2", 1 } } }, 1, NULL, "not JSON" },
};

static void check_splice(void **state)
{
	const struct splice_row *r = *state;
	struct nli_json *j = nli_json_new();
	struct nli_buf out = { 0 };
	struct nli_object o;
	struct nli_err err;
	const int rc = nli_json_object(j, nli_str_of(r->line), &o, &err);

	if (!r->want) {
		assert_int_equal(rc, NLI_EDATA);
		if (!strstr(err.msg, r->says))
			fail_msg("got \"%s\", want \"%s\" in it", err.msg, r->says);
	} else {
		assert_int_equal(rc, 0);
		nli_object_splice_n(&o, r->set, r->n, &out);
		assert_string_equal(out.data, r->want);
	}
	nli_buf_release(&out);
	nli_json_free(j);
}

static const struct number_row {
	const char *name, *text;
	int is_int;
	int64_t i;
	int is_real;
	double d;
} number_rows[] = {
	{ "zero", "0", 1, 0, 1, 0 },
	{ "minus", "-17", 1, -17, 1, -17 },
	{ "2^53 + 1 is exact", "9007199254740993", 1, 9007199254740993, 1,
	  9007199254740992.0 },
	{ "a fraction is no integer", "1.0", 0, 0, 1, 1 },
	{ "an exponent is no integer", "1e2", 0, 0, 1, 100 },
	{ "too large for an integer", "99999999999999999999", 0, 0, 1, 1e20 },
	{ "too large for a double", "1e999", 0, 0, 0, 0 },
	{ "a string is no number", "\"1\"", 0, 0, 0, 0 },
};

static void check_number(void **state)
{
	const struct number_row *r = *state;
	struct nli_json *j = nli_json_new();
	const nli_jval *v = nli_json_parse(j, r->text, strlen(r->text), NULL);
	int64_t i = 0;
	double d = 0;

	assert_non_null(v);
	assert_int_equal(nli_jint(v, &i), r->is_int);
	assert_int_equal(i, r->i);
	assert_int_equal(nli_jreal(v, &d), r->is_real);
	if (d < r->d || d > r->d)
		fail_msg("got %.17g, want %.17g", d, r->d);
	nli_json_free(j);
}

/* Decimals of every length and scale, to the bit what strtod() says. */
static void reals_are_rounded_right(void **state)
{
	struct nli_json *j = nli_json_new();
	uint64_t at = 1;

	(void)state;
	for (int k = 0; k < 200000; k++) {
		char text[40];
		const uint64_t whole = nli_mix(++at) % 1000000, part = nli_mix(++at);
		const int places = (int)(nli_mix(++at) % 13);
		uint64_t ten = 1;
		double got, want;
		const nli_jval *v;

		for (int i = 0; i < places; i++)
			ten *= 10;
		if (places)
			snprintf(text, sizeof(text), "%s%llu.%0*llu", at % 3 ? "" : "-",
				 (unsigned long long)whole, places,
				 (unsigned long long)(part % ten));
		else
			snprintf(text, sizeof(text), "%llu", (unsigned long long)part);
		v = nli_json_parse(j, text, strlen(text), NULL);
		want = strtod(text, NULL);
		assert_true(nli_jreal(v, &got));
		if (memcmp(&got, &want, sizeof(got)) != 0)
			fail_msg("%s: got %.17g, want %.17g", text, got, want);
	}
	nli_json_free(j);
}

static void depth_is_bounded(void **state)
{
	struct nli_json *j = nli_json_new();
	struct nli_buf text = { 0 };
	struct nli_err err;

	(void)state;
	for (int depth = NLI_JSON_MAX_DEPTH; depth <= NLI_JSON_MAX_DEPTH + 1; depth++) {
		const nli_jval *v;

		nli_buf_clear(&text);
		for (int i = 0; i < depth; i++)
			nli_buf_addc(&text, '[');
		nli_buf_adds(&text, "1");
		for (int i = 0; i < depth; i++)
			nli_buf_addc(&text, ']');
		v = nli_json_parse(j, text.data, text.len, &err);
		assert_int_equal(v != NULL, depth <= NLI_JSON_MAX_DEPTH);
	}
	assert_string_equal(err.msg, "JSON is nested deeper than 64");
	nli_buf_release(&text);
	nli_json_free(j);
}

static void a_text_past_the_pool_is_read(void **state)
{
	struct nli_json *j = nli_json_new();
	struct nli_buf text = { 0 };

	(void)state;
	nli_buf_addc(&text, '"');
	for (int i = 0; i < 1 << 20; i++)
		nli_buf_adds(&text, "abcdefgh");
	nli_buf_addc(&text, '"');
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(
			nli_jstr(nli_json_parse(j, text.data, text.len, NULL)).len,
			8 << 20);
	assert_int_equal(nli_jbool(nli_json_parse(j, "true", 4, NULL)), 1);
	nli_buf_release(&text);
	nli_json_free(j);
}

static void the_writer_round_trips(void **state)
{
	const char *text =
		"{\"a\\\"\\\\\\u0001\\n\":[1.50,null,true,{\"b\":{}}],\"c\":[]}";
	struct nli_json *j = nli_json_new();
	struct nli_buf out = { 0 };

	(void)state;
	nli_json_write(&out, nli_json_parse(j, text, strlen(text), NULL));
	assert_string_equal(out.data, text);
	nli_buf_release(&out);
	nli_json_free(j);
}

static void quote_one(struct nli_buf *out, size_t len, size_t at, int c)
{
	static const char special[] = "\"\\\b\t\n\f\r", letter[] = "\"\\btnfr";
	const char *name = c ? strchr(special, c) : NULL;
	char text[40], want[6 * sizeof(text)];
	int n = (int)at;

	memset(text, 'x', sizeof(text));
	text[at] = (char)c;
	memset(want, 'x', sizeof(want));
	if (name)
		n += snprintf(want + at, 8, "\\%c", letter[name - special]);
	else
		n += snprintf(want + at, 8, c < 0x20 ? "\\u%04x" : "%c", c);
	memset(want + n, 'x', len - 1 - at);
	nli_buf_clear(out);
	nli_json_quote(out, (struct nli_str){ text, len });
	assert_int_equal(out->len, (size_t)n + len - 1 - at + 2);
	assert_memory_equal(out->data + 1, want, out->len - 2);
}

/* Every byte at every place of texts up to more than two words of the machine, one by one. */
static void quotes_every_byte(void **state)
{
	struct nli_buf out = { 0 };

	(void)state;
	for (size_t len = 1; len <= 40; len++)
		for (size_t at = 0; at < len; at++)
			for (int c = 0; c < 128; c++)
				quote_one(&out, len, at, c);
	nli_buf_release(&out);
}

static void spans_of_values(void **state)
{
	static const struct {
		const char *text;
		size_t want;
	} row[] = {
		{ "\"a\\\"}\",1", 6 }, { "{\"a\":[1,\"]\"]},2", 13 },
		{ "12,3", 2 },         { "true]", 4 },
		{ "null", 4 },         { " [ ] ,", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++)
		assert_int_equal(nli_json_span(row[i].text, strlen(row[i].text)),
				 row[i].want);
}

/* The quick way of writing reals must not differ from printf's. */
static void reals_are_as_printf_has_them(void **state)
{
	struct nli_buf b = { 0 };
	char want[32];

	(void)state;
	for (uint64_t i = 0; i < 200000; i++) {
		double v = pow(10, -6 + 14 * nli_unit(nli_mix(i)));
		struct nli_jw w = { .b = &b };

		if (i % 2) /* few digits, halves among them */
			v = (double)(nli_mix(i) % 4000000) / (double)(1 << i % 13);
		v = i % 3 ? v : -v;
		nli_buf_clear(&b);
		nli_jw_real(&w, v);
		snprintf(want, sizeof(want), "%.6g", v ? v : 0.0);
		assert_string_equal(b.data, want);
	}
	nli_buf_release(&b);
}

int main(void)
{
	struct CMUnitTest splices[sizeof(splice_rows) / sizeof(*splice_rows)];
	struct CMUnitTest numbers[sizeof(number_rows) / sizeof(*number_rows)];
	const struct CMUnitTest rest[] = {
		cmocka_unit_test(reals_are_rounded_right),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(a_text_past_the_pool_is_read),
		cmocka_unit_test(the_writer_round_trips),
		cmocka_unit_test(spans_of_values),
		cmocka_unit_test(quotes_every_byte),
		cmocka_unit_test(reals_are_as_printf_has_them),
	};
	int failed = 0;

	ROW_TESTS(splices, splice_rows, check_splice);
	ROW_TESTS(numbers, number_rows, check_number);
	failed += cmocka_run_group_tests_name("json splice", splices, NULL, NULL);
	failed += cmocka_run_group_tests_name("json numbers", numbers, NULL, NULL);
	failed += cmocka_run_group_tests_name("json", rest, NULL, NULL);
	return failed;
}
