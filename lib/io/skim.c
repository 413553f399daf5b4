/*
 * skim.c - see skim.h.
 *
 * Nearly all bytes of a corpus are inside strings: these are passed over
 * sixteen at a time (SSE2, which every x86-64 has; elsewhere byte by byte).
 */
#include "lib/io/skim.h"

#include <string.h>

#include "lib/io/plain.h"

enum { MAX_DEPTH = NLI_JSON_MAX_DEPTH - 1 };

/* A place in the line; s is NULL once something was wrong. */
struct at {
	const char *s, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_blank(const char *s, const char *end)
{
	while (s < end && is_blank(*s))
		s++;
	return s;
}

/*
 * The first quote, backslash or control character from s on, or end.  *high
 * gets the high bits of the bytes before it (and of some behind it).
 */
static inline const char *skip_plain(const char *s, const char *end, unsigned *high)
{
#ifdef __SSE2__
	for (; end - s >= 16; s += 16) {
		const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)s);
		const unsigned where = nli_plain_stops(x);

		*high |= (unsigned)_mm_movemask_epi8(x);
		if (where)
			return s + __builtin_ctz(where);
	}
#endif
	for (; s < end; s++) {
		const unsigned char c = (unsigned char)*s;

		*high |= c & 0x80;
		if (c == '"' || c == '\\' || c < 0x20)
			break;
	}
	return s;
}

#ifdef __SSE2__
/*
 * What is untidy of sixteen bytes, each with the one behind it; as signed
 * numbers, bytes of UTF-8 are below ' '.
 */
static inline __m128i untidy(const char *at)
{
	const __m128i space = _mm_set1_epi8(' '), tilde = _mm_set1_epi8('~'),
		      x = _mm_loadu_si128((const __m128i *)(const void *)at),
		      y = _mm_loadu_si128((const __m128i *)(const void *)(at + 1));

	return _mm_or_si128(
		_mm_or_si128(_mm_cmplt_epi8(x, space), _mm_cmpgt_epi8(x, tilde)),
		_mm_and_si128(_mm_cmpeq_epi8(x, space), _mm_cmpeq_epi8(y, space)));
}
#endif

bool nli_is_tidy(struct nli_str s)
{
	const char *at = s.s, *last = s.s + s.len - 1;

	if (!s.len)
		return true;
	if (*at == ' ' || *last == ' ')
		return false;
#ifdef __SSE2__
	if (last - at >= 16) {
		/* The last sixteen overlap those before them. */
		__m128i bad = untidy(last - 16);

		for (; last - at > 16; at += 16)
			bad = _mm_or_si128(bad, untidy(at));
		return !_mm_movemask_epi8(bad) && *last >= ' ' && *last <= '~';
	}
#endif
	for (; at < last; at++)
		if (*at < ' ' || *at > '~' || (*at == ' ' && at[1] == ' '))
			return false;
	return *last >= ' ' && *last <= '~';
}

bool nli_needs_no_escape(struct nli_str s)
{
	unsigned high = 0;

	return skip_plain(s.s, s.s + s.len, &high) == s.s + s.len;
}

/* RFC 3629, as encoding.c and norm.c have it. */
static bool is_utf8(const char *from, const char *end)
{
	const unsigned char *p = (const unsigned char *)from,
			    *e = (const unsigned char *)end;

	while (p < e) {
		const unsigned c = *p;
		const ptrdiff_t n = c < 0x80   ? 1
				    : c < 0xc2 ? 0
				    : c < 0xe0 ? 2
				    : c < 0xf0 ? 3
				    : c < 0xf5 ? 4
					       : 0;

		if (!n || n > e - p)
			return false;
		for (ptrdiff_t i = 1; i < n; i++)
			if ((p[i] & 0xc0) != 0x80)
				return false;
		if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) ||
		    (c == 0xf0 && p[1] < 0x90) || (c == 0xf4 && p[1] > 0x8f))
			return false;
		p += n;
	}
	return true;
}

static int hex(char c)
{
	return c >= '0' && c <= '9'                     ? c - '0'
	       : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
							: -1;
}

