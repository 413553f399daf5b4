/*
 * Unit tests of lib/text/langpack: every pack of langs/ loads, finds what it must
 * in a sentence of its language and leaves others alone; broken packs say where.
 */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io/out.h"
#include "lib/io/share.h"
#include "lib/text/langpack.h"
#include "lib/text/norm.h"

enum {
	NEG = 1 << NLI_FAM_NEGATION,
	QUANT = 1 << NLI_FAM_QUANTIFIER,
	NUM = 1 << NLI_FAM_NUMBER,
	COMP = 1 << NLI_FAM_COMPARATIVE,
	SUP = 1 << NLI_FAM_SUPERLATIVE,
	PURP = 1 << NLI_FAM_PURPOSE,
	GEN = 1 << NLI_FAM_GENERIC,
	GENDER = 1 << NLI_FAM_GENDERED,
	ALL = NEG | QUANT | NUM | COMP | SUP | PURP | GEN |
	      GENDER, /* not modifier, function */
};

static const struct row {
	const char *name, *lang, *text;
	unsigned want; /* of ALL */
} rows[] = {
	{ "en plain", "en", "A dog runs over the hill.", 0 },
	{ "en not", "en", "The dog is not here", NEG },
	{ "en contraction", "en", "It doesn't rain", NEG },
	{ "en typographic contraction", "en", "It doesn\xe2\x80\x99t rain", NEG },
	{ "en upper case", "en", "NOBODY SLEEPS", NEG | QUANT },
	{ "en no one, but no-one else", "en", "no one sings", NEG | QUANT | NUM },
	{ "en over a number", "en", "over 20 cats", QUANT | NUM },
	{ "en at least", "en", "At least two women sing", QUANT | NUM | GENDER | SUP },
	{ "en ordinal", "en", "the 21st cat", NUM },
	{ "en purpose", "en", "They run in order to win", PURP },
	{ "en superlative", "en", "the tallest tree", SUP },
	{ "en comparative", "en", "taller trees", COMP },
	{ "en generic", "en", "a person stands outdoors", GEN },
	{ "en knot is not not", "en", "a knot", 0 },
	{ "es ningún", "es", "Ningún gato duerme", NEG | QUANT },
	{ "es decomposed", "es", "Ningu\xcc\x81n gato duerme", NEG | QUANT },
	{ "es plain", "es", "El gato duerme", 0 },
	{ "es sin", "es", "Duerme sin zapatos", NEG },
	{ "es para que", "es", "Corre para ganar", PURP },
	{ "es superlative", "es", "una casa altísima", SUP },
	{ "id tidak", "id", "Kucing itu tidak tidur", NEG },
	{ "id bukan", "id", "Dia bukan guru", NEG },
	{ "id belum", "id", "Dia belum tidur", NEG },
	{ "id salah satu is no negation", "id", "Salah satu kucing tidur", QUANT | NUM },
	{ "id superlative", "id", "pohon tertinggi", SUP },
	{ "id terus is no superlative", "id", "air terus naik", 0 },
	{ "de kein", "de", "Kein Hund bellt", NEG | QUANT },
	{ "de -los", "de", "ein arbeitsloser Maler", NEG },
	{ "de plain", "de", "Ein Hund bellt am Fenster", 0 },
	{ "fr ne pas", "fr", "Le chat ne dort pas", NEG },
	{ "fr elided", "fr", "Il n'est jamais venu", NEG },
	{ "fr plain", "fr", "Le chat dort", 0 },
	{ "pt ninguém", "pt", "Ninguém dorme", NEG | QUANT },
	{ "pt plain", "pt", "O gato dorme até tarde", 0 },
	{ "it nessuno", "it", "Nessuno dorme", NEG | QUANT },
	{ "it compound number", "it", "ventitre gatti", NUM },
	{ "zh bu", "zh", "他不喜欢猫", NEG },
	{ "zh bujin is no negation", "zh", "他不仅唱歌", 0 },
	{ "zh meiyou", "zh", "房间里没有猫", NEG | QUANT },
	{ "zh feichang is no negation", "zh", "他非常累", 0 },
	{ "zh number", "zh", "三个苹果", NUM },
	{ "zh superlative", "zh", "最大的苹果", SUP },
	{ "ja nai", "ja", "猫は魚を食べない。", NEG },
	{ "ja masen", "ja", "雨は降りません", NEG },
	{ "ja sukunai is few", "ja", "雨が少ない", QUANT },
	{ "ja zu", "ja", "何かを読まずに寝た", NEG | QUANT | GEN },
	{ "hi nahin", "hi", "बिल्ली नहीं सोती", NEG },
	{ "hi plain", "hi", "बिल्ली सोती है", 0 },
	{ "hi superlative", "hi", "सबसे तेज़", SUP },
	{ "ar la", "ar", "القط لا ينام", NEG },
	{ "ar laysa", "ar", "البيت ليس كبيرا", NEG },
	{ "ru ne", "ru", "Кот не спит", NEG },
	{ "ru nikto", "ru", "Никто не спит", NEG | QUANT },
	{ "ru last is no comparative", "ru", "последнее окно", 0 },
	{ "ru superlative", "ru", "крупнейшее озеро", SUP },
	{ "fa nami-", "fa", "او نمی\xe2\x80\x8cخوابد", NEG },
	{ "fa mi- is no negation", "fa", "او می\xe2\x80\x8cخوابد", 0 },
	{ "fa hich", "fa", "هیچ گربه‌ای نیست", NEG | QUANT },
	{ "tr -miyor", "tr", "Kedi uyumuyor", NEG },
	{ "tr -maz", "tr", "Kedi uyumaz", NEG },
	{ "tr değil", "tr", "Kedi siyah değil", NEG },
	{ "tr -madı", "tr", "Kedi uyumadı", NEG },
	{ "tr Fransız is not without", "tr", "Fransız kedi uyuyor", 0 },
	{ "sw ha- -i", "sw", "Paka halali", NEG },
	{ "sw hakuna", "sw", "Hakuna paka", NEG | QUANT },
	{ "sw plain", "sw", "Paka analala", 0 },
	{ "a number in any language", "sw", "paka 3", NUM },
};
enum { NROW = sizeof(rows) / sizeof(*rows) };

