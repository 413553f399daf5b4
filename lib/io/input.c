/* input.c - see input.h.  The only file that knows ISA-L. */
#include "lib/io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <isa-l/igzip_lib.h>

#include "lib/base/mem.h"
#include "lib/io/archive.h"

enum { RAW_CAP = 256 * 1024, TAR_BLOCK = 512 };

struct nli_input {
	int fd;
	uint64_t offset, size;
	off_t start;        /* of a regular file: where reading began; else -1 */
	unsigned char *raw; /* (raw_cap,) of the file, raw_at..raw_len not yet used */
	size_t raw_at, raw_len, raw_cap;
	bool raw_eof;

	/* How the file is compressed: at most one of these. */
	struct inflate_state *gzip;
	struct nli_archive *packed;
	bool between; /* at the beginning of a gzip member, or behind the last */

	/* What was decompressed to see whether it is an archive. */
	char head[TAR_BLOCK];
	size_t head_at, head_len;
	struct nli_err late; /* what went wrong then: told when the reader comes to it */

	struct nli_archive *members;
	bool inside;  /* a member */
	bool unended; /* what was read last has no LF at its end */
};

/* Read more raw bytes behind those that are there.  1, 0 at the end, < 0. */
static int refill(struct nli_input *in, struct nli_err *err)
{
	ssize_t n;

	memmove(in->raw, in->raw + in->raw_at, in->raw_len - in->raw_at);
	in->raw_len -= in->raw_at;
	in->raw_at = 0;
	do
		n = read(in->fd, in->raw + in->raw_len, in->raw_cap - in->raw_len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return nli_fail_errno(err, "cannot read");
	in->raw_eof = !n;
	in->raw_len += (size_t)n;
	in->offset += (uint64_t)n;
	return n > 0;
}

/* Plain bytes: what is buffered first, then straight from the file. */
static ptrdiff_t read_plain(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct nli_input *in = ctx;
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

static bool is_gzip(const unsigned char *p, size_t len)
{
	return len >= 2 && p[0] == 0x1f && p[1] == 0x8b;
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
	if (!is_gzip(in->raw + in->raw_at, in->raw_len - in->raw_at))
		return nli_fail(err, NLI_EDATA,
				"bytes that are not gzip behind the gzip data");
	isal_inflate_reset(in->gzip);
	return 1;
}

static const char *inflate_error(int rc)
{
	switch (rc) {
	case ISAL_INVALID_WRAPPER:
		return "not a gzip header";
	case ISAL_INCORRECT_CHECKSUM:
		return "the checksum differs";
	default:
		return "not what deflate writes";
	}
}

static ptrdiff_t read_gzip(struct nli_input *in, void *to, size_t cap,
			   struct nli_err *err)
{
	struct inflate_state *z = in->gzip;

	z->next_out = to;
	z->avail_out = cap > 1 << 30 ? 1 << 30 : (uint32_t)cap;
	while (z->next_out == (uint8_t *)to) {
		int rc = 1;

		if (in->between && (rc = next_member(in, err)) <= 0)
			return rc;
		in->between = false;
		if (in->raw_at == in->raw_len && (rc = refill(in, err)) < 0)
			return rc;
		if (!rc)
			return nli_fail(err, NLI_EIO, "the gzip data is cut short");
		z->next_in = in->raw + in->raw_at;
		z->avail_in = (uint32_t)(in->raw_len - in->raw_at);
		rc = isal_inflate(z);
		in->raw_at = in->raw_len - z->avail_in;
		if (rc < 0)
			return nli_fail(err, NLI_EIO, "broken gzip data: %s",
					inflate_error(rc));
		in->between = z->block_state == ISAL_BLOCK_FINISH;
	}
	return z->next_out - (uint8_t *)to;
}

static ptrdiff_t read_unpacked(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct nli_input *in = ctx;

	if (in->gzip)
		return read_gzip(in, to, cap, err);
	if (in->packed)
		return nli_archive_read(in->packed, to, cap, err);
	return read_plain(in, to, cap, err);
}

static ptrdiff_t read_bytes(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct nli_input *in = ctx;
	const size_t have = in->head_len - in->head_at;

	if (!have && in->late.code)
		return nli_fail(err, in->late.code, "%s", in->late.msg);
	if (!have)
		return read_unpacked(in, to, cap, err);
	cap = have < cap ? have : cap;
	memcpy(to, in->head + in->head_at, cap);
	in->head_at += cap;
	return (ptrdiff_t)cap;
}

/* Members one behind the other, with an LF between where the first has none at its end. */
static ptrdiff_t read_members(struct nli_input *in, char *to, size_t cap,
			      struct nli_err *err)
{
	const char *name;
	ptrdiff_t n;

	for (;;) {
		n = in->inside ? nli_archive_read(in->members, to, cap, err) : 0;
		if (n < 0)
			return n;
		if (n > 0) {
			in->unended = to[n - 1] != '\n';
			return n;
		}
		n = nli_archive_next(in->members, &name, err);
		if (n <= 0)
			return n;
		in->inside = true;
		if (in->unended) {
			*to = '\n';
			in->unended = false;
			return 1;
		}
	}
}

ptrdiff_t nli_input_read(struct nli_input *in, void *to, size_t cap, struct nli_err *err)
{
	return in->members ? read_members(in, to, cap, err)
			   : read_bytes(in, to, cap, err);
}

static int start_gzip(struct nli_input *in)
{
	in->gzip = nli_xmalloc(1, sizeof(*in->gzip));
	isal_inflate_init(in->gzip);
	in->gzip->crc_flag = ISAL_GZIP;
	return 0;
}

/* zstd, xz and bzip2 are to libarchive an archive of one member. */
static int start_packed(struct nli_input *in, struct nli_err *err)
{
	const char *name;
	int rc = nli_archive_open_bytes(&in->packed, read_plain, in, err);

	if (!rc && nli_archive_next(in->packed, &name, err) < 0)
		rc = NLI_EIO;
	return rc;
}

static int sniff(struct nli_input *in, struct nli_err *err)
{
	struct nli_str raw;
	int rc = 1;

	while (in->raw_len < 6 && rc > 0)
		rc = refill(in, err);
	if (rc < 0)
		return rc;
	raw = (struct nli_str){ (const char *)in->raw, in->raw_len };
	if (is_gzip(in->raw, in->raw_len))
		return start_gzip(in);
	return nli_is_packed(raw) ? start_packed(in, err) : 0;
}

int nli_input_open_bytes(struct nli_input **out, const char *path, struct nli_err *err)
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
	in->start = -1;
	in->raw_cap = RAW_CAP;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		in->size = (uint64_t)st.st_size;
		in->start = is_stdin ? lseek(fd, 0, SEEK_CUR) : 0;
		/* Hundreds of profiles are read at a start: no more room than they need. */
		if (in->size < RAW_CAP)
			in->raw_cap = TAR_BLOCK + (size_t)in->size;
	}
	in->raw = nli_xmalloc(in->raw_cap, 1);
	rc = sniff(in, err);
	if (rc < 0)
		nli_input_close(in);
	else
		*out = in;
	return rc;
}

