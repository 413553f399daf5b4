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

/*
 * Append name, which is JSON up to the value, and the text or null.  Inline, so that the
 * length of a literal is known: most of the output's bytes are written by these.
 */
static inline void add_text(struct nli_buf *out, const char *name, struct nli_str s)
{
	nli_buf_adds(out, name);
	add_json(out, s);
}

/* The same of a name of ours, which has nothing to escape. */
static inline void add_name(struct nli_buf *out, const char *name, const char *s)
{
	nli_buf_adds(out, name);
	nli_buf_adds(out, s);
	nli_buf_addc(out, '"');
}

/* Append s within a string that is open. */
static void add_inside(struct nli_buf *out, struct nli_str s)
{
	const size_t at = out->len;

	nli_json_quote(out, s);
	out->len -= 2;
	memmove(out->data + at, out->data + at + 1, out->len - at);
}

static void add_buf(struct nli_buf *out, const struct nli_buf *b)
{
	nli_buf_add(out, b->data, b->len);
}

static void write_id(const struct nli_made *m, const struct nli_made_frame *f,
		     struct nli_buf *out)
{
	nli_buf_adds(out, "{\"id\":\"");
	add_buf(out, &f->id);
	nli_buf_addc(out, '~');
	nli_buf_adds(out, m->method);
	if (m->rule.s) {
		nli_buf_addc(out, '.');
		add_inside(out, m->rule);
	}
	if (!strcmp(m->part, "premise"))
		nli_buf_adds(out, ".premise");
	if (m->number) {
		nli_buf_addc(out, '.');
		nli_buf_add_u64(out, m->number);
	}
	nli_buf_addc(out, '"');
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

static void write_key(const struct nli_made *m, const struct nli_member *image,
		      struct nli_buf *out)
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
	nli_buf_adds(out, ",\"key\":\"");
	nli_buf_add(out, key, NLI_KEY_LEN);
	nli_buf_addc(out, '"');
}

static void frame_head(struct nli_made_frame *f, const struct nli_made *m)
{
	f->task = m->task;
	add_name(&f->common, ",\"task\":\"", task_name(m->task));
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
static void add_either(struct nli_buf *out, struct nli_str text, struct nli_str source,
		       struct nli_buf *as_json)
{
	if (!text.s || text.s != source.s || text.len != source.len) {
		add_json(out, text);
		return;
	}
	if (!as_json->len)
		nli_json_quote(as_json, text);
	add_buf(out, as_json);
}

static void write_list(const char *name, const struct nli_str *s, size_t n,
		       struct nli_buf *out)
{
	nli_buf_adds(out, name);
	for (size_t i = 0; i < n; i++) {
		if (i)
			nli_buf_addc(out, ',');
		add_json(out, s[i]);
	}
	nli_buf_addc(out, ']');
}

static void write_texts(const struct nli_made *m, struct nli_made_frame *f,
			struct nli_buf *out)
{
	const struct nli_str none = { NULL, 0 };
	const struct nli_record *r = m->source;

	add_either(out, m->premise, r ? r->premise : none, &f->premise);
	if (m->task != NLI_TASK_CHOICE) {
		nli_buf_adds(out, ",\"hypothesis\":");
		add_either(out, m->hypothesis, r ? r->hypothesis : none, &f->hypothesis);
		add_text(out, ",\"label\":",
			 m->proved || m->assumed ? m->label
						 : (struct nli_str){ NULL, 0 });
		return;
	}
	write_list(",\"choices\":[", m->choice, m->n_choice, out);
	if (m->typed)
		write_list(",\"choice_types\":[", m->choice_type, m->n_choice, out);
	nli_buf_adds(out, ",\"answer\":");
	if (m->answer < 0)
		nli_buf_adds(out, "null");
	else
		nli_buf_add_u64(out, (uint64_t)m->answer);
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
static void write_edit(const struct nli_made *m, const struct nli_made_edit *e,
		       struct nli_buf *out)
{
	const size_t from = nli_utf8_count((struct nli_str){ text_of(m, e).s, e->at });

	add_name(out, "{\"in\":\"", e->in);
	if (e->in[0] == 'c') {
		nli_buf_adds(out, ",\"choice\":");
		nli_buf_add_u64(out, e->choice);
	}
	nli_buf_adds(out, ",\"at\":[");
	nli_buf_add_u64(out, from);
	nli_buf_addc(out, ',');
	nli_buf_add_u64(out, from + nli_utf8_count(e->to));
	add_text(out, "],\"old\":", e->from);
	add_text(out, ",\"new\":", e->to);
	nli_buf_addc(out, '}');
}

static void write_source(const struct nli_made *m, const struct nli_made_frame *f,
			 struct nli_buf *out)
{
	if (!m->source || !m->source->id.s) {
		nli_buf_adds(out, "null");
		return;
	}
	nli_buf_addc(out, '"');
	add_buf(out, &f->id);
	nli_buf_addc(out, '"');
}

static void write_adversarial(const struct nli_made *m, const struct nli_made_frame *f,
			      struct nli_buf *out)
{
	nli_buf_adds(out, ",\"adversarial\":{\"source\":");
	write_source(m, f, out);
	add_name(out, ",\"method\":\"", m->method);
	if (m->rule.s)
		add_text(out, ",\"rule\":", m->rule);
	add_name(out, ",\"part\":\"", m->part);
	if (m->relation)
		add_name(out, ",\"relation\":\"", m->relation);
	nli_buf_adds(out, m->proved    ? ",\"proved\":true"
			  : m->assumed ? ",\"proved\":false"
				       : ",\"proved\":false,\"need_label\":true");
	for (size_t i = 0; i < m->n_edit; i++) {
		nli_buf_adds(out, i ? "," : ",\"edits\":[");
		write_edit(m, &m->edit[i], out);
	}
	if (m->n_edit)
		nli_buf_addc(out, ']');
	if (m->also.len) {
		nli_buf_addc(out, ',');
		nli_buf_add(out, m->also.s, m->also.len);
	}
	nli_buf_addc(out, '}');
}

static void write_framed(const struct nli_made *m, struct nli_made_frame *f,
			 struct nli_buf *out)
{
	set_frame(f, m);
	write_id(m, f, out);
	write_key(m, f->image, out);
	add_buf(out, &f->common);
	write_texts(m, f, out);
	write_adversarial(m, f, out);
	nli_buf_adds(out, "}\n");
}

void nli_made_write(const struct nli_made *m, struct nli_made_frame *f,
		    struct nli_buf *out)
{
	struct nli_made_frame own = { .source = NULL };

	write_framed(m, f ? f : &own, out);
	nli_made_frame_release(&own);
}