static struct nli_langs *langs;

static unsigned families_in(const char *lang, const char *sentence)
{
	const struct nli_langpack *p;
	struct nli_lang_scratch *s = nli_lang_scratch_new();
	struct nli_tokenizer *tokenizer = nli_tokenizer_new();
	struct nli_buf nfc = { 0 }, folded = { 0 };
	unsigned of[100], all = 0, more = 0;
	uint64_t hash[100];
	const struct nli_token *tok;
	struct nli_err err;
	size_t n;

	if (nli_langs_get(langs, nli_str_of(lang), &p, &err))
		fail_msg("%s", err.msg);
	assert_non_null(p);
	nli_text_nfc(nli_str_of(sentence), &nfc);
	nli_text_fold(nli_buf_str(&nfc), &folded);
	tok = nli_tokenize(tokenizer, nli_buf_str(&folded), &n);
	assert_true(n < 100);
	for (size_t i = 0; i < n; i++) {
		const struct nli_str t = nli_token_str(nli_buf_str(&folded), tok[i]);

		hash[i] = nli_lang_hash(t);
		of[i] = nli_lang_token(p, s, t, tok[i].kind);
		all |= of[i];
	}
	if (nli_lang_text(p, s, nli_buf_str(&folded), hash, of, n, &more, &err))
		fail_msg("%s", err.msg);
	nli_buf_release(&nfc);
	nli_buf_release(&folded);
	nli_tokenizer_free(tokenizer);
	nli_lang_scratch_free(s);
	return all | more;
}

static void check_row(void **state)
{
	const struct row *r = *state;
	const unsigned got = families_in(r->lang, r->text) & ALL;
	struct nli_buf diff = { 0 };

	for (int f = 0; f < NLI_N_FAMILY; f++)
		if ((got ^ r->want) & 1u << f)
			nli_buf_addf(&diff, " %s%s", got & 1u << f ? "+" : "-",
				     nli_family_name((enum nli_family)f));
	if (diff.len)
		fail_msg("\"%s\":%s", r->text, diff.data);
	nli_buf_release(&diff);
}

