/* gram.c - see gram.h. */
#include "lib/model/gram.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/text/norm.h"

enum { LONG = 4, SHORT = 2 };

bool nli_gram_is_syllable(uint32_t c)
{
	return (c >= 0x3041 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) ||
	       (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0x20000 && c <= 0x3ffff);
}

/* A bijection of 32 bits that spreads them (murmur3's finaliser, Appleby 2011). */
static uint32_t spread(uint32_t x)
{
	x = (x ^ x >> 16) * 0x85ebca6bu;
	x = (x ^ x >> 13) * 0xc2b2ae35u;
	return x ^ x >> 16;
}

/* The gram of n characters as 64 bits: exact for those of the BMP's first half. */
static uint64_t pack(const uint32_t *c, size_t n)
{
	uint64_t h = 0;

	if (!n)
		return 0;
	if (n <= LONG && (c[0] | (n > 1 ? c[1] : 0) | (n > 2 ? c[2] : 0) |
			  (n > 3 ? c[3] : 0)) < 0x8000) {
		for (size_t i = 0; i < n; i++)
			h = h << 15 | c[i];
		return h | (uint64_t)n << 60;
	}
	for (size_t i = 0; i < n; i++)
		h = nli_mix(h ^ c[i]);
	return h | (uint64_t)1 << 63;
}

/*
 * Ascending order for values that are spread evenly: into buckets by their
 * upper bits, then by insertion, which has hardly anything left to do.
 */
