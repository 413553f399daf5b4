/* made.c - see made.h. */
#include "lib/edit/made.h"

#include "lib/base/hash.h"
#include "lib/text/norm.h"

static const char *task_name(enum nli_task t)
{
	return t == NLI_TASK_NLI ? "nli" : t == NLI_TASK_NLI2 ? "nli2" : "choice";
}

static void add_json(struct nli_buf *out, struct nli_str s)
{
	if (s.s)
		nli_json_quote(out, s);
	else
		nli_buf_adds(out, "null");
}

/* Append name, which is JSON up to the value, and the text or null. */
static void add_text(struct nli_buf *out, const char *name, struct nli_str s)
{
	nli_buf_adds(out, name);
	add_json(out, s);
}

/* Append s within a string that is open. */
static void add_inside(struct nli_buf *out, struct nli_str s)
{
	const size_t at = out->len;

	nli_json_quote(out, s);
	out->len -= 2;
	memmove(out->data + at, out->data + at + 1, out->len - at);
}

/*
 * What follows writes at a place where there is room for all of it, as room() knows, and
 * returns where it ends: a made record is some forty pieces.
 */

/* Inline, so that the length of a literal is known. */
static inline char *put(char *to, const char *s)
{
	const size_t n = strlen(s);

	memcpy(to, s, n);
	return to + n;
}

static inline char *put_str(char *to, struct nli_str s)
{
	memcpy(to, s.s, s.len);
	return to + s.len;
}

static inline char *put_buf(char *to, const struct nli_buf *b)
{
	return put_str(to, nli_buf_str(b));
}

/* A text as JSON, or null. */
static inline char *put_json(char *to, struct nli_str s)
{
	return s.s ? nli_json_put(to, s) : put(to, "null");
}

/* The member that begins so, of a name of ours, which has nothing to escape. */
static inline char *put_name(char *to, const char *begins, const char *s)
{
	to = put(put(to, begins), s);
	*to = '"';
	return to + 1;
}

static size_t room_of(const struct nli_str *s, size_t n)
{
	size_t need = 0;

	for (size_t i = 0; s && i < n; i++)
		need += nli_json_room(s[i].len) + 1;
	return need;
}

/* At least as many bytes as m takes. */
static size_t room(const struct nli_made *m, const struct nli_made_frame *f)
{
	enum { NAMES = 1024, NAMES_OF_EDIT = 160 }; /* what stands between */
	const struct nli_str text[] = { m->premise, m->hypothesis, m->label,
					m->rule,    m->rule,       m->also };
	size_t need = NAMES + 2 * f->id.len + f->common.len + 2 * strlen(m->method) +
		      strlen(m->part) + (m->relation ? strlen(m->relation) : 0);

	need += room_of(text, sizeof(text) / sizeof(*text));
	need += room_of(m->choice, m->n_choice);
	need += room_of(m->typed ? m->choice_type : NULL, m->n_choice);
	for (size_t i = 0; i < m->n_edit; i++)
		need += NAMES_OF_EDIT + strlen(m->edit[i].in) +
			nli_json_room(m->edit[i].from.len) +
			nli_json_room(m->edit[i].to.len);
	return need;
}

static char *put_id(char *to, const struct nli_made *m, const struct nli_made_frame *f)
{
	to = put_buf(put(to, "{\"id\":\""), &f->id);
	to = put(put(to, "~"), m->method);
	if (m->rule.s) {
		char *quoted = nli_json_put(to, m->rule);

		*to = '.'; /* its first quote */
		to = quoted - 1;
	}
	if (!strcmp(m->part, "premise"))
		to = put(to, ".premise");
	if (m->number)
		to = nli_put_u64(put(to, "."), m->number);
	return put(to, "\"");
}

/* Members that are as true of the made record as of its source, in this order. */
static const struct nli_str kept[] = { { "corpus", 6 },
				       { "split", 5 },
				       { "source_split", 12 },
				       { "meta", 4 },
				       { "image", 5 } };
