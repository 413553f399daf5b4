/*
 * script.c - whether a text is in the script of its language (maker.h).
 * ICU knows what script a language is written in and what script a letter is of.
 */
#include <unicode/uscript.h>

#include "lib/nli/maker.h"
#include "lib/text/norm.h"

enum { LOOK_AT = 400 }; /* letters: more would not change the answer */

struct letters {
	size_t n, fitting;
};

/* ISO 15924 codes of writing systems are given out script by script: Jpan is Hani, Hira, Kana. */
static bool is_one_of(UScriptCode c, const struct nli_script *s)
{
	for (int32_t i = 0; i < s->n; i++)
		if ((int)c == s->of[i])
			return true;
	return false;
}

static void count(struct nli_str text, const struct nli_script *of, struct letters *l)
{
	for (size_t at = 0; at < text.len && l->n < LOOK_AT;) {
		const uint32_t c = nli_utf8_next(text, &at);
		UErrorCode rc = U_ZERO_ERROR;
		const UScriptCode s = uscript_getScript((UChar32)c, &rc);

		if (U_FAILURE(rc) || s == USCRIPT_COMMON || s == USCRIPT_INHERITED ||
		    s == USCRIPT_UNKNOWN)
			continue;
		l->n++;
		l->fitting += is_one_of(s, of);
	}
}

/* Find out what script lang is written in, unless that was asked last. */
static void learn(struct nli_script *s, struct nli_str lang)
{
	UScriptCode of[NLI_MAX_SCRIPTS];
	UErrorCode rc = U_ZERO_ERROR;

	if (nli_str_is(lang, s->lang))
		return;
	s->n = 0;
	s->lang[0] = '\0';
	if (lang.len >= sizeof(s->lang))
		return;
	memcpy(s->lang, lang.s, lang.len);
	s->lang[lang.len] = '\0';
	if (nli_str_is(lang, "und"))
		return;
	s->n = uscript_getCode(s->lang, of, NLI_MAX_SCRIPTS, &rc);
	s->n = U_FAILURE(rc) ? 0 : s->n;
	s->latin = false;
	for (int32_t i = 0; i < s->n; i++) {
		s->of[i] = of[i];
		s->latin = s->latin || of[i] == USCRIPT_LATIN;
	}
}

bool nli_script_fits(struct nli_script *s, struct nli_str lang,
		     const struct nli_str *text, size_t n, bool ascii)
{
	struct letters l = { 0, 0 };

	learn(s, lang);
	if (!s->n || (s->latin && ascii))
		return true;
	for (size_t i = 0; i < n; i++)
		count(text[i], s, &l);
	return l.fitting * 2 >= l.n;
}
