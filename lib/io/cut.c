/* cut.c - see cut.h. */
#include "lib/io/cut.h"

#include <string.h>

#include "lib/base/mem.h"

enum { CHUNK = 128 * 1024 };

static const size_t NOT_YET = (size_t)-1;

static uint64_t count_lf(const char *s, size_t len)
{
	uint64_t n = 0;

	while (len) {
		const char *lf = memchr(s, '\n', len);

		if (!lf)
			break;
		n++;
		len -= (size_t)(lf + 1 - s);
		s = lf + 1;
	}
	return n;
}

static int read_more(struct nli_cut *c, struct nli_buf *b, size_t room,
		     struct nli_err *err)
{
	ptrdiff_t n;

	nli_buf_reserve(b, room);
	n = c->read(c->ctx, b->data + b->len, room, err);
	if (n < 0)
		return (int)n;
	c->eof = !n;
	b->len += (size_t)n;
	return 0;
}

int nli_cut_peek(struct nli_cut *c, size_t want, struct nli_str *ahead,
		 struct nli_err *err)
{
	while (!c->eof && c->rest.len < want) {
		const int rc = read_more(c, &c->rest, CHUNK, err);

		if (rc < 0)
			return rc;
	}
	*ahead = nli_buf_str(&c->rest);
	return 0;
}

