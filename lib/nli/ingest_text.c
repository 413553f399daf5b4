/* ingest_text.c - texts: words and objects put together, repairs, NFC and white space. */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/nli/maker.h"
#include "lib/text/norm.h"

/* The name of object number i with its number, from 1: "person1". */
static int add_object(struct nli_maker *m, const nli_jval *objects, int64_t i,
		      struct nli_buf *out, struct nli_err *err)
{
	struct nli_jiter it = nli_jiter(objects);

	for (int64_t k = 0; nli_jnext(&it); k++)
		if (k == i) {
			const struct nli_str s = nli_jstr(it.val);

			nli_buf_add(out, s.s, s.len);
			nli_buf_add_u64(out, (uint64_t)i + 1);
			return 0;
		}
	return nli_reject(m, NLI_BAD_TEXT,
			  nli_fail(err, NLI_EDATA,
				   "a text names object %lld, but there are %zu",
				   (long long)i, nli_jlen(objects)));
}

/* [0, 1] is "person1 and person2" (Zellers et al. 2019 read VCR so). */
static int add_objects(struct nli_maker *m, const nli_jval *objects, const nli_jval *list,
		       struct nli_buf *out, struct nli_err *err)
{
	struct nli_jiter it = nli_jiter(list);

	for (bool first = true; nli_jnext(&it); first = false) {
		int64_t i;
		int rc;

		if (!nli_jint(it.val, &i))
			return nli_reject(m, NLI_BAD_TEXT,
					  nli_fail(err, NLI_EDATA,
						   "a word list holds %s, wanted words "
						   "and lists of object numbers",
						   nli_jtype_name(nli_jtype(it.val))));
		if (!first)
			nli_buf_adds(out, " and ");
		rc = add_object(m, objects, i, out, err);
		if (rc)
			return rc;
	}
	return 0;
}

static int add_words(struct nli_maker *m, const nli_jval *words, struct nli_buf *out,
		     struct nli_err *err)
{
	const nli_jval *objects = nli_item_get(&m->item, &m->layout->objects).json;
	struct nli_jiter it = nli_jiter(words);
	int rc = 0;

	for (bool first = true; !rc && nli_jnext(&it); first = false) {
		const struct nli_str word = nli_jstr(it.val);

		if (!first)
			nli_buf_addc(out, ' ');
		if (nli_jtype(it.val) == NLI_J_ARRAY)
			rc = add_objects(m, objects, it.val, out, err);
		else
			nli_buf_add(out, word.s, word.len);
	}
	return rc;
}

static const struct entity {
	const char *name, *text;
} entities[] = { { "amp", "&" },        { "lt", "<" },         { "gt", ">" },
		 { "quot", "\"" },      { "apos", "'" },       { "nbsp", "\u00a0" },
		 { "ndash", "\u2013" }, { "mdash", "\u2014" }, { "hellip", "\u2026" },
		 { "lsquo", "\u2018" }, { "rsquo", "\u2019" }, { "ldquo", "\u201c" },
		 { "rdquo", "\u201d" } };

/* &name; or &#39; or &#x27; at s: appends what it stands for and returns its length, or 0. */
static size_t entity(struct nli_str s, struct nli_buf *out)
{
	const char *end = memchr(s.s, ';', s.len < 10 ? s.len : 10);
	const size_t len = end ? (size_t)(end - s.s) + 1 : 0;
	const bool hex = len > 4 && (s.s[2] == 'x' || s.s[2] == 'X');
	char digits[12], *stop;
	unsigned long c;

	if (len < 4)
		return 0;
	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++)
		if (strlen(entities[i].name) == len - 2 &&
		    !memcmp(entities[i].name, s.s + 1, len - 2)) {
			nli_buf_adds(out, entities[i].text);
			return len;
		}
	if (s.s[1] != '#')
		return 0;
	memcpy(digits, s.s + 2 + hex, len - 3 - hex);
	digits[len - 3 - hex] = '\0';
	c = strtoul(digits, &stop, hex ? 16 : 10);
	if (*stop || stop == digits || c < 32 || c > 0x10ffff || (c >> 11) == 0x1b)
		return 0;
	nli_utf8_add(out, (uint32_t)c);
	return len;
}

static void fix_entities(struct nli_str s, struct nli_buf *out)
{
	for (size_t at = 0; at < s.len;) {
		const char *amp = memchr(s.s + at, '&', s.len - at);
		const size_t to = amp ? (size_t)(amp - s.s) : s.len;
		size_t n;

		nli_buf_add(out, s.s + at, to - at);
		if (!amp)
			return;
		n = entity((struct nli_str){ amp, s.len - to }, out);
		if (!n)
			nli_buf_addc(out, '&');
		at = to + (n ? n : 1);
	}
}

