/*
 * token.c - see token.h.
 *
 * The text is classified 64 bytes at a time into bit masks (by SSE2 where there is
 * one, else eight at a time), and tokens are read off where the masks change: no
 * branch a byte.  Only bytes above 0x7f are looked at one character at a time.
 */
#include "lib/text/token.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/text/norm.h"

/*
 * Where a run was cut: a text that is looked at again, or that was made of another one, is
 * cut in the same places.
 */
struct cut_run {
	struct nli_buf text;
	uint32_t *end; /* (n,) of each word, from the run's start */
	size_t n, cap;
};

enum { N_RUNS = 1024, MAX_RUN = 1024 };

struct nli_tokenizer {
	struct nli_token *token; /* owns */
	size_t n, cap;
	struct cut_run *run;   /* (N_RUNS,) by hash; NULL: none yet */
	UBreakIterator *words; /* opened at the first run that needs it */
	UText *utext;
	bool by_character;
	bool met_joined;
};

struct nli_tokenizer *nli_tokenizer_new(void)
{
	return nli_xcalloc(1, sizeof(struct nli_tokenizer));
}

void nli_tokenizer_free(struct nli_tokenizer *t)
{
	if (!t)
		return;
	if (t->words)
		ubrk_close(t->words);
	if (t->utext)
		utext_close(t->utext);
	for (size_t i = 0; t->run && i < N_RUNS; i++) {
		nli_buf_release(&t->run[i].text);
		free(t->run[i].end);
	}
	free(t->run);
	free(t->token);
	free(t);
}

void nli_tokenizer_by_character(struct nli_tokenizer *t)
{
	t->by_character = true;
}

bool nli_tokenizer_met_joined(const struct nli_tokenizer *t)
{
	return t->met_joined;
}

enum class { SPACE, PUNCT, WORD, JOINED };

/* A letter that needs no look at ICU's tables: all of these are of one script and kind. */
static bool is_common_han(uint32_t c)
{
	return c >= 0x4e00 && c <= 0x9fef;
}

/* Does one stand at text[at]?  By its bytes; of some at the ends of the block it says no. */
static inline bool is_han_at(struct nli_str text, size_t at)
{
	const unsigned char *p = (const unsigned char *)text.s + at;

	return text.len - at >= 3 && p[0] >= 0xe4 && p[0] <= 0xe9 &&
	       (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80 &&
	       (p[0] > 0xe4 || p[1] >= 0xb8) && (p[0] < 0xe9 || p[1] < 0xbf);
}

/* Scripts written without spaces that ICU has dictionaries or rules for. */
static bool is_joined(uint32_t c)
{
	UErrorCode e = U_ZERO_ERROR;

	if (c < 0xe00 || (c >= 0x1800 && c < 0x2e80 && c >> 8 != 0x19))
		return false;
	if (c == 0x30fc)
		return true; /* the long vowel of Kana, which Unicode gives to all scripts */
	switch (uscript_getScript((UChar32)c, &e)) {
	case USCRIPT_HAN:
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
	case USCRIPT_THAI:
	case USCRIPT_LAO:
	case USCRIPT_KHMER:
	case USCRIPT_MYANMAR:
		return true;
	default:
		return false;
	}
}

/* ZWNJ and ZWJ are spelling in Persian, Hindi and Myanmar: they do not end a word. */
static enum class class_of(uint32_t c) {
	const uint32_t word = U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK;

	if (is_common_han(c)) return JOINED;
	if (U_MASK(u_charType((UChar32)c)) & word || c == 0x200c ||
	    c == 0x200d) return is_joined(c)
		? JOINED
		: WORD;
	return u_isUWhiteSpace((UChar32)c) ? SPACE : PUNCT;
}

/* Classes of 64 bytes: bit i is byte i.  joined is part of word. */
struct masks {
	uint64_t word, joined, punct, high;
	uint64_t digit; /* ASCII alone */
};

#ifdef __SSE2__
/* Which bytes are from..to; as signed numbers, those that are not ASCII are below all. */
static inline __m128i is_from_to(__m128i x, char from, char to)
{
	return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8((char)(from - 1))),
			     _mm_cmplt_epi8(x, _mm_set1_epi8((char)(to + 1))));
}

