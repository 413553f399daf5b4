/* ingest.c - see ingest.h: what the fields of an item mean. */
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
	for (size_t i = 0; i < NLI_MAX_NESTED; i++)
		nli_json_free(m->nested[i]);
	nli_buf_release(&m->plain);
	nli_buf_release(&m->common.id);
	nli_buf_release(&m->common.text);
	nli_row_release(&m->row);
	nli_item_release(&m->item);
	nli_values_release(&m->values);
	nli_values_release(&m->more);
	nli_values_release(&m->times);
	nli_buf_release(&m->whole);
	nli_buf_release(&m->key);
	nli_buf_release(&m->documents);
	nli_buf_release(&m->text);
	nli_buf_release(&m->tmp[0]);
	nli_buf_release(&m->tmp[1]);
	nli_buf_release(&m->joined);
	nli_buf_release(&m->id_text);
	nli_buf_release(&m->group_text);
	free(m->vote);
	free(m);
}

const struct nli_counts *nli_maker_counts(const struct nli_maker *m)
{
	return &m->counts;
}

static int missing(struct nli_maker *m, const char *what, const struct nli_paths *p,
		   struct nli_err *err)
{
	return nli_reject(m, NLI_BAD_TEXT,
			  nli_fail(err, NLI_EDATA, "no %s: nothing at \"%.*s\"", what,
				   (int)p->v[0].text.len, p->v[0].text.s));
}

/*
 * The text of the one field that p names, where that is a string and clean, as
 * nearly all are: nothing is to be made.  False: nli_make_text() is to see.
 */
static bool find_text(struct nli_maker *m, const struct nli_paths *p, struct nli_span *to)
{
	const ptrdiff_t i = p->n == 1 ? nli_item_place(&m->item, &p->v[0]) : -1;
	const struct nli_value *v;

	if (i < 0 || m->o->repair | m->layout->repair)
		return false;
	v = &m->item.field[i].value;
	if (v->type != NLI_J_STRING || !nli_is_tidy(v->text))
		return false;
	to->found = v->text.s;
	to->at = m->text.len;
	to->len = v->text.len;
	to->plain = v->plain;
	to->ascii = true;
	m->counts.empty += !to->len;
	m->item.shown[i] = true;
	return true;
}

static int make_premise(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_paths *p = &m->layout->premise;

	m->n_premise = find_text(m, p, &m->premise[0]);
	if (m->n_premise)
		return 0;
	for (size_t i = 0; i < p->n; i++) {
		bool all_same = true, several;

		m->values.n = 0;
		nli_item_all(&m->item, &p->v[i], &m->values);
		several = p->n > 1 || m->values.n > 1;
		for (size_t k = 0; k < m->values.n; k++) {
			bool same = true;
			int rc;

			if (m->n_premise == NLI_MAX_CHOICES)
				return nli_reject(m, NLI_BAD_TEXT,
						  nli_fail(err, NLI_EDATA,
							   "more than %d premises",
							   NLI_MAX_CHOICES));
			/* Premises stand one after the other, an LF between: they are the premise. */
			if (several && m->n_premise && !m->premise[0].len)
				m->n_premise = 0;
			if (m->n_premise)
				nli_buf_addc(&m->text, '\n');
			rc = nli_make_text(m, m->values.v[k], several,
					   &m->premise[m->n_premise], &same, err);
			if (rc < 0)
				return nli_reject(m, NLI_BAD_TEXT, rc);
			/* Of several, one that is not there, or empty, is none. */
			if (m->n_premise && (!rc || !m->premise[m->n_premise].len)) {
				m->text.len--;
				rc = 0;
			}
			all_same = all_same && same && rc &&
				   (!several || m->premise[m->n_premise].len);
			m->n_premise += rc > 0;
		}
		if (all_same && m->values.n)
			nli_item_show(&m->item, &p->v[i]);
	}
	return m->n_premise ? 0 : missing(m, "premise", p, err);
}

static int make_hypothesis(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_paths *p = &m->layout->hypothesis;

	if (find_text(m, p, &m->hypothesis))
		return 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct nli_value v = nli_item_get(&m->item, &p->v[i]);
		bool same = true;
		const int rc = nli_make_text(m, v, false, &m->hypothesis, &same, err);

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
			nli_fail(
				err, NLI_EDATA,
				"the label is %.*s, and nothing says what the integers "
				"mean: %s",
				len, s.s,
				m->layout->profile->made_up
					? "name a profile by -c, or say it by "
					  "--labels"
					: "labels.integers of the profile is to say it"));
	return nli_reject(
		m, NLI_BAD_LABEL,
		nli_fail(err, NLI_EDATA,
			 "the label is \"%.*s\", which is not known in task %s%s", len,
			 s.s, m->layout->task == NLI_TASK_NLI2 ? "nli2" : "nli",
			 m->layout->profile->made_up ? ": say what it means by "
						       "--labels"
						     : ""));
}

