/* Unit tests of lib/show: texts made safe, numbers, ticks, conditions, shared texts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/io/json.h"
#include "lib/show/change.h"
#include "lib/show/clean.h"
#include "lib/show/differ.h"
#include "lib/show/gate.h"
#include "lib/show/plot.h"
#include "lib/show/shared.h"
#include "tests/unit/rows.h"

static const struct text_row {
	const char *name, *in;
	size_t max;
	const char *want;
} cleans[] = {
	{ "plain text stays", "a b", 9, "a b" },
	{ "escape is its picture", "\033[31m", 9, "\xe2\x90\x9b[31m" },
	{ "line feed is a return sign", "a\nb", 9, "a \xe2\x8f\x8e b" },
	{ "delete", "\x7f", 9, "\xe2\x90\xa1" },
	{ "C1 control", "\xc2\x9b", 9, "[U+009B]" },
	{ "override", "\xe2\x80\xae", 9, "[U+202E]" },
	{ "isolate", "\xe2\x81\xa6", 9, "[U+2066]" },
	{ "right-to-left mark stays", "\xe2\x80\x8f", 9, "\xe2\x80\x8f" },
	{ "line separator", "\xe2\x80\xa8", 9, "[U+2028]" },
	{ "noncharacter", "\xef\xbf\xbe", 9, "\xef\xbf\xbd" },
	{ "tag character", "\xf3\xa0\x80\x81", 9, "[U+E0001]" },
	{ "cut at a code point", "\xc3\xa4\xc3\xa4\xc3\xa4", 2,
	  "\xc3\xa4\xc3\xa4\xe2\x80\xa6" },
	{ "not cut where it fits", "ab", 2, "ab" },
};

static const struct text_row fits[] = {
	{ "fits", "abc", 3, "abc" },
	{ "cut", "abcd", 3, "ab\xe2\x80\xa6" },
	{ "wide characters take two", "\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97", 4,
	  "\xe4\xb8\xad\xe2\x80\xa6" },
	{ "marks take none",
	  "e\xcc\x81"
	  "a",
	  2,
	  "e\xcc\x81"
	  "a" },
};

static const struct text_row markdowns[] = {
	{ "tag", "<b>&", 0, "&lt;b&gt;&amp;" },
	{ "link", "[a](b)", 0, "\\[a\\](b)" },
	{ "table and emphasis", "|*_`~", 0, "\\|\\*\\_\\`\\~" },
};

static void check_clean(void **state)
{
	const struct text_row *r = *state;
	struct nli_buf b = { 0 };

	nli_clean(nli_str_of(r->in), r->max, &b);
	assert_string_equal(b.data, r->want);
	nli_buf_release(&b);
}

static void check_fit(void **state)
{
	const struct text_row *r = *state;
	struct nli_buf b = { 0 };

	nli_show_fit(nli_str_of(r->in), r->max, &b);
	assert_string_equal(b.data, r->want);
	assert_true(nli_show_width(nli_buf_str(&b)) <= r->max);
	nli_buf_release(&b);
}

/* Advances of DejaVu Sans at 13 units, measured in Chromium: an estimate is no narrower. */
static const struct width_row {
	const char *name, *in;
	double least;
} widths[] = {
	{ "lower case", "contradiction", 85.6 },
	{ "signs that show overrides", "[U+202E]evil[U+202C] [U+2066]i", 222.3 },
	{ "capitals", "MMWWAAQQ", 85.8 },
	{ "digits", "1234567890", 82.7 },
	{ "wide script", "\xe4\xb8\xad\xe6\x96\x87", 26 },
};

static void check_width(void **state)
{
	const struct width_row *r = *state;
	struct nli_buf b = { 0 };
	const double w = nli_text_width(nli_str_of(r->in));

	assert_true(w >= r->least && w < 1.3 * r->least);
	nli_text_fit(nli_str_of(r->in), w, &b);
	assert_string_equal(b.data, r->in);
	nli_buf_clear(&b);
	nli_text_fit(nli_str_of(r->in), w - 0.1, &b);
	assert_non_null(strstr(b.data, "\xe2\x80\xa6"));
	assert_true(nli_text_width(nli_buf_str(&b)) < w);
	nli_buf_release(&b);
}

