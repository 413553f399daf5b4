/*
 * norm.c - see norm.h.
 *
 * Most text is ASCII or Latin and normal already, so each function first looks
 * for the reason to do more, eight bytes at a time, and copies if there is none.
 */
#include "lib/text/norm.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "lib/base/mem.h"

/* Eight bytes as one word; the masks work on each byte alone, without carries. */
#define ONES 0x0101010101010101u
#define HIGH (0x80 * ONES)
#define LOW7 (0x7f * ONES)

/* The first byte of memory is the lowest of the word, on every machine. */
static uint64_t to_little(uint64_t x)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? x : __builtin_bswap64(x);
}

static uint64_t load(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return to_little(x);
}

/* The last n < 8 bytes, filled up with letters, which are never a reason for anything. */
static uint64_t load_tail(const char *p, size_t n)
{
	uint64_t x = 'a' * ONES;

	memcpy(&x, p, n);
	return to_little(x);
}

/* The high bit of each byte whose lower seven bits are at least c. */
static uint64_t low7_at_least(uint64_t x, unsigned c)
{
	return ((x & LOW7) + (0x80 - c) * ONES) & HIGH;
}

static uint64_t equal(uint64_t x, unsigned c)
{
	const uint64_t y = x ^ c * ONES;

	return ~(((y & LOW7) + LOW7) | y) & HIGH;
}

/* The first byte >= 0x80 at or behind from; s.len if there is none. */
static size_t find_high(struct nli_str s, size_t from)
{
	for (; from + 32 <= s.len; from += 32)
		if ((load(s.s + from) | load(s.s + from + 8) | load(s.s + from + 16) |
		     load(s.s + from + 24)) &
		    HIGH)
			break;
	while (from < s.len && !(s.s[from] & 0x80))
		from++;
	return from;
}

