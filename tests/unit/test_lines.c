/* Unit tests of lib/io/{lines,input,spool,out}: line ends, blocks, gzip cut short, atomic files. */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/io/input.h"
#include "lib/io/lines.h"
#include "lib/io/out.h"
#include "lib/io/spool.h"

static char path[] = "/tmp/nli-lines-XXXXXX";

static void put(const char *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* want: the lines, each followed by '|'. */
static const struct row {
	const char *name, *bytes;
	size_t len;
	const char *want;
} rows[] = {
	{ "empty file", "", 0, "" },
	{ "one line", "a\n", 2, "a|" },
	{ "no final newline", "a\nb", 3, "a|b|" },
	{ "empty lines", "\n\na\n", 4, "||a|" },
	{ "CR stays", "a\r\nb\r\n", 6, "a\r|b\r|" },
	{ "a byte order mark goes",
	  "\xef\xbb\xbf"
	  "a\nb\n",
	  7, "a|b|" },
	{ "only a mark", "\xef\xbb\xbf", 3, "" },
	{ "NEL, LS, VT and FF are no line ends",
	  "a\xc2\x85"
	  "b\xe2\x80\xa8"
	  "c\vd\fe\n",
	  13,
	  "a\xc2\x85"
	  "b\xe2\x80\xa8"
	  "c\vd\fe|" },
};

static void check_row(void **state)
{
	const struct row *r = *state;
	struct nli_buf got = { 0 };
	struct nli_lines l;
	struct nli_str line;
	struct nli_err err;
	uint64_t n = 0;

	put(r->bytes, r->len);
	assert_int_equal(nli_lines_open(&l, path, false, &err), 0);
	while (nli_lines_next(&l, &line, &err) > 0) {
		assert_int_equal(l.lineno, ++n);
		nli_buf_add(&got, line.s, line.len);
		nli_buf_addc(&got, '|');
	}
	assert_string_equal(got.data ? got.data : "", r->want);
	nli_buf_release(&got);
	nli_lines_close(&l);
	nli_lines_close(&l); /* safe twice */
}

/* Blocks of every small size join to the file, whole lines each, numbered right. */
static void blocks_join_to_the_file(void **state)
{
	static const char text[] = "one\ntwo two two\n\nfour\nfive five\nsix";
	struct nli_err err;

	(void)state;
	put(text, sizeof(text) - 1);
	for (size_t target = 1; target < sizeof(text) + 2; target++) {
		struct nli_buf joined = { 0 };
		struct nli_block b = { 0 };
		struct nli_lines l;
		uint64_t line = 1;

		assert_int_equal(nli_lines_open(&l, path, false, &err), 0);
		while (nli_lines_block(&l, &b, target, &err) > 0) {
			assert_int_equal(b.first_line, line);
			line += b.n;
			nli_buf_add(&joined, b.text, b.len);
			assert_true(b.text[b.len - 1] == '\n' ||
				    joined.len == sizeof(text) - 1);
		}
		assert_int_equal(line, 7);
		assert_int_equal(joined.len, sizeof(text) - 1);
		assert_memory_equal(joined.data, text, joined.len);
		nli_buf_release(&joined);
		nli_block_release(&b);
		nli_lines_close(&l);
	}
}

static size_t compress_to(const char *name, const char *text, size_t len, char *bytes,
			  size_t cap)
{
	struct nli_err err;
	size_t n;
	FILE *f;

	assert_int_equal(nli_out_file(name, text, len, &err), 0);
	f = fopen(name, "rb");
	assert_non_null(f);
	n = fread(bytes, 1, cap, f);
	fclose(f);
	unlink(name);
	return n;
}

/* A gzip file cut at any byte is an error, never an end; two members are one text. */
static void gzip_cut_short_is_an_error(void **state)
{
	static const char text[] = "first line\nsecond line\nthird line\n";
	char bytes[400], name[sizeof(path) + 4];
	struct nli_lines l;
	struct nli_str line;
	struct nli_err err;
	size_t len, n = 0;
	int rc;

	(void)state;
	snprintf(name, sizeof(name), "%s.gz", path);
	len = compress_to(name, text, sizeof(text) - 1, bytes, sizeof(bytes) / 2);
	for (size_t cut = 2; cut < len; cut++) {
		put(bytes, cut);
		assert_int_equal(nli_lines_open(&l, path, false, &err), 0);
		while ((rc = nli_lines_next(&l, &line, &err)) > 0)
			;
		assert_int_equal(rc, NLI_EIO);
		assert_string_equal(err.msg, "the gzip data is cut short");
		nli_lines_close(&l);
	}
	memcpy(bytes + len, bytes, len);
	put(bytes, 2 * len);
	assert_int_equal(nli_lines_open(&l, path, false, &err), 0);
	while ((rc = nli_lines_next(&l, &line, &err)) > 0)
		n++;
	assert_int_equal(rc, 0);
	assert_int_equal(n, 6);
	nli_lines_close(&l);
}

static void same_gzip_bytes_each_time(void **state)
{
	char a[200], b[200], name[sizeof(path) + 4];
	size_t n;

	(void)state;
	snprintf(name, sizeof(name), "%s.gz", path);
	n = compress_to(name, "text\n", 5, a, sizeof(a));
	assert_int_equal(compress_to(name, "text\n", 5, b, sizeof(b)), n);
	assert_memory_equal(a, b, n);
	assert_memory_equal(a + 4, "\0\0\0\0", 4); /* no time in the header */
}

static void an_abandoned_file_leaves_the_old_one(void **state)
{
	struct nli_out *o;
	struct nli_err err;
	char temp[200];
	FILE *f;

	(void)state;
	put("old", 3);
	assert_int_equal(nli_out_open(&o, path, false, &err), 0);
	assert_int_equal(nli_out_write(o, "new", 3, &err), 0);
	snprintf(temp, sizeof(temp), "%s", nli_out_temp(o));
	assert_int_equal(access(temp, F_OK), 0);
	nli_out_abandon(o);
	assert_int_not_equal(access(temp, F_OK), 0);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fgetc(f), 'o');
	fclose(f);
}

