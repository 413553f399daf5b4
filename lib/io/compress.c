/* compress.c - see compress.h. */
#include "lib/io/compress.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <archive.h>
#include <archive_entry.h>

#include "lib/base/mem.h"

struct nli_compressor {
	struct archive *a;
	nli_compress_sink *sink;
	void *ctx;
	struct nli_err why; /* what sink said */
};

static la_ssize_t on_write(struct archive *a, void *data, const void *bytes, size_t len)
{
	struct nli_compressor *c = data;

	if (c->sink(c->ctx, bytes, len, &c->why)) {
		archive_set_error(a, -1, "%s", c->why.msg);
		return -1;
	}
	return (la_ssize_t)len;
}

static bool ends_in(const char *s, const char *end)
{
	const size_t n = strlen(s), k = strlen(end);

	return n > k && !strcmp(s + n - k, end);
}

static int fail(struct nli_compressor *c, struct nli_err *err)
{
	return nli_fail(err, NLI_EIO, "%s", archive_error_string(c->a));
}

static int start(struct nli_compressor *c, bool gzip)
{
	struct archive_entry *e;
	int rc;

	if ((gzip ? archive_write_add_filter_gzip(c->a)
		  : archive_write_add_filter_zstd(c->a)) ||
	    archive_write_set_format_raw(c->a) ||
	    (gzip && archive_write_set_filter_option(c->a, "gzip", "timestamp", NULL)) ||
	    archive_write_set_bytes_in_last_block(c->a, 1) ||
	    archive_write_open(c->a, c, NULL, on_write, NULL))
		return -1;
	e = archive_entry_new();
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_pathname(e, "data");
	rc = archive_write_header(c->a, e);
	archive_entry_free(e);
	return rc;
}

int nli_compressor_new(struct nli_compressor **out, const char *path,
		       nli_compress_sink *sink, void *ctx, struct nli_err *err)
{
	const bool gzip = ends_in(path, ".gz");
	struct nli_compressor *c;
	int rc = 0;

	*out = NULL;
	if (!gzip && !ends_in(path, ".zst"))
		return 0;
	c = nli_xcalloc(1, sizeof(*c));
	c->a = archive_write_new();
	c->sink = sink;
	c->ctx = ctx;
	if (!c->a)
		rc = nli_fail(err, NLI_EIO, "libarchive cannot start");
	else if (start(c, gzip))
		rc = fail(c, err);
	if (rc)
		nli_compressor_free(c);
	else
		*out = c;
	return rc;
}

int nli_compressor_add(struct nli_compressor *c, const void *bytes, size_t len,
		       struct nli_err *err)
{
	if (len && archive_write_data(c->a, bytes, len) < 0)
		return fail(c, err);
	return 0;
}

int nli_compressor_end(struct nli_compressor *c, struct nli_err *err)
{
	return archive_write_close(c->a) ? fail(c, err) : 0;
}

void nli_compressor_free(struct nli_compressor *c)
{
	if (!c)
		return;
	if (c->a)
		archive_write_free(c->a);
	free(c);
}
