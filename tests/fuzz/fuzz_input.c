/*
 * fuzz_input.c - any bytes as a file: read to the end or refused with a message,
 * and the lines one by one are the lines of the blocks.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/io/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TOTAL = 4 << 20 }; /* a small input may inflate to far more */

static void must(bool ok)
{
	if (!ok)
		abort();
}

static int by_lines(const char *path, struct nli_hasher *h, struct nli_err *err)
{
	struct nli_lines l;
	struct nli_str line;
	int rc = nli_lines_open(&l, path, false, err);

	while (!rc && l.bytes < TOTAL && (rc = nli_lines_next(&l, &line, err)) > 0) {
		nli_hasher_add(h, line.s, line.len);
		nli_hasher_add(h, "\n", 1);
		rc = 0;
	}
	nli_lines_close(&l);
	return rc;
}

static int by_blocks(const char *path, struct nli_hasher *h, struct nli_err *err)
{
	struct nli_block b = { 0 };
	struct nli_lines l;
	int rc = nli_lines_open(&l, path, false, err);

	while (!rc && l.bytes < TOTAL &&
	       (rc = nli_lines_block(&l, &b, 256 * 1024, err)) > 0) {
		for (size_t i = 0; i < b.n; i++) {
			const struct nli_str line = nli_block_line(&b, i);

			nli_hasher_add(h, line.s, line.len);
			nli_hasher_add(h, "\n", 1);
		}
		rc = 0;
	}
	nli_block_release(&b);
	nli_lines_close(&l);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/nli-fuzz-XXXXXX";
	const int fd = mkstemp(path);
	struct nli_hasher *a = nli_hasher_new(), *b = nli_hasher_new();
	struct nli_err why_a = { 0 }, why_b = { 0 };
	int rc_a, rc_b;

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size && !close(fd));
	rc_a = by_lines(path, a, &why_a);
	rc_b = by_blocks(path, b, &why_b);
	must(rc_a == rc_b);
	must(rc_a >= 0 || why_a.msg[0]);
	if (!rc_a)
		must(nli_hasher_end(a).lo == nli_hasher_end(b).lo);
	nli_hasher_free(a);
	nli_hasher_free(b);
	unlink(path);
	return 0;
}
