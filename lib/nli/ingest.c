/* ingest.c - see ingest.h: from the text of an item to its fields, its meaning, its record. */
#include "lib/nli/ingest.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/io/encoding.h"
#include "lib/nli/alias.h"
#include "lib/nli/maker.h"
#include "lib/nli/record.h"
#include "lib/text/norm.h"

const char *const nli_split_name[NLI_N_SPLIT] = { "train", "dev", "test", NULL };

struct nli_maker *nli_maker_new(const struct nli_ingest_options *o)
{
	struct nli_maker *m = nli_xcalloc(1, sizeof(*m));

	m->o = o;
	m->json = nli_json_new();
	m->inner = nli_json_new();
	m->side = nli_json_new();
	return m;
}

void nli_maker_free(struct nli_maker *m)
{
	if (!m)
		return;
	nli_counts_release(&m->counts);
	nli_json_free(m->json);
	nli_json_free(m->inner);
	nli_json_free(m->side);
	nli_row_release(&m->row);
	nli_item_release(&m->item);
	nli_values_release(&m->values);
	nli_values_release(&m->more);
	nli_values_release(&m->times);
	nli_buf_release(&m->whole);
	nli_buf_release(&m->key);
	nli_buf_release(&m->text);
	nli_buf_release(&m->tmp[0]);
	nli_buf_release(&m->tmp[1]);
	nli_buf_release(&m->joined);
	nli_buf_release(&m->id);
	nli_buf_release(&m->group);
	free(m->vote);
	free(m);
}

const struct nli_counts *nli_maker_counts(const struct nli_maker *m)
{
	return &m->counts;
}

/* ---- the item's fields ---- */

static struct nli_value of_text(struct nli_str s)
{
	return (struct nli_value){ s, NULL };
}

static struct nli_value of_json(const nli_jval *v)
{
	return (struct nli_value){ { NULL, 0 }, v };
}

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

	for (size_t i = 0; i < o->n; i++)
		f[i] = (struct nli_field){ o->m[i].key, of_json(o->m[i].val),
					   o->m[i].raw };
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
		f[i] = (struct nli_field){ name[i], of_json(it.val), { NULL, 0 } };
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

/* "key": {...}: the object's members, and $key. */
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
		nli_buf_clear(&m->whole);
		nli_buf_add(&m->whole, outer.m[0].raw.s, outer.m[0].raw.len);
		rc = nli_json_object(m->json, nli_buf_str(&m->whole), &o, err);
	}
	if (!rc)
		fields_of_object(m, &o);
	nli_buf_release(&text);
	return rc;
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
	f = nli_item_fields(&m->item, m->row.n);
	for (size_t i = 0; i < m->row.n; i++)
		f[i] = (struct nli_field){ p->column[i],
					   of_text(m->row.cell[i]),
					   { NULL, 0 } };
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
		f[n] = (struct nli_field){ p->column[n], of_text(line), { NULL, 0 } };
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

/* What stands beside the item, what is joined to it, what is cut in two. */
static int add_extras(struct nli_maker *m, const struct nli_work *w, struct nli_err *err)
{
	const struct nli_feed *p = m->part;
	const struct nli_layout *l = m->layout;
	struct nli_str s;

	if (p->dialect == NLI_DIALECT_KEYED)
		nli_item_extra(&m->item, "$key", of_text(nli_buf_str(&m->key)),
			       (struct nli_str){ NULL, 0 });
	if (p->key.s)
		nli_item_extra(&m->item, "$key", of_text(p->key),
			       (struct nli_str){ NULL, 0 });
	if (l->beside.from.s) {
		if (w->item > p->n_beside)
			return nli_fail(err, NLI_EDATA,
					"item %llu, but the file beside has %zu lines",
					(unsigned long long)w->item, p->n_beside);
		nli_item_extra(&m->item, "$beside", of_text(p->beside[w->item - 1]),
			       (struct nli_str){ NULL, 0 });
	}
	if (l->join.from.s) {
		ptrdiff_t i = NLI_INTERN_NONE;
		const nli_jval *v;

		if (nli_value_text(nli_item_get(&m->item, &l->join.key), &s))
			i = nli_intern_find(&p->join_key, s);
		if (i != NLI_INTERN_NONE) {
			v = nli_json_parse(m->side, p->join[i].s, p->join[i].len, err);
			if (!v)
				return NLI_EDATA;
			nli_item_extra(&m->item, "$join", of_json(v), p->join[i]);
		}
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
				  of_text((struct nli_str){ s.s, at }));
		nli_item_extra_at(&m->item, d->into[1],
				  of_text((struct nli_str){ s.s + at + d->at.len,
							    s.len - at - d->at.len }));
	}
	return 0;
}

