/* input.c - see input.h.  The only file that knows zlib. */
#include "lib/io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "lib/base/mem.h"

enum { RAW_CAP = 256 * 1024 };

struct nli_input {
	int fd;
	uint64_t offset, size;
	unsigned char
		*raw; /* (RAW_CAP,) bytes of the file, raw_at..raw_len not yet used */
	size_t raw_at, raw_len;
	bool raw_eof;
	bool gzip;
	bool between; /* at the beginning of a gzip member, or behind the last */
	z_stream z;
};

/* Read more raw bytes behind those that are there.  1, 0 at the end, < 0. */
static int refill(struct nli_input *in, struct nli_err *err)
{
	ssize_t n;

	memmove(in->raw, in->raw + in->raw_at, in->raw_len - in->raw_at);
	in->raw_len -= in->raw_at;
	in->raw_at = 0;
	do
		n = read(in->fd, in->raw + in->raw_len, RAW_CAP - in->raw_len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return nli_fail_errno(err, "cannot read");
	in->raw_eof = !n;
	in->raw_len += (size_t)n;
	in->offset += (uint64_t)n;
	return n > 0;
}

static int sniff(struct nli_input *in, struct nli_err *err)
{
	int rc = 1;

	while (in->raw_len < 2 && rc > 0)
		rc = refill(in, err);
	if (rc < 0)
		return rc;
	if (in->raw_len < 2 || in->raw[0] != 0x1f || in->raw[1] != 0x8b)
		return 0;
	if (inflateInit2(&in->z, 15 + 16) != Z_OK)
		return nli_fail(err, NLI_EIO, "zlib cannot start");
	in->gzip = true;
	return 0;
}

int nli_input_open(struct nli_input **out, const char *path, struct nli_err *err)
{
	const bool is_stdin = !strcmp(path, "-");
	struct nli_input *in;
	struct stat st;
	const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	*out = NULL;
	if (fd < 0)
		return nli_fail_errno(err, "cannot open");
	in = nli_xcalloc(1, sizeof(*in));
	in->fd = fd;
	in->raw = nli_xmalloc(RAW_CAP, 1);
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		in->size = (uint64_t)st.st_size;
	rc = sniff(in, err);
	if (rc < 0)
		nli_input_close(in);
	else
		*out = in;
	return rc;
}

/* Plain bytes: what is buffered first, then straight from the file. */
static ptrdiff_t read_plain(struct nli_input *in, void *to, size_t cap,
			    struct nli_err *err)
{
	const size_t have = in->raw_len - in->raw_at;
	ssize_t n;

	if (have) {
		const size_t take = have < cap ? have : cap;

		memcpy(to, in->raw + in->raw_at, take);
		in->raw_at += take;
		return (ptrdiff_t)take;
	}
	do
		n = read(in->fd, to, cap);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return nli_fail_errno(err, "cannot read");
	in->offset += (uint64_t)n;
	return n;
}

/* Behind a gzip member: another one, the end, or zeros that pad (tapes do that). */
static int next_member(struct nli_input *in, struct nli_err *err)
{
	int rc = 1;

	while (rc > 0 && in->raw_len - in->raw_at < 2)
		rc = refill(in, err);
	if (rc < 0)
		return rc;
	if (in->raw_len == in->raw_at)
		return 0;
	if (in->raw_len - in->raw_at < 2 || in->raw[in->raw_at] != 0x1f ||
	    in->raw[in->raw_at + 1] != 0x8b)
		return nli_fail(err, NLI_EDATA,
				"bytes that are not gzip behind the gzip data");
	inflateReset(&in->z);
	return 1;
}

static ptrdiff_t read_gzip(struct nli_input *in, void *to, size_t cap,
			   struct nli_err *err)
{
	in->z.next_out = to;
	in->z.avail_out = cap > 1 << 30 ? 1 << 30 : (unsigned)cap;
	while (in->z.next_out == (unsigned char *)to) {
		int rc = 1;

		if (in->between && (rc = next_member(in, err)) <= 0)
			return rc;
		in->between = false;
		if (in->raw_at == in->raw_len && (rc = refill(in, err)) < 0)
			return rc;
		if (!rc)
			return nli_fail(err, NLI_EIO, "the gzip data is cut short");
		in->z.next_in = in->raw + in->raw_at;
		in->z.avail_in = (unsigned)(in->raw_len - in->raw_at);
		rc = inflate(&in->z, Z_NO_FLUSH);
		in->raw_at = in->raw_len - in->z.avail_in;
		if (rc == Z_STREAM_END)
			in->between = true;
		else if (rc != Z_OK && rc != Z_BUF_ERROR)
			return nli_fail(err, NLI_EIO, "broken gzip data: %s",
					in->z.msg ? in->z.msg : "inflate failed");
	}
	return in->z.next_out - (unsigned char *)to;
}

ptrdiff_t nli_input_read(struct nli_input *in, void *to, size_t cap, struct nli_err *err)
{
	return in->gzip ? read_gzip(in, to, cap, err) : read_plain(in, to, cap, err);
}

uint64_t nli_input_offset(const struct nli_input *in)
{
	return in->offset;
}

uint64_t nli_input_size(const struct nli_input *in)
{
	return in->size;
}

void nli_input_close(struct nli_input *in)
{
	if (!in)
		return;
	if (in->gzip)
		inflateEnd(&in->z);
	if (in->fd != STDIN_FILENO)
		close(in->fd);
	free(in->raw);
	free(in);
}

int nli_input_all(const char *path, size_t max, struct nli_buf *out, struct nli_err *err)
{
	enum { STEP = 64 * 1024 };
	const size_t before = out->len;
	struct nli_input *in;
	ptrdiff_t n = 0;
	int rc = nli_input_open(&in, path, err);

	if (rc)
		return rc;
	do {
		n = nli_input_read(in, nli_buf_reserve(out, STEP), STEP, err);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 && out->len - before <= max);
	nli_input_close(in);
	if (n >= 0 && out->len - before > max)
		return nli_fail(err, NLI_EDATA, "more than %zu bytes", max);
	return n < 0 ? (int)n : 0;
}
