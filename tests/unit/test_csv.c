/*
 * Unit tests of lib/io/csv: rows and cells, held against libcsv where the two mean
 * to agree; where rows end; the 90 % rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <csv.h>

#include "lib/io/csv.h"

/* Cells are joined by |, rows end in $. */
static const struct row {
	const char *name;
	struct nli_csv csv;
	const char *text, *want;
	bool alike; /* libcsv reads the same */
} rows[] = {
	{ "plain", { ',', true }, "a,b\nc,d\n", "a|b$c|d$", true },
	{ "no line end at the end", { ',', true }, "a,b\nc,d", "a|b$c|d$", true },
	{ "CRLF", { ',', true }, "a,b\r\nc,d\r\n", "a|b$c|d$", true },
	{ "empty cells", { ',', true }, ",a,\n", "|a|$", true },
	{ "quoted comma", { ',', true }, "\"a,b\",c\n", "a,b|c$", true },
	{ "doubled quotes", { ',', true }, "\"a \"\"b\"\"\",c\n", "a \"b\"|c$", true },
	{ "line end inside", { ',', true }, "\"a\nb\",c\nd,e\n", "a\nb|c$d|e$", true },
	{ "empty quoted", { ',', true }, "\"\",\"\"\n", "|$", true },
	{ "blanks belong to the cell", { ',', true }, " a ,b\n", " a |b$", false },
	{ "quote inside is a letter",
	  { ',', true },
	  "5\" pipe,b\n",
	  "5\" pipe|b$",
	  false },
	{ "text behind the quote", { ',', true }, "\"a\"b,c\n", "ab|c$", false },
	{ "semicolon", { ';', true }, "\"a;b\";c,d\n", "a;b|c,d$", true },
	{ "raw quote", { '\t', false }, "\"a\tb\nc\td\n", "\"a|b$c|d$", false },
	{ "U+2028, VT and FF stay",
	  { '\t', false },
	  "a\xe2\x80\xa8\v\fb\tc\n",
	  "a\xe2\x80\xa8\v\fb|c$",
	  true },
};
enum { NROWS = sizeof(rows) / sizeof(*rows) };

static void ours(const struct row *r, struct nli_buf *out)
{
	struct nli_row row = { 0 };
	const size_t len = strlen(r->text);
	size_t open_at;

	for (size_t at = 0; at < len;) {
		const size_t n = nli_csv_row_end(&r->csv, r->text + at, len - at);

		assert_int_equal(nli_csv_row(&r->csv, (struct nli_str){ r->text + at, n },
					     &row, &open_at, NULL),
				 0);
		for (size_t i = 0; i < row.n; i++) {
			nli_buf_adds(out, i ? "|" : "");
			nli_buf_add(out, row.cell[i].s, row.cell[i].len);
		}
		nli_buf_addc(out, '$');
		at += n + 1;
	}
	nli_row_release(&row);
}

struct oracle {
	struct nli_buf *out;
	bool first;
};

static void on_cell(void *s, size_t len, void *ctx)
{
	struct oracle *o = ctx;

	nli_buf_adds(o->out, o->first ? "" : "|");
	nli_buf_add(o->out, s, len);
	o->first = false;
}

static void on_row(int c, void *ctx)
{
	struct oracle *o = ctx;

	(void)c;
	nli_buf_addc(o->out, '$');
	o->first = true;
}

static void check_row(void **state)
{
	const struct row *r = *state;
	struct nli_buf a = { 0 }, b = { 0 };
	struct oracle o = { &b, true };
	struct csv_parser p;

	ours(r, &a);
	assert_string_equal(a.data, r->want);
	csv_init(&p, 0);
	csv_set_delim(&p, (unsigned char)r->csv.delimiter);
	csv_parse(&p, r->text, strlen(r->text), on_cell, on_row, &o);
	csv_fini(&p, on_cell, on_row, &o);
	csv_free(&p);
	if (r->alike)
		assert_string_equal(b.data, r->want);
	nli_buf_release(&a);
	nli_buf_release(&b);
}

static void unclosed_quote(void **state)
{
	const struct nli_csv csv = { ',', true };
	struct nli_row row = { 0 };
	struct nli_err err;
	size_t open_at = 0;

	(void)state;
	assert_int_equal(nli_csv_row(&csv, NLI_STR("a,\"b\nc,d"), &row, &open_at, &err),
			 NLI_EDATA);
	assert_int_equal(open_at, 2);
	assert_string_equal(err.msg, "a quote that opens in field 2 does not close");
	nli_row_release(&row);
}

/* formats.md, 2: of the fields that begin with a quote, 90 % must be quoted well. */
static void ninety_percent(void **state)
{
	(void)state;
	assert_true(
		nli_csv_looks_quoted('\t', NLI_STR("a\t\"b \"\"c\"\"\"\n\"d\"\te\n")));
	assert_false(nli_csv_looks_quoted('\t', NLI_STR("a\tb\n")));
	assert_false(nli_csv_looks_quoted('\t', NLI_STR("\"a\" he said\tb\n\"c\"\td\n")));
}

int main(void)
{
	struct CMUnitTest tests[NROWS + 2] = {
		[NROWS] = cmocka_unit_test(unclosed_quote),
		[NROWS + 1] = cmocka_unit_test(ninety_percent),
	};

	for (size_t i = 0; i < NROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = check_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