/* ---- what they mean ---- */

static int missing(struct nli_maker *m, const char *what, const struct nli_paths *p,
		   struct nli_err *err)
{
	return nli_reject(m, NLI_BAD_TEXT,
			  nli_fail(err, NLI_EDATA, "no %s: nothing at \"%.*s\"", what,
				   (int)p->v[0].text.len, p->v[0].text.s));
}

static int make_premise(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_paths *p = &m->layout->premise;

	m->n_premise = 0;
	for (size_t i = 0; i < p->n; i++) {
		bool all_same = true;

		m->values.n = 0;
		nli_item_all(&m->item, &p->v[i], &m->values);
		for (size_t k = 0; k < m->values.n; k++) {
			bool same = true;
			int rc;

			if (m->n_premise == NLI_MAX_CHOICES)
				return nli_reject(m, NLI_BAD_TEXT,
						  nli_fail(err, NLI_EDATA,
							   "more than %d premises",
							   NLI_MAX_CHOICES));
			/* Premises stand one after the other, an LF between: they are the premise. */
			if (m->n_premise)
				nli_buf_addc(&m->text, '\n');
			rc = nli_make_text(m, m->values.v[k], &m->premise[m->n_premise],
					   &same, err);
			if (rc < 0)
				return nli_reject(m, NLI_BAD_TEXT, rc);
			if (!rc && m->n_premise)
				m->text.len--;
			m->n_premise += rc > 0;
			all_same = all_same && same && rc;
		}
		if (all_same && m->values.n)
			nli_item_show(&m->item, &p->v[i]);
	}
	return m->n_premise ? 0 : missing(m, "premise", p, err);
}

static int make_hypothesis(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_paths *p = &m->layout->hypothesis;

	for (size_t i = 0; i < p->n; i++) {
		const struct nli_value v = nli_item_get(&m->item, &p->v[i]);
		bool same = true;
		const int rc = nli_make_text(m, v, &m->hypothesis, &same, err);

		if (rc < 0)
			return nli_reject(m, NLI_BAD_TEXT, rc);
		if (!rc)
			continue;
		if (same)
			nli_item_show(&m->item, &p->v[i]);
		return 0;
	}
	return missing(m, "hypothesis", p, err);
}

static int unknown_label(struct nli_maker *m, struct nli_str s, struct nli_err *err)
{
	const int len = (int)(s.len < 60 ? s.len : 60);

	if (nli_is_integer(s) && !m->layout->labels.n_integer)
		return nli_reject(
			m, NLI_BAD_INTEGER,
			nli_fail(err, NLI_EDATA,
				 "the label is %.*s, and nothing says what the integers "
				 "mean: name a profile by -c",
				 len, s.s));
	return nli_reject(m, NLI_BAD_LABEL,
			  nli_fail(err, NLI_EDATA,
				   "the label is \"%.*s\", which is not known in task %s",
				   len, s.s,
				   m->layout->task == NLI_TASK_NLI2 ? "nli2" : "nli"));
}