static inline uint64_t bits_of(__m128i x)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(x);
}

static struct masks classify_ascii(const char *block)
{
	struct masks m = { 0 };

	for (unsigned i = 0; i < 64; i += 16) {
		const __m128i x =
			_mm_loadu_si128((const __m128i *)(const void *)(block + i));
		const __m128i alpha =
			is_from_to(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 'z');
		const __m128i digit = is_from_to(x, '0', '9');
		const __m128i line = _mm_cmpeq_epi8(x, _mm_set1_epi8('_'));
		const __m128i space = _mm_or_si128(is_from_to(x, 9, 13),
						   _mm_cmpeq_epi8(x, _mm_set1_epi8(' ')));
		const __m128i word = _mm_or_si128(_mm_or_si128(alpha, digit), line);
		const __m128i other = _mm_or_si128(_mm_or_si128(word, space), x);

		m.word |= bits_of(word) << i;
		m.digit |= bits_of(digit) << i;
		m.punct |= (bits_of(other) ^ 0xffff) << i;
		m.high |= bits_of(x) << i;
	}
	return m;
}
#else
#define ONES 0x0101010101010101u

/* The high bit of each byte (all are ASCII) that is at least c. */
static uint64_t at_least(uint64_t x, unsigned c)
{
	return (x + (0x80 - c) * ONES) & 0x80 * ONES;
}

/* The high bits of eight bytes as eight bits, the first byte's lowest. */
static uint64_t gather(uint64_t high)
{
	return (high >> 7) * 0x0102040810204080u >> 56;
}

static uint64_t load(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? x : __builtin_bswap64(x);
}

static struct masks classify_ascii(const char *block)
{
	struct masks m = { 0 };

	for (unsigned i = 0; i < 64; i += 8) {
		const uint64_t raw = load(block + i), x = raw & 0x7f * ONES;
		const uint64_t lower = (x | 0x20 * ONES) & 0x7f * ONES;
		const uint64_t alpha = at_least(lower, 'a') & ~at_least(lower, 'z' + 1);
		const uint64_t digit = at_least(x, '0') & ~at_least(x, '9' + 1);
		const uint64_t line = ~((x ^ '_' * ONES) + 0x7f * ONES);
		const uint64_t space = (at_least(x, 9) & ~at_least(x, 14)) |
				       ~((x ^ ' ' * ONES) + 0x7f * ONES);
		const uint64_t word = (alpha | digit | line) & 0x80 * ONES & ~raw;

		m.word |= gather(word) << i;
		m.digit |= gather(digit & word) << i;
		m.punct |= gather(~(word | space | raw) & 0x80 * ONES) << i;
		m.high |= gather(raw & 0x80 * ONES) << i;
	}
	return m;
}
#endif

/* The state between blocks. */
struct cutting {
	struct nli_tokenizer *t;
	struct nli_str text;
	size_t start; /* of the open word */
	size_t known; /* characters up to here are classified */
	enum class
		tail; /* the class of the character that reaches over the block's end */
	bool word, joined; /* the class of the byte before the block */
};

static void set_bits(struct masks *m, enum class c, size_t from, size_t to, bool leads)
{
	const uint64_t upto = to >= 64 ? UINT64_MAX : ((uint64_t)1 << to) - 1;
	const uint64_t bits = upto & ~(((uint64_t)1 << from) - 1);

	if (c >= WORD)
		m->word |= bits;
	if (c == JOINED)
		m->joined |= bits;
	if (c == PUNCT && leads)
		m->punct |= (uint64_t)1 << from;
}

