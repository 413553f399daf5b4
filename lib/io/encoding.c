/* encoding.c - see encoding.h. */
#include "lib/io/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <strings.h>

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucsdet.h>

#include "lib/base/mem.h"

enum { RAW = 64 * 1024 };

/*
 * The five holes of windows-1252 (81, 8D, 8F, 90, 9D) are read as the control
 * characters of the same number, as browsers do (WHATWG Encoding, 2023).
 */
static const uint16_t upper_1252[32] = {
	0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
	0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
	0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178,
};

/* Bytes of the valid sequence at p, 0 if there is none (RFC 3629). */
static size_t sequence(const unsigned char *p, size_t len)
{
	const unsigned c = *p;
	const size_t n = c < 0x80   ? 1
			 : c < 0xc2 ? 0
			 : c < 0xe0 ? 2
			 : c < 0xf0 ? 3
			 : c < 0xf5 ? 4
				    : 0;

	if (!n || n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) ||
	    (c == 0xf0 && p[1] < 0x90) || (c == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static void add_code(struct nli_buf *b, uint32_t c)
{
	if (c < 0x800)
		nli_buf_add(b,
			    (const char[]){ (char)(0xc0 | c >> 6),
					    (char)(0x80 | (c & 0x3f)) },
			    2);
	else
		nli_buf_add(b,
			    (const char[]){ (char)(0xe0 | c >> 12),
					    (char)(0x80 | (c >> 6 & 0x3f)),
					    (char)(0x80 | (c & 0x3f)) },
			    3);
}

size_t nli_utf8_repair(struct nli_str s, struct nli_buf *out)
{
	const unsigned char *p = (const unsigned char *)s.s;
	size_t from = 0, stray = 0;

	for (size_t at = 0; at < s.len;) {
		const size_t n = sequence(p + at, s.len - at);

		if (n) {
			at += n;
			continue;
		}
		nli_buf_add(out, s.s + from, at - from);
		add_code(out, p[at] < 0xa0 ? upper_1252[p[at] - 0x80] : p[at]);
		stray++;
		from = ++at;
	}
	nli_buf_add(out, s.s + from, s.len - from);
	return stray;
}

size_t nli_utf8_mark(struct nli_str s)
{
	return s.len >= 3 && !memcmp(s.s, "\xef\xbb\xbf", 3) ? 3 : 0;
}

bool nli_encoding_is_utf8(const char *name)
{
	return !strcasecmp(name, NLI_UTF8) || !strcasecmp(name, "utf8") ||
	       !strcasecmp(name, NLI_UTF8_STRAY);
}

/* What kinds of bytes there are in a sample. */
struct census {
	size_t ascii, wide, stray, nul_even, nul_odd;
};

static struct census take_census(struct nli_str s)
{
	const unsigned char *p = (const unsigned char *)s.s;
	struct census c = { 0 };

	for (size_t at = 0; at < s.len;) {
		const size_t n = sequence(p + at, s.len - at);

		if (!p[at])
			*(at % 2 ? &c.nul_odd : &c.nul_even) += 1;
		c.ascii += n == 1;
		c.wide += n > 1;
		/* A sequence that the end of the sample cuts is no stray byte. */
		c.stray += !n && s.len - at > 3;
		at += n ? n : 1;
	}
	return c;
}

/*
 * All of it is Shift_JIS, a quarter of its pairs kana: ICU needs more text than a
 * small file has to tell that, and in other encodings such pairs hardly occur.
 */
static bool is_shift_jis(struct nli_str s)
{
	const unsigned char *p = (const unsigned char *)s.s;
	size_t pairs = 0, kana = 0;

	for (size_t at = 0; at < s.len; at++) {
		const unsigned lead = p[at];
		unsigned trail;

		if (lead < 0x80 || (lead >= 0xa1 && lead <= 0xdf))
			continue;
		if (lead == 0x80 || lead == 0xa0 || lead > 0xfc)
			return false;
		if (++at == s.len)
			break; /* cut by the end of the sample */
		trail = p[at];
		if (trail < 0x40 || trail == 0x7f || trail > 0xfc)
			return false;
		pairs++;
		kana += (lead == 0x82 && trail >= 0x9f && trail <= 0xf1) ||
			(lead == 0x83 && trail <= 0x96);
	}
	return pairs > 1 && kana * 4 >= pairs;
}

static const char *ask_icu(struct nli_str sample)
{
	UErrorCode rc = U_ZERO_ERROR;
	UCharsetDetector *d = ucsdet_open(&rc);
	const UCharsetMatch *m;
	const char *name = NULL;
	/* ICU's names live in the detector: of those that it has, ours. */
	static const char *const known[] = {
		"Shift_JIS",    "EUC-JP",       "GB18030",      "Big5",
		"EUC-KR",       "ISO-2022-JP",  "windows-1250", "windows-1251",
		"windows-1253", "windows-1254", "windows-1255", "windows-1256",
		"KOI8-R",       "ISO-8859-2",   "ISO-8859-5",   "ISO-8859-6",
		"ISO-8859-7",   "ISO-8859-8",   "ISO-8859-9",   "UTF-32LE",
		"UTF-32BE"
	};
	const int32_t len = sample.len > 1 << 20 ? 1 << 20 : (int32_t)sample.len;

	ucsdet_setText(d, sample.s, len, &rc);
	m = ucsdet_detect(d, &rc);
	name = U_SUCCESS(rc) && m ? ucsdet_getName(m, &rc) : NULL;
	for (size_t i = 0; U_SUCCESS(rc) && name && i < sizeof(known) / sizeof(*known);
	     i++)
		if (!strcasecmp(name, known[i])) {
			ucsdet_close(d);
			return known[i];
		}
	ucsdet_close(d);
	return "windows-1252";
}

const char *nli_encoding_guess(struct nli_str s)
{
	const struct census c = take_census(s);

	if (nli_utf8_mark(s))
		return c.stray ? NLI_UTF8_STRAY : NLI_UTF8;
	if (s.len >= 4 && !memcmp(s.s, "\xff\xfe\0\0", 4))
		return "UTF-32LE";
	if (s.len >= 4 && !memcmp(s.s, "\0\0\xfe\xff", 4))
		return "UTF-32BE";
	if (s.len >= 2 && (!memcmp(s.s, "\xff\xfe", 2) || c.nul_odd * 4 > s.len))
		return "UTF-16LE";
	if (s.len >= 2 && (!memcmp(s.s, "\xfe\xff", 2) || c.nul_even * 4 > s.len))
		return "UTF-16BE";
	if (!c.stray)
		return NLI_UTF8;
	/* Few among much, or among text that can only be UTF-8. */
	if (c.stray * 50 < c.ascii || c.stray * 10 < c.wide)
		return NLI_UTF8_STRAY;
	return is_shift_jis(s) ? "Shift_JIS" : ask_icu(s);
}

struct nli_decoder {
	nli_read_fn *read;
	void *ctx;
	UConverter *from, *utf8;
	char raw[RAW];
	const char *at, *end; /* in raw */
	bool eof, flushed, begun;
	UChar pivot[1024], *pivot_from, *pivot_to;
	iconv_t second; /* Shift_JIS-2004, or (iconv_t)-1 */
	uint64_t lost, rescued;
};

/* Shift_JIS-2004 has characters where Windows' Shift_JIS has none: try it for those. */
static bool try_second(struct nli_decoder *d, const char *bytes, int32_t len,
		       UChar out[2], int32_t *n)
{
	char text[16], *to = text, *from = (char *)(uintptr_t)bytes;
	size_t left = (size_t)len, room = sizeof(text);

	if (d->second == (iconv_t)-1 || len < 2)
		return false;
	iconv(d->second, NULL, NULL, NULL, NULL);
	if (iconv(d->second, &from, &left, &to, &room) == (size_t)-1 || left)
		return false;
	iconv(d->second, NULL, NULL, &to, &room);
	*n = (int32_t)(to - text) / 2;
	if (*n < 1 || *n > 2)
		return false;
	for (int32_t i = 0; i < *n; i++)
		out[i] = (UChar)((unsigned char)text[2 * i] << 8 |
				 (unsigned char)text[2 * i + 1]);
	return true;
}

static void on_bad(const void *ctx, UConverterToUnicodeArgs *args, const char *bytes,
		   int32_t len, UConverterCallbackReason reason, UErrorCode *rc)
{
	static const UChar lost[] = { 0xfffd };
	struct nli_decoder *d = (struct nli_decoder *)(uintptr_t)ctx;
	UChar out[2];
	int32_t n;

	if (reason > UCNV_IRREGULAR)
		return;
	*rc = U_ZERO_ERROR;
	if (try_second(d, bytes, len, out, &n)) {
		d->rescued++;
		ucnv_cbToUWriteUChars(args, out, n, 0, rc);
	} else {
		d->lost++;
		ucnv_cbToUWriteUChars(args, lost, 1, 0, rc);
	}
}

int nli_decoder_new(struct nli_decoder **out, const char *encoding, nli_read_fn *read,
		    void *ctx, struct nli_err *err)
{
	/* What everyone calls Shift_JIS is Microsoft's: ICU's name for that. */
	const bool sjis = !strcasecmp(encoding, "Shift_JIS") ||
			  !strcasecmp(encoding, "sjis") || !strcasecmp(encoding, "cp932");
	struct nli_decoder *d = nli_xcalloc(1, sizeof(*d));
	UErrorCode rc = U_ZERO_ERROR;

	*out = NULL;
	d->read = read;
	d->ctx = ctx;
	d->at = d->end = d->raw;
	d->pivot_from = d->pivot_to = d->pivot;
	d->second = sjis ? iconv_open("UTF-16BE", "SHIFT_JISX0213") : (iconv_t)-1;
	d->from = ucnv_open(sjis ? "windows-31j" : encoding, &rc);
	d->utf8 = ucnv_open("UTF-8", &rc);
	if (U_SUCCESS(rc))
		ucnv_setToUCallBack(d->from, on_bad, d, NULL, NULL, &rc);
	if (U_FAILURE(rc)) {
		nli_decoder_free(d);
		return nli_fail(err, NLI_EINVAL, "no encoding is called \"%s\"",
				encoding);
	}
	*out = d;
	return 0;
}

static int fill(struct nli_decoder *d, struct nli_err *err)
{
	ptrdiff_t n;

	if (d->at != d->end || d->eof)
		return 0;
	n = d->read(d->ctx, d->raw, sizeof(d->raw), err);
	if (n < 0)
		return (int)n;
	d->eof = !n;
	d->at = d->raw;
	d->end = d->raw + n;
	return 0;
}

ptrdiff_t nli_decoder_read(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct nli_decoder *d = ctx;
	char *out = to;

	while (out == (char *)to && !d->flushed) {
		UErrorCode rc = U_ZERO_ERROR;
		const int bad = fill(d, err);

		if (bad < 0)
			return bad;
		ucnv_convertEx(d->utf8, d->from, &out, (char *)to + cap, &d->at, d->end,
			       d->pivot, &d->pivot_from, &d->pivot_to,
			       d->pivot + sizeof(d->pivot) / sizeof(*d->pivot), !d->begun,
			       d->eof, &rc);
		d->begun = true;
		if (U_FAILURE(rc) && rc != U_BUFFER_OVERFLOW_ERROR)
			return nli_fail(err, NLI_EDATA, "ICU cannot decode the text: %s",
					u_errorName(rc));
		d->flushed = d->eof && rc != U_BUFFER_OVERFLOW_ERROR;
	}
	return out - (char *)to;
}

uint64_t nli_decoder_lost(const struct nli_decoder *d)
{
	return d->lost;
}

uint64_t nli_decoder_rescued(const struct nli_decoder *d)
{
	return d->rescued;
}

void nli_decoder_free(struct nli_decoder *d)
{
	if (!d)
		return;
	ucnv_close(d->from);
	ucnv_close(d->utf8);
	if (d->second != (iconv_t)-1)
		iconv_close(d->second);
	free(d);
}