/* What may follow a lead byte: Unicode 15, table 3-7, "Well-Formed UTF-8 Byte Sequences". */
static size_t multibyte(const unsigned char *p, size_t left)
{
	unsigned lo = 0x80, hi = 0xbf;
	size_t n;

	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (left < n)
		return 0;
	if (p[0] == 0xe0)
		lo = 0xa0;
	else if (p[0] == 0xed)
		hi = 0x9f;
	else if (p[0] == 0xf0)
		lo = 0x90;
	else if (p[0] == 0xf4)
		hi = 0x8f;
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

size_t nli_utf8_valid(struct nli_str s)
{
	const unsigned char *p = (const unsigned char *)s.s;
	size_t at = find_high(s, 0);

	while (at < s.len) {
		const size_t n = multibyte(p + at, s.len - at);

		if (!n)
			return at;
		at += n;
		if (at < s.len && p[at] < 0x80)
			at = find_high(s, at);
	}
	return at;
}

size_t nli_utf8_count(struct nli_str s)
{
	size_t at = 0, rest = 0; /* bytes 10xxxxxx */

	for (; at + 8 <= s.len; at += 8) {
		const uint64_t x = load(s.s + at);

		rest += (size_t)(((x >> 7 & ~x >> 6) & ONES) * ONES >> 56);
	}
	for (; at < s.len; at++)
		rest += (s.s[at] & 0xc0) == 0x80;
	return s.len - rest;
}

uint32_t nli_utf8_next(struct nli_str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.s + *at;
	const size_t left = s.len - *at;
	uint32_t c = p[0];
	size_t n = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	if (n == 3 && left >= 3) { /* most that are not ASCII */
		*at += 3;
		return (c & 0xf) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	}
	if (n > left)
		n = left; /* never read behind the end, whatever the bytes are */
	if (n > 1)
		c &= 0x7fu >> n;
	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	*at += n;
	return c;
}

/* Write c as UTF-8, 1..4 bytes; returns how many. */
static size_t utf8_put(char *p, uint32_t c)
{
	const unsigned n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (unsigned i = n; --i; c >>= 6)
		p[i] = (char)(0x80 | (c & 0x3f));
	p[0] = (char)(n == 1 ? c : (0xf00u >> n & 0xf0) | c);
	return n;
}

void nli_utf8_add(struct nli_buf *b, uint32_t c)
{
	b->len += utf8_put(nli_buf_reserve(b, 4), c);
	b->data[b->len] = '\0';
}

/* UTF-16 for ICU: on the stack where it fits. */
enum { STACK_UNITS = 1024 };

struct wide {
	UChar stack[STACK_UNITS];
	UChar *u; /* stack, or owned */
	int32_t n, cap;
};

static void wide_room(struct wide *w, size_t cap)
{
	if (cap > INT32_MAX) /* ICU cannot count further */
		cap = SIZE_MAX;
	w->u = cap <= STACK_UNITS ? w->stack : nli_xmalloc(cap, sizeof(*w->u));
	w->cap = (int32_t)cap;
	w->n = 0;
}

static void wide_release(struct wide *w)
{
	if (w->u != w->stack)
		free(w->u);
}

/* One unit a byte is always enough. */
static void wide_from(struct wide *w, struct nli_str s)
{
	size_t at = 0;

	wide_room(w, s.len);
	while (at < s.len) {
		const uint32_t c = nli_utf8_next(s, &at);

		if (c >= 0x10000) {
			w->u[w->n++] = (UChar)(0xd7c0 + (c >> 10));
			w->u[w->n++] = (UChar)(0xdc00 | (c & 0x3ff));
		} else {
			w->u[w->n++] = (UChar)c;
		}
	}
}

static void wide_add_to(const struct wide *w, struct nli_buf *out)
{
	for (int32_t i = 0; i < w->n; i++) {
		uint32_t c = w->u[i];

		if ((c & 0xfc00) == 0xd800 && i + 1 < w->n)
			c = (c << 10) + w->u[++i] - 0x35fdc00;
		nli_utf8_add(out, c);
	}
}

/*
 * Starters that are their own NFC and change nothing before them: Latin,
 * Greek without its three exceptions, Cyrillic, Kana, Han, Hangul syllables,
 * full-width forms.  All others ask ICU.  tests/unit/test_norm.c holds every
 * one of them against ICU.
 */
static bool inert(uint32_t c)
{
	return c < 0x300 || (c >= 0x388 && c <= 0x482) || (c >= 0x48a && c <= 0x52f) ||
	       (c >= 0x1ea0 && c <= 0x1ef9) || (c >= 0x2010 && c <= 0x2027) ||
	       (c >= 0x3000 && c <= 0x3029) || (c >= 0x3041 && c <= 0x3096) ||
	       (c >= 0x30a0 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) ||
	       (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xff00 && c <= 0xffef);
}

/* Where s may stop being NFC: before the last inert character that all are inert up to. */
static size_t inert_prefix(struct nli_str s)
{
	size_t at = find_high(s, 0), last = at ? at - 1 : 0;

	while (at < s.len) {
		size_t next = at;

		if (!inert(nli_utf8_next(s, &next)))
			return last;
		last = at;
		at = next;
		if (at < s.len && !(s.s[at] & 0x80)) {
			at = find_high(s, at);
			last = at - 1;
		}
	}
	return s.len;
}

/* Append NFC(s), s beginning where a boundary is. */
static void icu_nfc(struct nli_str s, struct nli_buf *out)
{
	UErrorCode e = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&e);
	struct wide from, to;
	int32_t good;

	wide_from(&from, s);
	good = unorm2_spanQuickCheckYes(nfc, from.u, from.n, &e);
	if (good == from.n) {
		nli_buf_add(out, s.s, s.len);
		wide_release(&from);
		return;
	}
	/* No character becomes more than 3 UTF-16 units (UAX 15, table 8). */
	wide_room(&to, 3 * (size_t)from.n);
	to.n = unorm2_normalize(nfc, from.u, from.n, to.u, to.cap, &e);
	wide_add_to(&to, out);
	wide_release(&to);
	wide_release(&from);
}

void nli_text_nfc(struct nli_str s, struct nli_buf *out)
{
	const size_t good = inert_prefix(s);

	nli_buf_add(out, s.s, good);
	if (good < s.len)
		icu_nfc((struct nli_str){ s.s + good, s.len - good }, out);
}