static void check_markdown(void **state)
{
	const struct text_row *r = *state;
	struct nli_buf b = { 0 };

	nli_show_markdown(nli_str_of(r->in), &b);
	assert_string_equal(b.data, r->want);
	nli_buf_release(&b);
}

static const struct number_row {
	const char *name;
	char how; /* w(hole), s(hare), r(eal), p, f(ixed, 2 decimals) */
	double v;
	const char *want;
} numbers[] = {
	{ "no comma", 'w', 999, "999" },
	{ "commas", 'w', 1234567, "1,234,567" },
	{ "no count", 'w', -1, "?" },
	{ "NaN is no count", 'w', NAN, "?" },
	{ "beyond 64 bits", 'w', 1e300, "?" },
	{ "share", 's', 0.12345, "12.3%" },
	{ "no minus zero", 's', -0.0001, "0.0%" },
	{ "three digits", 'r', 9.2341, "9.23" },
	{ "zeros kept", 'r', 10, "10.0" },
	{ "small", 'r', 0.0456, "0.046" },
	{ "smaller", 'r', 0.00012345, "0.0001" },
	{ "nearly nothing", 'r', 0.000012345, "1.2e-05" },
	{ "large", 'r', 1234.5, "1,235" },
	{ "a sum's rounding", 'r', -5.5e-9, "0.0000" },
	{ "p", 'p', 0.012345, "0.012" },
	{ "p below", 'p', 1e-13, "<1e-12" },
	{ "coordinate", 'f', 1.5, "1.5" },
	{ "whole coordinate", 'f', 3, "3" },
	{ "no minus zero coordinate", 'f', -0.001, "0" },
};

static void check_number(void **state)
{
	const struct number_row *r = *state;
	struct nli_buf b = { 0 };

	if (r->how == 'w')
		nli_show_whole(r->v, &b);
	else if (r->how == 's')
		nli_show_share(r->v, &b);
	else if (r->how == 'r')
		nli_show_real(r->v, &b);
	else if (r->how == 'p')
		nli_show_p_value(r->v, &b);
	else
		nli_show_fixed(r->v, 2, &b);
	assert_string_equal(b.data, r->want);
	nli_buf_release(&b);
}

static const struct tick_row {
	const char *name;
	struct nli_axis axis;
	size_t want;
	const char *text; /* the ticks with blanks between */
} ticks[] = {
	{ "shares", { "", 0, 1, false, true }, 5, "0% 20% 40% 60% 80% 100%" },
	{ "not from zero", { "", 3, 17, false, false }, 4, "5 10 15" },
	{ "three decades",
	  { "", 1, 1000, true, false },
	  9,
	  "1 2 5 10 20 50 100 200 500 1,000" },
	{ "six decades",
	  { "", 1, 1e6, true, false },
	  9,
	  "1 10 100 1,000 10,000 100,000 1,000,000" },
	{ "empty axis", { "", 1, 1, false, false }, 5, "" },
	{ "huge numbers close together end",
	  { "", 1e300, 1.0000000000000002e300, false, false },
	  5,
	  NULL },
	{ "no logarithm of 0", { "", 0, 9, true, false }, 5, "" },
};

static void check_ticks(void **state)
{
	const struct tick_row *r = *state;
	struct nli_buf b = { 0 };
	double at[NLI_TICKS];
	const size_t n = nli_ticks(&r->axis, r->want, at);

	assert_true(n <= NLI_TICKS);
	for (size_t i = 0; i < n; i++) {
		nli_buf_adds(&b, i ? " " : "");
		nli_tick_text(&r->axis, at[i], &b);
	}
	if (r->text)
		assert_string_equal(b.data ? b.data : "", r->text);
	nli_buf_release(&b);
}

static void scale_stays_inside(void **state)
{
	static const double odd[] = { NAN, INFINITY, -INFINITY, 1e300, -1e300, 0 };
	static const struct nli_axis axes[] = { { "", 0, 1, false, false },
						{ "", 1, 1, false, false },
						{ "", 1, 100, true, false } };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 6; k++) {
			const struct nli_scale s = { &axes[i], 10, 20 };
			const double v = nli_scale_at(&s, odd[k]);

			if (!(v >= 10 && v <= 20))
				fail_msg("axis %zu, %g: %g", i, odd[k], v);
		}
}

