/*
 * Unit tests of lib/text/norm: the quirks seen in real corpora (facts:
 * formats.md, 5), then every code point against ICU, which the fast paths
 * stand in for.
 */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "lib/text/norm.h"

typedef void form_fn(struct nli_str s, struct nli_buf *out);

static void match_all(struct nli_str s, struct nli_buf *out)
{
	nli_text_match_form(s, NLI_MATCH_CASE | NLI_MATCH_PUNCT | NLI_MATCH_WIDTH, out);
}

static void match_case(struct nli_str s, struct nli_buf *out)
{
	nli_text_match_form(s, NLI_MATCH_CASE, out);
}

static void match_none(struct nli_str s, struct nli_buf *out)
{
	nli_text_match_form(s, 0, out);
}

static const struct row {
	const char *name;
	form_fn *form;
	const char *in, *want;
} rows[] = {
	{ "clean: empty", nli_text_clean, "", "" },
	{ "clean: blanks alone", nli_text_clean, "  \t\n ", "" },
	{ "clean: one blank inside", nli_text_clean, "A man  is\t\nout . ",
	  "A man is out ." },
	{ "clean: blanks across an 8-byte word", nli_text_clean, "1234567  90",
	  "1234567 90" },
	{ "clean: a blank at each end", nli_text_clean, " 12345678 ", "12345678" },
	{ "clean: last byte of a word is a blank", nli_text_clean, "1234567 ",
	  "1234567" },
	{ "clean: NBSP is white space", nli_text_clean, "a\u00a0b", "a b" },
	{ "clean: U+0085 is white space", nli_text_clean,
	  "a\xc2\x85"
	  "b",
	  "a b" },
	{ "clean: U+2028 is white space", nli_text_clean, "a\u2028b", "a b" },
	{ "clean: U+3000 is white space", nli_text_clean, "\u3000a\u3000", "a" },
	{ "clean: en quad is white space", nli_text_clean, "a\u2000b", "a b" },
	{ "clean: VT and FF are white space", nli_text_clean, "a\vb\fc", "a b c" },
	{ "clean: a unit separator is none", nli_text_clean,
	  "a\x1f"
	  "b",
	  "a\x1f"
	  "b" },
	{ "clean: Spanish marks share their lead byte with NBSP", nli_text_clean,
	  "\u00bfEst\u00e1 bien?", "\u00bfEst\u00e1 bien?" },
	{ "clean: ZWNJ stays", nli_text_clean,
	  "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647",
	  "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647" },
	{ "clean: ZWSP is no white space", nli_text_clean, "a\u200bb", "a\u200bb" },
	{ "clean: BOM inside text stays", nli_text_clean, "a\ufeffb", "a\ufeffb" },
	{ "clean: a NUL is text", nli_text_clean, NULL, NULL },
	{ "nfc: e and acute", nli_text_nfc, "e\u0301", "\u00e9" },
	{ "nfc: the mark behind a long prefix", nli_text_nfc, "0123456789e\u0301!",
	  "0123456789\u00e9!" },
	{ "nfc: Hindi QA is an exclusion", nli_text_nfc, "\u0958", "\u0915\u093c" },
	{ "nfc: Myanmar marks are put in order", nli_text_nfc, "\u1000\u103a\u1037",
	  "\u1000\u1037\u103a" },
	{ "nfc: shadda and fatha are put in order", nli_text_nfc, "\u0628\u0651\u064e",
	  "\u0628\u064e\u0651" },
	{ "nfc: Tamil O", nli_text_nfc, "\u0b95\u0bc6\u0bbe", "\u0b95\u0bca" },
	{ "nfc: Hebrew points are put in order", nli_text_nfc, "\u05e9\u05c1\u05bc",
	  "\u05e9\u05bc\u05c1" },
	{ "nfc: Hebrew presentation form", nli_text_nfc, "\ufb2a", "\u05e9\u05c1" },
	{ "nfc: Kana and voiced mark", nli_text_nfc, "\u304b\u3099", "\u304c" },
	{ "nfc: Hangul jamo", nli_text_nfc, "\u1112\u1161\u11ab", "\ud55c" },
	{ "nfc: Hangul syllable and final", nli_text_nfc, "\ud558\u11ab", "\ud55c" },
	{ "nfc: Greek question mark", nli_text_nfc, "\u037e", ";" },
	{ "nfc: full width stays", nli_text_nfc, "\uff21", "\uff21" },
	{ "nfc: an emoji stays", nli_text_nfc, "\U0001f602 e\u0301",
	  "\U0001f602 \u00e9" },
	{ "fold: ASCII, over and under a word", nli_text_fold, "ABCXYZ[@]abc{`}AZ09",
	  "abcxyz[@]abc{`}az09" },
	{ "fold: sharp s", nli_text_fold, "Stra\u00dfe \u1e9e", "strasse ss" },
	{ "fold: dotted I keeps its dot", nli_text_fold, "\u0130", "i\u0307" },
	{ "fold: I has no dotless form", nli_text_fold, "I\u0131", "i\u0131" },
	{ "fold: Spanish", nli_text_fold, "\u00c1\u00d1\u00dc\u00d7\u00f7",
	  "\u00e1\u00f1\u00fc\u00d7\u00f7" },
	{ "fold: final sigma", nli_text_fold, "\u03a3\u03c2", "\u03c3\u03c3" },
	{ "fold: Cyrillic", nli_text_fold, "\u0416\u0401", "\u0436\u0451" },
	{ "fold: Vietnamese", nli_text_fold, "\u1ea4\u01a0", "\u1ea5\u01a1" },
	{ "fold: Deseret, outside the BMP", nli_text_fold, "\U00010400", "\U00010428" },
	{ "fold: ligature", nli_text_fold, "\ufb03", "ffi" },
	{ "match: case, marks, blanks", match_all, "  Don't STOP -- \"now\"! ",
	  "don t stop now" },
	{ "match: the percent sign stays", match_all, "5%.", "5%" },
	{ "match: sums stay", match_all, "1 + 1 = $2", "1 + 1 = $2" },
	{ "match: nothing but marks", match_all, "?!...", "" },
	{ "match: full width", match_all, "\uff21\uff22\uff0c\uff11", "ab 1" },
	{ "match: half-width Kana with its mark", match_all, "\uff76\uff9e", "\u30ac" },
	{ "match: Chinese marks", match_all, "\u4f60\u597d\uff0c\u4e16\u754c\u3002",
	  "\u4f60\u597d \u4e16\u754c" },
	{ "match: danda", match_all, "\u0939\u0948\u0964", "\u0939\u0948" },
	{ "match: Spanish marks", match_all, "\u00bfQu\u00c9?", "qu\u00e9" },
	{ "match: curly quotes", match_all, "\u201cHi\u201d it\u2019s", "hi it s" },
	{ "match: decomposed and composed meet", match_all, "E\u0301", "\u00e9" },
	{ "match: soft hyphen and BOM go", match_all, "co\u00adop\ufeff", "coop" },
	{ "match: ZWNJ stays", match_all, "\u0645\u06cc\u200c\u062e",
	  "\u0645\u06cc\u200c\u062e" },
	{ "match: sharp s", match_all, "STRASSE Stra\u00dfe", "strasse strasse" },
	{ "match: case alone", match_case, "Don't\u3000 STOP!", "don't stop!" },
	{ "match: white space alone", match_none, " Don't  STOP! ", "Don't STOP!" },
};
enum { N_ROW = sizeof(rows) / sizeof(*rows) };

