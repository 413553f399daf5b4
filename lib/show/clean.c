/* clean.c - see clean.h. */
#include "lib/show/clean.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "lib/text/norm.h"

struct range {
	uint32_t lo, hi;
};

/* Marks and format characters without width; wide ones: Unicode 15, EastAsianWidth W and F. */
static const struct range narrow[] = {
	{ 0x300, 0x36f },   { 0x483, 0x489 },   { 0x591, 0x5bd },   { 0x610, 0x61a },
	{ 0x64b, 0x65f },   { 0x670, 0x670 },   { 0x6d6, 0x6dc },   { 0x6df, 0x6e4 },
	{ 0x6e7, 0x6e8 },   { 0x6ea, 0x6ed },   { 0x900, 0x902 },   { 0x93a, 0x93a },
	{ 0x93c, 0x93c },   { 0x941, 0x948 },   { 0x94d, 0x94d },   { 0x951, 0x957 },
	{ 0x981, 0x981 },   { 0x9bc, 0x9bc },   { 0x9c1, 0x9c4 },   { 0x9cd, 0x9cd },
	{ 0xe31, 0xe31 },   { 0xe34, 0xe3a },   { 0xe47, 0xe4e },   { 0x102d, 0x1030 },
	{ 0x1036, 0x103a }, { 0x200b, 0x200f }, { 0x2060, 0x2064 }, { 0x20d0, 0x20f0 },
	{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, { 0xe0100, 0xe01ef },
};
static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0x33ff },
	{ 0x3400, 0x4dbf },   { 0x4e00, 0xa4cf },   { 0xa960, 0xa97c },
	{ 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },
	{ 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },   { 0x1f300, 0x1f64f },
	{ 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

static bool is_in(uint32_t c, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c <= r[i].hi)
			return c >= r[i].lo;
	return false;
}

/* Characters that reorder what follows them until something ends it. */
static bool reorders(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void add_clean(uint32_t c, struct nli_buf *out)
{
	if (c == '\n')
		nli_buf_adds(out, " \xe2\x8f\x8e ");
	else if (c == '\t')
		nli_buf_addc(out, ' ');
	else if (c < 0x20)
		nli_utf8_add(out, 0x2400 + c);
	else if (c == 0x7f)
		nli_utf8_add(out, 0x2421);
	else if (c < 0xa0 && c > 0x7f)
		nli_buf_addf(out, "[U+%04X]", c);
	else if (reorders(c) || c == 0x2028 || c == 0x2029 || c >= 0xe0000)
		nli_buf_addf(out, "[U+%04X]", c);
	else if ((c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef))
		nli_utf8_add(out, 0xfffd);
	else
		nli_utf8_add(out, c);
}

void nli_clean(struct nli_str s, size_t max, struct nli_buf *out)
{
	size_t at = 0;

	for (size_t n = 0; at < s.len && n < max; n++)
		add_clean(nli_utf8_next(s, &at), out);
	if (at < s.len)
		nli_buf_adds(out, "\xe2\x80\xa6");
}

static size_t columns(uint32_t c)
{
	if (c < 0x300)
		return 1;
	if (is_in(c, narrow, sizeof(narrow) / sizeof(*narrow)))
		return 0;
	return is_in(c, wide, sizeof(wide) / sizeof(*wide)) ? 2 : 1;
}

size_t nli_clean_offset(struct nli_str s, size_t n)
{
	size_t at = 0;

	while (n-- && at < s.len)
		nli_utf8_next(s, &at);
	return at;
}

size_t nli_show_width(struct nli_str s)
{
	size_t at = 0, w = 0;

	while (at < s.len)
		w += columns(nli_utf8_next(s, &at));
	return w;
}

void nli_show_fit(struct nli_str s, size_t width, struct nli_buf *out)
{
	size_t at = 0, w = 0;

	if (nli_show_width(s) <= width) {
		nli_buf_add(out, s.s, s.len);
		return;
	}
	while (at < s.len) {
		size_t next = at;

		w += columns(nli_utf8_next(s, &next));
		if (w >= width)
			break;
		at = next;
	}
	nli_buf_add(out, s.s, at);
	nli_buf_adds(out, "\xe2\x80\xa6");
}

void nli_show_markdown(struct nli_str s, struct nli_buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.s[i];

		if (c == '<')
			nli_buf_adds(out, "&lt;");
		else if (c == '>')
			nli_buf_adds(out, "&gt;");
		else if (c == '&')
			nli_buf_adds(out, "&amp;");
		else if (strchr("\\`*_{}[]#|~!$", c))
			nli_buf_add(out, (const char[]){ '\\', c }, 2);
		else
			nli_buf_addc(out, c);
	}
}

void nli_show_count(uint64_t n, struct nli_buf *out)
{
	char digits[24];
	const int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

	for (int i = 0; i < len; i++) {
		nli_buf_addc(out, digits[i]);
		if ((len - i) % 3 == 1 && i + 1 < len)
			nli_buf_addc(out, ',');
	}
}

/* Files that were given may hold any number. */
void nli_show_whole(double v, struct nli_buf *out)
{
	if (v >= 0 && v < 0x1p63)
		nli_show_count((uint64_t)v, out);
	else
		nli_buf_addc(out, '?');
}

void nli_show_share(double v, struct nli_buf *out)
{
	nli_buf_addf(out, "%.1f%%", fabs(v) < 0.0005 ? 0.0 : 100 * v);
}

/* Three significant digits, so that numbers of one column have about the same length. */
void nli_show_real(double v, struct nli_buf *out)
{
	const double size = fabs(v);

	if (size != 0 && size < 5e-7) /* rounding in a sum, no figure */
		nli_buf_adds(out, "0.0000");
	else if (size != 0 && size < 0.00005)
		nli_buf_addf(out, "%.2g", v);
	else if (size >= 1000 && v > 0 && v < 0x1p53)
		nli_show_whole(floor(v + 0.5), out);
	else
		nli_buf_addf(out, "%.*f",
			     size >= 100              ? 0
			     : size >= 10             ? 1
			     : size >= 1 || size == 0 ? 2
			     : size >= 0.01           ? 3
						      : 4,
			     v);
}

void nli_show_p_value(double p, struct nli_buf *out)
{
	if (p < 1e-12)
		nli_buf_adds(out, "<1e-12");
	else
		nli_buf_addf(out, "%.2g", p);
}

void nli_show_fixed(double v, int n, struct nli_buf *out)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "%.*f", n, v);

	if (n > 0) {
		while (text[len - 1] == '0')
			len--;
		len -= text[len - 1] == '.';
	}
	if (len == 2 && text[0] == '-' && text[1] == '0')
		nli_buf_addc(out, '0');
	else
		nli_buf_add(out, text, (size_t)len);
}