static const struct gate_row {
	const char *name, *text;
	int parses; /* 0, or what nli_condition_parse() returns */
	enum nli_outcome is;
} gates[] = {
	{ "holds", "hyponly.gain > 0.05", 0, NLI_OUTCOME_YES },
	{ "does not", "hyponly.gain > 0.5", 0, NLI_OUTCOME_NO },
	{ "per cent", "hyponly.gain>5%", 0, NLI_OUTCOME_YES },
	{ "not strictly", "hyponly.gain >= 0.1", 0, NLI_OUTCOME_YES },
	{ "strictly", "hyponly.gain > 0.1", 0, NLI_OUTCOME_NO },
	{ "less", "hyponly.gain < 0.1", 0, NLI_OUTCOME_NO },
	{ "not more", "hyponly.gain <= 0.1", 0, NLI_OUTCOME_YES },
	{ "equal", "hyponly.gain == 0.1", 0, NLI_OUTCOME_YES },
	{ "unequal", "hyponly.gain != 0.1", 0, NLI_OUTCOME_NO },
	{ "lower end", "hyponly.gain.lo < 0.06", 0, NLI_OUTCOME_YES },
	{ "upper end", "hyponly.gain.hi > 0.14", 0, NLI_OUTCOME_YES },
	{ "n of it", "hyponly.gain.n == 100", 0, NLI_OUTCOME_YES },
	{ "a name that ends in n", "records.n > 99", 0, NLI_OUTCOME_YES },
	{ "no interval", "records.n.lo > 0", 0, NLI_OUTCOME_UNKNOWN },
	{ "not told", "truth.alpha > 0", 0, NLI_OUTCOME_UNKNOWN },
	{ "typo", "hyponly.gian > 1", NLI_EINVAL, NLI_OUTCOME_NO },
	{ "no relation", "hyponly.gain 1", NLI_EINVAL, NLI_OUTCOME_NO },
	{ "no number", "hyponly.gain > ", NLI_EINVAL, NLI_OUTCOME_NO },
	{ "infinite", "hyponly.gain > inf", NLI_EINVAL, NLI_OUTCOME_NO },
	{ "an input", "hyponly.overlap.gain > 1", 0, NLI_OUTCOME_UNKNOWN },
	{ "no input", "hyponly.overlaps.gain > 1", NLI_EINVAL, NLI_OUTCOME_NO },
};

static void check_gate(void **state)
{
	const struct gate_row *r = *state;
	struct nli_doc d = { 0 };
	struct nli_condition c;

	nli_doc_value(&d, "hyponly.gain", 0.1, 0.05, 0.15, 100);
	nli_doc_value(&d, "records.n", 100, NAN, NAN, NAN);
	assert_int_equal(nli_condition_parse(&c, r->text, NULL), r->parses);
	if (!r->parses)
		assert_int_equal(nli_condition_try(&c, &d, NULL), r->is);
	nli_doc_release(&d);
}

/* 5000 texts, of which every third is in part 0 too and every fifth in part 1. */
static void counts_shared(void **state)
{
	struct nli_shared s = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 5000; i++) {
		nli_shared_add(&s, i, 4); /* 0 is a hash as any other */
		if (i % 3 == 0)
			nli_shared_add(&s, i, 1);
		if (i % 5 == 0)
			nli_shared_add(&s, i, 2);
	}
	assert_int_equal(nli_shared_count(&s, 4), 4999); /* 0 and 1 are one */
	assert_int_equal(nli_shared_parts(&s, 15), 7);
	assert_int_equal(nli_shared_parts(&s, 9), 5);
	assert_int_equal(nli_shared_parts(&s, 5000), 0);
	assert_int_equal(nli_shared_count(&s, 3), 334);
	nli_shared_release(&s);
	nli_shared_release(&s);
	assert_int_equal(nli_shared_parts(&s, 1), 0);
}