static int make_label(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_paths *p = &m->layout->label;

	m->set = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct nli_value v = nli_item_get(&m->item, &p->v[i]);
		struct nli_str s;

		if (nli_value_is_null(v) || !nli_value_text(v, &s))
			continue;
		if (!nli_label_read(&m->layout->labels, m->layout->task, s, &m->set))
			return unknown_label(m, s, err);
		if ((!v.json || nli_jtype(v.json) == NLI_J_STRING) &&
		    nli_label_of(s) != NLI_LABEL_NONE && m->set == 1u << nli_label_of(s))
			nli_item_show(&m->item, &p->v[i]);
		if (m->set || i + 1 == p->n)
			break;
	}
	return 0;
}

static bool applies(const struct nli_rules *r, struct nli_str value, struct nli_str *code)
{
	for (size_t i = 0; i < r->n; i++)
		if (nli_str_eq(r->v[i].pattern, value)) {
			*code = r->v[i].code;
			return true;
		}
	return false;
}

size_t nli_split_of(struct nli_str s)
{
	static const struct {
		const char *begins;
		size_t split;
	} known[] = { { "train", 0 }, { "dev", 1 }, { "val", 1 }, { "test", 2 } };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		const size_t n = strlen(known[i].begins);
		size_t k = 0;

		while (k < n && k < s.len && (s.s[k] | 0x20) == known[i].begins[k])
			k++;
		if (k == n)
			return known[i].split;
	}
	return NLI_N_SPLIT - 1;
}

static void make_split(struct nli_maker *m)
{
	const struct nli_path *p = &m->layout->split;
	struct nli_str s, code;

	m->split = m->part->split;
	if (!p->n || !nli_value_text(nli_item_get(&m->item, p), &s))
		return;
	if (!applies(&m->layout->split_values, s, &code))
		code = nli_str_of(nli_split_name[nli_split_of(s)]);
	m->split = code;
	if (code.s && nli_str_eq(code, s))
		nli_item_show(&m->item, p);
}

/* "id", "zh-Hans", "pt-BR": letters, then parts of letters and digits. */
static bool is_language(struct nli_str s)
{
	size_t n = 0;

	while (n < s.len && ((s.s[n] | 0x20) >= 'a' && (s.s[n] | 0x20) <= 'z'))
		n++;
	if (n < 2 || n > 3 || s.len > 20)
		return false;
	for (; n < s.len; n++)
		if (s.s[n] != '-' &&
		    !((s.s[n] | 0x20) >= 'a' && (s.s[n] | 0x20) <= 'z') &&
		    !(s.s[n] >= '0' && s.s[n] <= '9'))
			return false;
	return true;
}

static void make_lang(struct nli_maker *m)
{
	const struct nli_path *p = &m->layout->lang;
	struct nli_str s, code;

	m->lang = m->o->lang        ? nli_str_of(m->o->lang)
		  : m->part->lang.s ? m->part->lang
				    : NLI_STR("und");
	if (!p->n || !nli_value_text(nli_item_get(&m->item, p), &s))
		return;
	if (!applies(&m->layout->lang_values, s, &code))
		code = s;
	if (m->o->lang || !code.s || !is_language(code))
		return;
	m->lang = code;
	if (nli_str_eq(code, s))
		nli_item_show(&m->item, p);
}

/* The texts of paths with '-' between; false if none is there. One alone is shown. */
static bool join_texts(struct nli_maker *m, const struct nli_paths *p, struct nli_buf *to)
{
	const size_t before = to->len;
	const struct nli_field *f = p->n == 1 ? nli_item_field(&m->item, &p->v[0]) : NULL;

	for (size_t i = 0; i < p->n; i++) {
		struct nli_str s;

		if (!nli_value_text(nli_item_get(&m->item, &p->v[i]), &s) || !s.len)
			continue;
		if (to->len > before)
			nli_buf_addc(to, '-');
		nli_buf_add(to, s.s, s.len);
	}
	if (to->len == before)
		return false;
	if (f && (!f->value.json || nli_jtype(f->value.json) == NLI_J_STRING))
		nli_item_show(&m->item, &p->v[0]);
	return true;
}