static void check_row(void **state)
{
	const struct row *r = *state;
	const struct nli_str in = r->in ? nli_str_of(r->in) : NLI_STR("a\0 \0b");
	const struct nli_str want = r->in ? nli_str_of(r->want) : in;
	struct nli_buf got = { 0 };

	nli_buf_adds(&got, "kept:"); /* functions append */
	r->form(in, &got);
	if (got.len != want.len + 5 || memcmp(got.data + 5, want.s, want.len))
		fail_msg("got \"%s\", want \"%s\"", got.data + 5, want.s);
	nli_buf_release(&got);
}

static const struct valid_row {
	const char *name, *in;
	size_t want;
} valid_rows[] = {
	{ "valid: ASCII", "0123456789012345678901234567890123456789", 40 },
	{ "valid: two, three, four bytes", "\u00e9\u4f60\U0001f602", 9 },
	{ "valid: last code point", "\xf4\x8f\xbf\xbf", 4 },
	{ "not: above the last", "a\xf4\x90\x80\x80", 1 },
	{ "not: overlong /", "ab\xc0\xaf", 2 },
	{ "not: overlong in three", "\xe0\x9f\xbf", 0 },
	{ "not: overlong in four", "\xf0\x8f\xbf\xbf", 0 },
	{ "not: surrogate", "\xed\xa0\x80", 0 },
	{ "not: continuation alone", "abc\x80", 3 },
	{ "not: cut short", "abc\xe4\xbd", 3 },
	{ "not: second byte is no continuation", "\xc3(", 0 },
	{ "not: Latin-1", "Iraq\x92s", 4 },
	{ "not: third byte", "\xe4\xbd(", 0 },
};
enum { N_VALID = sizeof(valid_rows) / sizeof(*valid_rows) };