/*
 * Seen in the corpora and of no meaning in a text (formats.md, 5).  ZWNJ and
 * ZWJ (U+200C, U+200D) are letters' companions in Persian, Hindi, Myanmar and are not here.
 */
static bool is_invisible(uint32_t c)
{
	return c == 0xad || c == 0x200b || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || c == 0x2060 || c == 0xfeff;
}

static void fix_points(struct nli_str s, bool width, struct nli_buf *out)
{
	for (size_t at = 0; at < s.len;) {
		const uint32_t c = nli_utf8_next(s, &at);

		if (width && c >= 0xff01 && c <= 0xff5e)
			nli_utf8_add(out, c - 0xff01 + '!');
		else if (width || !is_invisible(c))
			nli_utf8_add(out, c);
	}
}

/* The Penn Treebank's names of brackets. */
static void fix_brackets(struct nli_str s, struct nli_buf *out)
{
	static const char name[] = "LRBRRBLCBRCBLSBRSB", is[] = "(){}[]";

	for (size_t at = 0; at < s.len;) {
		size_t i = 6;

		if (s.s[at] == '-' && s.len - at >= 5 && s.s[at + 4] == '-')
			for (i = 0; i < 6; i++)
				if (!memcmp(s.s + at + 1, name + 3 * i, 3))
					break;
		nli_buf_addc(out, i < 6 ? is[i] : s.s[at]);
		at += i < 6 ? 5 : 1;
	}
}

/* One repair of s into out; whether it changed anything. */
static bool repair(unsigned which, struct nli_str s, struct nli_buf *out)
{
	nli_buf_clear(out);
	if (which == NLI_REPAIR_ENTITIES)
		fix_entities(s, out);
	else if (which == NLI_REPAIR_BRACKETS)
		fix_brackets(s, out);
	else if (which == NLI_REPAIR_LETTERS)
		return false; /* of all choices together: ingest_choice.c */
	else if (nli_is_ascii(s))
		return false;
	else
		fix_points(s, which == NLI_REPAIR_WIDTH, out);
	return !nli_str_eq(s, nli_buf_str(out));
}

static struct nli_str repaired(struct nli_maker *m, struct nli_str s, bool *same)
{
	const unsigned wanted = m->o->repair | m->layout->repair;
	size_t into = 0;

	for (unsigned i = 0; wanted && i < NLI_N_REPAIR; i++) {
		struct nli_buf *out = &m->tmp[into];

		if (!(wanted & 1u << i) || !repair(1u << i, s, out))
			continue;
		m->counts.repair[i]++;
		*same = false;
		s = nli_buf_str(out);
		into = !into;
	}
	return s;
}

static bool has_replacement(struct nli_str s)
{
	const char *p = s.s, *end = s.s + s.len;

	while (end - p >= 3 && (p = memchr(p, 0xef, (size_t)(end - p - 2)))) {
		if (p[1] == '\xbf' && p[2] == '\xbd')
			return true;
		p++;
	}
	return false;
}

/* The text of a value, its words put together if it is an array of them: 1, 0, < 0. */
static int text_of(struct nli_maker *m, struct nli_value v, struct nli_str *s, bool *same,
		   struct nli_err *err)
{
	int rc;

	if (v.type == NLI_J_STRING) {
		*s = v.text;
		return 1;
	}
	*same = false;
	if (v.type == NLI_J_ARRAY) {
		nli_buf_clear(&m->joined);
		rc = add_words(m, v.json, &m->joined, err);
		*s = nli_buf_str(&m->joined);
		return rc < 0 ? rc : 1;
	}
	if (nli_value_text(v, s))
		return 1;
	/* An XML element that is empty has no $text. */
	*s = NLI_STR("");
	return v.type == NLI_J_OBJECT;
}

int nli_make_text(struct nli_maker *m, struct nli_value v, bool joined,
		  struct nli_span *to, bool *same, struct nli_err *err)
{
	struct nli_str s;
	const int rc = text_of(m, v, &s, same, err);

	if (rc <= 0)
		return rc;
	if (m->o->repair | m->layout->repair)
		s = repaired(m, s, same);
	to->at = m->text.len;
	to->found = NULL;
	to->len = s.len;
	to->ascii = nli_is_tidy(s);
	to->plain = to->ascii && v.plain && *same;
	if (!to->ascii) {
		nli_text_clean(s, &m->text);
		to->len = m->text.len - to->at;
		m->counts.replacement += has_replacement(nli_span_str(m, *to));
	} else if (joined || !*same) {
		nli_put(&m->text, s.s, s.len);
	} else {
		to->found = s.s;
	}
	m->counts.empty += !to->len;
	return 1;
}
