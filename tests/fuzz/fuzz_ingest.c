/*
 * fuzz_ingest.c - any bytes as a corpus file: what it is, its items, its records.
 * Every record must be JSON, and a line that is skimmed must be what the parser
 * takes.  The first byte says which profile is tried, or none.
 */
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

enum { TOTAL = 1 << 22 };

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* Profiles of all dialects; loaded once. */
static const struct nli_profile *profile(uint8_t which)
{
	static const char *const name[] = { "snli",   "indonli", "inferes", "snli_cad",
					    "rte3",   "fracas",  "quail",   "adv_glue",
					    "nli4ct", "logiqa",  "pmr",     "c3",
					    "dream",  "jsem",    "mpe",     "xcopa" };
	enum { N = sizeof(name) / sizeof(*name) };
	static struct nli_profile *loaded[N];
	struct nli_err err;

	which %= N + 4;
	if (which >= N)
		return NULL;
	if (!loaded[which] && nli_profile_load(&loaded[which], name[which], &err)) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	return loaded[which];
}

static void check_skim(struct nli_json *j, struct nli_str line)
{
	static struct nli_skimmer k;
	struct nli_object o;

	if (!nli_skim(&k, line))
		return;
	must(!nli_json_object(j, line, &o, NULL) && o.n == k.n);
	for (size_t i = 0; i < o.n; i++)
		must(nli_str_eq(o.m[i].key, k.m[i].key) &&
		     nli_str_eq(o.m[i].raw, k.m[i].raw));
}

static void check_records(struct nli_json *j, const struct nli_buf *out)
{
	const char *s = out->data, *end = s + out->len, *lf;
	struct nli_object o;

	for (; s < end; s = lf + 1) {
		lf = memchr(s, '\n', (size_t)(end - s));
		must(lf && !nli_json_object(j, (struct nli_str){ s, (size_t)(lf - s) },
					    &o, NULL));
	}
}

static void ingest(struct nli_items *items, struct nli_maker *m, struct nli_json *j)
{
	struct nli_block b = { 0 };
	struct nli_buf out = { 0 };
	struct nli_err err;

	while (nli_items_next(items, &b, 4096, &err) > 0)
		for (size_t i = 0; i < b.n; i++) {
			struct nli_work w = { .line = nli_block_line(&b, i),
					      .path = b.path,
					      .lineno = nli_block_lineno(&b, i),
					      .out = &out,
					      .part = b.part,
					      .item = b.first_item + i };

			check_skim(j, w.line);
			nli_buf_clear(&out);
			if (nli_maker_make(m, b.part, &w, &err) == NLI_KEEP)
				check_records(j, &out);
		}
	nli_buf_release(&out);
	nli_block_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/nli-fuzz-XXXXXX";
	const int fd = mkstemp(path);
	const struct nli_ingest_options make = { .repair = 15 };
	char *files[] = { path, NULL };
	struct nli_source_options from = { .max_size = TOTAL, .max_item = TOTAL };
	struct nli_maker *m = nli_maker_new(&make);
	struct nli_json *j = nli_json_new();
	struct nli_items *items;

	from.profile = size ? profile(data[0]) : NULL;
	must(fd >= 0);
	if (size > 1)
		must(write(fd, data + 1, size - 1) == (ssize_t)size - 1);
	close(fd);
	items = nli_items_new(files, &from);
	ingest(items, m, j);
	nli_items_free(items);
	nli_maker_free(m);
	nli_json_free(j);
	unlink(path);
	return 0;
}