static void make_id(struct nli_maker *m, const struct nli_work *w)
{
	struct nli_buf *b = &m->id;

	nli_buf_clear(b);
	nli_buf_add(b, m->part->corpus.s, m->part->corpus.len);
	nli_buf_addc(b, '/');
	if (m->split.s)
		nli_buf_add(b, m->split.s, m->split.len);
	else
		nli_buf_addc(b, '-');
	nli_buf_addc(b, '/');
	if (join_texts(m, &m->layout->id, b))
		return;
	nli_buf_addc(b, '#');
	nli_buf_add_u64(b, m->part->by_place ? w->item : w->lineno);
}

static void make_image(struct nli_maker *m)
{
	const struct nli_path *p = &m->layout->image;
	const struct nli_field *objects = nli_item_field(&m->item, &m->layout->objects);

	m->image = (struct nli_str){ NULL, 0 };
	if (nli_value_text(nli_item_get(&m->item, p), &m->image))
		nli_item_show(&m->item, p);
	if (objects && objects->raw.s)
		nli_item_show(&m->item, &m->layout->objects);
}

/* ---- the record ---- */

static void write_string(struct nli_buf *b, const char *name, struct nli_str s)
{
	nli_buf_adds(b, name);
	if (s.s)
		nli_json_quote(b, s);
	else
		nli_buf_adds(b, "null");
}

static void write_label_set(struct nli_buf *b, const char *name, nli_label_set set)
{
	struct nli_jw w = { .b = b };

	nli_buf_adds(b, name);
	nli_jw_open(&w, '[');
	for (int l = 0; l < NLI_N_LABEL; l++)
		if (set & 1u << l)
			nli_jw_cstr(&w, nli_label_name((enum nli_label)l));
	nli_jw_close(&w, ']');
}

/* The only label of a set, NULL if it has none or more. */
static const char *only_label(nli_label_set set)
{
	for (int l = 0; l < NLI_N_LABEL; l++)
		if (set == 1u << l)
			return nli_label_name((enum nli_label)l);
	return NULL;
}

static void write_spans(const struct nli_maker *m, struct nli_buf *b, const char *name,
			const struct nli_span *s, size_t n)
{
	struct nli_jw w = { .b = b };

	nli_buf_adds(b, name);
	nli_jw_open(&w, '[');
	for (size_t i = 0; i < n; i++)
		nli_jw_str(&w, nli_span_str(m, s[i]));
	nli_jw_close(&w, ']');
}

static void write_choice_types(struct nli_maker *m, struct nli_buf *b)
{
	const struct nli_path *p = &m->layout->choice_types;
	const nli_jval *types = nli_item_get(&m->item, p).json;
	struct nli_jw w = { .b = b };

	if (nli_jtype(types) != NLI_J_ARRAY || nli_jlen(types) != m->n_choice)
		return;
	nli_buf_adds(b, ",\"choice_types\":");
	nli_jw_open(&w, '[');
	for (size_t i = 0; i < m->n_choice; i++) {
		struct nli_jiter it = nli_jiter(types);
		struct nli_str s;
		char lower[32];

		for (size_t k = 0; k <= m->order[i]; k++)
			nli_jnext(&it);
		s = nli_jstr(it.val);
		for (size_t k = 0; k < s.len && k < sizeof(lower); k++)
			lower[k] = (char)(s.s[k] >= 'A' && s.s[k] <= 'Z' ? s.s[k] | 0x20
									 : s.s[k]);
		nli_jw_str(&w,
			   s.len <= sizeof(lower) ? (struct nli_str){ lower, s.len } : s);
	}
	nli_jw_close(&w, ']');
}

static void write_choices(struct nli_maker *m, struct nli_buf *b)
{
	write_spans(m, b, ",\"choices\":", m->choice, m->n_choice);
	write_choice_types(m, b);
	nli_buf_adds(b, ",\"answer\":");
	if (m->answer >= 0)
		nli_buf_add_u64(b, (uint64_t)m->answer);
	else
		nli_buf_adds(b, "null");
}