static void check_valid(void **state)
{
	const struct valid_row *r = *state;

	assert_int_equal(nli_utf8_valid(nli_str_of(r->in)), r->want);
}

static void utf8_round_trip(void **state)
{
	struct nli_buf b = { 0 };

	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		size_t at = 0;

		if (c == 0xd800)
			c = 0xe000;
		nli_buf_clear(&b);
		nli_utf8_add(&b, c);
		if (nli_utf8_next(nli_buf_str(&b), &at) != c || at != b.len ||
		    nli_utf8_valid(nli_buf_str(&b)) != b.len ||
		    nli_utf8_count(nli_buf_str(&b)) != 1)
			fail_msg("U+%04X", (unsigned)c);
	}
	nli_buf_clear(&b);
	for (int i = 0; i < 100; i++)
		nli_buf_adds(&b, "a\u00e9\u4f60\U0001f602");
	assert_int_equal(nli_utf8_count(nli_buf_str(&b)), 400);
	nli_buf_release(&b);
}

/* A text that is cut short is read to its end and no further (valgrind, ASan). */
static void next_stays_inside(void **state)
{
	char *one = malloc(1);
	size_t at = 0;

	(void)state;
	*one = '\xf0';
	nli_utf8_next((struct nli_str){ one, 1 }, &at);
	assert_int_equal(at, 1);
	free(one);
}

typedef int32_t icu_fn(const UChar *in, int32_t n, UChar *out, int32_t cap);

static int32_t icu_nfc(const UChar *in, int32_t n, UChar *out, int32_t cap)
{
	UErrorCode e = U_ZERO_ERROR;

	return unorm2_normalize(unorm2_getNFCInstance(&e), in, n, out, cap, &e);
}

static int32_t icu_fold(const UChar *in, int32_t n, UChar *out, int32_t cap)
{
	UErrorCode e = U_ZERO_ERROR;

	return u_strFoldCase(out, cap, in, n, U_FOLD_CASE_DEFAULT, &e);
}