enum { N_KEPT = sizeof(kept) / sizeof(*kept), IMAGE = N_KEPT - 1 };

/* The first of the source's members of each of these names, or NULL. */
static void find_kept(const struct nli_record *r, const struct nli_member *had[N_KEPT])
{
	for (size_t k = 0; k < N_KEPT; k++)
		had[k] = NULL;
	for (size_t i = 0; r && i < r->obj.n; i++)
		for (size_t k = 0; k < N_KEPT; k++)
			if (!had[k] && nli_str_eq(r->obj.m[i].key, kept[k]))
				had[k] = &r->obj.m[i];
}

static char *put_key(char *to, const struct nli_made *m, const struct nli_member *image)
{
	/* The value was not made where the line was only looked through for its texts. */
	struct nli_json *json = image && !image->val ? nli_json_new() : NULL;
	const nli_jval *val = image ? image->val : NULL;
	char key[NLI_KEY_LEN + 1];
	struct nli_err err;

	if (json)
		val = nli_json_parse(json, image->raw.s, image->raw.len, &err);
	nli_record_key(m->task, m->premise, m->hypothesis, m->choice, m->n_choice,
		       nli_jstr(nli_jget(val, "path")), key);
	nli_json_free(json);
	to = put_str(put(to, ",\"key\":\""), (struct nli_str){ key, NLI_KEY_LEN });
	return put(to, "\"");
}

static void frame_head(struct nli_made_frame *f, const struct nli_made *m)
{
	f->task = m->task;
	add_text(&f->common, ",\"task\":", nli_str_of(task_name(m->task)));
	add_text(&f->common, ",\"lang\":",
		 m->source && m->source->lang.s ? m->source->lang : m->lang);
}

static void frame_kept(struct nli_made_frame *f, const struct nli_record *source)
{
	const struct nli_member *had[N_KEPT];

	find_kept(source, had);
	f->image = had[IMAGE];
	for (size_t k = 0; k < N_KEPT; k++) {
		if (!had[k])
			continue;
		nli_buf_adds(&f->common, ",\"");
		nli_buf_add(&f->common, kept[k].s, kept[k].len);
		nli_buf_adds(&f->common, "\":");
		nli_buf_add(&f->common, had[k]->raw.s, had[k]->raw.len);
	}
	add_text(&f->common, ",\"group\":",
		 source->group.s     ? source->group
		 : source->premise.s ? source->premise
				     : source->id);
}

/* Fill f, unless it is of m's source and task already. */
static void set_frame(struct nli_made_frame *f, const struct nli_made *m)
{
	const struct nli_record *source = m->source;

	if (source && f->source == source && f->task == m->task)
		return;
	f->source = source;
	f->image = NULL;
	nli_buf_clear(&f->id);
	nli_buf_clear(&f->common);
	nli_buf_clear(&f->premise);
	nli_buf_clear(&f->hypothesis);
	frame_head(f, m);
	if (source) {
		add_inside(&f->id, source->id);
		frame_kept(f, source);
	} else {
		nli_buf_adds(&f->id, "made");
		nli_buf_adds(&f->common, ",\"corpus\":\"made\",\"split\":null");
	}
	nli_buf_adds(&f->common, ",\"premise\":");
}

void nli_made_frame_release(struct nli_made_frame *f)
{
	nli_buf_release(&f->id);
	nli_buf_release(&f->common);
	nli_buf_release(&f->premise);
	nli_buf_release(&f->hypothesis);
	f->source = NULL;
}

/* A text of m, which is most often the source's, as JSON in kept. */
static char *put_either(char *to, struct nli_str text, struct nli_str source,
			struct nli_buf *as_json)
{
	if (!text.s || text.s != source.s || text.len != source.len)
		return put_json(to, text);
	if (!as_json->len)
		nli_json_quote(as_json, text);
	return put_buf(to, as_json);
}

static char *put_list(char *to, const struct nli_str *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to = put_json(put(to, i ? "," : "["), s[i]);
	return put(to, n ? "]" : "[]");
}