/* Unicode White_Space, whose members no version has changed since 6.3. */
static bool is_space(uint32_t c)
{
	return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xa0 ||
	       c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	       c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/*
 * Is the text clean beyond doubt: below U+0300, no control, no white space but
 * single blanks inside?
 */
static bool plainly_clean(struct nli_str s)
{
	uint64_t before = 0x80; /* was there a blank: the text's edge counts as one */

	for (size_t at = 0; at < s.len; at += 8) {
		const size_t left = s.len - at;
		const uint64_t x = left >= 8 ? load(s.s + at) : load_tail(s.s + at, left);
		const uint64_t blank = equal(x, ' ');
		const uint64_t control = ~(low7_at_least(x, 0x20) | x) & HIGH;
		const uint64_t foreign = low7_at_least(x, 0x4c) & x & HIGH;

		if (control | foreign | (blank & (blank << 8 | before)))
			return false;
		/* C2 85 and C2 A0 are the white space among two-byte characters. */
		for (uint64_t c2 = equal(x, 0xc2); c2; c2 &= c2 - 1) {
			const size_t i = at + (size_t)__builtin_ctzll(c2) / 8 + 1;

			if (i < s.len && (s.s[i] == '\x85' || s.s[i] == '\xa0'))
				return false;
		}
		before = blank >> 56;
	}
	return !s.len || s.s[s.len - 1] != ' ';
}

/* Can this byte begin a character of white space? */
static bool may_be_space(unsigned char c)
{
	return c <= ' ' || c == 0xc2 || (c >= 0xe1 && c <= 0xe3);
}

static void squeeze(struct nli_str s, struct nli_buf *out)
{
	const size_t start = out->len;
	size_t at = 0, from = 0;

	while (at < s.len) {
		size_t next = at;

		if (!may_be_space((unsigned char)s.s[at])) {
			at++;
			continue;
		}
		if (!is_space(nli_utf8_next(s, &next))) {
			at = next;
			continue;
		}
		if (at > from && out->len > start)
			nli_buf_addc(out, ' ');
		nli_buf_add(out, s.s + from, at - from);
		from = at = next;
	}
	if (s.len > from && out->len > start)
		nli_buf_addc(out, ' ');
	nli_buf_add(out, s.s + from, s.len - from);
}

void nli_text_clean(struct nli_str s, struct nli_buf *out)
{
	struct nli_buf normal = { 0 };

	if (plainly_clean(s)) {
		nli_buf_add(out, s.s, s.len);
		return;
	}
	if (inert_prefix(s) == s.len) {
		squeeze(s, out);
		return;
	}
	nli_text_nfc(s, &normal);
	squeeze(nli_buf_str(&normal), out);
	nli_buf_release(&normal);
}

static uint64_t lower8(uint64_t x)
{
	const uint64_t upper = (low7_at_least(x, 'A') & ~low7_at_least(x, 'Z' + 1) & ~x);

	return x | (upper & HIGH) >> 2;
}

/* Lower-case the ASCII from s[at] on into out; returns where it ends. */
static size_t fold_ascii(struct nli_str s, size_t at, struct nli_buf *out)
{
	const size_t end = find_high(s, at);
	char *to = nli_buf_reserve(out, end - at);

	out->len += end - at;
	for (; at + 8 <= end; at += 8, to += 8) {
		const uint64_t x = to_little(lower8(load(s.s + at)));

		memcpy(to, &x, 8);
	}
	for (; at < end; at++) {
		const char c = s.s[at];

		*to++ = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
	}
	*to = '\0';
	return end;
}

/*
 * The folding of c, where it is one character and found without a detour;
 * else false.  Scripts without case: Hebrew to Myanmar, CJK, Hangul.  The
 * exceptions fold to several characters.
 */
static bool fold_one(uint32_t c, uint32_t *to)
{
	*to = c;
	if ((c >= 0x590 && c <= 0x109f) || (c >= 0x2e80 && c <= 0xa63f) ||
	    (c >= 0xac00 && c <= 0xfaff) || (c >= 0x2000 && c <= 0x20ff))
		return true;
	if (c == 0xdf || c == 0x130 || c == 0x149 || c == 0x1f0 || c == 0x390 ||
	    c == 0x3b0 || (c > 0x52f && c < 0x1ea0) || (c > 0x1eff && c < 0xff00) ||
	    c > 0xffff)
		return false;
	*to = (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT);
	return true;
}

/* Behind the characters U+3000..U+9FFF from s[at] on, which fold to themselves. */
static size_t skip_caseless(struct nli_str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.s;

	while (s.len - at >= 3 && p[at] >= 0xe3 && p[at] <= 0xe9 &&
	       (p[at + 1] & 0xc0) == 0x80 && (p[at + 2] & 0xc0) == 0x80)
		at += 3;
	return at;
}

static void icu_fold(struct nli_str s, struct nli_buf *out)
{
	UErrorCode e = U_ZERO_ERROR;
	struct wide from, to;

	wide_from(&from, s);
	wide_room(&to, 3 * (size_t)from.n); /* full foldings are at most 3 long */
	to.n = u_strFoldCase(to.u, to.cap, from.u, from.n, U_FOLD_CASE_DEFAULT, &e);
	wide_add_to(&to, out);
	wide_release(&to);
	wide_release(&from);
}

void nli_text_fold(struct nli_str s, struct nli_buf *out)
{
	size_t at = 0;

	while (at < s.len) {
		size_t next = at;
		uint32_t c;

		if (!(s.s[at] & 0x80)) {
			at = fold_ascii(s, at, out);
			continue;
		}
		next = skip_caseless(s, at);
		if (next > at) {
			nli_buf_add(out, s.s + at, next - at);
			at = next;
			continue;
		}
		if (fold_one(nli_utf8_next(s, &next), &c)) {
			nli_utf8_add(out, c);
		} else {
			/* Folding knows no context, so a character alone is a run. */
			icu_fold((struct nli_str){ s.s + at, next - at }, out);
		}
		at = next;
	}
}

/* The everyday form of a full- or half-width character: NFKC of U+FF01..U+FFEE. */
static uint32_t fold_width(uint32_t c)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar to[4];
	int32_t n;

	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xff01 + '!';
	if (c < 0xff5f || c > 0xffee)
		return c;
	n = unorm2_getRawDecomposition(unorm2_getNFKCInstance(&e), (UChar32)c, to, 4, &e);
	return n == 1 ? to[0] : c;
}

