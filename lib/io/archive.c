/* archive.c - see archive.h. */
#include "lib/io/archive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <archive.h>
#include <archive_entry.h>

#include "lib/base/mem.h"

enum { CHUNK = 64 * 1024 };

struct nli_archive {
	struct archive *a;
	nli_archive_read_fn *read;
	void *ctx;
	struct nli_err why; /* what read said */
	bool bytes;         /* no members, only bytes */
	char buf[CHUNK];
};

static bool begins(struct nli_str s, const char *with, size_t len)
{
	return s.len >= len && !memcmp(s.s, with, len);
}

bool nli_is_zip(struct nli_str head)
{
	/* The second is a zip without members. */
	return begins(head, "PK\3\4", 4) || begins(head, "PK\5\6", 4);
}

bool nli_is_tar(struct nli_str head)
{
	return head.len >= 263 && !memcmp(head.s + 257, "ustar", 5);
}

bool nli_is_packed(struct nli_str head)
{
	return begins(head, "\x28\xb5\x2f\xfd", 4) ||
	       begins(head,
		      "\xfd"
		      "7zXZ\0",
		      6) ||
	       (begins(head, "BZh", 3) && head.len > 3 && head.s[3] >= '1' &&
		head.s[3] <= '9');
}

static la_ssize_t on_read(struct archive *la, void *data, const void **bytes)
{
	struct nli_archive *a = data;
	const ptrdiff_t n = a->read(a->ctx, a->buf, sizeof(a->buf), &a->why);

	*bytes = a->buf;
	if (n < 0) {
		archive_set_error(la, -1, "%s", a->why.msg);
		return -1;
	}
	return n;
}

static int fail(const struct nli_archive *a, struct nli_err *err)
{
	const char *why = archive_error_string(a->a);

	return nli_fail(err, NLI_EIO, "%s", why ? why : "the archive cannot be read");
}

static int start(struct nli_archive **out, bool members, const char *path,
		 nli_archive_read_fn *read, void *ctx, struct nli_err *err)
{
	struct nli_archive *a = nli_xcalloc(1, sizeof(*a));
	int rc;

	*out = NULL;
	a->a = archive_read_new();
	a->read = read;
	a->ctx = ctx;
	a->bytes = !members;
	if (!a->a) {
		free(a);
		return nli_fail(err, NLI_EIO, "libarchive cannot start");
	}
	if (members) {
		archive_read_support_format_zip(a->a);
		archive_read_support_format_tar(a->a);
	} else {
		archive_read_support_format_raw(a->a);
		archive_read_support_filter_zstd(a->a);
		archive_read_support_filter_xz(a->a);
		archive_read_support_filter_bzip2(a->a);
	}
	rc = path ? archive_read_open_filename(a->a, path, CHUNK)
		  : archive_read_open(a->a, a, NULL, on_read, NULL);
	if (rc) {
		rc = fail(a, err);
		nli_archive_close(a);
		return rc;
	}
	*out = a;
	return 0;
}

int nli_archive_open(struct nli_archive **a, const char *path, nli_archive_read_fn *read,
		     void *ctx, struct nli_err *err)
{
	return start(a, true, path, read, ctx, err);
}

int nli_archive_open_bytes(struct nli_archive **a, nli_archive_read_fn *read, void *ctx,
			   struct nli_err *err)
{
	return start(a, false, NULL, read, ctx, err);
}

/* What macOS and editors leave in archives is no data. */
static bool is_litter(const char *name)
{
	const char *base = strrchr(name, '/');

	base = base ? base + 1 : name;
	return *base == '.' || !*base || !strncmp(name, "__MACOSX/", 9) ||
	       strstr(name, "/__MACOSX/");
}

int nli_archive_next(struct nli_archive *a, const char **name, struct nli_err *err)
{
	for (;;) {
		struct archive_entry *e;
		const int rc = archive_read_next_header(a->a, &e);

		if (rc == ARCHIVE_EOF)
			return 0;
		if (rc < ARCHIVE_WARN)
			return fail(a, err);
		*name = archive_entry_pathname(e);
		if (a->bytes)
			return 1;
		if (!*name || archive_entry_filetype(e) != AE_IFREG)
			continue;
		if (is_litter(*name))
			continue;
		if (archive_entry_is_encrypted(e))
			return nli_fail(err, NLI_EDATA,
					"%s is encrypted: unpack it with its password "
					"first",
					*name);
		return 1;
	}
}

ptrdiff_t nli_archive_read(struct nli_archive *a, void *to, size_t cap,
			   struct nli_err *err)
{
	const la_ssize_t n = archive_read_data(a->a, to, cap);

	return n < 0 ? fail(a, err) : n;
}

void nli_archive_close(struct nli_archive *a)
{
	if (!a)
		return;
	archive_read_free(a->a);
	free(a);
}