static void write_votes(const struct nli_maker *m, struct nli_buf *b)
{
	nli_buf_adds(b, ",\"annotations\":[");
	for (size_t i = 0; i < m->n_vote; i++) {
		const struct nli_vote *v = &m->vote[i];
		const char *label = only_label(v->set);

		nli_buf_adds(b, i ? ",{" : "{");
		if (v->worker.s) {
			write_string(b, "\"worker\":", v->worker);
			nli_buf_addc(b, ',');
		}
		nli_buf_adds(b, "\"label\":");
		if (v->answer >= 0)
			nli_buf_add_u64(b, (uint64_t)v->answer);
		else if (label)
			nli_buf_addf(b, "\"%s\"", label);
		else
			nli_buf_adds(b, "null");
		if (v->set && !label)
			write_label_set(b, ",\"label_set\":", v->set);
		if (v->time.s && v->time_is_number)
			nli_buf_addf(b, ",\"time\":%.*s", (int)v->time.len, v->time.s);
		else if (v->time.s)
			write_string(b, ",\"time\":", v->time);
		nli_buf_addc(b, '}');
	}
	nli_buf_addc(b, ']');
}

/*
 * Writes a value as it was, where that is known and on one line, else as what
 * it is: pretty-printed arrays have line ends between their tokens.
 */
static void write_value(struct nli_buf *b, struct nli_value v, struct nli_str raw)
{
	if (raw.s && !memchr(raw.s, '\n', raw.len))
		nli_buf_add(b, raw.s, raw.len);
	else if (v.text.s)
		nli_json_quote(b, v.text);
	else
		nli_json_write(b, v.json);
}

static void write_meta(struct nli_maker *m, struct nli_buf *b)
{
	const struct nli_layout *l = m->layout;
	bool any = false;

	for (size_t i = 0; i < l->n_meta; i++) {
		const struct nli_path *p = &l->meta[i].path;
		const struct nli_field *f = nli_item_field(&m->item, p);
		struct nli_value one = nli_item_get(&m->item, p);

		if (!one.text.s && !one.json)
			continue;
		nli_buf_adds(b, any ? "," : ",\"meta\":{");
		any = true;
		nli_json_quote(b, l->meta[i].name);
		nli_buf_addc(b, ':');
		if (f) {
			write_value(b, f->value, f->raw);
			nli_item_show(&m->item, p);
			continue;
		}
		m->values.n = 0;
		nli_item_all(&m->item, p, &m->values);
		if (p->step[p->n - 1].each || m->values.n > 1)
			nli_buf_addc(b, '[');
		for (size_t k = 0; k < m->values.n; k++) {
			if (k)
				nli_buf_addc(b, ',');
			write_value(b, m->values.v[k], (struct nli_str){ NULL, 0 });
		}
		if (p->step[p->n - 1].each || m->values.n > 1)
			nli_buf_addc(b, ']');
	}
	if (any)
		nli_buf_addc(b, '}');
}

static void write_image(struct nli_maker *m, struct nli_buf *b)
{
	const struct nli_field *objects = nli_item_field(&m->item, &m->layout->objects);

	if (!m->image.s && !objects)
		return;
	nli_buf_adds(b, ",\"image\":{");
	if (m->image.s)
		write_string(b, "\"path\":", m->image);
	if (objects && objects->raw.s) {
		nli_buf_adds(b, m->image.s ? ",\"objects\":" : "\"objects\":");
		write_value(b, objects->value, objects->raw);
	}
	nli_buf_addc(b, '}');
}

static void write_src_field(struct nli_buf *b, const struct nli_field *f, bool *any)
{
	nli_buf_adds(b, *any ? "," : ",\"src\":{");
	*any = true;
	nli_json_quote(b, f->name);
	nli_buf_addc(b, ':');
	write_value(b, f->value, f->raw);
}