static void against_icu(form_fn *ours, icu_fn *theirs, const uint32_t *c, int n)
{
	UChar in[16], out[64];
	char want[200];
	int32_t n_in = 0, n_out, n_want = 0;
	struct nli_buf text = { 0 }, got = { 0 };
	UErrorCode e = U_ZERO_ERROR;

	for (int i = 0; i < n; i++) {
		U16_APPEND_UNSAFE(in, n_in, c[i]);
		nli_utf8_add(&text, c[i]);
	}
	n_out = theirs(in, n_in, out, 64);
	u_strToUTF8(want, sizeof(want), &n_want, out, n_out, &e);
	ours(nli_buf_str(&text), &got);
	if (got.len != (size_t)n_want || memcmp(got.data, want, got.len))
		fail_msg("U+%04X U+%04X: got \"%s\", want \"%.*s\"", (unsigned)c[0],
			 (unsigned)c[1], got.data, (int)n_want, want);
	nli_buf_release(&text);
	nli_buf_release(&got);
}

/* Each character between others, then with each kind of mark behind it. */
static void every_code_point_as_icu(void **state)
{
	static const uint32_t mark[] = { 0x301, 0x307, 0x3099, 0x11ab, 0x93c, 0xbbe };

	(void)state;
	for (uint32_t c = 1; c <= 0x1ffff; c++) {
		const uint32_t alone[] = { 'a', c, 'A' };

		if (c >= 0xd800 && c < 0xe000)
			continue;
		against_icu(nli_text_nfc, icu_nfc, alone, 3);
		against_icu(nli_text_fold, icu_fold, alone, 3);
		for (size_t i = 0; i < sizeof(mark) / sizeof(*mark); i++) {
			const uint32_t pair[] = { c, mark[i] };

			against_icu(nli_text_nfc, icu_nfc, pair, 2);
		}
	}
}

/* The fast way to a match form and the slow one, which a Hindi letter forces, agree. */
static void match_ways_agree(void **state)
{
	(void)state;
	for (unsigned flags = 0; flags < 8; flags++)
		for (uint32_t c = 1; c < 0x10000; c++) {
			struct nli_buf text = { 0 }, fast = { 0 }, slow = { 0 };

			if (c == 0xd800)
				c = 0xe000;
			nli_buf_adds(&text, "Ab, ");
			nli_utf8_add(&text, c);
			nli_buf_adds(&text, " .Z\u4e00");
			nli_text_match_form(nli_buf_str(&text), flags, &fast);
			nli_buf_adds(&text, "\u0915");
			nli_text_match_form(nli_buf_str(&text), flags, &slow);
			if (slow.len < 3 || fast.len != slow.len - 3 ||
			    memcmp(fast.data, slow.data, fast.len))
				fail_msg("U+%04X, flags %u: \"%s\" and \"%s\"",
					 (unsigned)c, flags, fast.data, slow.data);
			nli_buf_release(&text);
			nli_buf_release(&fast);
			nli_buf_release(&slow);
		}
}

/* White space of clean is Unicode's. */
static void white_space_as_icu(void **state)
{
	(void)state;
	for (uint32_t c = 1; c <= 0x1ffff; c++) {
		struct nli_buf text = { 0 }, got = { 0 };

		if (c == 0xd800)
			c = 0xe000;
		nli_buf_addc(&text, 'a');
		nli_utf8_add(&text, c);
		nli_buf_addc(&text, 'b');
		nli_text_clean(nli_buf_str(&text), &got);
		if (!strcmp(got.data, "a b") != !!u_isUWhiteSpace((UChar32)c))
			fail_msg("U+%04X: \"%s\"", (unsigned)c, got.data);
		nli_buf_release(&text);
		nli_buf_release(&got);
	}
}

int main(void)
{
	struct CMUnitTest tests[N_ROW + N_VALID + 5] = {
		[N_ROW + N_VALID] = cmocka_unit_test(utf8_round_trip),
		cmocka_unit_test(next_stays_inside),
		cmocka_unit_test(every_code_point_as_icu),
		cmocka_unit_test(match_ways_agree),
		cmocka_unit_test(white_space_as_icu),
	};

	ROW_TESTS(tests, rows, check_row);
	ROW_TESTS(tests + N_ROW, valid_rows, check_valid);
	return cmocka_run_group_tests_name("norm", tests, NULL, NULL);
}