/* A label that its field spells as the bus does. */
static bool find_label(struct nli_maker *m, const struct nli_path *p)
{
	const ptrdiff_t i = nli_item_place(&m->item, p);
	const struct nli_value *v;
	enum nli_label l;

	if (i < 0 || m->layout->labels.n_spelling || m->layout->task != NLI_TASK_NLI)
		return false;
	v = &m->item.field[i].value;
	l = v->type == NLI_J_STRING ? nli_label_exact(v->text) : NLI_LABEL_NONE;
	if (l == NLI_LABEL_NONE || l == NLI_NOT_ENTAILMENT)
		return false;
	m->set = 1u << l;
	m->item.shown[i] = true;
	return true;
}

static int make_label(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_paths *p = &m->layout->label;

	m->set = 0;
	for (size_t i = 0; i < p->n; i++) {
		struct nli_value v;
		struct nli_str s;

		if (find_label(m, &p->v[i]))
			return 0;
		v = nli_item_get(&m->item, &p->v[i]);
		if (nli_value_is_null(v) || !nli_value_text(v, &s))
			continue;
		if (!nli_label_read(&m->layout->labels, m->layout->task, s, &m->set))
			return unknown_label(m, s, err);
		if (v.type == NLI_J_STRING && nli_label_of(s) != NLI_LABEL_NONE &&
		    m->set == 1u << nli_label_of(s))
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
	} known[] = { { "train", 0 }, { "dev", 1 }, { "val", 1 },
		      { "test", 2 },  { "trn", 0 }, { "tst", 2 } };

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

/*
 * The texts of paths with '-' between; false if none is there.  One alone is
 * shown, and used where it stands.
 */
static bool join_texts(struct nli_maker *m, const struct nli_paths *p, struct nli_buf *b,
		       struct nli_ready *to)
{
	const ptrdiff_t place = p->n == 1 ? nli_item_place(&m->item, &p->v[0]) : -1;
	const struct nli_field *f;

	*to = (struct nli_ready){ .plain = false };
	if (place >= 0 && m->item.field[place].value.type == NLI_J_STRING) {
		to->text = m->item.field[place].value.text;
		to->plain = m->item.field[place].value.plain;
		m->item.shown[place] = m->item.shown[place] || to->text.len;
		return to->text.len;
	}
	nli_buf_clear(b);
	for (size_t i = 0; i < p->n; i++) {
		struct nli_str s;

		if (!nli_value_text(nli_item_get(&m->item, &p->v[i]), &s) || !s.len)
			continue;
		if (b->len)
			nli_buf_addc(b, '-');
		nli_buf_add(b, s.s, s.len);
	}
	if (!b->len)
		return false;
	to->text = nli_buf_str(b);
	f = p->n == 1 ? nli_item_field(&m->item, &p->v[0]) : NULL;
	if (f && f->value.type == NLI_J_STRING)
		nli_item_show(&m->item, &p->v[0]);
	return true;
}

static void make_id(struct nli_maker *m, const struct nli_work *w)
{
	struct nli_buf *b = &m->id_text;

	if (join_texts(m, &m->layout->id, b, &m->id))
		return;
	nli_buf_clear(b);
	nli_buf_addc(b, '#');
	nli_buf_add_u64(b, m->part->by_place ? w->item : w->lineno);
	m->id = (struct nli_ready){ nli_buf_str(b), true };
}

static void make_image(struct nli_maker *m)
{
	const struct nli_path *p = &m->layout->image;
	const struct nli_field *objects;

	m->image = (struct nli_str){ NULL, 0 };
	if (!p->n && !m->layout->objects.n)
		return;
	if (nli_value_text(nli_item_get(&m->item, p), &m->image))
		nli_item_show(&m->item, p);
	objects = nli_item_field(&m->item, &m->layout->objects);
	if (objects && objects->raw.s)
		nli_item_show(&m->item, &m->layout->objects);
}

static void count_record(struct nli_maker *m)
{
	struct nli_counts *c = &m->counts;
	const size_t part = m->part->number;
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
	if (!m->same)
		m->split_number = m->split.s ? nli_split_of(m->split) : NLI_N_SPLIT - 1;
	c->tally[part].n[m->split_number][what]++;
	if (!m->same && (m->lang_seen >= c->lang.n ||
			 !nli_str_eq(m->lang, c->lang.text[m->lang_seen]))) {
		const size_t known = c->lang.n;

		m->lang_seen = nli_intern_add(&c->lang, m->lang);
		nli_grow(&c->lang_n, &c->lang_cap, c->lang.n, sizeof(*c->lang_n));
		if (m->lang_seen == known)
			c->lang_n[known] = 0;
	}
	c->lang_n[m->lang_seen]++;
}

static void check_script(struct nli_maker *m)
{
	const bool pair = m->layout->task != NLI_TASK_CHOICE;
	const struct nli_str text[2] = { nli_span_str(m, m->premise[0]),
					 pair ? nli_span_str(m, m->hypothesis)
					      : (struct nli_str){ "", 0 } };
	const bool ascii = m->premise[0].ascii && (!pair || m->hypothesis.ascii);

	if (m->same && (!m->script.n || (m->script.latin && ascii)))
		return;
	m->counts.script += !nli_script_fits(&m->script, m->lang, text, 1 + pair, ascii);
}

static int make_record(struct nli_maker *m, const struct nli_work *w, struct nli_err *err)
{
	int rc;

	nli_buf_clear(&m->text);
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
	m->same = m->common.fixed && m->common.part == m->part;
	if (!m->same) {
		make_split(m);
		make_lang(m);
	}
	make_id(m, w);
	join_texts(m, &m->layout->group, &m->group_text, &m->group);
	make_image(m);
	check_script(m);
	nli_write_record(m, w->out, w->note);
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

/* The arrays that are gone through side by side; they must be as long as the first. */
static int begin_each(struct nli_maker *m, struct nli_jiter *it, size_t *n,
		      struct nli_err *err)
{
	const struct nli_paths *p = &m->layout->each;

	for (size_t i = 0; i < p->n; i++) {
		const struct nli_value list = nli_item_get(&m->item, &p->v[i]);
		const int len = (int)p->v[i].text.len;

		if (list.type != NLI_J_ARRAY || !nli_jlen(list.json))
			return nli_reject(m, NLI_BAD_TEXT,
					  nli_fail(err, NLI_EDATA,
						   "\"%.*s\" is %s, wanted an array", len,
						   p->v[i].text.s,
						   nli_jtype_name(list.type)));
		if (i && nli_jlen(list.json) != *n)
			return nli_reject(
				m, NLI_BAD_TEXT,
				nli_fail(err, NLI_EDATA,
					 "\"%.*s\" has %zu elements, \"%.*s\" has %zu",
					 len, p->v[i].text.s, nli_jlen(list.json),
					 (int)p->v[0].text.len, p->v[0].text.s, *n));
		*n = nli_jlen(list.json);
		it[i] = nli_jiter(list.json);
	}
	return 0;
}

/* One record for each element; its place goes behind the item's own id. */
static int make_each(struct nli_maker *m, struct nli_work *w, struct nli_err *err)
{
	const size_t n_extra = m->item.n_extra;
	struct nli_jiter it[NLI_MAX_EACH];
	size_t n = 0;
	int rc = begin_each(m, it, &n, err);

	for (size_t k = 0; !rc && k < n; k++) {
		m->item.n_extra = n_extra;
		memset(m->item.shown, 0, m->item.n * sizeof(*m->item.shown));
		for (size_t i = 0; i < m->layout->each.n; i++) {
			nli_jnext(&it[i]);
			nli_item_extra(&m->item, m->layout->each_as[i],
				       nli_value_json_of(it[i].val),
				       (struct nli_str){ NULL, 0 });
		}
		rc = make_record(m, w, err);
	}
	w->more = n ? n - 1 : 0;
	return rc;
}

int nli_maker_make(struct nli_maker *m, const struct nli_feed *part, struct nli_work *w,
		   struct nli_err *err)
{
	/* Files that begin with a mark of byte order, one behind the other. */
	const size_t mark = nli_utf8_mark(w->line);
	int rc;

	w->line.s += mark;
	w->line.len -= mark;
	m->part = part;
	m->layout = part->layout;
	m->why = NLI_BAD_FORM;
	nli_item_begin(&m->item, part->layout);
	rc = nli_make_fields(m, w, err);
	if (!rc && !wanted(m))
		return NLI_DROP;
	if (!rc)
		rc = part->layout->each.n ? make_each(m, w, err) : make_record(m, w, err);
	m->counts.reason[m->why] += rc < 0;
	return rc;
}
