/* Unit tests of lib/text/token: where words end, in several scripts. */
#include "tests/unit/rows.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/text/token.h"

/* Tokens are shown joined by "|", numbers behind "#", marks behind "." */
static const struct row {
	const char *name, *in, *want;
} rows[] = {
	{ "empty", "", "" },
	{ "blanks alone", " \t\n\u00a0\u3000", "" },
	{ "a sentence", "Two men aren't 2 women.", "Two|men|aren|.'|t|#2|women|.." },
	{ "underscore and digits are word", "_a1 1a 12 1_2", "_a1|1a|#12|1_2" },
	{ "each mark alone", "--\"x\"?!", ".-|.-|.\"|x|.\"|.?|.!" },
	{ "marks at the edges of the ASCII classes",
	  "@A[`a{/0:", ".@|A|.[|.`|a|.{|./|#0|.:" },
	{ "a control is a mark",
	  "a\x01"
	  "b",
	  "a|.\x01|b" },
	{ "decimal point cuts", "3.5", "#3|..|#5" },
	{ "a word over the 64th byte",
	  "0123456789 0123456789 0123456789 0123456789 0123456789 0123456 abcdefghijk z",
	  "#0123456789|#0123456789|#0123456789|#0123456789|#0123456789|#0123456|"
	  "abcdefghijk|z" },
	{ "a word of more than 64 bytes",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "a b",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "a|b" },
	{ "a word that ends with the 64th byte",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	{ "a mark as the 64th byte",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bb",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|..|bb" },
	{ "Spanish", "\u00bfEst\u00e1 el ni\u00f1o?",
	  ".\u00bf|Est\u00e1|el|ni\u00f1o|.?" },
	{ "Turkish", "\u0130stanbul \u0131l\u0131k", "\u0130stanbul|\u0131l\u0131k" },
	{ "a letter over the 64th byte",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u00e9b",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u00e9b" },
	{ "a mark over the 64th byte",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u201cb",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|.\u201c|b" },
	{ "a blank over the 64th byte",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u3000b",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|b" },
	{ "decomposed letters stay whole", "cafe\u0301 x", "cafe\u0301|x" },
	{ "Hindi marks stay inside",
	  "\u0939\u093f\u0928\u094d\u0926\u0940 \u0939\u0948\u0964",
	  "\u0939\u093f\u0928\u094d\u0926\u0940|\u0939\u0948|.\u0964" },
	{ "Hindi digits are a number", "\u0967\u0968 \u0967a", "#\u0967\u0968|\u0967a" },
	{ "Persian ZWNJ stays inside", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
	  "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645" },
	{ "Thai",
	  "\u0e09\u0e31\u0e19\u0e23\u0e31\u0e01\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17"
	  "\u0e22",
	  "\u0e09\u0e31\u0e19|\u0e23\u0e31\u0e01|\u0e20\u0e32\u0e29\u0e32|"
	  "\u0e44\u0e17\u0e22" },
	{ "Chinese", "\u6211\u4eec\u559c\u6b22\u4e2d\u56fd\u3002",
	  "\u6211\u4eec|\u559c\u6b22|\u4e2d\u56fd|.\u3002" },
	{ "Japanese", "\u732b\u304c\u3044\u308b\u3001\u30c6\u30fc\u30d6\u30eb",
	  "\u732b|\u304c|\u3044\u308b|.\u3001|\u30c6\u30fc\u30d6\u30eb" },
	{ "Chinese touching Latin and digits", "iPhone\u624b\u673a12\u6708",
	  "iPhone|\u624b\u673a|#12|\u6708" },
	{ "Chinese that ends a block",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u624b\u673ab c",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|\u624b\u673a|b|c" },
	{ "Korean has spaces", "\ud55c\uad6d\uc5b4 \ud14d\uc2a4\ud2b8",
	  "\ud55c\uad6d\uc5b4|\ud14d\uc2a4\ud2b8" },
	{ "full-width digits are a number", "\uff11\uff12", "#\uff11\uff12" },
	{ "an emoji is a mark", "ha \U0001f602\U0001f602", "ha|.\U0001f602|.\U0001f602" },
	{ "a soft hyphen is a mark", "a\u00adb", "a|.\u00ad|b" },
};
enum { N_ROW = sizeof(rows) / sizeof(*rows) };

static void show(struct nli_str text, const struct nli_token *k, size_t n,
		 struct nli_buf *to)
{
	for (size_t i = 0; i < n; i++) {
		const struct nli_str s = nli_token_str(text, k[i]);

		if (i)
			nli_buf_addc(to, '|');
		if (k[i].kind != NLI_TOKEN_WORD)
			nli_buf_addc(to, k[i].kind == NLI_TOKEN_NUMBER ? '#' : '.');
		nli_buf_add(to, s.s, s.len);
	}
}

static void check_row(void **state)
{
	const struct row *r = *state;
	struct nli_tokenizer *t = nli_tokenizer_new();
	struct nli_buf got = { 0 };
	const struct nli_token *k;
	size_t n;

	k = nli_tokenize(t, nli_str_of(r->in), &n);
	nli_buf_adds(&got, "");
	show(nli_str_of(r->in), k, n, &got);
	assert_string_equal(got.data, r->want);
	nli_buf_release(&got);
	nli_tokenizer_free(t);
}

/* By character: where a dictionary would cut depends on what is around. */
static void by_character(void **state)
{
	static const struct row row[] = {
		{ "Chinese, Latin, digits", "iPhone\u624b\u673a12\u6708, ok",
		  "iPhone|\u624b|\u673a|#12|\u6708|.,|ok" },
		{ "Kana", "\u30c6\u30fc\u30d6\u30eb", "\u30c6|\u30fc|\u30d6|\u30eb" },
		{ "Thai vowels and tones are characters",
		  "\u0e17\u0e35\u0e48\u0e44\u0e17",
		  "\u0e17|\u0e35|\u0e48|\u0e44|\u0e17" },
		{ "Hindi is words", "\u0939\u093f \u0939\u0948",
		  "\u0939\u093f|\u0939\u0948" },
	};
	struct nli_tokenizer *t = nli_tokenizer_new();
	struct nli_buf got = { 0 };

	(void)state;
	nli_tokenizer_by_character(t);
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		size_t n;
		const struct nli_token *k = nli_tokenize(t, nli_str_of(row[i].in), &n);

		nli_buf_clear(&got);
		show(nli_str_of(row[i].in), k, n, &got);
		assert_string_equal(got.data, row[i].want);
	}
	nli_buf_release(&got);
	nli_tokenizer_free(t);
}