void nli_cut_skip(struct nli_cut *c, size_t n)
{
	c->line += count_lf(c->rest.data, n);
	c->rest.len -= n;
	memmove(c->rest.data, c->rest.data + n, c->rest.len);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_blank(const char *s, size_t at, size_t len)
{
	while (at < len && is_blank(s[at]))
		at++;
	return at;
}

/* The place behind the string that opens at s[at], or NOT_YET. */
static size_t skip_string(const char *s, size_t at, size_t len)
{
	for (at++; at < len; at++) {
		const char *q = memchr(s + at, '"', len - at);
		size_t slashes = 0;

		if (!q)
			return NOT_YET;
		at = (size_t)(q - s);
		while (s[at - 1 - slashes] == '\\')
			slashes++;
		if (slashes % 2 == 0)
			return at + 1;
	}
	return NOT_YET;
}

/* The comma or bracket that ends the JSON value from s[at] on, or NOT_YET. */
static size_t value_end(const char *s, size_t at, size_t len)
{
	size_t depth = 0;

	while (at < len)
		switch (s[at]) {
		case '"':
			at = skip_string(s, at, len);
			if (at == NOT_YET)
				return at;
			break;
		case '[':
		case '{':
			depth++;
			at++;
			break;
		case ']':
		case '}':
			if (!depth)
				return at;
			depth--;
			at++;
			break;
		case ',':
			if (!depth)
				return at;
			at++;
			break;
		default:
			at++;
		}
	return NOT_YET;
}

/* from is what c->line counts to. */
static int not_shaped(const struct nli_cut *c, const struct nli_buf *b, size_t from,
		      size_t at, const char *wanted, struct nli_err *err)
{
	const uint64_t line = c->line + count_lf(b->data + from, at - from) + 1;

	if (at >= b->len)
		return nli_fail(err, NLI_EDATA,
				"the JSON document is cut short on line %llu",
				(unsigned long long)line);
	return nli_fail(err, NLI_EDATA, "line %llu: '%c' in the JSON document, wanted %s",
			(unsigned long long)line, b->data[at], wanted);
}

/*
 * Step over what stands between items: opening brackets, the names of arrays,
 * the closing brackets.  1: an item begins at *at; 0: more must be read first
 * (or, at the end, nothing is left); < 0.
 */
static int before_item(struct nli_cut *c, const struct nli_buf *b, size_t *at,
		       struct nli_err *err)
{
	const char open = c->kind == NLI_CUT_ARRAY ? '[' : '{';
	const int inside = c->kind == NLI_CUT_ARRAYS ? 2 : 1;
	const size_t from = *at;

	while (c->level < inside || c->closed) {
		size_t p = skip_blank(b->data, *at, b->len), end;

		if (p == b->len) {
			*at = c->closed ? p : *at;
			return c->eof && !c->closed ? not_shaped(c, b, from, p, "", err)
						    : 0;
		}
		if (c->closed)
			return not_shaped(c, b, from, p, "nothing behind it", err);
		if (!c->level) {
			if (b->data[p] != open)
				return not_shaped(c, b, from, p,
						  open == '[' ? "'['" : "'{'", err);
			c->level++;
			*at = p + 1;
			continue;
		}
		/* Between the arrays of an object. */
		if (b->data[p] == '}' || b->data[p] == ',') {
			c->closed = b->data[p] == '}';
			*at = p + 1;
			continue;
		}
		if (b->data[p] != '"')
			return not_shaped(c, b, from, p, "the name of an array", err);
		end = skip_string(b->data, p, b->len);
		if (end == NOT_YET)
			return c->eof ? not_shaped(c, b, from, b->len, "", err) : 0;
		nli_buf_clear(&c->key);
		nli_buf_add(&c->key, b->data + p + 1, end - p - 2);
		p = skip_blank(b->data, end, b->len);
		if (p < b->len && b->data[p] != ':')
			return not_shaped(c, b, from, p, "':'", err);
		p = skip_blank(b->data, p < b->len ? p + 1 : p, b->len);
		if (p == b->len)
			return c->eof ? not_shaped(c, b, from, p, "", err) : 0;
		if (b->data[p] != '[' && b->data[p] != '{') {
			/* "version": "1.0" beside the arrays. */
			end = value_end(b->data, p, b->len);
			if (end == NOT_YET)
				return c->eof ? not_shaped(c, b, from, b->len, "", err)
					      : 0;
			*at = end;
			continue;
		}
		if (b->data[p] == '{')
			return not_shaped(c, b, from, p, "'['", err);
		c->level++;
		*at = p + 1;
	}
	return 1;
}

static size_t group_end(const struct nli_cut *c, const char *s, size_t len)
{
	size_t at = 0;

	for (size_t i = 0; i < c->group; i++) {
		const char *lf = memchr(s + at, '\n', len - at);

		if (!lf)
			return NOT_YET;
		at = (size_t)(lf - s) + 1;
	}
	return at - 1;
}

/* Where the item from at on ends, NOT_YET if that is not read yet. */
static size_t item_end(const struct nli_cut *c, const struct nli_buf *b, size_t at)
{
	const char *s = b->data + at;
	const size_t len = b->len - at;
	size_t end;

	switch (c->kind) {
	case NLI_CUT_ROWS:
		end = nli_csv_row_end(&c->csv, s, len);
		end = end == len ? NOT_YET : end;
		break;
	case NLI_CUT_GROUPS:
		end = group_end(c, s, len);
		break;
	default:
		end = value_end(s, 0, len);
	}
	return end == NOT_YET ? NOT_YET : at + end;
}

/* Without quotes a row of a table is a line. */
static bool is_lines(const struct nli_cut *c)
{
	return c->kind == NLI_CUT_LINES || (c->kind == NLI_CUT_ROWS && !c->csv.quoted);
}

static bool is_json(const struct nli_cut *c)
{
	return c->kind >= NLI_CUT_ARRAY;
}

/* Behind a JSON item: a comma goes on, a bracket closes. */
static void after_json(struct nli_cut *c, char mark)
{
	if (mark == ',')
		return;
	c->level--;
	c->closed = !c->level;
}

static void add_item(struct nli_cut *c, struct nli_block *b, size_t from, size_t end)
{
	nli_grow(&b->end, &b->end_cap, b->n + 1, sizeof(*b->end));
	nli_grow(&b->line, &b->line_cap, b->n + 1, sizeof(*b->line));
	b->line[b->n] = c->line + 1 +
			(is_json(c) ? count_lf(b->text + from,
					       skip_blank(b->text, from, end) - from)
				    : 0);
	b->end[b->n++] = end;
}

/* Rows that are lines, as fast as memory is searched; the same contract as cut_items(). */
static int cut_lines(struct nli_cut *c, const struct nli_buf *text, struct nli_block *b,
		     size_t *rest)
{
	b->text = text->data;
	while (*rest < text->len) {
		const char *from = text->data + *rest;
		const char *lf = memchr(from, '\n', text->len - *rest);

		if (!lf && !c->eof)
			break;
		if (b->n == b->end_cap)
			nli_grow(&b->end, &b->end_cap, b->n + 1, sizeof(*b->end));
		b->end[b->n++] = lf ? (size_t)(lf - text->data) : text->len;
		*rest = lf ? b->end[b->n - 1] + 1 : text->len;
	}
	return b->n > 0;
}

/* Step to place at of text; what is passed over is counted. */
static void step_to(struct nli_cut *c, const struct nli_buf *text, size_t *rest,
		    size_t at)
{
	at = at < text->len ? at : text->len;
	c->line += count_lf(text->data + *rest, at - *rest);
	*rest = at;
}

/* The brackets around the items are those that they should be. */
static bool is_inside(const struct nli_cut *c)
{
	return c->level == (c->kind == NLI_CUT_ARRAYS ? 2 : 1);
}

/*
 * Cut all whole items of text from *rest on, which is moved behind them; the
 * first of them is at *start.  1, or 0 if no whole item is there.
 */
static int cut_items(struct nli_cut *c, struct nli_buf *text, struct nli_block *b,
		     size_t *start, size_t *rest, struct nli_err *err)
{
	while (!is_json(c) || !b->n || is_inside(c)) {
		size_t at = *rest, end;
		const int rc = is_json(c) ? before_item(c, text, &at, err) : 1;

		if (rc < 0)
			return rc;
		step_to(c, text, rest, at);
		if (!rc || at == text->len)
			break;
		end = item_end(c, text, at);
		if (end == NOT_YET && !c->eof)
			break;
		if (end == NOT_YET && is_json(c))
			return not_shaped(c, text, *rest, text->len, "", err);
		end = end == NOT_YET ? text->len : end;
		*start = b->n ? *start : at;
		b->text = text->data;
		/* Nothing before a closing bracket is no item: [] or a last comma. */
		if (!is_json(c) || text->data[end] == ',' ||
		    skip_blank(text->data, at, end) < end)
			add_item(c, b, at, end);
		if (is_json(c))
			after_json(c, text->data[end]);
		step_to(c, text, rest, end + 1);
	}
	return b->n > 0;
}

/* The first item is to begin where the text does. */
static void shift(struct nli_block *b, size_t start)
{
	if (!start)
		return;
	memmove(b->text, b->text + start, b->len - start);
	b->len -= start;
	for (size_t i = 0; i < b->n; i++)
		b->end[i] -= start;
}

/* What begins at rest of text is longer than an item may be. */
static int has_no_end(const struct nli_cut *c, const struct nli_buf *text, size_t rest,
		      struct nli_err *err)
{
	const char *s = text->data + rest;
	const size_t len = text->len - rest;
	const size_t open =
		c->kind == NLI_CUT_ROWS ? nli_csv_open_quote(&c->csv, s, len) : len;

	if (open < len)
		return nli_fail(
			err, NLI_EDATA,
			"line %llu: a quote that opens here does not close within %zu "
			"bytes (--max-line)",
			(unsigned long long)(c->line + count_lf(s, open) + 1), c->max);
	return nli_fail(err, NLI_EDATA,
			"line %llu: what begins here has no end within %zu bytes",
			(unsigned long long)c->line + 1, c->max);
}

int nli_cut_next(struct nli_cut *c, struct nli_block *b, size_t target,
		 struct nli_err *err)
{
	/* The block's memory is filled as a buffer and handed back at the end. */
	struct nli_buf text = { b->text, 0, b->cap };
	const bool lines = is_lines(c);
	size_t start = 0, rest = 0;
	int rc = 0;

	b->n = 0;
	b->numbered = !lines;
	b->first_line = c->line + 1;
	b->first_item = c->item + 1;
	nli_buf_add(&text, c->rest.data, c->rest.len);
	nli_buf_clear(&c->rest);
	for (;;) {
		while (!rc && !c->eof && text.len < target)
			rc = read_more(c, &text, target - text.len, err);
		if (!rc && lines)
			rc = cut_lines(c, &text, b, &rest);
		else if (!rc)
			rc = cut_items(c, &text, b, &start, &rest, err);
		if (rc || (c->eof && rest == text.len))
			break;
		if (text.len - rest > c->max) {
			rc = has_no_end(c, &text, rest, err);
			break;
		}
		/* Twice as much each time, since the item is looked through again. */
		target = 2 * text.len + CHUNK;
		if (target - rest > c->max)
			target = rest + c->max + 1;
	}
	if (rc >= 0)
		nli_buf_add(&c->rest, text.data + rest, text.len - rest);
	b->text = text.data;
	b->cap = text.cap;
	b->len = rest;
	shift(b, start);
	c->item += b->n;
	c->line += lines ? b->n : 0;
	return rc;
}

ptrdiff_t nli_cut_read(void *cut, void *to, size_t cap, struct nli_err *err)
{
	struct nli_cut *c = cut;

	if (!c->rest.len)
		return c->eof ? 0 : c->read(c->ctx, to, cap, err);
	cap = cap < c->rest.len ? cap : c->rest.len;
	memcpy(to, c->rest.data, cap);
	c->rest.len -= cap;
	memmove(c->rest.data, c->rest.data + cap, c->rest.len);
	return (ptrdiff_t)cap;
}

void nli_cut_release(struct nli_cut *c)
{
	nli_buf_release(&c->rest);
	nli_buf_release(&c->key);
}