/* Look at the characters of the block at text[at] that are not ASCII. */
static void classify_high(struct cutting *c, size_t at, struct masks *m)
{
	uint64_t left = m->high;

	if (c->known > at)
		set_bits(m, c->tail, 0, c->known - at, false);
	while (left) {
		size_t i = (size_t)__builtin_ctzll(left), next = at + i;

		if (next >= c->known && is_han_at(c->text, next)) {
			do
				next += 3;
			while (next - at < 64 && is_han_at(c->text, next));
			c->tail = JOINED;
			c->known = next;
			set_bits(m, JOINED, i, next - at, true);
		} else if (next >= c->known) {
			c->tail = class_of(nli_utf8_next(c->text, &next));
			c->known = next;
			set_bits(m, c->tail, i, next - at, true);
		} else {
			next = c->known;
		}
		left = next - at >= 64 ? 0 : left & (UINT64_MAX << (next - at));
	}
}

static void add_token(struct nli_tokenizer *t, size_t from, size_t to,
		      enum nli_token_kind kind)
{
	if (t->n == t->cap)
		nli_grow(&t->token, &t->cap, t->n + 1, sizeof(*t->token));
	t->token[t->n++] =
		(struct nli_token){ (uint32_t)from, (uint32_t)(to - from), kind };
}

static bool all_digits(struct nli_str text, size_t from, size_t to)
{
	while (from < to) {
		const unsigned char b = (unsigned char)text.s[from];

		if (b < 0x80) {
			if (b < '0' || b > '9')
				return false;
			from++;
		} else {
			const uint32_t c = nli_utf8_next(text, &from);

			if (is_common_han(c) ||
			    u_charType((UChar32)c) != U_DECIMAL_DIGIT_NUMBER)
				return false;
		}
	}
	return true;
}

static void add_word(struct cutting *c, size_t from, size_t to)
{
	const unsigned char first = (unsigned char)c->text.s[from];
	const bool number = (first < ':' || first >= 0x80) && !is_han_at(c->text, from) &&
			    all_digits(c->text, from, to);

	add_token(c->t, from, to, number ? NLI_TOKEN_NUMBER : NLI_TOKEN_WORD);
}

static void keep_end(struct cut_run *r, uint32_t end)
{
	nli_grow(&r->end, &r->cap, r->n + 1, sizeof(*r->end));
	r->end[r->n++] = end;
}

/* By ICU's dictionaries (UAX 29 with UAX 14's scripts). */
static void cut_run(struct nli_tokenizer *t, struct nli_str text, struct cut_run *r)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t next;

	r->n = 0;
	if (!t->words)
		t->words = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
	t->utext = utext_openUTF8(t->utext, text.s, (int64_t)text.len, &e);
	if (U_SUCCESS(e))
		ubrk_setUText(t->words, t->utext, &e);
	if (U_FAILURE(e)) { /* ICU without its data: the run stays whole */
		keep_end(r, (uint32_t)text.len);
		return;
	}
	while ((next = ubrk_next(t->words)) != UBRK_DONE)
		keep_end(r, (uint32_t)next);
}

/* The run of this text, cut now or when it was last seen. */
static struct cut_run *find_run(struct nli_tokenizer *t, struct nli_str text)
{
	struct cut_run *r;

	if (!t->run)
		t->run = nli_xcalloc(N_RUNS, sizeof(*t->run));
	r = &t->run[text.len > MAX_RUN ? 0 : nli_hash(text.s, text.len, 0) % N_RUNS];
	if (r->n && nli_str_eq(nli_buf_str(&r->text), text))
		return r;
	cut_run(t, text, r);
	nli_buf_clear(&r->text);
	nli_buf_add(&r->text, text.s, text.len);
	return r;
}

/* A run in a script without spaces. */
static void add_joined(struct cutting *c, size_t from, size_t to)
{
	const struct nli_str text = { c->text.s + from, to - from };
	const struct cut_run *r = find_run(c->t, text);
	size_t last = 0;

	for (size_t i = 0; i < r->n; i++) {
		add_word(c, from + last, from + r->end[i]);
		last = r->end[i];
	}
}

