/* lines.c - see lines.h. */
#include "lib/io/lines.h"

#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/io/input.h"

enum { BLOCK = 256 * 1024 };

int nli_lines_open(struct nli_lines *l, const char *path, bool hashed,
		   struct nli_err *err)
{
	int rc;

	memset(l, 0, sizeof(*l));
	rc = nli_input_open(&l->in, path, err);
	if (rc < 0)
		return rc;
	l->path = nli_xstrdup(path);
	if (hashed)
		l->hasher = nli_hasher_new();
	return 0;
}

/* Read up to room more bytes into b; sets l->eof at the end. */
static int read_some(struct nli_lines *l, struct nli_block *b, size_t room,
		     struct nli_err *err)
{
	ptrdiff_t n;

	nli_grow(&b->text, &b->cap, b->len + room, 1);
	n = nli_input_read(l->in, b->text + b->len, room, err);
	if (n < 0)
		return (int)n;
	if (l->hasher)
		nli_hasher_add(l->hasher, b->text + b->len, (size_t)n);
	l->eof = !n;
	l->bytes += (uint64_t)n;
	b->len += (size_t)n;
	return 0;
}

static void skip_mark(struct nli_lines *l, struct nli_block *b)
{
	if (l->lineno || b->len < 3 || memcmp(b->text, "\xef\xbb\xbf", 3))
		return;
	b->len -= 3;
	b->from += 3;
	memmove(b->text, b->text + 3, b->len);
}

static const char *last_lf(const struct nli_block *b, size_t from)
{
	for (size_t i = b->len; i > from; i--)
		if (b->text[i - 1] == '\n')
			return b->text + i - 1;
	return NULL;
}

/* Keep whole lines in b, carry the rest over; at the end the rest is a line too. */
static void cut(struct nli_lines *l, struct nli_block *b, const char *lf)
{
	const size_t whole = l->eof ? b->len : (size_t)(lf - b->text) + 1;

	nli_buf_clear(&l->rest);
	nli_buf_add(&l->rest, b->text + whole, b->len - whole);
	b->len = whole;
	for (size_t at = 0; at < b->len;) {
		const char *end = memchr(b->text + at, '\n', b->len - at);

		nli_grow(&b->end, &b->end_cap, b->n + 1, sizeof(*b->end));
		b->end[b->n] = end ? (size_t)(end - b->text) : b->len;
		at = b->end[b->n++] + 1;
	}
}

int nli_lines_block(struct nli_lines *l, struct nli_block *b, size_t target,
		    struct nli_err *err)
{
	const char *lf = NULL;
	size_t searched = 0;
	int rc;

	b->n = b->len = 0;
	b->from = l->bytes - l->rest.len;
	nli_grow(&b->text, &b->cap, l->rest.len + target, 1);
	if (l->rest.len)
		memcpy(b->text, l->rest.data, l->rest.len);
	b->len = l->rest.len;
	/* Read until the target is full, so that blocks do not depend on a pipe's chunks. */
	while (!l->eof && (b->len < target || !lf)) {
		rc = read_some(l, b, b->len < target ? target - b->len : target, err);
		if (rc < 0)
			return rc;
		if (b->len < target && !l->eof)
			continue;
		lf = last_lf(b, searched);
		searched = b->len;
	}
	skip_mark(l, b);
	if (!b->len)
		return 0;
	if (lf && !l->eof)
		lf = last_lf(b, 0);
	cut(l, b, lf);
	b->first_line = l->lineno + 1;
	l->lineno += b->n;
	return 1;
}

int nli_lines_next(struct nli_lines *l, struct nli_str *line, struct nli_err *err)
{
	if (!l->one)
		l->one = nli_xcalloc(1, sizeof(*l->one));
	if (l->at == l->one->n) {
		const int rc = nli_lines_block(l, l->one, BLOCK, err);

		if (rc <= 0)
			return rc;
		l->at = 0;
	}
	*line = nli_block_line(l->one, l->at);
	l->lineno = l->one->first_line + l->at++;
	return 1;
}

void nli_block_release(struct nli_block *b)
{
	free(b->text);
	free(b->end);
	free(b->line);
	memset(b, 0, sizeof(*b));
}

void nli_lines_close(struct nli_lines *l)
{
	nli_input_close(l->in);
	nli_hasher_free(l->hasher);
	nli_buf_release(&l->rest);
	if (l->one)
		nli_block_release(l->one);
	free(l->one);
	free(l->path);
	memset(l, 0, sizeof(*l));
}