/* Look at as many bytes as it takes to know a tar. */
static void look(struct nli_input *in)
{
	while (in->head_len < sizeof(in->head)) {
		const ptrdiff_t n =
			read_unpacked(in, in->head + in->head_len,
				      sizeof(in->head) - in->head_len, &in->late);

		if (n <= 0)
			return;
		in->head_len += (size_t)n;
	}
}

int nli_input_open(struct nli_input **out, const char *path, struct nli_err *err)
{
	struct nli_input *in;
	struct nli_str head;
	int rc = nli_input_open_bytes(&in, path, err);

	*out = NULL;
	if (rc)
		return rc;
	look(in);
	head = (struct nli_str){ in->head, in->head_len };
	if (!rc && nli_is_zip(head))
		rc = nli_archive_open(&in->members, strcmp(path, "-") ? path : NULL,
				      read_bytes, in, err);
	else if (!rc && nli_is_tar(head))
		rc = nli_archive_open(&in->members, NULL, read_bytes, in, err);
	if (rc)
		nli_input_close(in);
	else
		*out = in;
	return rc;
}

uint64_t nli_input_offset(const struct nli_input *in)
{
	return in->offset;
}

uint64_t nli_input_size(const struct nli_input *in)
{
	return in->size;
}

int nli_input_file(const struct nli_input *in, uint64_t *start)
{
	if (in->start < 0 || in->gzip || in->packed || in->members)
		return -1;
	*start = (uint64_t)in->start;
	return in->fd;
}

void nli_input_close(struct nli_input *in)
{
	if (!in)
		return;
	nli_archive_close(in->members);
	nli_archive_close(in->packed);
	free(in->gzip);
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