/* The four digits of \uXXXX at s, or -1. */
static int hex4(const char *s, const char *end)
{
	int v = 0;

	if (end - s < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (hex(s[i]) < 0)
			return -1;
		v = v << 4 | hex(s[i]);
	}
	return v;
}

/* Behind the escape whose backslash stands at s, or NULL. A surrogate needs its other half. */
static const char *skip_escape(const char *s, const char *end)
{
	int high, low;

	if (end - s < 2)
		return NULL;
	if (s[1] != 'u')
		return memchr("\"\\/bfnrt", s[1], 8) ? s + 2 : NULL;
	high = hex4(s + 2, end);
	if (high < 0 || (high >= 0xdc00 && high <= 0xdfff))
		return NULL;
	if (high < 0xd800 || high > 0xdfff)
		return s + 6;
	low = end - s >= 12 && s[6] == '\\' && s[7] == 'u' ? hex4(s + 8, end) : -1;
	return low >= 0xdc00 && low <= 0xdfff ? s + 12 : NULL;
}

/* Behind the string that opens at s, or NULL. */
static const char *skip_any_string(const char *s, const char *end, bool *escaped)
{
	const char *from = ++s;
	unsigned high = 0;

	for (;;) {
		s = skip_plain(s, end, &high);
		if (s == end || (unsigned char)*s < 0x20)
			return NULL;
		if (*s == '"')
			break;
		*escaped = true;
		s = skip_escape(s, end);
		if (!s)
			return NULL;
	}
	return high && !is_utf8(from, s) ? NULL : s + 1;
}

/* The same, fast where the string is ASCII without escapes, as nearly all are. */
static inline const char *skip_string(const char *s, const char *end, bool *escaped)
{
#ifdef __SSE2__
	__m128i all = _mm_setzero_si128();

	for (const char *at = s + 1; end - at >= 16; at += 16) {
		const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);
		const unsigned where = nli_plain_stops(x);

		all = _mm_or_si128(all, x);
		if (!where)
			continue;
		at += __builtin_ctz(where);
		if (*at == '"' && !_mm_movemask_epi8(all))
			return at + 1;
		break;
	}
#endif
	return skip_any_string(s, end, escaped);
}

/* The same of a string at any place of the line that begins at line. */
static inline const char *skip_member_string(const char *line, const char *s,
					     const char *end, bool *escaped)
{
#ifdef __SSE2__
	__m128i all = _mm_setzero_si128();
	const char *at = s + 1;
	unsigned where, before;

	for (; end - at >= 32; at += 32) {
		const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)at),
			      y = _mm_loadu_si128(
				      (const __m128i *)(const void *)(at + 16));

		where = nli_plain_stops(x) | nli_plain_stops(y) << 16;
		all = _mm_or_si128(all, _mm_or_si128(x, y));
		if (!where)
			continue;
		at += __builtin_ctz(where);
		if (*at == '"' && !_mm_movemask_epi8(all))
			return at + 1;
		return skip_any_string(s, end, escaped);
	}
	if (end - at >= 16) {
		const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);

		where = nli_plain_stops(x);
		all = _mm_or_si128(all, x);
		if (where && at[__builtin_ctz(where)] == '"' && !_mm_movemask_epi8(all))
			return at + __builtin_ctz(where) + 1;
		if (where)
			return skip_any_string(s, end, escaped);
		at += 16;
	}
	/* The last sixteen bytes of the line, without those that were looked at. */
	before = 16 - (unsigned)(end - at);
	if (end - line >= 16) {
		const __m128i x =
			_mm_loadu_si128((const __m128i *)(const void *)(end - 16));

		where = nli_plain_stops(x) >> before;
		before = (unsigned)_mm_movemask_epi8(x) >> before;
		if (where && at[__builtin_ctz(where)] == '"' &&
		    !(before | (unsigned)_mm_movemask_epi8(all)))
			return at + __builtin_ctz(where) + 1;
	}
#else
	(void)line;
#endif
	return skip_any_string(s, end, escaped);
}

static const char *skip_digits(const char *s, const char *end)
{
	const char *from = s;

	while (s < end && *s >= '0' && *s <= '9')
		s++;
	return s > from ? s : NULL;
}

