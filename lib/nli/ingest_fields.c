/* ingest_fields.c - from the text of an item to its fields, dialect by dialect. */
#include <string.h>

#include "lib/io/encoding.h"
#include "lib/nli/maker.h"
#include "lib/text/norm.h"

/* A line that is not UTF-8 is repaired where the part says so, else it is bad. */
static int as_utf8(struct nli_maker *m, struct nli_str *line, struct nli_err *err)
{
	const size_t good = nli_utf8_valid(*line);

	if (good == line->len)
		return 0;
	if (!m->part->stray)
		return nli_reject(m, NLI_BAD_UTF8,
				  nli_fail(err, NLI_EDATA,
					   "byte %zu is 0x%02x, which is not UTF-8 "
					   "(--encoding?)",
					   good + 1, (unsigned char)line->s[good]));
	nli_buf_clear(&m->whole);
	m->counts.stray += nli_utf8_repair(*line, &m->whole);
	*line = nli_buf_str(&m->whole);
	return 0;
}

static void fields_of_object(struct nli_maker *m, const struct nli_object *o)
{
	struct nli_field *f = nli_item_fields(&m->item, o->n);

	for (size_t i = 0; i < o->n; i++) {
		const char *from = o->line.s + o->m[i].start;
		const char *end = o->m[i].raw.s + o->m[i].raw.len;
		const struct nli_str source = { from, (size_t)(end - from) };

		f[i] = (struct nli_field){ .name = o->m[i].key,
					   .value = nli_value_json_of(o->m[i].val),
					   .raw = o->m[i].raw };
		if (!memchr(source.s, '\n', source.len))
			f[i].source = source;
	}
}

/* An element that is an array: its elements are #1, #2... */
static int fields_of_array(struct nli_maker *m, struct nli_str line, struct nli_err *err)
{
	static const struct nli_str name[] = { { "#1", 2 }, { "#2", 2 }, { "#3", 2 },
					       { "#4", 2 }, { "#5", 2 }, { "#6", 2 },
					       { "#7", 2 }, { "#8", 2 }, { "#9", 2 } };
	const nli_jval *root = nli_json_parse(m->json, line.s, line.len, err);
	struct nli_jiter it = nli_jiter(root);
	struct nli_field *f;
	size_t from;

	if (!root)
		return NLI_EDATA;
	if (nli_jlen(root) > sizeof(name) / sizeof(*name))
		return nli_fail(err, NLI_EDATA, "an array of %zu, wanted at most 9",
				nli_jlen(root));
	f = nli_item_fields(&m->item, nli_jlen(root));
	nli_buf_clear(&m->joined);
	for (size_t i = 0; nli_jnext(&it); i++) {
		f[i] = (struct nli_field){ .name = name[i],
					   .value = nli_value_json_of(it.val),
					   .raw = { NULL, 0 } };
		from = m->joined.len;
		nli_json_write(&m->joined, it.val);
		f[i].raw.len = m->joined.len - from;
	}
	from = 0;
	nli_buf_clear(&m->whole);
	nli_buf_add(&m->whole, m->joined.data, m->joined.len);
	for (size_t i = 0; i < m->item.n; from += f[i++].raw.len)
		f[i].raw.s = m->whole.data + from;
	return 0;
}

/* "key": {...} or [...]: the members or elements, and $key. */
static int fields_of_member(struct nli_maker *m, struct nli_str line, struct nli_err *err)
{
	struct nli_object outer, o;
	struct nli_buf text = { 0 };
	int rc;

	nli_buf_addc(&text, '{');
	nli_buf_add(&text, line.s, line.len);
	nli_buf_addc(&text, '}');
	rc = nli_json_object(m->inner, nli_buf_str(&text), &outer, err);
	if (!rc && outer.n != 1)
		rc = nli_fail(err, NLI_EDATA, "%zu members, wanted one", outer.n);
	if (!rc) {
		nli_buf_clear(&m->key);
		nli_buf_add(&m->key, outer.m[0].key.s, outer.m[0].key.len);
	}
	if (!rc && outer.m[0].raw.s[0] == '[') {
		rc = fields_of_array(m, outer.m[0].raw, err);
	} else if (!rc) {
		nli_buf_clear(&m->whole);
		nli_buf_add(&m->whole, outer.m[0].raw.s, outer.m[0].raw.len);
		rc = nli_json_object(m->json, nli_buf_str(&m->whole), &o, err);
		if (!rc)
			fields_of_object(m, &o);
	}
	nli_buf_release(&text);
	return rc;
}