/* The spool gives back the same lines from memory, from its file, and from both. */
static void spool_gives_back_what_it_got(void **state)
{
	static const size_t limits[] = { 0, 10, 1000 };
	struct nli_err err;

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct nli_spool *s = nli_spool_new(limits[k]);
		struct nli_block b = { 0 };

		for (int i = 0; i < 20; i++)
			assert_int_equal(nli_spool_add(s, "ab\nc\n", 5, &err), 0);
		for (int pass = 0; pass < 2; pass++) {
			uint64_t n = 0;

			assert_int_equal(nli_spool_rewind(s, &err), 0);
			while (nli_spool_block(s, &b, 7, &err) > 0) {
				assert_int_equal(b.first_line, n + 1);
				for (size_t i = 0; i < b.n; i++, n++)
					assert_true(nli_str_is(nli_block_line(&b, i),
							       n % 2 ? "c" : "ab"));
			}
			assert_int_equal(n, 40);
		}
		nli_block_release(&b);
		nli_spool_free(s);
	}
}

/* What stands in a file is read from it again, between what was added. */
static void spool_reads_a_file_again(void **state)
{
	struct nli_spool *s = nli_spool_new(100);
	struct nli_block b = { 0 };
	struct nli_input *in;
	struct nli_err err;
	uint64_t start = 9;
	int file;

	(void)state;
	put("one\ntwo\nthree\nfour\n", 19);
	assert_int_equal(nli_input_open(&in, path, &err), 0);
	file = nli_spool_file(s, in, &start);
	assert_true(file >= 0);
	assert_int_equal(start, 0);
	nli_input_close(in);
	nli_spool_again(s, file, 0, 4);
	assert_int_equal(nli_spool_add(s, "new\n", 4, &err), 0);
	nli_spool_again(s, file, 8, 6);
	nli_spool_again(s, file, 14, 5);
	assert_int_equal(nli_spool_rewind(s, &err), 0);
	for (size_t i = 0, n; (n = nli_spool_block(s, &b, 5, &err) > 0 ? b.n : 0); i += n)
		for (size_t k = 0; k < n; k++)
			assert_true(nli_str_is(nli_block_line(&b, k),
					       (const char *[]){ "one", "new", "three",
								 "four" }[i + k]));
	assert_int_equal(nli_spool_rewind(s, &err), 0);
	put("one\ntwo\nthree\nfive!\n", 20); /* it is longer now */
	while ((file = nli_spool_block(s, &b, 5, &err)) > 0)
		;
	assert_int_equal(file, NLI_EIO);
	assert_string_equal(err.msg, "the input was written to while it was read");
	nli_block_release(&b);
	nli_spool_free(s);
}

int main(void)
{
	enum { N = sizeof(rows) / sizeof(*rows) };
	struct CMUnitTest table[N];
	const struct CMUnitTest rest[] = {
		cmocka_unit_test(blocks_join_to_the_file),
		cmocka_unit_test(gzip_cut_short_is_an_error),
		cmocka_unit_test(same_gzip_bytes_each_time),
		cmocka_unit_test(an_abandoned_file_leaves_the_old_one),
		cmocka_unit_test(spool_gives_back_what_it_got),
		cmocka_unit_test(spool_reads_a_file_again),
	};
	int failed, fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	ROW_TESTS(table, rows, check_row);
	failed = cmocka_run_group_tests_name("lines", table, NULL, NULL);
	failed += cmocka_run_group_tests_name("streams", rest, NULL, NULL);
	unlink(path);
	return failed;
}