static const char *skip_number(const char *s, const char *end)
{
	const char *from;

	s += *s == '-';
	from = s;
	s = skip_digits(s, end);
	if (!s || (*from == '0' && s > from + 1))
		return NULL;
	if (s < end && *s == '.' && !(s = skip_digits(s + 1, end)))
		return NULL;
	if (s < end && (*s | 0x20) == 'e') {
		s++;
		s += s < end && (*s == '+' || *s == '-');
		s = skip_digits(s, end);
	}
	return s;
}

static const char *skip_word(const char *s, const char *end, const char *word, size_t n)
{
	return (size_t)(end - s) >= n && !memcmp(s, word, n) ? s + n : NULL;
}

static const char *skip_value(const char *s, const char *end, int depth,
			      enum nli_jtype *type, bool *escaped);

/* Behind the array or object that opens at s, or NULL.  Recursion is bounded by depth. */
static const char *skip_container(const char *s, const char *end, int depth)
{
	const bool object = *s == '{';
	const char close = object ? '}' : ']';
	enum nli_jtype type;
	bool escaped;

	if (!depth)
		return NULL;
	s = skip_blank(s + 1, end);
	if (s < end && *s == close)
		return s + 1;
	for (;;) {
		if (object) {
			if (s == end || *s != '"' || !(s = skip_string(s, end, &escaped)))
				return NULL;
			s = skip_blank(s, end);
			if (s == end || *s != ':')
				return NULL;
			s = skip_blank(s + 1, end);
		}
		s = s < end ? skip_value(s, end, depth - 1, &type, &escaped) : NULL;
		if (!s)
			return NULL;
		s = skip_blank(s, end);
		if (s == end)
			return NULL;
		if (*s == close)
			return s + 1;
		if (*s != ',')
			return NULL;
		s = skip_blank(s + 1, end);
	}
}

static const char *skip_value(const char *s, const char *end, int depth,
			      enum nli_jtype *type, bool *escaped)
{
	switch (*s) {
	case '"':
		*type = NLI_J_STRING;
		return skip_string(s, end, escaped);
	case '{':
	case '[':
		*type = *s == '{' ? NLI_J_OBJECT : NLI_J_ARRAY;
		return skip_container(s, end, depth);
	case 't':
		*type = NLI_J_BOOL;
		return skip_word(s, end, "true", 4);
	case 'f':
		*type = NLI_J_BOOL;
		return skip_word(s, end, "false", 5);
	case 'n':
		*type = NLI_J_NULL;
		return skip_word(s, end, "null", 4);
	default:
		*type = NLI_J_NUMBER;
		return skip_number(s, end);
	}
}

/* Whether s begins with what was learned of its place, and goes on behind it. */
static inline bool is_hint(const struct nli_hint *h, const char *s, const char *end)
{
	if ((size_t)(end - s) <= h->len)
		return false;
#ifdef __SSE2__
	if (h->len < 32 && end - s >= 32) {
		const __m128i *x = (const __m128i *)(const void *)s,
			      *y = (const __m128i *)(const void *)h->text;
		const unsigned wanted = (1u << h->len) - 1;
		const unsigned lower = (unsigned)_mm_movemask_epi8(
			_mm_cmpeq_epi8(_mm_loadu_si128(x), _mm_loadu_si128(y)));
		const unsigned upper = (unsigned)_mm_movemask_epi8(
			_mm_cmpeq_epi8(_mm_loadu_si128(x + 1), _mm_loadu_si128(y + 1)));

		return ((lower | upper << 16) & wanted) == wanted;
	}
#endif
	return !memcmp(s, h->text, h->len);
}

/*
 * Behind the mark that separates or opens, the key and its colon; or NULL.  The
 * first line teaches what the next are held against: all of that at once.
 */
static const char *skim_key(struct nli_skimmer *k, size_t i, const char *s,
			    const char *end, struct nli_raw *m)
{
	const char *from = s, *key;
	bool escaped = false;

	s = skip_blank(s, end);
	if (s == end || *s != (i ? ',' : '{'))
		return NULL;
	key = s = skip_blank(s + 1, end);
	if (s == end || *s != '"' || !(s = skip_string(s, end, &escaped)) || escaped)
		return NULL;
	m->key = (struct nli_str){ key + 1, (size_t)(s - key) - 2 };
	s = skip_blank(s, end);
	if (s == end || *s != ':')
		return NULL;
	s = skip_blank(s + 1, end);
	if (i == k->n_hint && s - from <= NLI_MAX_HINT) {
		memcpy(k->hint[i].text, from, (size_t)(s - from));
		k->hint[i].len = (unsigned)(s - from);
		k->hint[i].key = (unsigned)(m->key.s - from);
		k->hint[i].key_len = (unsigned)m->key.len;
		k->n_hint++;
	}
	return s;
}

