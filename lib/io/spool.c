/* spool.c - see spool.h. */
#include "lib/io/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "lib/base/mem.h"
#include "lib/io/input.h"

/* A file to be read again. */
struct file {
	int fd; /* its own */
	struct stat was;
};

/* So many bytes of a file, or of what was added. */
struct piece {
	int file; /* OWN, or its number */
	uint64_t from, len;
};

enum { OWN = -1, MAX_FILES = 64 };

struct nli_spool {
	struct nli_buf text; /* the first bytes that were added, up to limit */
	size_t limit;
	int fd;     /* the rest of them, in an unlinked file; -1 if there is none */
	off_t size; /* bytes in it */
	struct file file[MAX_FILES];
	int n_file;
	struct piece *piece; /* (n,) what there is, in order */
	size_t n, cap;
	size_t at;     /* the piece that is read back, */
	uint64_t read; /* and how much of it has been */
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

static void add_piece(struct nli_spool *s, int file, uint64_t from, size_t len)
{
	struct piece *last = s->n ? &s->piece[s->n - 1] : NULL;

	if (!len)
		return;
	if (last && last->file == file && last->from + last->len == from) {
		last->len += len;
		return;
	}
	nli_grow(&s->piece, &s->cap, s->n + 1, sizeof(*s->piece));
	s->piece[s->n++] = (struct piece){ file, from, len };
}

int nli_spool_file(struct nli_spool *s, const struct nli_input *in, uint64_t *start)
{
	const int fd = s->n_file < MAX_FILES ? nli_input_file(in, start) : -1;
	struct file *f = &s->file[s->n_file];

	if (fd < 0)
		return -1;
	f->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (f->fd < 0)
		return -1;
	if (fstat(f->fd, &f->was)) {
		close(f->fd);
		return -1;
	}
	return s->n_file++;
}

void nli_spool_again(struct nli_spool *s, int file, uint64_t from, size_t len)
{
	add_piece(s, file, from, len);
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
	add_piece(s, OWN, s->text.len + (uint64_t)s->size, len);
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

static ptrdiff_t read_file(int fd, uint64_t from, char *to, size_t cap,
			   struct nli_err *err)
{
	ssize_t n;

	do
		n = pread(fd, to, cap, (off_t)from);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return nli_fail_errno(err, "cannot read the spool");
	if (!n)
		return nli_fail(err, NLI_EIO,
				"the input was cut short while it was read");
	return n;
}

/* What was added: from memory, then from the file. */
static ptrdiff_t read_own(const struct nli_spool *s, uint64_t from, char *to, size_t cap,
			  struct nli_err *err)
{
	if (from >= s->text.len)
		return read_file(s->fd, from - s->text.len, to, cap, err);
	cap = cap < s->text.len - from ? cap : (size_t)(s->text.len - from);
	memcpy(to, s->text.data + from, cap);
	return (ptrdiff_t)cap;
}

/* What was written to since it was first read is not what was counted. */
static ptrdiff_t check_files(const struct nli_spool *s, struct nli_err *err)
{
	for (int i = 0; i < s->n_file; i++) {
		const struct stat *was = &s->file[i].was;
		struct stat is;

		if (fstat(s->file[i].fd, &is))
			return nli_fail_errno(err, "cannot look at the input again");
		if (is.st_size != was->st_size ||
		    is.st_mtim.tv_sec != was->st_mtim.tv_sec ||
		    is.st_mtim.tv_nsec != was->st_mtim.tv_nsec)
			return nli_fail(err, NLI_EIO,
					"the input was written to while it was read");
	}
	return 0;
}

/* Up to cap bytes of the next piece; 0 at the end. */
static ptrdiff_t read_back(struct nli_spool *s, char *to, size_t cap, struct nli_err *err)
{
	const struct piece *p;
	ptrdiff_t n;

	if (s->at == s->n)
		return check_files(s, err);
	p = &s->piece[s->at];
	if (cap > p->len - s->read)
		cap = (size_t)(p->len - s->read);
	n = p->file == OWN
		    ? read_own(s, p->from + s->read, to, cap, err)
		    : read_file(s->file[p->file].fd, p->from + s->read, to, cap, err);
	s->read += n > 0 ? (uint64_t)n : 0;
	if (s->read == p->len) {
		s->at++;
		s->read = 0;
	}
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
	for (int i = 0; i < s->n_file; i++)
		close(s->file[i].fd);
	free(s->piece);
	nli_buf_release(&s->text);
	nli_buf_release(&s->rest);
	free(s);
}