/* The value of a skimmed member that a path wants; false: leave it to the parser. */
static bool fill_value(struct nli_maker *m, const struct nli_raw *raw,
		       struct nli_value *v)
{
	struct nli_json **j = &m->nested[m->n_nested];

	switch (raw->type) {
	case NLI_J_STRING:
		v->text = nli_raw_text(raw);
		v->plain = !raw->escaped;
		if (raw->escaped) {
			/* There is room for the whole line: what was put there stays put. */
			v->text.s = m->plain.data + m->plain.len;
			nli_unescape(raw->raw, &m->plain);
			v->text.len = (size_t)(m->plain.data + m->plain.len - v->text.s);
		}
		return true;
	case NLI_J_NUMBER:
	case NLI_J_BOOL:
		v->text = raw->raw;
		return true;
	case NLI_J_ARRAY:
	case NLI_J_OBJECT:
		if (m->n_nested == NLI_MAX_NESTED)
			return false;
		if (!*j)
			*j = nli_json_new();
		m->n_nested++;
		v->json = nli_json_parse(*j, raw->raw.s, raw->raw.len, NULL);
		return v->json;
	default:
		return true;
	}
}

/* $key and its kin change where names are found. */
static bool adds_names(const struct nli_layout *l)
{
	return l->has_empty || l->each.n || l->n_divide || l->beside.from.s ||
	       l->join.from.s;
}

/* The hint of a place is of its first line's name: others must not change its tag. */
static void tag(struct nli_skimmer *k, size_t i, const struct nli_field *f)
{
	const struct nli_str name = { k->hint[i].text + k->hint[i].key,
				      k->hint[i].key_len };

	if (nli_str_eq(f->name, name))
		k->hint[i].tag = f->number;
}

/* A skimmed member as a field; its value is filled in if a path wants it. */
static void set_field(struct nli_field *f, const struct nli_raw *raw, int number)
{
	f->known_name = raw->known;
	f->number = number;
	f->source.s = raw->key.s - 1;
	f->source.len = (size_t)(raw->raw.s + raw->raw.len - f->source.s);
	/* Of a field that nobody asks for, only where it stands is of use. */
	if (raw->known && number < 0)
		return;
	f->name = raw->key;
	f->raw = raw->raw;
	f->value = (struct nli_value){ .type = raw->type };
}

/*
 * The fields of a line in one pass over it: only what paths want is looked at.
 * False if the line is unusual or wrong.
 */
static bool fields_of_skim(struct nli_maker *m, struct nli_str line)
{
	const struct nli_raw *raw = m->skim.m;
	bool same = true; /* all names are known */
	struct nli_field *f;

	/* What one layout taught means nothing in another: numbers go with names. */
	if (m->skimmed != m->layout)
		m->skim.n_hint = m->n_located = 0;
	m->skimmed = m->layout;
	if (!nli_skim(&m->skim, line))
		return false;
	f = nli_item_fields(&m->item, m->skim.n);
	for (size_t i = 0; i < m->skim.n; i++) {
		set_field(&f[i], &raw[i], raw[i].known ? m->skim.hint[i].tag : -1);
		same = same && raw[i].known;
	}
	/* Where names are is then as it was, unless something was put among them. */
	if (!same || m->n_located != m->skim.n)
		nli_item_locate(&m->item);
	m->n_located = same && !adds_names(m->layout) ? m->skim.n : 0;
	for (size_t i = 0; !same && i < m->skim.n; i++)
		if (!raw[i].known && i < m->skim.n_hint)
			tag(&m->skim, i, &f[i]);
	m->n_nested = 0;
	nli_buf_clear(&m->plain);
	nli_buf_reserve(&m->plain, line.len);
	for (size_t i = 0; i < m->skim.n; i++)
		if (f[i].number >= 0 && !fill_value(m, &raw[i], &f[i].value))
			return false;
	m->located = true;
	/* $join is not of this line. */
	m->item.is_line = !m->layout->join.from.s;
	return true;
}