static void add_characters(struct cutting *c, size_t from, size_t to)
{
	while (from < to) {
		const size_t start = from;

		nli_utf8_next(c->text, &from);
		add_word(c, start, from);
	}
}

static void close_word(struct cutting *c, size_t end, bool joined)
{
	c->t->met_joined |= joined;
	if (joined && c->t->by_character)
		add_characters(c, c->start, end);
	else if (joined)
		add_joined(c, c->start, end);
	else
		add_word(c, c->start, end);
}

static size_t character_end(struct nli_str text, size_t at)
{
	if (text.s[at] & 0x80)
		nli_utf8_next(text, &at);
	else
		at++;
	return at;
}

/* Read the tokens off the masks of the block at text[at]. */
static void cut_block(struct cutting *c, size_t at, const struct masks *m)
{
	const uint64_t word = m->word << 1 | c->word, joined = m->joined << 1 | c->joined;
	const uint64_t edge = (m->word ^ word) | (m->joined ^ joined);

	for (uint64_t left = edge | m->punct; left; left &= left - 1) {
		const int i = __builtin_ctzll(left);
		const uint64_t bit = (uint64_t)1 << i;
		const size_t here = at + (size_t)i;

		if (edge & word & bit)
			close_word(c, here, joined & bit);
		if (m->punct & bit)
			add_token(c->t, here, character_end(c->text, here),
				  NLI_TOKEN_PUNCT);
		if (edge & m->word & bit)
			c->start = here;
	}
	c->word = m->word >> 63;
	c->joined = m->joined >> 63;
}

/* How many bits from i up are set without a gap. */
static unsigned run_of(uint64_t bits, unsigned i)
{
	const uint64_t gap = ~(bits >> i);

	return gap ? (unsigned)__builtin_ctzll(gap) : 64;
}

/* As cut_block(), where all is ASCII: a token a turn, whatever its kind. */
static void cut_ascii(struct cutting *c, size_t at, const struct masks *m)
{
	struct nli_tokenizer *t = c->t;
	uint64_t starts = (m->word & ~(m->word << 1 | c->word)) | m->punct;
	const unsigned carried = c->word ? run_of(m->word, 0) : 64;

	if (carried < 64)
		add_word(c, c->start, at + carried);
	nli_grow(&t->token, &t->cap, t->n + 64, sizeof(*t->token));
	for (; starts; starts &= starts - 1) {
		const unsigned i = (unsigned)__builtin_ctzll(starts);
		const unsigned n = run_of(m->word, i);
		const bool number = run_of(m->digit, i) == n;

		if (i + n >= 64) { /* goes on, perhaps, in the next block */
			c->start = at + i;
			break;
		}
		t->token[t->n++] = (struct nli_token){
			.off = (uint32_t)at + i,
			.len = n ? n : 1,
			.kind = !n       ? NLI_TOKEN_PUNCT
				: number ? NLI_TOKEN_NUMBER
					 : NLI_TOKEN_WORD,
		};
	}
	c->word = m->word >> 63;
}

const struct nli_token *nli_tokenize(struct nli_tokenizer *t, struct nli_str text,
				     size_t *n)
{
	struct cutting c = { .t = t, .text = text };
	char tail[64];

	t->n = 0;
	t->met_joined = false;
	for (size_t at = 0; at < text.len; at += 64) {
		const char *block = text.s + at;
		struct masks m;

		if (text.len - at < 64) {
			memset(tail, ' ', sizeof(tail));
			memcpy(tail, block, text.len - at);
			block = tail;
		}
		m = classify_ascii(block);
		if (m.high || c.joined) {
			classify_high(&c, at, &m);
			cut_block(&c, at, &m);
		} else {
			cut_ascii(&c, at, &m);
		}
	}
	if (c.word)
		close_word(&c, text.len, c.joined);
	*n = t->n;
	return t->token;
}