/* Brackets around what is marked. */
static const struct differ_row {
	const char *name, *a, *b, *want_a, *want_b;
} differs[] = {
	{ "equal", "a b c", "a b c", "a b c", "a b c" },
	{ "one word", "a b c", "a x c", "a [b] c", "a [x] c" },
	{ "one more", "a c", "a b c", "a c", "a [b] c" },
	{ "two in a row are one", "a b c d", "a d", "a [b c] d", "a d" },
	{ "nothing in common", "a b", "x", "[a b]", "[x]" },
	{ "empty", "", "x", "", "[x]" },
	{ "moved", "a b c", "c a b", "a b [c]", "[c] a b" },
};

static void expect_marked(const struct nli_part *p, const char *want)
{
	struct nli_buf b = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < p->n_span; i++) {
		nli_buf_add(&b, p->text.s + at, p->span[i].off - at);
		nli_buf_addf(&b, "[%.*s]", (int)p->span[i].len,
			     p->text.s + p->span[i].off);
		at = p->span[i].off + p->span[i].len;
	}
	nli_buf_add(&b, p->text.s + at, p->text.len - at);
	assert_string_equal(b.data, want);
	nli_buf_release(&b);
}

static void check_differ(void **state)
{
	const struct differ_row *r = *state;
	struct nli_part a = { .text = nli_str_of(r->a) },
			b = { .text = nli_str_of(r->b) };

	nli_differ(&a, "del", &b, "ins");
	expect_marked(&a, r->want_a);
	expect_marked(&b, r->want_b);
}

/* want_was "" : the edits do not fit, and nothing is added. */
static const struct change_row {
	const char *name, *in;
	int index;
	const char *text, *edits, *want_was, *want_is;
} changes[] = {
	{ "came in", "h", -1, "He is not in.",
	  "[{\"in\":\"h\",\"at\":[6,10],\"old\":\"\",\"new\":\"not \"}]", "He is in.",
	  "He is [not ]in." },
	{ "went out", "h", -1, "He is in.",
	  "[{\"in\":\"h\",\"at\":[6,6],\"old\":\"not \",\"new\":\"\"}]",
	  "He is [not ]in.", "He is in." },
	{ "two, out of order", "h", -1, "x b y",
	  "[{\"in\":\"h\",\"at\":[4,5],\"old\":\"c\"},"
	  "{\"in\":\"h\",\"at\":[0,1],\"old\":\"a\"}]",
	  "[a] b [c]", "[x] b [y]" },
	{ "code points, not bytes", "h", -1, "\xe8\xbf\x99\xe6\xb2\xa1x",
	  "[{\"in\":\"h\",\"at\":[1,2],\"old\":\"z\",\"new\":\"\xe6\xb2\xa1\"}]",
	  "\xe8\xbf\x99[z]x", "\xe8\xbf\x99[\xe6\xb2\xa1]x" },
	{ "cleaned", "h", -1, "a\x1b",
	  "[{\"in\":\"h\",\"at\":[0,1],\"old\":\"\\u0007\"}]",
	  "[\xe2\x90\x87]\xe2\x90\x9b", "[a]\xe2\x90\x9b" },
	{ "a choice by its name", "c", 1, "new",
	  "[{\"in\":\"c[1]\",\"at\":[0,3],\"old\":\"old\"}]", "[old]", "[new]" },
	{ "a choice by number", "c", 1, "new",
	  "[{\"in\":\"c\",\"choice\":1,\"at\":[0,3],\"old\":\"old\"}]", "[old]",
	  "[new]" },
	{ "another choice", "c", 0, "new",
	  "[{\"in\":\"c[1]\",\"at\":[0,3],\"old\":\"old\"}]", "", "" },
	{ "another part", "h", -1, "new", "[{\"in\":\"p\",\"at\":[0,3],\"old\":\"old\"}]",
	  "", "" },
	{ "not what stands there", "h", -1, "new",
	  "[{\"in\":\"h\",\"at\":[0,3],\"old\":\"old\",\"new\":\"new!\"}]", "", "" },
	{ "beyond the end", "h", -1, "new",
	  "[{\"in\":\"h\",\"at\":[2,9],\"old\":\"\",\"new\":\"w tail\"}]", "", "" },
	{ "one over another", "h", -1, "new",
	  "[{\"in\":\"h\",\"at\":[0,2],\"old\":\"\"},"
	  "{\"in\":\"h\",\"at\":[1,3],\"old\":\"\"}]",
	  "", "" },
	{ "negative", "h", -1, "new", "[{\"in\":\"h\",\"at\":[-1,2],\"old\":\"\"}]", "",
	  "" },
	{ "backwards", "h", -1, "new", "[{\"in\":\"h\",\"at\":[2,1],\"old\":\"\"}]", "",
	  "" },
	{ "no place", "h", -1, "new", "[{\"in\":\"h\",\"old\":\"\"}]", "", "" },
	{ "no list", "h", -1, "new", "{\"in\":\"h\"}", "", "" },
};

