/* source.c - see source.h. */
#include "lib/crowd/source.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
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

int nli_table_source_next(void *source, struct nli_block *b, size_t target,
			  struct nli_err *err)
{
	struct nli_table_source *s = source;

	for (;;) {
		int rc = 0;

		if (!s->open && !*s->file)
			return 0;
		if (!s->open)
			rc = open_file(s, err);
		if (!rc)
			rc = nli_lines_block(&s->lines, b, target, err);
		if (rc < 0)
			return s->open ? nli_err_prefix(
						 err, "%s:%llu", s->path,
						 (unsigned long long)s->lines.lineno + 1)
				       : rc;
		if (!rc) {
			close_file(s);
			continue;
		}
		if (b->first_line == 1)
			rc = begin_file(s, b, err);
		b->path = s->path;
		b->part = s->head[s->n_head - 1];
		b->numbered = false;
		b->first_item = b->first_line;
		return rc < 0 ? rc : 1;
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