static bool skim_members(struct nli_skimmer *k, struct nli_str line)
{
	const char *end = line.s + line.len, *s = line.s;

	/* {} has nothing to skim: the parser may say so. */
	for (k->n = 0; k->n < NLI_MAX_SKIM;) {
		const size_t i = k->n++;
		const struct nli_hint *h = &k->hint[i];
		struct nli_raw *m = &k->m[i];

		m->known = i < k->n_hint && is_hint(h, s, end);
		if (m->known) {
			m->key = (struct nli_str){ s + h->key, h->key_len };
			s += h->len;
		} else {
			s = skim_key(k, i, s, end, m);
			if (!s || s == end)
				return false;
		}
		m->raw.s = s;
		m->escaped = false;
		if (*s == '"') {
			m->type = NLI_J_STRING;
			s = skip_member_string(line.s, s, end, &m->escaped);
		} else {
			s = skip_value(s, end, MAX_DEPTH, &m->type, &m->escaped);
		}
		if (!s)
			return false;
		m->raw.len = (size_t)(s - m->raw.s);
		if (s < end && *s == '}')
			return skip_blank(s + 1, end) == end;
		if (s < end && is_blank(*s)) {
			const char *close = skip_blank(s, end);

			if (close < end && *close == '}')
				return skip_blank(close + 1, end) == end;
		}
	}
	return false;
}

bool nli_skim(struct nli_skimmer *k, struct nli_str line)
{
	const size_t n_hint = k->n_hint;
	const bool done = skim_members(k, line);

	/* The caller puts no tags on what a broken line taught. */
	if (!done)
		k->n_hint = n_hint;
	return done;
}

size_t nli_raw_len(struct nli_str raw)
{
	const char *end = raw.s + raw.len, *s = skip_blank(raw.s + 1, end);
	enum nli_jtype type;
	bool escaped;
	size_t n = 0;

	if (*raw.s != '[' || *s == ']')
		return 0;
	do {
		s = skip_value(skip_blank(s, end), end, MAX_DEPTH, &type, &escaped);
		n++;
		s = s ? skip_blank(s, end) : NULL;
	} while (s && s < end && *s++ == ',');
	return n;
}

static void add_code(struct nli_buf *out, unsigned c)
{
	char b[4];
	size_t n = 0;

	if (c < 0x80) {
		b[n++] = (char)c;
	} else if (c < 0x800) {
		b[n++] = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		b[n++] = (char)(0xe0 | c >> 12);
		b[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		b[n++] = (char)(0xf0 | c >> 18);
		b[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		b[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	}
	if (c >= 0x80)
		b[n++] = (char)(0x80 | (c & 0x3f));
	nli_buf_add(out, b, n);
}

void nli_unescape(struct nli_str raw, struct nli_buf *out)
{
	const char *s = raw.s + 1, *end = raw.s + raw.len - 1;

	while (s < end) {
		const char *slash = memchr(s, '\\', (size_t)(end - s));
		const char *stop = slash ? slash : end;
		const char *of = "b\bf\fn\nr\rt\t";
		int c;

		nli_buf_add(out, s, (size_t)(stop - s));
		if (!slash)
			return;
		if (slash[1] != 'u') {
			const char *p = memchr(of, slash[1], 10);

			nli_buf_addc(out, p && (p - of) % 2 == 0 ? p[1] : slash[1]);
			s = slash + 2;
			continue;
		}
		c = hex4(slash + 2, end);
		s = slash + 6;
		if (c >= 0xd800 && c <= 0xdbff) {
			c = 0x10000 +
			    ((c & 0x3ff) << 10 | (hex4(slash + 8, end) & 0x3ff));
			s += 6;
		}
		add_code(out, (unsigned)c);
	}
}