static void check_change(void **state)
{
	const struct change_row *r = *state;
	struct nli_json *j = nli_json_new();
	const nli_jval *edits = nli_json_parse(j, r->edits, strlen(r->edits), NULL);
	struct nli_doc d = { 0 };
	struct nli_example e = { 0 };

	assert_non_null(edits);
	assert_int_equal(
		nli_change_add(&d, &e, r->in, r->index, nli_str_of(r->text), edits),
		r->want_was[0] != 0);
	assert_int_equal(e.n_part, r->want_was[0] ? 2 : 0);
	if (e.n_part) {
		expect_marked(&e.part[0], r->want_was);
		expect_marked(&e.part[1], r->want_is);
	}
	free(e.part);
	nli_doc_release(&d);
	nli_json_free(j);
}

/* A cut text keeps its first edit, and spans stay inside it. */
static void change_in_long_text(void **state)
{
	struct nli_buf text = { 0 }, edits = { 0 };
	struct nli_json *j = nli_json_new();
	struct nli_doc d = { 0 };
	struct nli_example e = { 0 };

	(void)state;
	for (int i = 0; i < 5000; i++)
		nli_buf_adds(&text, i == 3000 ? "X" : "\xc3\xa9");
	nli_buf_adds(&edits, "[{\"in\":\"h\",\"at\":[3000,3001],\"old\":\"");
	for (int i = 0; i < 900; i++)
		nli_buf_adds(&edits, "o");
	nli_buf_adds(&edits, "\",\"new\":\"X\"},"
			     "{\"in\":\"h\",\"at\":[4990,4991],\"old\":\"y\"}]");
	assert_true(nli_change_add(&d, &e, "h", -1, nli_buf_str(&text),
				   nli_json_parse(j, edits.data, edits.len, NULL)));
	for (size_t k = 0; k < 2; k++) {
		const struct nli_part *p = &e.part[k];

		assert_int_equal(p->n_span, 1);
		assert_true(p->span[0].off + p->span[0].len <= p->text.len);
		assert_true(p->text.len < 1300);
	}
	assert_int_equal(e.part[1].span[0].len, 1);
	free(e.part);
	nli_doc_release(&d);
	nli_json_free(j);
	nli_buf_release(&text);
	nli_buf_release(&edits);
}

#define LEN(rows) (sizeof(rows) / sizeof(*(rows)))
#define ROWS(rows, check)                          \
	do {                                       \
		ROW_TESTS(tests + n, rows, check); \
		n += LEN(rows);                    \
	} while (0)

int main(void)
{
	struct CMUnitTest tests[LEN(cleans) + LEN(fits) + LEN(markdowns) + LEN(numbers) +
				LEN(ticks) + LEN(gates) + LEN(differs) + LEN(changes) +
				LEN(widths) + 3];
	size_t n = 0;

	ROWS(cleans, check_clean);
	ROWS(fits, check_fit);
	ROWS(markdowns, check_markdown);
	ROWS(numbers, check_number);
	ROWS(ticks, check_ticks);
	ROWS(gates, check_gate);
	ROWS(differs, check_differ);
	ROWS(changes, check_change);
	ROWS(widths, check_width);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(change_in_long_text);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(scale_stays_inside);
	tests[n] = (struct CMUnitTest)cmocka_unit_test(counts_shared);
	return cmocka_run_group_tests_name("show", tests, NULL, NULL);
}
