/* out.c - see out.h. */
#include "lib/io/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/io/compress.h"

enum { BUFFER = 256 * 1024 };

struct nli_out {
	int fd;
	char *path, *temp; /* NULL for stdout */
	struct nli_buf pending;
	struct nli_compressor *gz; /* NULL: as it is */
	struct nli_hasher *hasher; /* NULL: not asked for */
	uint64_t bytes;
};

static int write_all(int fd, const char *from, size_t len, struct nli_err *err)
{
	while (len) {
		const ssize_t n = write(fd, from, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return nli_fail_errno(err, "cannot write");
		from += n;
		len -= (size_t)n;
	}
	return 0;
}

static int sink(void *ctx, const void *bytes, size_t len, struct nli_err *err)
{
	const struct nli_out *o = ctx;

	return write_all(o->fd, bytes, len, err);
}

/* The new file gets the mode that open(2) would have given it, not mkstemp's 0600. */
static void set_mode(const struct nli_out *o)
{
	struct stat st;
	mode_t mask;

	if (!stat(o->path, &st)) {
		(void)!fchmod(o->fd, st.st_mode & 07777);
		return;
	}
	mask = umask(0);
	umask(mask);
	(void)!fchmod(o->fd, 0666 & ~mask);
}

static int open_temp(struct nli_out *o, const char *path, struct nli_err *err)
{
	struct nli_buf name = { 0 };

	nli_buf_addf(&name, "%s.tmp-XXXXXX", path);
	o->path = nli_xstrdup(path);
	o->fd = mkstemp(name.data);
	if (o->fd < 0) {
		nli_fail_errno(err, "cannot make %s", name.data);
		nli_buf_release(&name);
		return NLI_EIO;
	}
	o->temp = name.data; /* takes it over */
	set_mode(o);
	return 0;
}

/* A device or a pipe cannot be renamed onto: it is written as it stands. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

int nli_out_open(struct nli_out **out, const char *path, bool hashed, struct nli_err *err)
{
	struct nli_out *o = nli_xcalloc(1, sizeof(*o));
	int rc = 0;

	*out = NULL;
	/* Before the temporary is made: running out of memory must not leave it behind. */
	nli_buf_reserve(&o->pending, BUFFER);
	if (hashed)
		o->hasher = nli_hasher_new();
	o->fd = STDOUT_FILENO;
	if (path && !strcmp(path, "-"))
		path = NULL;
	if (path && is_special(path)) {
		o->fd = open(path, O_WRONLY | O_CLOEXEC);
		if (o->fd < 0)
			rc = nli_fail_errno(err, "cannot open %s", path);
	} else if (path) {
		rc = open_temp(o, path, err);
	}
	if (!rc && path)
		rc = nli_compressor_new(&o->gz, path, sink, o, err);
	if (rc) {
		nli_out_abandon(o);
		return rc;
	}
	*out = o;
	return 0;
}

static int write_out(struct nli_out *o, const void *bytes, size_t len,
		     struct nli_err *err)
{
	if (o->gz)
		return nli_compressor_add(o->gz, bytes, len, err);
	return write_all(o->fd, bytes, len, err);
}

static int drain(struct nli_out *o, struct nli_err *err)
{
	const int rc = write_out(o, o->pending.data, o->pending.len, err);

	nli_buf_clear(&o->pending);
	return rc;
}

int nli_out_write(struct nli_out *o, const void *bytes, size_t len, struct nli_err *err)
{
	int rc = 0;

	if (o->hasher)
		nli_hasher_add(o->hasher, bytes, len);
	o->bytes += len;
	if (o->pending.len + len > BUFFER)
		rc = drain(o, err);
	if (rc)
		return rc;
	if (len >= BUFFER)
		return write_out(o, bytes, len, err);
	nli_buf_add(&o->pending, bytes, len);
	return 0;
}

int nli_out_flush(struct nli_out *o, struct nli_err *err)
{
	return drain(o, err);
}

static int finish(struct nli_out *o, struct nli_err *err)
{
	int rc = drain(o, err);

	if (!rc && o->gz)
		rc = nli_compressor_end(o->gz, err);
	if (rc)
		return rc;
	if (o->temp && fsync(o->fd))
		return nli_fail_errno(err, "cannot sync %s", o->temp);
	if (close(o->fd))
		rc = nli_fail_errno(err, "cannot close the output");
	o->fd = -1;
	if (!rc && o->temp && rename(o->temp, o->path))
		rc = nli_fail_errno(err, "cannot rename %s to %s", o->temp, o->path);
	if (!rc) {
		free(o->temp);
		o->temp = NULL;
	}
	return rc;
}

int nli_out_commit(struct nli_out *o, struct nli_err *err)
{
	const int rc = finish(o, err);

	nli_out_abandon(o);
	return rc;
}

void nli_out_abandon(struct nli_out *o)
{
	if (!o)
		return;
	if (o->fd >= 0 && o->fd != STDOUT_FILENO)
		close(o->fd);
	if (o->temp)
		unlink(o->temp);
	nli_compressor_free(o->gz);
	nli_hasher_free(o->hasher);
	nli_buf_release(&o->pending);
	free(o->temp);
	free(o->path);
	free(o);
}

uint64_t nli_out_bytes(const struct nli_out *o)
{
	return o->bytes;
}

struct nli_hash128 nli_out_hash(const struct nli_out *o)
{
	return o->hasher ? nli_hasher_end(o->hasher) : (struct nli_hash128){ 0, 0 };
}

const char *nli_out_temp(const struct nli_out *o)
{
	return o->temp;
}

int nli_out_file(const char *path, const void *bytes, size_t len, struct nli_err *err)
{
	struct nli_out *o;
	int rc = nli_out_open(&o, path, false, err);

	if (rc)
		return rc;
	rc = nli_out_write(o, bytes, len, err);
	if (rc) {
		nli_out_abandon(o);
		return rc;
	}
	return nli_out_commit(o, err);
}