/* $each takes the place of the array that it is an element of; cut texts are there whole. */
static void write_src(struct nli_maker *m, struct nli_buf *b)
{
	const struct nli_item *it = &m->item;
	const struct nli_path *each = &m->layout->each;
	const int listed = each->n ? it->at[each->top] : -1;
	bool any = false;

	for (size_t i = 0; i < it->n; i++)
		if (!it->shown[i] && (int)i != listed)
			write_src_field(b, &it->field[i], &any);
	for (size_t i = 0; i < it->n_extra; i++)
		if (it->extra[i].name.len && it->extra[i].name.s[0] == '$')
			write_src_field(b, &it->extra[i], &any);
	if (any)
		nli_buf_addc(b, '}');
}

static void count_record(struct nli_maker *m)
{
	struct nli_counts *c = &m->counts;
	const size_t part = m->part->number;
	const size_t split = m->split.s ? nli_split_of(m->split) : NLI_N_SPLIT - 1;
	size_t what = NLI_TALLY_NULL;

	nli_grow(&c->tally, &c->part_cap, part + 1, sizeof(*c->tally));
	if (part >= c->n_part) {
		memset(c->tally + c->n_part, 0,
		       (part + 1 - c->n_part) * sizeof(*c->tally));
		c->n_part = part + 1;
	}
	if (m->layout->task == NLI_TASK_CHOICE) {
		what = m->answer >= 0 ? NLI_TALLY_ANSWER + (size_t)m->answer
				      : NLI_TALLY_NULL;
	} else if (m->set) {
		what = NLI_TALLY_SET;
		for (size_t l = 0; l < NLI_N_LABEL; l++)
			if (m->set == 1u << l)
				what = l;
	}
	c->tally[part].n[split][what]++;
	if (m->lang_seen >= c->lang.n ||
	    !nli_str_eq(m->lang, c->lang.text[m->lang_seen])) {
		const size_t known = c->lang.n;

		m->lang_seen = nli_intern_add(&c->lang, m->lang);
		nli_grow(&c->lang_n, &c->lang_cap, c->lang.n, sizeof(*c->lang_n));
		if (m->lang_seen == known)
			c->lang_n[known] = 0;
	}
	c->lang_n[m->lang_seen]++;
}

static void write_record(struct nli_maker *m, struct nli_buf *b)
{
	static const char *const task[] = { ",\"task\":\"nli\"", ",\"task\":\"nli2\"",
					    ",\"task\":\"choice\"" };
	const bool choice = m->layout->task == NLI_TASK_CHOICE;
	const struct nli_span last = m->premise[m->n_premise - 1];
	const struct nli_str premise = { m->text.data + m->premise[0].at,
					 last.at + last.len - m->premise[0].at };
	const struct nli_str hypothesis =
		choice ? (struct nli_str){ NULL, 0 } : nli_span_str(m, m->hypothesis);
	struct nli_str choices[NLI_MAX_CHOICES];
	char key[NLI_KEY_LEN + 1];

	for (size_t i = 0; choice && i < m->n_choice; i++)
		choices[i] = nli_span_str(m, m->choice[i]);
	nli_record_key(m->layout->task, premise, hypothesis, choices,
		       choice ? m->n_choice : 0, m->image, key);
	write_string(b, "{\"id\":", nli_buf_str(&m->id));
	nli_buf_adds(b, ",\"key\":\"");
	nli_buf_add(b, key, NLI_KEY_LEN);
	nli_buf_addc(b, '"');
	nli_buf_adds(b, task[m->layout->task]);
	write_string(b, ",\"lang\":", m->lang);
	write_string(b, ",\"corpus\":", m->part->corpus);
	write_string(b, ",\"split\":", m->split);
	write_string(b, ",\"premise\":", premise);
	if (m->n_premise > 1)
		write_spans(m, b, ",\"premises\":", m->premise, m->n_premise);
	if (choice) {
		write_choices(m, b);
	} else {
		write_string(b, ",\"hypothesis\":", hypothesis);
		write_string(b, ",\"label\":", nli_str_of(only_label(m->set)));
		if (m->set && !only_label(m->set))
			write_label_set(b, ",\"label_set\":", m->set);
	}
	if (m->n_vote)
		write_votes(m, b);
	if (m->group.len)
		write_string(b, ",\"group\":", nli_buf_str(&m->group));
	write_image(m, b);
	write_meta(m, b);
	if (!m->o->no_src)
		write_src(m, b);
	nli_buf_adds(b, "}\n");
}

