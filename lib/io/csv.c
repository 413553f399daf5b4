/* csv.c - see csv.h. */
#include "lib/io/csv.h"

#include <stdlib.h>

#include "lib/base/mem.h"

/* The place behind the quote that closes the field opened at s[at]; len + 1 if none does. */
static size_t skip_quoted(const char *s, size_t at, size_t len)
{
	for (at++; at < len; at++) {
		const char *q = memchr(s + at, '"', len - at);

		if (!q)
			break;
		at = (size_t)(q - s) + 1;
		if (at == len || s[at] != '"')
			return at;
	}
	return len + 1;
}

/* Where the row ends, len if that is not there; *open is the quote that is open then, or len. */
static size_t row_end(char delimiter, const char *s, size_t len, size_t *open)
{
	size_t at = 0;

	*open = len;
	/* Here a field begins. */
	while (at < len) {
		if (s[at] == '"') {
			*open = at;
			at = skip_quoted(s, at, len);
			if (at > len)
				return len;
			*open = len;
		}
		while (at < len && s[at] != delimiter && s[at] != '\n')
			at++;
		if (at == len || s[at] == '\n')
			return at;
		at++;
	}
	return len;
}

size_t nli_csv_row_end(const struct nli_csv *c, const char *s, size_t len)
{
	const char *lf = memchr(s, '\n', len);
	const size_t line = lf ? (size_t)(lf - s) : len;
	size_t open;

	if (!c->quoted || !memchr(s, '"', line))
		return line;
	return row_end(c->delimiter, s, len, &open);
}

size_t nli_csv_open_quote(const struct nli_csv *c, const char *s, size_t len)
{
	size_t open = len;

	if (c->quoted)
		row_end(c->delimiter, s, len, &open);
	return open;
}

static void add_cell(struct nli_row *r, const char *s, size_t len)
{
	if (r->n == r->cap)
		nli_grow(&r->cell, &r->cap, r->n + 1, sizeof(*r->cell));
	r->cell[r->n++] = (struct nli_str){ s, len };
}

static void cut_raw(char delimiter, struct nli_str row, struct nli_row *r)
{
	const char *s = row.s, *end = row.s + row.len, *next;

	while ((next = memchr(s, delimiter, (size_t)(end - s)))) {
		add_cell(r, s, (size_t)(next - s));
		s = next + 1;
	}
	add_cell(r, s, (size_t)(end - s));
}

/* Copy a quoted field's text to plain; returns the place of the delimiter behind it, or len. */
static size_t unquote(const struct nli_csv *c, struct nli_str row, size_t at,
		      struct nli_row *r, bool *closed)
{
	const size_t from = r->plain.len;
	const char *d;
	size_t end;

	*closed = false;
	for (at++; at <= row.len && !*closed; at++) {
		const char *q = memchr(row.s + at, '"', row.len - at);

		if (!q)
			return row.len;
		end = (size_t)(q - row.s);
		*closed = end + 1 == row.len || row.s[end + 1] != '"';
		nli_buf_add(&r->plain, row.s + at, end + !*closed - at);
		at = *closed ? end : end + 1;
	}
	/* What stands between the closing quote and the delimiter is kept as it is. */
	d = memchr(row.s + at, c->delimiter, row.len - at);
	end = d ? (size_t)(d - row.s) : row.len;
	nli_buf_add(&r->plain, row.s + at, end - at);
	/* plain may still move: the offset is turned into a pointer at the end. */
	add_cell(r, NULL, r->plain.len - from);
	return end;
}

static void place_plain(struct nli_row *r)
{
	size_t at = 0;

	for (size_t i = 0; i < r->n; i++)
		if (!r->cell[i].s) {
			r->cell[i].s = r->plain.data ? r->plain.data + at : "";
			at += r->cell[i].len;
		}
}

static int cut_quoted(const struct nli_csv *c, struct nli_str row, struct nli_row *r,
		      size_t *open_at, struct nli_err *err)
{
	size_t at = 0;

	for (;;) {
		bool closed = true;
		size_t end;

		if (at < row.len && row.s[at] == '"') {
			end = unquote(c, row, at, r, &closed);
		} else {
			const char *d = memchr(row.s + at, c->delimiter, row.len - at);

			end = d ? (size_t)(d - row.s) : row.len;
			add_cell(r, row.s + at, end - at);
		}
		if (!closed) {
			*open_at = at;
			return nli_fail(err, NLI_EDATA,
					"a quote that opens in field %zu "
					"does not close",
					r->n + 1);
		}
		if (end == row.len)
			break;
		at = end + 1;
	}
	place_plain(r);
	return 0;
}

int nli_csv_row(const struct nli_csv *c, struct nli_str row, struct nli_row *r,
		size_t *open_at, struct nli_err *err)
{
	r->n = 0;
	nli_buf_clear(&r->plain);
	if (row.len && row.s[row.len - 1] == '\r')
		row.len--;
	if (c->quoted && row.len && memchr(row.s, '"', row.len))
		return cut_quoted(c, row, r, open_at, err);
	cut_raw(c->delimiter, row, r);
	return 0;
}

void nli_row_release(struct nli_row *r)
{
	free(r->cell);
	nli_buf_release(&r->plain);
	memset(r, 0, sizeof(*r));
}

static bool is_well_quoted(struct nli_str f)
{
	if (f.len < 2 || f.s[f.len - 1] != '"')
		return false;
	for (size_t i = 1; i + 1 < f.len; i++) {
		if (f.s[i] != '"')
			continue;
		if (i + 2 >= f.len || f.s[i + 1] != '"')
			return false;
		i++;
	}
	return true;
}

bool nli_csv_looks_quoted(char delimiter, struct nli_str sample)
{
	struct nli_row r = { 0 };
	size_t begin = 0, good = 0;

	for (size_t at = 0; at < sample.len;) {
		const char *lf = memchr(sample.s + at, '\n', sample.len - at);
		size_t end = lf ? (size_t)(lf - sample.s) : sample.len;
		struct nli_str line = { sample.s + at, end - at };

		if (line.len && line.s[line.len - 1] == '\r')
			line.len--;
		r.n = 0;
		cut_raw(delimiter, line, &r);
		for (size_t i = 0; i < r.n; i++)
			if (r.cell[i].len && r.cell[i].s[0] == '"') {
				begin++;
				good += is_well_quoted(r.cell[i]);
			}
		at = end + 1;
	}
	nli_row_release(&r);
	return begin && good * 10 >= begin * 9;
}