/* One byte at a time, as it stands in token.h, for ASCII. */
static void slowly(const char *s, size_t len, struct nli_buf *to)
{
	for (size_t at = 0, n = 0; at < len; at += n) {
		size_t digits = 0;

		n = 1;
		if (strchr(" \t\n\v\f\r", s[at]))
			continue;
		if (to->len)
			nli_buf_addc(to, '|');
		for (n = 0; at + n < len &&
			    (isalnum((unsigned char)s[at + n]) || s[at + n] == '_');
		     n++)
			digits += isdigit((unsigned char)s[at + n]) != 0;
		if (!n || digits == n)
			nli_buf_addc(to, n ? '#' : '.');
		n += !n;
		nli_buf_add(to, s + at, n);
	}
}

/* Random ASCII, all in one text and with a letter beyond ASCII in every block. */
static void blocks_as_bytes(void **state)
{
	struct nli_tokenizer *t = nli_tokenizer_new();
	struct nli_buf got = { 0 }, want = { 0 }, high = { 0 }, plain = { 0 };
	uint64_t x = 7;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		char s[200];
		const size_t len = (size_t)round % sizeof(s);
		const struct nli_token *k;
		size_t n;

		for (size_t i = 0; i < len; i++) {
			x = x * 6364136223846793005u + 1442695040888963407u;
			s[i] = x >> 63 ? "ab1_ .,-"[x >> 40 & 7] : (char)(x >> 33 & 0x7f);
			if (!s[i])
				s[i] = ' ';
		}
		nli_buf_clear(&got);
		nli_buf_clear(&want);
		k = nli_tokenize(t, (struct nli_str){ s, len }, &n);
		show((struct nli_str){ s, len }, k, n, &got);
		slowly(s, len, &want);
		assert_int_equal(got.len, want.len);
		if (len)
			assert_memory_equal(got.data ? got.data : "",
					    want.data ? want.data : "", want.len);

		/* The same with "z" as a two-byte letter goes the other way through. */
		nli_buf_clear(&high);
		nli_buf_clear(&plain);
		for (size_t i = 0; i < len; i++) {
			if (s[i] == 'a')
				nli_buf_adds(&high, "\u00e9");
			else
				nli_buf_addc(&high, s[i]);
		}
		nli_buf_clear(&got);
		k = nli_tokenize(t, nli_buf_str(&high), &n);
		show(nli_buf_str(&high), k, n, &got);
		for (size_t i = 0; i < want.len; i++) {
			if (want.data[i] == 'a')
				nli_buf_adds(&plain, "\u00e9");
			else
				nli_buf_addc(&plain, want.data[i]);
		}
		assert_int_equal(got.len, plain.len);
		if (plain.len)
			assert_memory_equal(got.data, plain.data, plain.len);
	}
	nli_buf_release(&got);
	nli_buf_release(&want);
	nli_buf_release(&high);
	nli_buf_release(&plain);
	nli_tokenizer_free(t);
}

/* Bytes that are no UTF-8 never lead outside of the text (ASan, valgrind). */
static void survives_bad_bytes(void **state)
{
	struct nli_tokenizer *t = nli_tokenizer_new();
	uint64_t x = 3;
	char s[100];

	(void)state;
	for (int round = 0; round < 3000; round++) {
		const size_t len = (size_t)round % sizeof(s);
		size_t n;
		const struct nli_token *k;

		for (size_t i = 0; i < len; i++) {
			x = x * 6364136223846793005u + 1442695040888963407u;
			s[i] = (char)(x >> 50);
		}
		k = nli_tokenize(t, (struct nli_str){ s, len }, &n);
		for (size_t i = 0; i < n; i++)
			assert_true(k[i].len && k[i].off + k[i].len <= len);
	}
	nli_tokenizer_free(t);
}

int main(void)
{
	struct CMUnitTest tests[N_ROW + 3] = {
		[N_ROW] = cmocka_unit_test(blocks_as_bytes),
		cmocka_unit_test(survives_bad_bytes),
		cmocka_unit_test(by_character),
	};

	ROW_TESTS(tests, rows, check_row);
	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