static int make_record(struct nli_maker *m, const struct nli_work *w, struct nli_err *err)
{
	struct nli_str texts[2];
	size_t n_text = 1;
	int rc;

	nli_buf_clear(&m->text);
	nli_buf_clear(&m->group);
	memset(m->item.shown, 0, m->item.n * sizeof(*m->item.shown));
	rc = make_premise(m, err);
	if (!rc && m->layout->task == NLI_TASK_CHOICE)
		rc = nli_make_choices(m, err);
	else if (!rc && !(rc = make_hypothesis(m, err)))
		rc = make_label(m, err);
	if (!rc && m->layout->n_votes)
		rc = nli_make_votes(m, err);
	else
		m->n_vote = 0;
	if (rc)
		return rc;
	make_split(m);
	make_lang(m);
	make_id(m, w);
	join_texts(m, &m->layout->group, &m->group);
	make_image(m);
	texts[0] = nli_span_str(m, m->premise[0]);
	if (m->layout->task != NLI_TASK_CHOICE)
		texts[n_text++] = nli_span_str(m, m->hypothesis);
	m->counts.script += !nli_script_fits(&m->script, m->lang, texts, n_text);
	write_record(m, w->out);
	count_record(m);
	return 0;
}

static bool wanted(const struct nli_maker *m)
{
	for (size_t i = 0; i < m->layout->n_where; i++) {
		const struct nli_where *k = &m->layout->where[i];
		struct nli_str s;
		size_t v = 0;

		if (!nli_value_text(nli_item_get(&m->item, &k->path), &s))
			return false;
		while (v < k->n && !nli_str_eq(s, k->value[v]))
			v++;
		if (v == k->n)
			return false;
	}
	return true;
}

/* One record for each element; its place goes behind the item's own id. */
static int make_each(struct nli_maker *m, struct nli_work *w, struct nli_err *err)
{
	const struct nli_value list = nli_item_get(&m->item, &m->layout->each);
	struct nli_jiter it = nli_jiter(list.json);
	const size_t n_extra = m->item.n_extra;
	uint64_t n = 0;
	int rc = 0;

	if (nli_jtype(list.json) != NLI_J_ARRAY || !nli_jlen(list.json))
		return nli_reject(
			m, NLI_BAD_TEXT,
			nli_fail(err, NLI_EDATA, "\"%.*s\" is %s, wanted an array",
				 (int)m->layout->each.text.len, m->layout->each.text.s,
				 nli_jtype_name(nli_jtype(list.json))));
	while (!rc && nli_jnext(&it)) {
		m->item.n_extra = n_extra;
		nli_item_extra(&m->item, "$each", of_json(it.val),
			       (struct nli_str){ NULL, 0 });
		rc = make_record(m, w, err);
		n++;
	}
	w->more = n - 1;
	return rc;
}

int nli_maker_make(struct nli_maker *m, const struct nli_feed *part, struct nli_work *w,
		   struct nli_err *err)
{
	int rc;

	m->part = part;
	m->layout = part->layout;
	m->why = NLI_BAD_FORM;
	nli_item_begin(&m->item, part->layout);
	rc = read_fields(m, w, err);
	if (!rc) {
		nli_item_locate(&m->item);
		m->why = NLI_BAD_JOIN;
		rc = add_extras(m, w, err);
	}
	if (!rc && !wanted(m))
		return NLI_DROP;
	if (!rc)
		rc = part->layout->each.n ? make_each(m, w, err) : make_record(m, w, err);
	m->counts.reason[m->why] += rc < 0;
	return rc;
}
