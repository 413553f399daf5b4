/* buf.c - see buf.h. */
#include "lib/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/mem.h"

int nli_str_cmp(struct nli_str a, struct nli_str b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int c = n ? memcmp(a.s, b.s, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

void nli_buf_grow(struct nli_buf *b, size_t extra)
{
	nli_grow(&b->data, &b->cap, b->len + extra + 1, 1);
}

void nli_buf_addf(struct nli_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		vsnprintf(nli_buf_reserve(b, (size_t)n), (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

char *nli_put_u64(char *to, uint64_t v)
{
	char digits[20];
	size_t n = sizeof(digits);

	do
		digits[--n] = (char)('0' + v % 10);
	while (v /= 10);
	memcpy(to, digits + n, sizeof(digits) - n);
	return to + sizeof(digits) - n;
}

void nli_buf_add_u64(struct nli_buf *b, uint64_t v)
{
	char digits[20];

	nli_buf_add(b, digits, (size_t)(nli_put_u64(digits, v) - digits));
}

void nli_buf_release(struct nli_buf *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}
