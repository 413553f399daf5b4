/* look.c - see look.h. */
#include "lib/nli/look.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/mem.h"
#include "lib/io/json.h"
#include "lib/io/lines.h"
#include "lib/io/xml.h"

enum { ROWS = 100 };

static bool begins(struct nli_str s, const char *with)
{
	const size_t n = strlen(with);

	return s.len >= n && !strncasecmp(s.s, with, n);
}

int nli_look_at_bytes(struct nli_str head, struct nli_err *err)
{
	struct nli_str s = head;

	if (begins(head, "version https://git-lfs"))
		return nli_fail(err, NLI_EDATA,
				"a Git LFS pointer, not the data: fetch it with "
				"\"git lfs pull\"");
	if (head.len >= 4 && !memcmp(head.s, "PAR1", 4))
		return nli_fail(err, NLI_EDATA,
				"a Parquet file: convert it to JSON lines first");
	if (head.len >= 6 && !memcmp(head.s, "ARROW1", 6))
		return nli_fail(err, NLI_EDATA,
				"an Arrow file: convert it to JSON lines first");
	while (s.len && strchr(" \t\r\n\xef\xbb\xbf", s.s[0]) && s.s[0])
		s.s++, s.len--;
	if (begins(s, "<!doctype html") || begins(s, "<html") || begins(s, "<head"))
		return nli_fail(err, NLI_EDATA,
				"an HTML page, not the data: the download failed?");
	return 0;
}

static void add_field(struct nli_look *l, struct nli_str name)
{
	nli_grow(&l->field, &l->field_cap, l->n_field + 1, sizeof(*l->field));
	l->field[l->n_field++] =
		(struct nli_str){ nli_arena_strndup(&l->names, name.s, name.len),
				  name.len };
}

