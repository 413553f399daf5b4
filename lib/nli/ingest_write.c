/* ingest_write.c - the record of an item, member by member. */
#include <string.h>

#include "lib/nli/maker.h"
#include "lib/nli/record.h"

static void put_buf(struct nli_buf *b, struct nli_str s)
{
	nli_put(b, s.s, s.len);
}

/* A string, or null; name is with its comma and colon. */
static void write_string(struct nli_buf *b, struct nli_str name, struct nli_str s)
{
	put_buf(b, name);
	if (s.s)
		nli_json_quote(b, s);
	else
		NLI_PUT(b, "null");
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

/* What a vote is for, with its member's name. */
static void write_vote(struct nli_buf *b, const struct nli_vote *v)
{
	static const struct nli_str name[NLI_N_LABEL] = {
		[NLI_ENTAILMENT] = { "\"label\":\"entailment\"", 20 },
		[NLI_NEUTRAL] = { "\"label\":\"neutral\"", 17 },
		[NLI_CONTRADICTION] = { "\"label\":\"contradiction\"", 23 },
		[NLI_NOT_ENTAILMENT] = { "\"label\":\"not_entailment\"", 24 },
	};

	for (int l = 0; l < NLI_N_LABEL; l++)
		if (v->set == 1u << l) {
			put_buf(b, name[l]);
			return;
		}
	NLI_PUT(b, "\"label\":");
	if (v->answer >= 0)
		nli_buf_add_u64(b, (uint64_t)v->answer);
	else
		NLI_PUT(b, "null");
	if (v->set)
		write_label_set(b, ",\"label_set\":", v->set);
}

static void write_votes(const struct nli_maker *m, struct nli_buf *b)
{
	NLI_PUT(b, ",\"annotations\":[");
	for (size_t i = 0; i < m->n_vote; i++) {
		const struct nli_vote *v = &m->vote[i];

		put_buf(b, i ? NLI_STR(",{") : NLI_STR("{"));
		if (v->worker.s) {
			write_string(b, NLI_STR("\"worker\":"), v->worker);
			NLI_PUT(b, ",");
		}
		write_vote(b, v);
		if (v->time.s && v->time_is_number) {
			NLI_PUT(b, ",\"time\":");
			put_buf(b, v->time);
		} else if (v->time.s) {
			write_string(b, NLI_STR(",\"time\":"), v->time);
		}
		NLI_PUT(b, "}");
	}
	NLI_PUT(b, "]");
}

/* A record is one line: what is pretty-printed is not copied as it stands. */
static bool on_one_line(const struct nli_item *it, struct nli_str source)
{
	return it->is_line || !memchr(source.s, '\n', source.len);
}

/*
 * Writes a value as it was, where that is known and on one line, else as what
 * it is: pretty-printed arrays have line ends between their tokens.
 */
static void write_value(const struct nli_item *it, struct nli_buf *b, struct nli_value v,
			struct nli_str raw)
{
	if (raw.s && on_one_line(it, raw))
		put_buf(b, raw);
	else if (v.json)
		nli_json_write(b, v.json);
	else if (v.type == NLI_J_STRING)
		nli_json_quote(b, v.text);
	else if (v.text.s)
		put_buf(b, v.text);
	else
		NLI_PUT(b, "null");
}

static void write_meta(struct nli_maker *m, struct nli_buf *b)
{
	const struct nli_layout *l = m->layout;
	bool any = false;

	for (size_t i = 0; i < l->n_meta; i++) {
		const struct nli_path *p = &l->meta[i].path;
		const struct nli_field *f = nli_item_field(&m->item, p);
		struct nli_value one = nli_item_get(&m->item, p);

		if (one.type == NLI_J_NONE)
			continue;
		nli_buf_adds(b, any ? "," : ",\"meta\":{");
		any = true;
		nli_json_quote(b, l->meta[i].name);
		nli_buf_addc(b, ':');
		if (f) {
			write_value(&m->item, b, f->value, f->raw);
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
			write_value(&m->item, b, m->values.v[k],
				    (struct nli_str){ NULL, 0 });
		}
		if (p->step[p->n - 1].each || m->values.n > 1)
			nli_buf_addc(b, ']');
	}
	if (any)
		nli_buf_addc(b, '}');
}

static void write_image(struct nli_maker *m, struct nli_buf *b)
{
	const struct nli_field *objects;

	if (!m->image.s && !m->layout->objects.n)
		return;
	objects = nli_item_field(&m->item, &m->layout->objects);
	if (!m->image.s && !objects)
		return;
	nli_buf_adds(b, ",\"image\":{");
	if (m->image.s)
		write_string(b, NLI_STR("\"path\":"), m->image);
	if (objects && objects->raw.s) {
		nli_buf_adds(b, m->image.s ? ",\"objects\":" : "\"objects\":");
		write_value(&m->item, b, objects->value, objects->raw);
	}
	nli_buf_addc(b, '}');
}

static void begin_src(struct nli_buf *b, bool *any)
{
	if (*any)
		NLI_PUT(b, ",");
	else
		NLI_PUT(b, ",\"src\":{");
	*any = true;
}

static void write_src_field(const struct nli_item *it, struct nli_buf *b,
			    const struct nli_field *f, bool *any)
{
	begin_src(b, any);
	if (f->source.s && on_one_line(it, f->source)) {
		put_buf(b, f->source);
		return;
	}
	if (f->label.s) {
		put_buf(b, f->label);
	} else {
		nli_json_quote(b, f->name);
		NLI_PUT(b, ":");
	}
	write_value(it, b, f->value, f->raw);
}

/* Whether field i + 1 stands behind field i in the source line, a comma between. */
static bool adjoins(const struct nli_item *it, size_t i)
{
	const struct nli_field *f = &it->field[i];

	return i + 1 < it->n && !it->shown[i + 1] && f[0].source.s && f[1].source.s;
}

/* Whether field i is an array of which each element makes a record. */
static bool is_listed(const struct nli_maker *m, size_t i)
{
	const struct nli_paths *each = &m->layout->each;

	for (size_t k = 0; k < each->n; k++)
		if (m->item.at[each->v[k].top] == (int)i)
			return true;
	return false;
}

/*
 * The fields that the record does not show.  Those that stand side by side are
 * copied as they stand.  $each takes the place of the array that it is an
 * element of; texts that were cut in two are there whole.
 */
static void write_src(struct nli_maker *m, struct nli_buf *b)
{
	const struct nli_item *it = &m->item;
	const bool listed = m->layout->each.n > 0;
	bool any = false;

	for (size_t i = 0; i < it->n; i++) {
		const struct nli_str first = it->field[i].source;
		struct nli_str run = first;
		size_t last = i;

		if (it->shown[i] || (listed && is_listed(m, i)))
			continue;
		while (!listed && adjoins(it, last))
			last++;
		if (last > i)
			run.len = (size_t)(it->field[last].source.s - first.s) +
				  it->field[last].source.len;
		if (last == i || !on_one_line(it, run)) {
			write_src_field(it, b, &it->field[i], &any);
			continue;
		}
		begin_src(b, &any);
		put_buf(b, run);
		i = last;
	}
	for (size_t i = 0; i < it->n_extra; i++)
		if (it->extra[i].name.len && it->extra[i].name.s[0] == '$' &&
		    !nli_str_is(it->extra[i].name, "$empty"))
			write_src_field(it, b, &it->extra[i], &any);
	if (any)
		NLI_PUT(b, "}");
}

/*
 * Task, language, corpus and split are those of the record before nearly always.
 * A field's text may be another at the same place of memory: then they are not fixed.
 */
static const struct nli_common_members *common(struct nli_maker *m)
{
	static const struct nli_str task[] = { { "\",\"task\":\"nli\"", 14 },
					       { "\",\"task\":\"nli2\"", 15 },
					       { "\",\"task\":\"choice\"", 17 } };
	struct nli_common_members *c = &m->common;

	if (m->same)
		return c;
	c->part = m->part;
	c->fixed = !m->layout->lang.n && !m->layout->split.n;
	nli_buf_clear(&c->id);
	NLI_PUT(&c->id, "{\"id\":\"");
	nli_json_escape(&c->id, m->part->corpus);
	NLI_PUT(&c->id, "/");
	nli_json_escape(&c->id, m->split.s ? m->split : NLI_STR("-"));
	NLI_PUT(&c->id, "/");
	nli_buf_clear(&c->text);
	put_buf(&c->text, task[m->layout->task]);
	write_string(&c->text, NLI_STR(",\"lang\":"), m->lang);
	write_string(&c->text, NLI_STR(",\"corpus\":"), m->part->corpus);
	write_string(&c->text, NLI_STR(",\"split\":"), m->split);
	NLI_PUT(&c->text, ",\"premise\":\"");
	return c;
}

static void put_ready(struct nli_buf *b, const struct nli_ready *r)
{
	if (r->plain)
		put_buf(b, r->text);
	else
		nli_json_escape(b, r->text);
}

/* The premise: premises stand one behind the other. */
static struct nli_str whole_premise(const struct nli_maker *m)
{
	const struct nli_span last = m->premise[m->n_premise - 1];

	if (m->n_premise == 1)
		return nli_span_str(m, last);
	return (struct nli_str){ m->text.data + m->premise[0].at,
				 last.at + last.len - m->premise[0].at };
}

static void write_pair(struct nli_maker *m, struct nli_buf *b)
{
	static const struct nli_str label[1u << NLI_N_LABEL] = {
		[1u << NLI_ENTAILMENT] = { "\",\"label\":\"entailment\"", 22 },
		[1u << NLI_NEUTRAL] = { "\",\"label\":\"neutral\"", 19 },
		[1u << NLI_CONTRADICTION] = { "\",\"label\":\"contradiction\"", 25 },
		[1u << NLI_NOT_ENTAILMENT] = { "\",\"label\":\"not_entailment\"", 26 },
	};
	const struct nli_ready hypothesis = { nli_span_str(m, m->hypothesis),
					      m->hypothesis.plain };

	NLI_PUT(b, ",\"hypothesis\":\"");
	put_ready(b, &hypothesis);
	if (label[m->set].s) {
		put_buf(b, label[m->set]);
		return;
	}
	NLI_PUT(b, "\",\"label\":null");
	if (m->set)
		write_label_set(b, ",\"label_set\":", m->set);
}

void nli_write_record(struct nli_maker *m, struct nli_buf *b, struct nli_buf *note)
{
	const bool choice = m->layout->task == NLI_TASK_CHOICE;
	const struct nli_str premise = whole_premise(m);
	const struct nli_common_members *c = common(m);
	struct nli_str choices[NLI_MAX_CHOICES];
	const struct nli_ready first = { premise,
					 m->n_premise == 1 && m->premise[0].plain };
	const size_t id = b->len + sizeof("{\"id\":\"") - 1;
	char key[NLI_KEY_LEN + 1];

	for (size_t i = 0; choice && i < m->n_choice; i++)
		choices[i] = nli_span_str(m, m->choice[i]);
	nli_record_key(m->layout->task, premise,
		       choice ? (struct nli_str){ NULL, 0 }
			      : nli_span_str(m, m->hypothesis),
		       choices, choice ? m->n_choice : 0, m->image, key);
	put_buf(b, nli_buf_str(&c->id));
	put_ready(b, &m->id);
	nli_id_note(note, b->data, id, b->len - id);
	NLI_PUT(b, "\",\"key\":\"");
	nli_put(b, key, NLI_KEY_LEN);
	put_buf(b, nli_buf_str(&c->text));
	put_ready(b, &first);
	NLI_PUT(b, "\"");
	if (m->n_premise > 1)
		write_spans(m, b, ",\"premises\":", m->premise, m->n_premise);
	if (choice)
		write_choices(m, b);
	else
		write_pair(m, b);
	if (m->n_vote)
		write_votes(m, b);
	if (m->group.text.len) {
		NLI_PUT(b, ",\"group\":\"");
		put_ready(b, &m->group);
		NLI_PUT(b, "\"");
	}
	write_image(m, b);
	if (m->layout->n_meta)
		write_meta(m, b);
	if (!m->o->no_src)
		write_src(m, b);
	NLI_PUT(b, "}\n");
}