static int fields_of_json(struct nli_maker *m, struct nli_str line, struct nli_err *err)
{
	struct nli_object o;
	size_t at = 0;
	int rc;

	if (m->part->stray && (rc = as_utf8(m, &line, err)))
		return rc;
	if (m->part->dialect == NLI_DIALECT_KEYED)
		return fields_of_member(m, line, err);
	/* What the skimmer finds of several lines could not be copied as it stands. */
	if ((m->part->dialect == NLI_DIALECT_JSONL ||
	     m->part->dialect == NLI_DIALECT_XML || !memchr(line.s, '\n', line.len)) &&
	    fields_of_skim(m, line))
		return 0;
	while (at < line.len && strchr(" \t\r\n", line.s[at]))
		at++;
	if (at < line.len && line.s[at] == '[')
		return fields_of_array(m, line, err);
	rc = nli_json_object(m->json, line, &o, err);
	if (!rc)
		fields_of_object(m, &o);
	return rc;
}

static int fields_of_row(struct nli_maker *m, struct nli_work *w, struct nli_str line,
			 struct nli_err *err)
{
	const struct nli_feed *p = m->part;
	struct nli_field *f;
	bool same;
	size_t open_at = 0;
	int rc = as_utf8(m, &line, err);

	if (rc)
		return rc;
	rc = nli_csv_row(&p->csv, line, &m->row, &open_at, err);
	if (rc) {
		/* The message is of the line that the quote stands on, not of the row's first. */
		for (size_t i = 0; i < open_at; i++)
			w->lineno += line.s[i] == '\n';
		return nli_fail(err, rc,
				"line %llu: the quote that opens here does not "
				"close",
				(unsigned long long)w->lineno);
	}
	/* Spreadsheets pad rows with empty cells. */
	while (m->row.n > p->n_column && !m->row.cell[m->row.n - 1].len)
		m->row.n--;
	if (m->row.n > p->n_column)
		return nli_fail(err, NLI_EDATA, "%zu columns, the header has %zu",
				m->row.n, p->n_column);
	m->counts.ragged += m->row.n < p->n_column && !p->layout->n_column;
	/* A row as long as the one before has the same names at the same places. */
	same = m->row_of == p && m->item.n_last == m->row.n && !adds_names(p->layout);
	f = nli_item_fields(&m->item, m->row.n);
	for (size_t i = 0; !same && i < m->row.n; i++)
		f[i] = (struct nli_field){ .name = p->column[i],
					   .label = p->label[i],
					   .value = { .type = NLI_J_STRING } };
	for (size_t i = 0; i < m->row.n; i++)
		f[i].value.text = m->row.cell[i];
	if (!same)
		nli_item_locate(&m->item);
	m->row_of = p;
	m->located = true;
	return 0;
}

static int fields_of_block(struct nli_maker *m, struct nli_str text, struct nli_err *err)
{
	const struct nli_feed *p = m->part;
	struct nli_field *f;
	size_t n = 0;
	int rc = as_utf8(m, &text, err);

	if (rc)
		return rc;
	f = nli_item_fields(&m->item, p->n_column);
	for (size_t at = 0; at <= text.len && n < p->n_column; n++) {
		const char *lf = memchr(text.s + at, '\n', text.len - at);
		const size_t end = lf ? (size_t)(lf - text.s) : text.len;
		struct nli_str line = { text.s + at, end - at };

		if (line.len && line.s[line.len - 1] == '\r')
			line.len--;
		f[n] = (struct nli_field){ .name = p->column[n],
					   .value = nli_value_text_of(line),
					   .raw = { NULL, 0 } };
		at = end + 1;
	}
	if (n < p->n_column)
		return nli_fail(err, NLI_EDATA, "%zu lines, wanted %zu", n, p->n_column);
	return 0;
}

