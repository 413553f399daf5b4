/*
 * fuzz_report.c - any lines: the report of them has all its forms, no control
 * character in any, one script in the page, and JSON that is JSON.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/show/compare.h"
#include "lib/show/datasheet.h"
#include "lib/show/dossier.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void read_lines(struct nli_dossier *a, const char *text, size_t size)
{
	struct nli_json *j = nli_json_new();

	for (size_t at = 0; at < size;) {
		const char *end = memchr(text + at, '\n', size - at);
		const struct nli_str line = { text + at, end ? (size_t)(end - text) - at
							     : size - at };
		struct nli_err err = { 0 };
		struct nli_record r;
		const int kind = nli_dossier_kind(j, line, &r, &err);

		if (kind == NLI_KIND_RECORD)
			nli_tally_add(a->tally, &r);
		else if (kind >= 0)
			must(!nli_dossier_add(a, (enum nli_kind)kind, line, &err));
		else
			must(err.msg[0] && err.code == NLI_EDATA);
		at += line.len + 1;
	}
	nli_json_free(j);
}

static void check_text(const struct nli_buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		must((unsigned char)b->data[i] >= 0x20 || b->data[i] == '\n' ||
		     b->data[i] == '\t');
}

static size_t count(const struct nli_buf *b, const char *what)
{
	size_t n = 0;

	for (const char *at = b->data; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void check_drawings(const struct nli_doc *d)
{
	struct nli_json *j = nli_json_new();
	struct nli_buf b = { 0 };

	for (size_t i = 0; i < d->n_section; i++)
		for (size_t k = 0; k < d->section[i]->n; k++) {
			if (!d->section[i]->block[k].chart)
				continue;
			nli_buf_clear(&b);
			nli_chart_vega(d->section[i]->block[k].chart, &b);
			must(nli_json_parse(j, b.data, b.len, NULL) != NULL);
		}
	nli_json_free(j);
	nli_buf_release(&b);
}

static void check_forms(const struct nli_dossier *a, const struct nli_doc *d)
{
	struct nli_buf b = { 0 };
	struct nli_json *j = nli_json_new();

	nli_doc_html(d, &b);
	check_text(&b);
	must(count(&b, "<script") == 1);
	nli_buf_clear(&b);
	nli_doc_markdown(d, &b);
	check_text(&b);
	must(!count(&b, "<"));
	nli_buf_clear(&b);
	nli_doc_terminal(d, 80, false, &b);
	nli_datasheet(a, d, &b);
	check_text(&b);
	nli_buf_clear(&b);
	nli_doc_json(d, &b);
	must(nli_json_parse(j, b.data, b.len, NULL) != NULL);
	check_drawings(d);
	nli_json_free(j);
	nli_buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t half = size / 2;
	struct nli_dossier a, old;
	struct nli_doc d = { 0 };

	nli_dossier_init(&a);
	nli_dossier_init(&old);
	a.tally = nli_tally_new(0, NULL);
	old.tally = nli_tally_new(0, NULL);
	a.tally->keep_keys = old.tally->keep_keys = true;
	read_lines(&a, (const char *)data, size);
	read_lines(&old, (const char *)data + half, size - half);
	nli_tally_settle(a.tally);
	nli_tally_settle(old.tally);
	nli_dossier_report(&a, &d);
	nli_compare(&a, &old, &d);
	check_forms(&a, &d);
	nli_doc_release(&d);
	nli_tally_free(a.tally);
	nli_tally_free(old.tally);
	nli_dossier_release(&a);
	nli_dossier_release(&old);
	return 0;
}
