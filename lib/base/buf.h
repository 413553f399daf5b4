/*
 * buf.h - a growing byte string, and a borrowed one.
 *
 * Invariant of struct nli_buf: data is NULL and len 0, or data[0..len) are the
 * bytes and data[len] is NUL.  Initialise with {0}; pair with nli_buf_release().
 */
#ifndef NLI_BASE_BUF_H
#define NLI_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed text: not NUL-terminated, may hold NULs; s is NULL where there is none. */
struct nli_str {
	const char *s;
	size_t len;
};

#define NLI_STR(literal) ((struct nli_str){ "" literal, sizeof(literal) - 1 })

static inline struct nli_str nli_str_of(const char *s)
{
	return (struct nli_str){ s, s ? strlen(s) : 0 };
}

static inline bool nli_str_eq(struct nli_str a, struct nli_str b)
{
	return a.len == b.len && (!a.len || !memcmp(a.s, b.s, a.len));
}

static inline bool nli_str_is(struct nli_str a, const char *b)
{
	return nli_str_eq(a, nli_str_of(b));
}

/* Byte order, the shorter first where one is the other's beginning: a total order. */
int nli_str_cmp(struct nli_str a, struct nli_str b);

/* Owns data. */
struct nli_buf {
	char *data;
	size_t len, cap;
};

/* Grow so that extra more bytes and a NUL fit behind len. */
void nli_buf_grow(struct nli_buf *b, size_t extra);

/* Room for extra more bytes and a NUL behind len; returns where they begin. */
static inline char *nli_buf_reserve(struct nli_buf *b, size_t extra)
{
	if (b->cap - b->len <= extra)
		nli_buf_grow(b, extra);
	return b->data + b->len;
}

static inline void nli_buf_add(struct nli_buf *b, const void *bytes, size_t len)
{
	char *to = nli_buf_reserve(b, len);

	if (len)
		memcpy(to, bytes, len);
	to[len] = '\0';
	b->len += len;
}

static inline void nli_buf_adds(struct nli_buf *b, const char *s)
{
	nli_buf_add(b, s, strlen(s));
}

static inline void nli_buf_addc(struct nli_buf *b, char c)
{
	char *to = nli_buf_reserve(b, 1);

	to[0] = c;
	to[1] = '\0';
	b->len++;
}

void nli_buf_addf(struct nli_buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void nli_buf_add_u64(struct nli_buf *b, uint64_t v);

/* The digits of v at to, 20 at most; returns where they end. */
char *nli_put_u64(char *to, uint64_t v);

/* Drop the content, keep the memory. */
static inline void nli_buf_clear(struct nli_buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

static inline struct nli_str nli_buf_str(const struct nli_buf *b)
{
	return (struct nli_str){ b->data ? b->data : "", b->len };
}

/* Free data and zero the struct; safe to call twice. */
void nli_buf_release(struct nli_buf *b);

#endif