/* The place behind the first JSON value, or 0 if it is cut. Wrong text ends anywhere. */
static size_t first_value(struct nli_str s, size_t from)
{
	size_t depth = 0, at = from;

	for (; at < s.len; at++) {
		const char c = s.s[at];

		if (c == '"') {
			for (at++; at < s.len && s.s[at] != '"'; at++)
				at += s.s[at] == '\\';
		} else if (c == '{' || c == '[') {
			depth++;
		} else if ((c == '}' || c == ']') && depth <= 1) {
			return at + 1;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return 0;
}

static size_t skip_blank(struct nli_str s, size_t at)
{
	while (at < s.len && strchr(" \t\r\n", s.s[at]) && s.s[at])
		at++;
	return at;
}

/* Behind the colon of an object's first member, or s.len. */
static size_t first_member(struct nli_str s, size_t at)
{
	at = skip_blank(s, at + 1);
	if (at >= s.len || s.s[at] != '"')
		return s.len;
	for (at++; at < s.len && s.s[at] != '"'; at++)
		at += s.s[at] == '\\';
	at = at < s.len ? skip_blank(s, at + 1) : s.len;
	return at < s.len && s.s[at] == ':' ? skip_blank(s, at + 1) : s.len;
}

/* {"a": [[...], ...], "b": [[...], ...]}: every member an array that begins with one. */
static bool is_keyed_arrays(struct nli_str s, size_t member, size_t end)
{
	size_t n = 0;

	for (size_t m = member; m < s.len && (!end || m < end);) {
		const size_t close = s.s[m] == '[' ? first_value(s, m) : 0;
		const size_t inside = s.s[m] == '[' ? skip_blank(s, m + 1) : s.len;

		if (s.s[m] != '[' || (inside < s.len && s.s[inside] != '['))
			return false;
		n++;
		m = close ? skip_blank(s, close) : s.len;
		if (m >= s.len || s.s[m] != ',')
			break;
		m = first_member(s, m);
	}
	return n > 1;
}

/* An object that is the whole document, or a line among others? */
static enum nli_dialect shape_of_object(struct nli_str s, size_t at, size_t end)
{
	const size_t next = end ? skip_blank(s, end) : s.len;
	const size_t member = first_member(s, at);
	size_t inside;

	if ((end && next < s.len) || member >= s.len)
		return NLI_DIALECT_JSONL;
	if (s.s[member] == '{') {
		/* {"a": {...}, "b": {...}}: every member an object, else it is one record. */
		for (size_t m = member; end && m < end;) {
			const size_t close = s.s[m] == '{' ? first_value(s, m) : 0;

			if (!close)
				return NLI_DIALECT_JSONL;
			m = skip_blank(s, close);
			if (m >= s.len || s.s[m] != ',')
				break;
			m = first_member(s, m);
		}
		return NLI_DIALECT_KEYED;
	}
	if (is_keyed_arrays(s, member, end))
		return NLI_DIALECT_KEYED;
	inside = s.s[member] == '[' ? skip_blank(s, member + 1) : s.len;
	return inside < s.len && s.s[inside] == '{' ? NLI_DIALECT_ARRAYS
						    : NLI_DIALECT_JSONL;
}

static bool has_field(const struct nli_look *l, struct nli_str name)
{
	for (size_t i = 0; i < l->n_field; i++)
		if (nli_str_eq(l->field[i], name))
			return true;
	return false;
}

/* Add the fields of item that are not there; NLI_EDATA if it is no JSON. */
static int look_at_item(struct nli_look *l, struct nli_str item, struct nli_err *err)
{
	struct nli_json *j = nli_json_new();
	const nli_jval *v = nli_json_parse(j, item.s, item.len, err);
	struct nli_jiter it = nli_jiter(v);
	char place[24] = "#";

	for (size_t i = 1; nli_jnext(&it); i++) {
		place[1] = (char)('0' + i % 10);
		const struct nli_str name =
			it.object_ ? it.key : (struct nli_str){ place, 2 };

		if (!has_field(l, name))
			add_field(l, name);
	}
	nli_json_free(j);
	return v ? 0 : NLI_EDATA;
}

/*
 * Behind the first item: the fields of the first items of the other arrays,
 * which may be of other kinds.  An array ends at a bracket outside of its items.
 */
static void look_at_arrays(struct nli_look *l, size_t at)
{
	const struct nli_str s = l->sample;

	for (;;) {
		size_t end;

		at = skip_blank(s, at);
		if (at < s.len && s.s[at] == ',') {
			at = skip_blank(s, at + 1);
		} else if (at < s.len && s.s[at] == ']') {
			at = skip_blank(s, at + 1);
			if (at >= s.len || s.s[at] != ',')
				return;
			at = first_member(s, at);
			if (at >= s.len || s.s[at] != '[')
				return;
			at = skip_blank(s, at + 1);
			if (at < s.len && s.s[at] == ']')
				continue;
		} else {
			return;
		}
		end = at < s.len ? first_value(s, at) : 0;
		if (!end)
			return;
		look_at_item(l, (struct nli_str){ s.s + at, end - at }, NULL);
		at = end;
	}
}

/*
 * The first line may be the broken one, or lack what the others have: the fields
 * of the first lines together.  NLI_EDATA if none of them is JSON.
 */
static int look_at_lines(struct nli_look *l, size_t at, struct nli_err *err)
{
	const struct nli_str s = l->sample;
	struct nli_err first = { 0 };
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += s.s[i] == '\n';
	for (size_t i = 0; i < ROWS && at < s.len; i++) {
		const size_t end = first_value(s, at);
		const char *lf = memchr(s.s + at, '\n', s.len - at);

		if (!end && (!i || !lf))
			break;
		if (end && !look_at_item(l, (struct nli_str){ s.s + at, end - at },
					 i ? NULL : &first)) {
			if (!l->first.s)
				l->first = (struct nli_str){ s.s + at, end - at };
			at = skip_blank(s, end);
			continue;
		}
		if (!lf)
			break;
		at = skip_blank(s, (size_t)(lf - s.s));
	}
	if (l->first.s || !first.msg[0])
		return 0;
	return nli_fail(err, NLI_EDATA, "line %zu: %.200s", line, first.msg);
}

/* Whether the object at is printed over several lines: one of a line each opens otherwise. */
static bool is_pretty(struct nli_str s, size_t at)
{
	const size_t first = skip_blank(s, at + 1);

	return first < s.len && memchr(s.s + at, '\n', first - at);
}

static int look_at_json(struct nli_look *l, size_t at, struct nli_err *err)
{
	const struct nli_str s = l->sample;
	size_t end = first_value(s, at);

	l->dialect = s.s[at] == '[' ? NLI_DIALECT_ARRAY : shape_of_object(s, at, end);
	if (l->dialect == NLI_DIALECT_JSONL && end && is_pretty(s, at))
		return nli_fail(err, NLI_EDATA,
				"an object of several lines, wanted one a line: jq -c . "
				"makes them so");
	if (l->dialect == NLI_DIALECT_JSONL)
		return look_at_lines(l, at, err);
	if (l->dialect == NLI_DIALECT_ARRAY)
		at = skip_blank(s, at + 1);
	else if (l->dialect == NLI_DIALECT_KEYED)
		at = first_member(s, at);
	else if (l->dialect == NLI_DIALECT_ARRAYS)
		at = skip_blank(s, first_member(s, at) + 1);
	l->nothing = l->dialect == NLI_DIALECT_ARRAY && at < s.len && s.s[at] == ']';
	end = at < s.len && !l->nothing ? first_value(s, at) : 0;
	if (!end)
		return 0;
	l->first = (struct nli_str){ s.s + at, end - at };
	look_at_item(l, l->first, NULL);
	if (l->dialect == NLI_DIALECT_ARRAY || l->dialect == NLI_DIALECT_ARRAYS)
		look_at_arrays(l, end);
	return 0;
}

/* How alike the rows are in the number of their columns: the share of the commonest. */
struct evenness {
	size_t columns;
	double share;
};

static struct evenness evenness_of(struct nli_csv csv, struct nli_str s, bool whole)
{
	size_t width[ROWS], n = 0;
	struct nli_row row = { 0 };
	struct evenness best = { 0, 0 };

	for (size_t at = 0; at < s.len && n < ROWS;) {
		const size_t end = at + nli_csv_row_end(&csv, s.s + at, s.len - at);
		size_t open_at;

		if (end == s.len && !whole && n)
			break;
		if (end > at + 1 &&
		    !nli_csv_row(&csv, (struct nli_str){ s.s + at, end - at }, &row,
				 &open_at, NULL))
			width[n++] = row.n;
		at = end + 1;
	}
	for (size_t i = 0; i < n; i++) {
		size_t alike = 0;

		for (size_t k = 0; k < n; k++)
			alike += width[k] == width[i];
		if (width[i] > 1 && (double)alike / (double)n > best.share)
			best = (struct evenness){ width[i], (double)alike / (double)n };
	}
	nli_row_release(&row);
	return best;
}

/*
 * A tab seldom stands in a text, a comma often: a table with tabs in it is
 * separated by them.
 */
static void look_at_table(struct nli_look *l, bool whole)
{
	static const struct nli_csv quoted[] = { { ',', true },
						 { ';', true },
						 { '|', true } };
	const struct nli_csv tab = { '\t', false };
	const struct evenness t = evenness_of(tab, l->sample, whole);
	struct evenness c, best = { 0, 0 };

	for (size_t i = 0; i < sizeof(quoted) / sizeof(*quoted); i++) {
		const struct evenness e = evenness_of(quoted[i], l->sample, whole);

		c = i ? c : e;
		if (!e.columns || e.share < best.share ||
		    (e.share == best.share && e.columns <= best.columns))
			continue;
		best = e;
		l->dialect = NLI_DIALECT_CSV;
		l->csv = quoted[i];
	}
	if (t.columns && t.share >= 0.5 &&
	    (t.share >= c.share || t.columns >= c.columns)) {
		l->dialect = NLI_DIALECT_TSV;
		l->csv = tab;
		l->csv.quoted = nli_csv_looks_quoted('\t', l->sample);
	}
}

static struct nli_str first_row(struct nli_csv csv, struct nli_str s)
{
	size_t at = 0;

	while (at < s.len && (s.s[at] == '\n' || s.s[at] == '\r'))
		at++;
	return (struct nli_str){ s.s + at, nli_csv_row_end(&csv, s.s + at, s.len - at) };
}

int nli_look(struct nli_look *l, struct nli_str sample, bool whole, struct nli_err *err)
{
	size_t at;
	struct nli_row row = { 0 };
	size_t open_at;
	int rc = nli_look_at_bytes(sample, err);

	memset(l, 0, sizeof(*l));
	if (rc)
		return rc;
	l->sample = sample;
	at = skip_blank(sample, 0);
	l->nothing = at == sample.len;
	if (l->nothing)
		return 0;
	if (sample.s[at] == '<') {
		l->dialect = NLI_DIALECT_XML;
	} else if (sample.s[at] == '{' || sample.s[at] == '[') {
		rc = look_at_json(l, at, err);
	} else if (memchr(sample.s, '\r', sample.len) &&
		   !memchr(sample.s, '\n', sample.len) &&
		   memchr(sample.s, '\r', sample.len) != sample.s + sample.len - 1) {
		rc = nli_fail(err, NLI_EDATA,
			      "its lines end in CR alone, wanted LF: "
			      "tr '\\r' '\\n' makes them so");
	} else {
		look_at_table(l, whole);
		l->first = first_row(l->csv, sample);
		if (l->dialect && !nli_csv_row(&l->csv, l->first, &row, &open_at, NULL))
			for (size_t i = 0; i < row.n; i++)
				add_field(l, row.cell[i]);
	}
	nli_row_release(&row);
	return rc;
}

void nli_look_release(struct nli_look *l)
{
	free(l->field);
	nli_arena_release(&l->names);
	memset(l, 0, sizeof(*l));
}

static bool is_table(enum nli_dialect d)
{
	return d == NLI_DIALECT_CSV || d == NLI_DIALECT_TSV;
}

static bool is_json(enum nli_dialect d)
{
	return d >= NLI_DIALECT_JSONL && d <= NLI_DIALECT_KEYED;
}

static bool dialect_fits(const struct nli_layout *layout, const struct nli_look *l)
{
	return !layout->dialect || layout->dialect == l->dialect ||
	       (is_table(layout->dialect) && is_table(l->dialect)) ||
	       (is_json(layout->dialect) && is_json(l->dialect)) ||
	       (layout->dialect == NLI_DIALECT_BLOCKS && !is_json(l->dialect) &&
		l->dialect != NLI_DIALECT_XML);
}

/* Names of the fields as a layout sees them. Borrows v from the look, the layout or own. */
struct names {
	const struct nli_str *v;
	size_t n;
	struct nli_row row;  /* a header cut by the layout's own delimiter */
	struct nli_look own; /* of an XML item, which only the layout knows */
	bool places;         /* fields may be called by their place */
};

static ptrdiff_t read_sample(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct nli_str *left = ctx;

	(void)err;
	cap = cap < left->len ? cap : left->len;
	memcpy(to, left->s, cap);
	left->s += cap;
	left->len -= cap;
	return (ptrdiff_t)cap;
}

static struct nli_xml_shape shape_of(const struct nli_layout *layout)
{
	return (struct nli_xml_shape){ layout->xml.item, layout->xml.flat,
				       layout->xml.context, layout->xml.n_flat,
				       layout->xml.n_context };
}

/* The sample may end anywhere: what is wrong behind the first item does not matter. */
static void names_of_xml(const struct nli_layout *layout, const struct nli_look *l,
			 struct names *names)
{
	const struct nli_xml_shape shape = shape_of(layout);
	struct nli_str left = l->sample;
	struct nli_block b = { 0 };
	struct nli_xml *x;

	if (!layout->xml.item.len || nli_xml_new(&x, &shape, read_sample, &left, NULL))
		return;
	if (nli_xml_next(x, &b, 1, NULL) > 0)
		look_at_item(&names->own, nli_block_line(&b, 0), NULL);
	names->v = names->own.field;
	names->n = names->own.n_field;
	nli_block_release(&b);
	nli_xml_free(x);
}

int nli_look_xml(const struct nli_layout *layout, const struct nli_look *l,
		 struct nli_err *err)
{
	const struct nli_xml_shape shape = shape_of(layout);
	struct nli_str left = l->sample;
	struct nli_block b = { 0 };
	struct nli_xml *x;
	int rc;

	/* A sample that was cut says nothing of its end. */
	if (!layout->xml.item.len || l->sample.len >= 64 * 1024)
		return 0;
	rc = nli_xml_new(&x, &shape, read_sample, &left, err);
	if (rc)
		return rc;
	rc = nli_xml_next(x, &b, 1, err);
	nli_block_release(&b);
	nli_xml_free(x);
	return rc < 0 ? rc : 0;
}

static void names_of(const struct nli_layout *layout, const struct nli_look *l,
		     struct names *names)
{
	struct nli_csv csv = l->csv;
	size_t open_at;

	memset(names, 0, sizeof(*names));
	names->v = l->field;
	names->n = l->n_field;
	names->places = is_table(l->dialect) || layout->dialect == NLI_DIALECT_BLOCKS ||
			(l->n_field && nli_str_is(l->field[0], "#1"));
	if (l->dialect == NLI_DIALECT_XML) {
		names_of_xml(layout, l, names);
	} else if (layout->n_column) {
		names->v = layout->column;
		names->n = layout->n_column;
	} else if (is_table(l->dialect) && layout->delimiter &&
		   layout->delimiter != csv.delimiter) {
		csv.delimiter = layout->delimiter;
		if (!nli_csv_row(&csv, first_row(csv, l->sample), &names->row, &open_at,
				 NULL)) {
			names->v = names->row.cell;
			names->n = names->row.n;
		}
	}
}

static bool has_name(const struct names *names, struct nli_str name)
{
	for (size_t i = 0; i < names->n; i++)
		if (nli_str_eq(names->v[i], name))
			return true;
	return false;
}

static bool has_any(const struct nli_layout *layout, const struct names *names,
		    const struct nli_paths *p);

static bool has(const struct nli_layout *layout, const struct names *names,
		const struct nli_path *p)
{
	const struct nli_str top = p->n ? p->step[0].name : p->text;
	size_t place;

	if (!p->n)
		return false;
	if (p->from)
		return names->places;
	if (nli_str_is(top, "$each"))
		return has_any(layout, names, &layout->each);
	if (top.len && (top.s[0] == '$' || top.s[0] == '^'))
		return true;
	if (has_name(names, p->text) || has_name(names, top))
		return true;
	place = top.len == 2 && top.s[0] == '#' ? (size_t)(top.s[1] - '0') : 0;
	if (place && names->places &&
	    place <= (layout->lines > names->n ? layout->lines : names->n))
		return true;
	for (size_t i = 0; i < layout->n_divide; i++)
		if (p->top == layout->divide[i].into[0] ||
		    p->top == layout->divide[i].into[1])
			return has(layout, names, &layout->divide[i].field);
	return false;
}

static bool has_any(const struct nli_layout *layout, const struct names *names,
		    const struct nli_paths *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (has(layout, names, &p->v[i]))
			return true;
	return false;
}

/* A table without a header has at least the columns that matter, and no more than it may. */
static bool width_fits(const struct nli_layout *layout, const struct nli_look *l)
{
	size_t n = l->n_field;

	while (n && !l->field[n - 1].len)
		n--;
	return !layout->n_column || !is_table(l->dialect) ||
	       (n <= layout->n_column && n > 1);
}

static bool fields_fit(const struct nli_layout *layout, const struct names *names)
{
	if (!has_any(layout, names, &layout->premise))
		return false;
	return has_any(layout, names,
		       layout->task == NLI_TASK_CHOICE ? &layout->choices
						       : &layout->hypothesis);
}

static bool signature_fits(const struct nli_layout *layout, const struct names *names)
{
	for (size_t i = 0; i < layout->n_signature; i++)
		if (!has_name(names, layout->signature[i]))
			return false;
	return true;
}

int nli_layout_fit(const struct nli_layout *layout, const struct nli_look *l,
		   const char *path, bool named)
{
	struct names names;
	bool match = false;
	int fit = 0;

	for (size_t i = 0; !match && i < layout->n_match; i++)
		match = nli_glob_fits(layout->match[i], path);
	if ((named && layout->n_match && !match) || !dialect_fits(layout, l))
		return 0;
	names_of(layout, l, &names);
	if (layout->dialect == NLI_DIALECT_BLOCKS)
		fit = fields_fit(layout, &names) && (match || !layout->n_match);
	else if (width_fits(layout, l) && fields_fit(layout, &names))
		fit = 1;
	if (fit && layout->n_signature)
		fit += signature_fits(layout, &names) ? 1 + (int)layout->n_signature : 0;
	if (fit && match)
		fit += NLI_FIT_NAME;
	nli_row_release(&names.row);
	nli_look_release(&names.own);
	return fit;
}
