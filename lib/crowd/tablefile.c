/* tablefile.c - see tablefile.h. */
#include "lib/crowd/tablefile.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/io/csv.h"
#include "lib/io/input.h"

/* Take the header off the first block of a file. */
static int begin_file(struct nli_table_source *s, struct nli_block *b,
		      struct nli_err *err)
{
	struct nli_table_head *h = nli_xcalloc(1, sizeof(*h));
	const size_t len = b->end[0] + 1;
	int rc;

	nli_grow(&s->head, &s->head_cap, s->n_head + 1, sizeof(*s->head));
	s->head[s->n_head++] = h;
	rc = nli_table_head(h, s->names, nli_block_line(b, 0), s->need, err);
	if (rc)
		return nli_err_prefix(err, "%s:1", s->path);
	if (h->json)
		return 0;
	b->len = b->len > len ? b->len - len : 0;
	memmove(b->text, b->text + len, b->len);
	for (size_t i = 1; i < b->n; i++)
		b->end[i - 1] = b->end[i] - len;
	b->n--;
	b->first_line++;
	return 0;
}

static void close_file(struct nli_table_source *s)
{
	if (s->closed)
		s->closed(s->ctx, &s->lines);
	nli_lines_close(&s->lines);
	s->open = false;
}

static int open_file(struct nli_table_source *s, struct nli_err *err)
{
	int rc;

	s->path = *s->file++;
	rc = nli_lines_open(&s->lines, s->path, s->hashed, err);
	if (rc < 0)
		return nli_err_prefix(err, "%s", s->path);
	s->open = true;
	return 0;
}

/* Put what was left of a row before the block's first line. */
static void prepend_rest(struct nli_table_source *s, struct nli_block *b)
{
	uint64_t lines = 0;

	if (!s->rest.len)
		return;
	nli_grow(&b->text, &b->cap, b->len + s->rest.len, 1);
	memmove(b->text + s->rest.len, b->text, b->len);
	memcpy(b->text, s->rest.data, s->rest.len);
	for (size_t i = 0; i < s->rest.len; i++)
		lines += s->rest.data[i] == '\n';
	b->len += s->rest.len;
	b->first_line -= lines;
	nli_buf_clear(&s->rest);
}

/*
 * Cut a block with quotes in it into rows, which may hold line ends; a row that
 * goes on behind the block is left for the next one.
 */
static void cut_rows(struct nli_table_source *s, struct nli_block *b)
{
	const struct nli_csv csv = { .delimiter = ',', .quoted = true };
	uint64_t line = b->first_line;
	size_t at = 0;

	b->n = 0;
	b->numbered = true;
	while (at < b->len) {
		const size_t len = nli_csv_row_end(&csv, b->text + at, b->len - at);

		if (at + len == b->len && !s->lines.eof && len) {
			nli_buf_add(&s->rest, b->text + at, len);
			b->len = at;
			break;
		}
		nli_grow(&b->end, &b->end_cap, b->n + 1, sizeof(*b->end));
		nli_grow(&b->line, &b->line_cap, b->n + 1, sizeof(*b->line));
		b->line[b->n] = line;
		b->end[b->n++] = at + len;
		for (size_t i = at; i < at + len; i++)
			line += b->text[i] == '\n';
		line++;
		at += len + 1;
	}
}

static int fill(struct nli_table_source *s, struct nli_block *b, size_t target,
		struct nli_err *err)
{
	const struct nli_table_head *h;
	int rc = nli_lines_block(&s->lines, b, target, err);

	b->numbered = false;
	if (rc < 0)
		return nli_err_prefix(err, "%s:%llu", s->path,
				      (unsigned long long)s->lines.lineno + 1);
	if (!rc)
		return 0;
	if (b->first_line == 1 && begin_file(s, b, err))
		return NLI_EDATA;
	h = s->head[s->n_head - 1];
	b->path = s->path;
	b->part = h;
	if (!h->json && h->sep == ',' && (s->rest.len || memchr(b->text, '"', b->len))) {
		prepend_rest(s, b);
		cut_rows(s, b);
	}
	b->first_item = b->first_line;
	return 1;
}

int nli_table_source_next(void *source, struct nli_block *b, size_t target,
			  struct nli_err *err)
{
	struct nli_table_source *s = source;

	for (;;) {
		int rc;

		if (!s->open && !*s->file)
			return 0;
		if (!s->open && open_file(s, err))
			return err->code;
		rc = fill(s, b, target, err);
		if (rc)
			return rc;
		close_file(s);
	}
}

double nli_table_source_done(void *source)
{
	struct nli_table_source *s = source;

	return s->open && nli_input_size(s->lines.in)
		       ? (double)nli_input_offset(s->lines.in) /
				 (double)nli_input_size(s->lines.in)
		       : -1;
}

void nli_table_source_release(struct nli_table_source *s)
{
	if (s->open)
		nli_lines_close(&s->lines);
	for (size_t i = 0; i < s->n_head; i++)
		free(s->head[i]);
	free(s->head);
	nli_buf_release(&s->rest);
	s->head = NULL;
	s->n_head = s->head_cap = 0;
	s->open = false;
}

int nli_table_sniff(const char *path, bool *table, struct nli_err *err)
{
	struct nli_json *j;
	struct nli_lines l;
	struct nli_str line;
	const nli_jval *v;
	int rc;

	*table = false;
	if (!strcmp(path, "-"))
		return 0;
	rc = nli_lines_open(&l, path, false, err);
	if (rc < 0)
		return nli_err_prefix(err, "%s", path);
	rc = nli_lines_next(&l, &line, err);
	if (rc > 0 && line.len && *line.s == '{') {
		j = nli_json_new();
		v = nli_json_parse(j, line.s, line.len, NULL);
		*table = v && !nli_jget(v, "annotations") && !nli_jget(v, "premise");
		nli_json_free(j);
	} else {
		*table = rc > 0;
	}
	nli_lines_close(&l);
	return rc < 0 ? nli_err_prefix(err, "%s", path) : 0;
}