static int read_fields(struct nli_maker *m, struct nli_work *w, struct nli_err *err)
{
	switch (m->part->dialect) {
	case NLI_DIALECT_CSV:
	case NLI_DIALECT_TSV:
		return fields_of_row(m, w, w->line, err);
	case NLI_DIALECT_BLOCKS:
		return fields_of_block(m, w->line, err);
	default:
		return fields_of_json(m, w->line, err);
	}
}

static int add_joined(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_feed *p = m->part;
	ptrdiff_t i = NLI_INTERN_NONE;
	const nli_jval *v;
	struct nli_str s;

	if (nli_value_text(nli_item_get(&m->item, &m->layout->join.key.v[0]), &s))
		i = nli_intern_find(&p->join_key, s);
	if (i == NLI_INTERN_NONE)
		return 0;
	v = nli_json_parse(m->side, p->join[i].s, p->join[i].len, err);
	if (!v)
		return NLI_EDATA;
	nli_item_extra(&m->item, "$join", nli_value_json_of(v), p->join[i]);
	return 0;
}

/* A text as the JSON array of its lines. */
static void add_lines(struct nli_str text, struct nli_buf *to)
{
	nli_buf_addc(to, '[');
	for (size_t at = 0; at < text.len;) {
		const char *lf = memchr(text.s + at, '\n', text.len - at);
		const size_t end = lf ? (size_t)(lf - text.s) : text.len;
		struct nli_str line = { text.s + at, end - at };

		line.len -= line.len && line.s[line.len - 1] == '\r';
		if (at)
			nli_buf_addc(to, ',');
		nli_json_quote(to, line);
		at = end + 1;
	}
	nli_buf_addc(to, ']');
}

/* Append the document called key, or the part of it that the item names. */
static int add_document(struct nli_maker *m, struct nli_str key, struct nli_buf *to,
			struct nli_err *err)
{
	const struct nli_companion *c = &m->layout->join;
	const ptrdiff_t i = nli_intern_find(&m->part->join_key, key);
	struct nli_str name, text;
	struct nli_object o;

	if (i == NLI_INTERN_NONE)
		return nli_fail(err, NLI_EDATA, "there is no document \"%.*s\" in %.*s",
				(int)(key.len < 60 ? key.len : 60), key.s,
				(int)c->folder.len, c->folder.s);
	text = m->part->join[i];
	if (c->lines) {
		const size_t good = nli_utf8_valid(text);

		if (good < text.len)
			return nli_fail(err, NLI_EDATA,
					"document \"%.*s\": byte %zu is not UTF-8",
					(int)(key.len < 60 ? key.len : 60), key.s,
					good + 1);
		if (to->len > 1)
			nli_buf_addc(to, ',');
		add_lines(text, to);
		return 0;
	}
	if (nli_json_object(m->inner, text, &o, err))
		return nli_err_prefix(err, "document \"%.*s\"",
				      (int)(key.len < 60 ? key.len : 60), key.s);
	if (c->part.n && nli_value_text(nli_item_get(&m->item, &c->part), &name)) {
		size_t k = 0;

		while (k < o.n && !nli_str_eq(o.m[k].key, name))
			k++;
		if (k == o.n)
			return nli_fail(err, NLI_EDATA,
					"document \"%.*s\" has no part \"%.*s\"",
					(int)(key.len < 60 ? key.len : 60), key.s,
					(int)(name.len < 60 ? name.len : 60), name.s);
		text = o.m[k].raw;
	}
	if (to->len > 1)
		nli_buf_addc(to, ',');
	nli_buf_add(to, text.s, text.len);
	return 0;
}