static void every_pack_has_its_parts(void **state)
{
	static const char *const all[] = { "en", "es", "id", "de", "fr", "pt", "it", "zh",
					   "ja", "hi", "ar", "ru", "fa", "tr", "sw" };
	static const enum nli_family parts[] = { NLI_FAM_NEGATION,    NLI_FAM_QUANTIFIER,
						 NLI_FAM_NUMBER,      NLI_FAM_COMPARATIVE,
						 NLI_FAM_SUPERLATIVE, NLI_FAM_PURPOSE,
						 NLI_FAM_FUNCTION,    NLI_FAM_GENERIC,
						 NLI_FAM_GENDERED };
	const struct nli_langpack *p, *again;
	struct nli_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (nli_langs_get(langs, nli_str_of(all[i]), &p, &err))
			fail_msg("%s", err.msg);
		assert_non_null(p);
		assert_string_equal(nli_langpack_lang(p), all[i]);
		for (size_t f = 0; f < sizeof(parts) / sizeof(*parts); f++)
			if (!nli_langpack_size(p, parts[f]))
				fail_msg("%s: no %s", all[i], nli_family_name(parts[f]));
	}
	assert_int_equal(nli_langs_get(langs, NLI_STR("SW-ke"), &again, &err), 0);
	assert_ptr_equal(p, again);
	assert_int_equal(nli_langs_get(langs, NLI_STR("xx"), &p, &err), 0);
	assert_null(p);
	assert_int_equal(nli_langs_get(langs, NLI_STR("../en"), &p, &err), 0);
	assert_null(p);
}

/* A pack with something wrong, and what is said of it. */
static const struct broken {
	const char *name, *text, *want;
} broken[] = {
	{ "not XML", "<langpack",
	  "bad.xml:1: Couldn't find end of Start Tag langpack line 1" },
	{ "no source", "<langpack lang='xx' name='X' version='1' spaces='yes'/>",
	  "bad.xml:1: Expecting an element source, got nothing" },
	{ "a DTD",
	  "<!DOCTYPE langpack [<!ENTITY a 'b'>]>"
	  "<langpack lang='xx' name='X' version='1' spaces='yes'/>",
	  "bad.xml: has a DTD, wanted none" },
	{ "a bad pattern",
	  "<langpack lang='xx' name='X' version='1' spaces='yes'><source "
	  "licence='CC0'/>\n"
	  "<negation><cue negates='verb' scope='right'>na</cue>\n"
	  "<pattern on='token'>(</pattern></negation>"
	  "<quantifiers><quantifier kind='many' restrictor='up' body='up'>q</quantifier>"
	  "</quantifiers><numbers><number value='1'>o</number></numbers>"
	  "<function><words>f</words></function></langpack>",
	  "bad.xml:3: byte 1 of \"(\": pattern: missing closing parenthesis" },
	{ "an item that is no token",
	  "<langpack lang='xx' name='X' version='1' spaces='yes'><source "
	  "licence='CC0'/>\n"
	  "<negation><cue negates='verb' scope='right'>_</cue></negation>"
	  "<quantifiers><quantifier kind='many' restrictor='up' body='up'>q</quantifier>"
	  "</quantifiers><numbers><number value='1'>o</number></numbers>"
	  "<function><words>f</words></function></langpack>",
	  "bad.xml:2: wanted 1 to 12 tokens: \" \"" },
};

static void check_broken(void **state)
{
	const struct broken *b = *state;
	struct nli_buf rng = { 0 };
	struct nli_langpack *p;
	struct nli_err err;

	assert_int_equal(nli_share_dir("langs", &rng, &err), 0);
	nli_buf_adds(&rng, "/langpack.rng");
	assert_int_equal(nli_out_file("bad.xml", b->text, strlen(b->text), &err), 0);
	assert_int_equal(nli_langpack_load(&p, "bad.xml", rng.data, &err), NLI_EDATA);
	assert_string_equal(err.msg, b->want);
	assert_null(p);
	assert_int_equal(nli_langpack_load(&p, "none.xml", rng.data, &err), NLI_EIO);
	assert_string_equal(err.msg, "none.xml: cannot open: No such file or directory");
	assert_int_equal(nli_langpack_load(&p, rng.data, "none.rng", &err), NLI_EIO);
	remove("bad.xml");
	nli_buf_release(&rng);
}

int main(void)
{
	struct CMUnitTest tests[NROW], wrong[sizeof(broken) / sizeof(*broken)];
	const struct CMUnitTest rest[] = { cmocka_unit_test(every_pack_has_its_parts) };
	struct nli_buf dir = { 0 };
	struct nli_err err;
	int failed;

	if (nli_share_dir("langs", &dir, &err) || nli_langs_new(&langs, dir.data, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	nli_buf_release(&dir);
	ROW_TESTS(tests, rows, check_row);
	ROW_TESTS(wrong, broken, check_broken);
	failed = cmocka_run_group_tests_name("langpack sentences", tests, NULL, NULL);
	failed += cmocka_run_group_tests_name("langpack broken", wrong, NULL, NULL);
	failed += cmocka_run_group_tests_name("langpack", rest, NULL, NULL);
	nli_langs_free(langs);
	return failed;
}