/*
 * Beyond ASCII, match forms put a blank for white space, punctuation (P*) and
 * accents that stand alone (Sk).
 */
static bool is_gap(uint32_t c)
{
	return U_MASK(u_charType((UChar32)c)) & (U_GC_P_MASK | U_GC_SK_MASK);
}

/* Invisible and without meaning: soft hyphen, zero-width space, marks of direction, BOM. */
static bool is_ignored(uint32_t c)
{
	return c == 0xad || c == 0x200b || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || c == 0x2060 || c == 0xfeff;
}

/*
 * The same for ASCII, as bits: 1 white space, 2 P* and Sk but "%", which makes
 * another number, 4 upper case.
 */
static const unsigned char ascii_class[128] = {
	['\t'] = 1, ['\n'] = 1, ['\v'] = 1, ['\f'] = 1, ['\r'] = 1, [' '] = 1, ['!'] = 2,
	['"'] = 2,  ['#'] = 2,  ['&'] = 2,  ['\''] = 2, ['('] = 2,  [')'] = 2, ['*'] = 2,
	[','] = 2,  ['-'] = 2,  ['.'] = 2,  ['/'] = 2,  [':'] = 2,  [';'] = 2, ['?'] = 2,
	['@'] = 2,  ['['] = 2,  ['\\'] = 2, [']'] = 2,  ['^'] = 2,  ['_'] = 2, ['`'] = 2,
	['{'] = 2,  ['}'] = 2,  ['A'] = 4,  ['B'] = 4,  ['C'] = 4,  ['D'] = 4, ['E'] = 4,
	['F'] = 4,  ['G'] = 4,  ['H'] = 4,  ['I'] = 4,  ['J'] = 4,  ['K'] = 4, ['L'] = 4,
	['M'] = 4,  ['N'] = 4,  ['O'] = 4,  ['P'] = 4,  ['Q'] = 4,  ['R'] = 4, ['S'] = 4,
	['T'] = 4,  ['U'] = 4,  ['V'] = 4,  ['W'] = 4,  ['X'] = 4,  ['Y'] = 4, ['Z'] = 4,
};

/* A match form on its way into memory that is large enough. */
struct matching {
	char *start, *to;
	unsigned gap, upper; /* the bits of ascii_class that flags ask for */
	uint64_t blank;      /* 1: was the last one a blank, or is there none yet */
};

static void match_byte(struct matching *m, unsigned char c)
{
	const unsigned class = ascii_class[c];
	const bool blank = class & m->gap;

	*m->to = blank ? ' ' : (char)(c | (class & m->upper) << 3);
	m->to += !(blank & m->blank);
	m->blank = blank;
}

/*
 * Eight bytes at once, if they are letters, digits and single blanks of ASCII;
 * else false.
 */
static bool match_eight(struct matching *m, uint64_t x)
{
	const uint64_t lower = x | 0x20 * ONES, blank = equal(x, ' ');
	const uint64_t alpha = low7_at_least(lower, 'a') & ~low7_at_least(lower, 'z' + 1);
	const uint64_t digit = low7_at_least(x, '0') & ~low7_at_least(x, '9' + 1);
	uint64_t to;

	if ((~(alpha | digit | blank) | x | (blank & (blank << 8 | m->blank << 7))) &
	    HIGH)
		return false;
	to = to_little(m->upper ? x | (alpha & HIGH) >> 2 : x);
	memcpy(m->to, &to, sizeof(to));
	m->to += sizeof(to);
	m->blank = blank >> 63;
	return true;
}