static char *put_choices(char *to, const struct nli_made *m)
{
	to = put_list(put(to, ",\"choices\":"), m->choice, m->n_choice);
	if (m->typed)
		to = put_list(put(to, ",\"choice_types\":"), m->choice_type, m->n_choice);
	to = put(to, ",\"answer\":");
	return m->answer < 0 ? put(to, "null") : nli_put_u64(to, (uint64_t)m->answer);
}

static char *put_texts(char *to, const struct nli_made *m, struct nli_made_frame *f)
{
	const struct nli_str none = { NULL, 0 };
	const struct nli_record *r = m->source;

	to = put_either(to, m->premise, r ? r->premise : none, &f->premise);
	if (m->task == NLI_TASK_CHOICE)
		return put_choices(to, m);
	to = put_either(put(to, ",\"hypothesis\":"), m->hypothesis,
			r ? r->hypothesis : none, &f->hypothesis);
	return put_json(put(to, ",\"label\":"),
			m->proved || m->assumed ? m->label : none);
}

static struct nli_str text_of(const struct nli_made *m, const struct nli_made_edit *e)
{
	switch (e->in[0]) {
	case 'p':
		return m->premise;
	case 'h':
		return m->hypothesis;
	default:
		return m->choice[e->choice];
	}
}

/* People and their programs count code points, not bytes. */
static char *put_edit(char *to, const struct nli_made *m, const struct nli_made_edit *e)
{
	const size_t from = nli_utf8_count((struct nli_str){ text_of(m, e).s, e->at });

	to = put_name(to, "{\"in\":\"", e->in);
	if (e->in[0] == 'c')
		to = nli_put_u64(put(to, ",\"choice\":"), e->choice);
	to = nli_put_u64(put(to, ",\"at\":["), from);
	to = nli_put_u64(put(to, ","), from + nli_utf8_count(e->to));
	to = put_json(put(to, "],\"old\":"), e->from);
	to = put_json(put(to, ",\"new\":"), e->to);
	return put(to, "}");
}

static char *put_source(char *to, const struct nli_made *m,
			const struct nli_made_frame *f)
{
	if (!m->source || !m->source->id.s)
		return put(to, "null");
	return put(put_buf(put(to, "\""), &f->id), "\"");
}

static char *put_adversarial(char *to, const struct nli_made *m,
			     const struct nli_made_frame *f)
{
	to = put_source(put(to, ",\"adversarial\":{\"source\":"), m, f);
	to = put_name(to, ",\"method\":\"", m->method);
	if (m->rule.s)
		to = nli_json_put(put(to, ",\"rule\":"), m->rule);
	to = put_name(to, ",\"part\":\"", m->part);
	if (m->relation)
		to = put_name(to, ",\"relation\":\"", m->relation);
	to = m->proved    ? put(to, ",\"proved\":true")
	     : m->assumed ? put(to, ",\"proved\":false")
			  : put(to, ",\"proved\":false,\"need_label\":true");
	for (size_t i = 0; i < m->n_edit; i++)
		to = put_edit(i ? put(to, ",") : put(to, ",\"edits\":["), m, &m->edit[i]);
	if (m->n_edit)
		to = put(to, "]");
	if (m->also.len)
		to = put_str(put(to, ","), m->also);
	return put(to, "}");
}

static void write_framed(const struct nli_made *m, struct nli_made_frame *f,
			 struct nli_buf *out)
{
	char *to;

	set_frame(f, m);
	to = nli_buf_reserve(out, room(m, f));
	to = put_key(put_id(to, m, f), m, f->image);
	to = put_texts(put_buf(to, &f->common), m, f);
	to = put(put_adversarial(to, m, f), "}\n");
	*to = '\0';
	out->len = (size_t)(to - out->data);
}

void nli_made_write(const struct nli_made *m, struct nli_made_frame *f,
		    struct nli_buf *out)
{
	struct nli_made_frame own = { .source = NULL };

	write_framed(m, f ? f : &own, out);
	nli_made_frame_release(&own);
}
