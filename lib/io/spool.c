/* spool.c - see spool.h. */
#include "lib/io/spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "lib/base/mem.h"

struct nli_spool {
	struct nli_buf text; /* the first bytes, up to limit */
	size_t limit, at;    /* at: how much of text was read back */
	int fd;              /* the rest, in an unlinked file; -1 if there is none */
	off_t size, read;    /* bytes in it; how much of it was read back */
	uint64_t lineno;
	struct nli_buf rest; /* the beginning of a line, while reading back */
};

struct nli_spool *nli_spool_new(size_t limit)
{
	struct nli_spool *s = nli_xcalloc(1, sizeof(*s));

	s->limit = limit;
	s->fd = -1;
	return s;
}

static int open_file(struct nli_spool *s, struct nli_err *err)
{
	const char *dir = getenv("TMPDIR");
	struct nli_buf name = { 0 };

	nli_buf_addf(&name, "%s/nli-spool-XXXXXX", dir && *dir ? dir : "/tmp");
	s->fd = mkstemp(name.data);
	if (s->fd < 0)
		nli_fail_errno(err, "cannot make a temporary file %s", name.data);
	else
		unlink(name.data);
	nli_buf_release(&name);
	return s->fd < 0 ? NLI_EIO : 0;
}

int nli_spool_add(struct nli_spool *s, const char *lines, size_t len, struct nli_err *err)
{
	if (s->fd < 0 && s->text.len + len <= s->limit) {
		nli_buf_add(&s->text, lines, len);
		return 0;
	}
	if (s->fd < 0 && open_file(s, err) < 0)
		return NLI_EIO;
	while (len) {
		const ssize_t n = pwrite(s->fd, lines, len, s->size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return nli_fail_errno(err, "cannot write the spool");
		lines += n;
		len -= (size_t)n;
		s->size += n;
	}
	return 0;
}

int nli_spool_rewind(struct nli_spool *s, struct nli_err *err)
{
	(void)err;
	s->at = 0;
	s->read = 0;
	s->lineno = 0;
	nli_buf_clear(&s->rest);
	return 0;
}

/* Up to cap bytes from memory, then from the file; 0 at the end. */
static ptrdiff_t read_back(struct nli_spool *s, char *to, size_t cap, struct nli_err *err)
{
	const size_t have = s->text.len - s->at;
	ssize_t n;

	if (have) {
		const size_t take = have < cap ? have : cap;

		memcpy(to, s->text.data + s->at, take);
		s->at += take;
		return (ptrdiff_t)take;
	}
	if (s->fd < 0)
		return 0;
	do
		n = pread(s->fd, to, cap, s->read);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return nli_fail_errno(err, "cannot read the spool");
	s->read += n;
	return n;
}

int nli_spool_block(struct nli_spool *s, struct nli_block *b, size_t target,
		    struct nli_err *err)
{
	size_t whole = 0;
	ptrdiff_t n = 1;

	b->n = 0;
	b->len = s->rest.len;
	nli_grow(&b->text, &b->cap, b->len + target, 1);
	if (b->len)
		memcpy(b->text, s->rest.data, b->len);
	nli_buf_clear(&s->rest);
	while (n > 0 && (b->len < target || !b->n)) {
		const size_t room = b->len < target ? target - b->len : target;
		const char *lf;

		nli_grow(&b->text, &b->cap, b->len + room, 1);
		n = read_back(s, b->text + b->len, room, err);
		if (n < 0)
			return (int)n;
		b->len += (size_t)n;
		while ((lf = memchr(b->text + whole, '\n', b->len - whole))) {
			nli_grow(&b->end, &b->end_cap, b->n + 1, sizeof(*b->end));
			b->end[b->n++] = (size_t)(lf - b->text);
			whole = (size_t)(lf - b->text) + 1;
		}
	}
	nli_buf_add(&s->rest, b->text + whole, b->len - whole);
	b->len = whole;
	b->first_line = s->lineno + 1;
	s->lineno += b->n;
	return b->n > 0;
}

void nli_spool_free(struct nli_spool *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	nli_buf_release(&s->text);
	nli_buf_release(&s->rest);
	free(s);
}