static void match_wide(struct matching *m, uint32_t c)
{
	if (c < 0x80) {
		match_byte(m, (unsigned char)c);
	} else if (is_space(c) || (m->gap & 2 && is_gap(c))) {
		match_byte(m, ' ');
	} else if (!is_ignored(c)) {
		m->to += utf8_put(m->to, c);
		m->blank = false;
	}
}

/*
 * As match_slow(), as long as every character is inert and folds to one; else
 * false.  No such folding more than doubles the bytes.
 */
static bool match_fast(struct matching *m, struct nli_str s, unsigned flags)
{
	for (size_t at = 0; at < s.len;) {
		const unsigned char byte = (unsigned char)s.s[at];
		uint32_t c;

		if (s.len - at >= 8 && match_eight(m, load(s.s + at))) {
			at += 8;
			continue;
		}
		if (byte < 0x80) {
			match_byte(m, byte);
			at++;
			continue;
		}
		c = nli_utf8_next(s, &at);
		if (c >= 0xff61 || !inert(c) ||
		    (flags & NLI_MATCH_CASE && !fold_one(c, &c)))
			return false;
		match_wide(m, flags & NLI_MATCH_WIDTH ? fold_width(c) : c);
	}
	return true;
}

/* The form before blanks are put, in its steps. */
static void match_steps(struct nli_str s, unsigned flags, struct nli_buf *out)
{
	struct nli_buf a = { 0 };

	for (size_t at = 0; at < s.len;) {
		const uint32_t c = nli_utf8_next(s, &at);

		nli_utf8_add(&a, flags & NLI_MATCH_WIDTH ? fold_width(c) : c);
	}
	nli_text_nfc(nli_buf_str(&a), out);
	if (flags & NLI_MATCH_CASE) {
		nli_buf_clear(&a);
		nli_text_fold(nli_buf_str(out), &a);
		nli_buf_clear(out);
		nli_text_nfc(nli_buf_str(&a), out); /* folding may undo NFC */
	}
	nli_buf_release(&a);
}

static void match_slow(struct matching *m, struct nli_str normal)
{
	for (size_t at = 0; at < normal.len;)
		match_wide(m, nli_utf8_next(normal, &at));
}

static struct matching matching(struct nli_buf *out, size_t room, unsigned flags)
{
	char *to = nli_buf_reserve(out, room);

	return (struct matching){
		.start = to,
		.to = to,
		.gap = flags & NLI_MATCH_PUNCT ? 3 : 1,
		.upper = flags & NLI_MATCH_CASE ? 4 : 0,
		.blank = true,
	};
}

void nli_text_match_form(struct nli_str s, unsigned flags, struct nli_buf *out)
{
	struct matching m = matching(out, 2 * s.len, flags);

	if (!match_fast(&m, s, flags)) {
		struct nli_buf normal = { 0 };

		match_steps(s, flags, &normal);
		m = matching(out, normal.len, flags);
		match_slow(&m, nli_buf_str(&normal));
		nli_buf_release(&normal);
	}
	m.to -= m.to > m.start && m.to[-1] == ' ';
	out->len += (size_t)(m.to - m.start);
	out->data[out->len] = '\0';
}

bool nli_text_caseless(uint32_t c)
{
	const uint32_t kinds =
		U_GC_LO_MASK | U_GC_MN_MASK | U_GC_MC_MASK | U_GC_ND_MASK | U_GC_P_MASK;

	return U_MASK(u_charType((UChar32)c)) & kinds &&
	       u_tolower((UChar32)c) == (UChar32)c && u_toupper((UChar32)c) == (UChar32)c;
}

bool nli_text_capital(struct nli_str s)
{
	size_t at = 0;

	return s.len && u_isupper((UChar32)nli_utf8_next(s, &at));
}

void nli_text_case(struct nli_str s, enum nli_case how, struct nli_buf *out)
{
	size_t at = 0;

	while (at < s.len && (at == 0 || how == NLI_CASE_ALL_UP)) {
		UChar32 c = (unsigned char)s.s[at];

		if (c < 0x80 && how != NLI_CASE_FIRST_DOWN) {
			nli_buf_addc(out, (char)(c >= 'a' && c <= 'z' ? c - 32 : c));
			at++;
			continue;
		}
		c = (UChar32)nli_utf8_next(s, &at);

		nli_utf8_add(out, (uint32_t)(how == NLI_CASE_FIRST_DOWN ? u_tolower(c)
									: u_toupper(c)));
	}
	nli_buf_add(out, s.s + at, s.len - at);
}
