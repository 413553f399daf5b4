/*
 * reader.h - what the fuzz targets of the readers share: bytes become a file, the
 * file items, the items records.  Every record must be JSON, and a line that is
 * skimmed must be what the parser takes.
 */
#ifndef NLI_FUZZ_READER_H
#define NLI_FUZZ_READER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io/lines.h"
#include "lib/io/skim.h"
#include "lib/nli/ingest.h"
#include "lib/nli/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_TOTAL = 1 << 22, FUZZ_PROFILES = 32 };

static inline void fuzz_must(bool ok)
{
	if (!ok)
		abort();
}

/* Profile which of (n,) names, loaded once; NULL, for "find out", where the name is. */
static inline const struct nli_profile *fuzz_profile(const char *const *name, size_t n,
						     size_t which)
{
	static struct nli_profile *loaded[FUZZ_PROFILES];
	struct nli_err err;

	which %= n;
	if (!name[which])
		return NULL;
	if (!loaded[which] && nli_profile_load(&loaded[which], name[which], &err)) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	return loaded[which];
}

static inline void fuzz_check_skim(struct nli_json *j, struct nli_str line)
{
	static struct nli_skimmer k;
	struct nli_object o;

	if (!nli_skim(&k, line))
		return;
	fuzz_must(!nli_json_object(j, line, &o, NULL) && o.n == k.n);
	for (size_t i = 0; i < o.n; i++)
		fuzz_must(nli_str_eq(o.m[i].key, k.m[i].key) &&
			  nli_str_eq(o.m[i].raw, k.m[i].raw));
}

static inline void fuzz_check_records(struct nli_json *j, const struct nli_buf *out)
{
	const char *s = out->data, *end = s + out->len, *lf;
	struct nli_object o;

	for (; s < end; s = lf + 1) {
		lf = memchr(s, '\n', (size_t)(end - s));
		fuzz_must(lf &&
			  !nli_json_object(j, (struct nli_str){ s, (size_t)(lf - s) }, &o,
					   NULL));
	}
}

static inline void fuzz_items(struct nli_items *items, struct nli_maker *m,
			      struct nli_json *j)
{
	struct nli_block b = { 0 };
	struct nli_buf out = { 0 }, note = { 0 };
	struct nli_err err;

	while (nli_items_next(items, &b, 4096, &err) > 0)
		for (size_t i = 0; i < b.n; i++) {
			struct nli_work w = { .line = nli_block_line(&b, i),
					      .path = b.path,
					      .lineno = nli_block_lineno(&b, i),
					      .out = &out,
					      .note = &note,
					      .part = b.part,
					      .item = b.first_item + i };

			fuzz_check_skim(j, w.line);
			nli_buf_clear(&out);
			nli_buf_clear(&note);
			if (nli_maker_make(m, b.part, &w, &err) == NLI_KEEP)
				fuzz_check_records(j, &out);
		}
	nli_buf_release(&out);
	nli_buf_release(&note);
	nli_block_release(&b);
}

/* Write data to path, which is made. */
static inline void fuzz_write(const char *path, const uint8_t *data, size_t size)
{
	FILE *f = fopen(path, "wb");

	fuzz_must(f && fwrite(data, 1, size, f) == size && !fclose(f));
}

/* Read path as o says; its files' sizes are bounded here. */
static inline void fuzz_file(char *path, const struct nli_source_options *o)
{
	const struct nli_ingest_options make = { .repair = 15 };
	struct nli_source_options from = *o;
	char *files[] = { path, NULL };
	struct nli_maker *m = nli_maker_new(&make);
	struct nli_json *j = nli_json_new();
	struct nli_items *items;

	from.max_size = from.max_item = from.max_row = FUZZ_TOTAL;
	items = nli_items_new(files, &from);
	fuzz_items(items, m, j);
	nli_items_free(items);
	nli_maker_free(m);
	nli_json_free(j);
}

/* data as one file, read by the profile of (n,) names that its first byte chooses. */
static inline int fuzz_bytes(const char *const *name, size_t n, const char *encoding,
			     const uint8_t *data, size_t size)
{
	char path[] = "/tmp/nli-fuzz-XXXXXX";
	struct nli_source_options from = { .encoding = encoding };
	int fd;

	if (!size)
		return 0;
	fd = mkstemp(path);
	fuzz_must(fd >= 0 && !close(fd));
	from.profile = fuzz_profile(name, n, data[0]);
	fuzz_write(path, data + 1, size - 1);
	fuzz_file(path, &from);
	unlink(path);
	return 0;
}

#define FUZZ_N(a) (sizeof(a) / sizeof(*(a)))

#endif