static void sort_spread(uint32_t *v, size_t n, uint32_t *tmp)
{
	enum { BITS = 6 };
	uint32_t at[(1 << BITS) + 1] = { 0 };

	for (size_t i = 0; i < n; i++)
		at[(v[i] >> (32 - BITS)) + 1]++;
	for (size_t b = 0; b < 1 << BITS; b++)
		at[b + 1] += at[b];
	for (size_t i = 0; i < n; i++)
		tmp[at[v[i] >> (32 - BITS)]++] = v[i];
	for (size_t i = 0; i < n; i++) {
		const uint32_t x = tmp[i];
		size_t j = i;

		for (; j && v[j - 1] > x; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

static int by_value(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

enum { LONG_TEXT = 4096 }; /* beyond, buckets are too full to insert into */

static void sort_unique(struct nli_grams *g)
{
	size_t n = 0;

	nli_grow(&g->tmp, &g->tmp_cap, g->n, sizeof(*g->tmp));
	if (g->n < LONG_TEXT)
		sort_spread(g->gram, g->n, g->tmp);
	else
		qsort(g->gram, g->n, sizeof(*g->gram), by_value);
	for (size_t i = 0; i < g->n; i++)
		if (!i || g->gram[i] != g->gram[i - 1])
			g->gram[n++] = g->gram[i];
	g->n = n;
}

static void latin_grams(struct nli_grams *g, struct nli_str text)
{
	const unsigned char *s = (const unsigned char *)text.s;
	uint32_t x = 0;

	for (size_t i = 0; i < text.len; i++) {
		x = x << 8 | s[i];
		if (i >= LONG - 1)
			g->gram[g->n++] = spread(x);
	}
	if (!g->n) /* 1..3 characters; "\0" never begins a match form's gram alone */
		g->gram[g->n++] = spread(x);
}

/* Decode text into cp.  Returns how many characters there are. */
static size_t decode(struct nli_grams *g, struct nli_str text)
{
	size_t n = 0;

	nli_grow(&g->cp, &g->cp_cap, text.len, sizeof(*g->cp));
	for (size_t at = 0; at < text.len;)
		g->cp[n++] = nli_utf8_next(text, &at);
	return n;
}

/* How long the gram at c[0] is when left characters are left; 0: too long. */
static size_t gram_len(const uint32_t *c, size_t left)
{
	const size_t n = nli_gram_is_syllable(c[0]) ? SHORT : LONG;

	return n <= left ? n : 0;
}

static bool is_latin(const uint32_t *c, size_t n)
{
	uint32_t all = 0;

	for (size_t i = 0; i < n; i++)
		all |= c[i];
	return all < 0x100;
}

static uint32_t gram32(const uint32_t *c, size_t n)
{
	uint32_t x = 0;

	if (n == LONG && is_latin(c, n)) {
		for (size_t i = 0; i < n; i++)
			x = x << 8 | c[i];
		return spread(x);
	}
	return (uint32_t)(nli_mix(pack(c, n)) >> 32);
}

static void wide_grams(struct nli_grams *g, struct nli_str text)
{
	const size_t n = decode(g, text);

	g->latin = is_latin(g->cp, n);
	for (size_t i = 0; i < n; i++) {
		const size_t len = gram_len(g->cp + i, n - i);

		if (len)
			g->gram[g->n++] = gram32(g->cp + i, len);
	}
	if (!g->n)
		g->gram[g->n++] = gram32(g->cp, n);
}

static bool is_ascii(struct nli_str s)
{
	unsigned char all = 0;

	for (size_t i = 0; i < s.len; i++)
		all |= (unsigned char)s.s[i];
	return all < 0x80;
}

void nli_grams_of(struct nli_grams *g, struct nli_str text)
{
	g->n = 0;
	g->latin = true;
	nli_grow(&g->gram, &g->cap, text.len + 1, sizeof(*g->gram));
	if (is_ascii(text))
		latin_grams(g, text);
	else
		wide_grams(g, text);
	sort_unique(g);
}

void nli_grams_release(struct nli_grams *g)
{
	free(g->gram);
	free(g->tmp);
	free(g->cp);
	memset(g, 0, sizeof(*g));
}

size_t nli_gram_shared(const uint32_t *a, size_t n, const uint32_t *b, size_t m,
		       size_t least)
{
	const uint32_t *const a_end = a + n, *const b_end = b + m;
	size_t shared = 0;

	if ((n < m ? n : m) < least)
		return 0;
	/* No branch on the data: either cursor steps, or both. */
	while (a < a_end && b < b_end) {
		const uint32_t x = *a, y = *b;
		const size_t left = (size_t)(a_end - a) < (size_t)(b_end - b)
					    ? (size_t)(a_end - a)
					    : (size_t)(b_end - b);

		if (shared + left < least)
			return shared;
		shared += x == y;
		a += x <= y;
		b += y <= x;
	}
	return shared;
}

/* s / (n + m - s) >= j, solved for s; the last bits of the division decide nothing. */
size_t nli_gram_least(size_t n, size_t m, double j)
{
	size_t s = (size_t)(j * (double)(n + m) / (1 + j));

	while (s && (double)s >= j * (double)(n + m - s))
		s--;
	while ((double)s < j * (double)(n + m - s) * (1 - 1e-12))
		s++;
	return s;
}

static int by_value64(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The packed grams of text, ascending, no two equal.  The caller frees them. */
static uint64_t *packed(struct nli_str text, size_t *n_out)
{
	struct nli_grams g = { 0 };
	const size_t n_cp = decode(&g, text);
	uint64_t *v = nli_xmalloc(n_cp + 1, sizeof(*v));
	size_t n = 0, m = 0;

	for (size_t i = 0; i < n_cp; i++) {
		const size_t len = gram_len(g.cp + i, n_cp - i);

		if (len)
			v[n++] = pack(g.cp + i, len);
	}
	if (!n)
		v[n++] = pack(g.cp, n_cp);
	qsort(v, n, sizeof(*v), by_value64);
	for (size_t i = 0; i < n; i++)
		if (!i || v[i] != v[i - 1])
			v[m++] = v[i];
	nli_grams_release(&g);
	*n_out = m;
	return v;
}

double nli_gram_jaccard(struct nli_str a, struct nli_str b)
{
	size_t n, m, i = 0, j = 0, shared = 0;
	uint64_t *x = packed(a, &n), *y = packed(b, &m);

	while (i < n && j < m) {
		shared += x[i] == y[j];
		if (x[i] <= y[j]) {
			j += x[i] == y[j];
			i++;
		} else {
			j++;
		}
	}
	free(x);
	free(y);
	return (double)shared / (double)(n + m - shared);
}