/* $join: the array of the documents that the item's keys name. */
static int add_documents(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_paths *key = &m->layout->join.key;
	const nli_jval *v;
	struct nli_str s;
	int rc = 0;

	nli_buf_clear(&m->documents);
	nli_buf_addc(&m->documents, '[');
	for (size_t i = 0; !rc && i < key->n; i++) {
		const struct nli_value value = nli_item_get(&m->item, &key->v[i]);

		if (!nli_value_is_null(value) && nli_value_text(value, &s) && s.len)
			rc = add_document(m, s, &m->documents, err);
	}
	if (rc)
		return rc;
	nli_buf_addc(&m->documents, ']');
	v = nli_json_parse(m->side, m->documents.data, m->documents.len, err);
	if (!v)
		return NLI_EDATA;
	nli_item_extra(&m->item, "$join", nli_value_json_of(v),
		       nli_buf_str(&m->documents));
	return 0;
}

/* What stands beside the item, what is joined to it, what is cut in two. */
static int add_extras(struct nli_maker *m, const struct nli_work *w, struct nli_err *err)
{
	const struct nli_feed *p = m->part;
	const struct nli_layout *l = m->layout;
	struct nli_str s;

	if (l->has_empty)
		nli_item_extra(&m->item, "$empty", nli_value_text_of(NLI_STR("")),
			       (struct nli_str){ NULL, 0 });
	if (p->dialect == NLI_DIALECT_KEYED)
		nli_item_extra(&m->item, "$key", nli_value_text_of(nli_buf_str(&m->key)),
			       (struct nli_str){ NULL, 0 });
	if (p->key.s)
		nli_item_extra(&m->item, "$key", nli_value_text_of(p->key),
			       (struct nli_str){ NULL, 0 });
	if (l->beside.from.s) {
		if (w->item > p->n_beside)
			return nli_fail(err, NLI_EDATA,
					"item %llu, but the file beside has %zu lines",
					(unsigned long long)w->item, p->n_beside);
		nli_item_extra(&m->item, "$beside",
			       nli_value_text_of(p->beside[w->item - 1]),
			       (struct nli_str){ NULL, 0 });
	}
	if (l->join.from.s) {
		const int rc =
			l->join.folder.s ? add_documents(m, err) : add_joined(m, err);

		if (rc)
			return rc;
	}
	for (size_t i = 0; i < l->n_divide; i++) {
		const struct nli_divide *d = &l->divide[i];
		size_t at = 0;

		if (!nli_value_text(nli_item_get(&m->item, &d->field), &s))
			continue;
		while (at + d->at.len <= s.len && memcmp(s.s + at, d->at.s, d->at.len))
			at++;
		if (at + d->at.len > s.len)
			return nli_fail(err, NLI_EDATA, "\"%.*s\" has no \"%.*s\" in it",
					(int)d->field.text.len, d->field.text.s,
					(int)d->at.len, d->at.s);
		nli_item_extra_at(&m->item, d->into[0],
				  nli_value_text_of((struct nli_str){ s.s, at }));
		nli_item_extra_at(
			&m->item, d->into[1],
			nli_value_text_of((struct nli_str){ s.s + at + d->at.len,
							    s.len - at - d->at.len }));
	}
	return 0;
}

int nli_make_fields(struct nli_maker *m, struct nli_work *w, struct nli_err *err)
{
	int rc;

	m->located = false;
	if (m->part->dialect != NLI_DIALECT_CSV && m->part->dialect != NLI_DIALECT_TSV)
		m->row_of = NULL;
	rc = read_fields(m, w, err);
	if (rc)
		return rc;
	if (!m->located)
		nli_item_locate(&m->item);
	if (!m->located || m->row_of)
		m->n_located = 0;
	m->why = NLI_BAD_JOIN;
	return add_extras(m, w, err);
}
