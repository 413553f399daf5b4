/* made.c - see made.h. */
#include "lib/edit/made.h"

#include "lib/base/hash.h"
#include "lib/text/norm.h"

/* Members that are as true of the made record as of its source. */
static const char *const kept[] = { "corpus", "split", "source_split", "meta", "image" };

static const char *task_name(enum nli_task t)
{
	return t == NLI_TASK_NLI ? "nli" : t == NLI_TASK_NLI2 ? "nli2" : "choice";
}

static void write_id(const struct nli_made *m, struct nli_buf *out)
{
	struct nli_buf id = { 0 };

	if (m->source)
		nli_buf_add(&id, m->source->id.s, m->source->id.len);
	else
		nli_buf_adds(&id, "made");
	nli_buf_addc(&id, '~');
	nli_buf_adds(&id, m->method);
	if (m->rule.s) {
		nli_buf_addc(&id, '.');
		nli_buf_add(&id, m->rule.s, m->rule.len);
	}
	if (!strcmp(m->part, "premise"))
		nli_buf_adds(&id, ".premise");
	if (m->number)
		nli_buf_addf(&id, ".%zu", m->number);
	nli_json_quote(out, nli_buf_str(&id));
	nli_buf_release(&id);
}

static struct nli_str image_path(const struct nli_record *r)
{
	const struct nli_member *image = r ? nli_object_find(&r->obj, "image") : NULL;

	return image ? nli_jstr(nli_jget(image->val, "path"))
		     : (struct nli_str){ NULL, 0 };
}

static void write_head(const struct nli_made *m, struct nli_jw *w)
{
	char key[NLI_KEY_LEN + 1];

	nli_record_key(m->task, m->premise, m->hypothesis, m->choice, m->n_choice,
		       image_path(m->source), key);
	nli_jw_key(w, "key");
	nli_jw_cstr(w, key);
	nli_jw_key(w, "task");
	nli_jw_cstr(w, task_name(m->task));
	nli_jw_key(w, "lang");
	nli_jw_str(w, m->source && m->source->lang.s ? m->source->lang : m->lang);
}

static void write_kept(const struct nli_made *m, struct nli_jw *w)
{
	for (size_t i = 0; m->source && i < sizeof(kept) / sizeof(*kept); i++) {
		const struct nli_member *had = nli_object_find(&m->source->obj, kept[i]);

		if (!had)
			continue;
		nli_jw_key(w, kept[i]);
		nli_jw_raw(w, had->raw);
	}
	if (!m->source) {
		nli_jw_key(w, "corpus");
		nli_jw_cstr(w, "made");
		nli_jw_key(w, "split");
		nli_jw_null(w);
		return;
	}
	nli_jw_key(w, "group");
	nli_jw_str(w, m->source->group.s     ? m->source->group
		      : m->source->premise.s ? m->source->premise
					     : m->source->id);
}

static void write_texts(const struct nli_made *m, struct nli_jw *w)
{
	nli_jw_key(w, "premise");
	nli_jw_str(w, m->premise);
	if (m->task != NLI_TASK_CHOICE) {
		nli_jw_key(w, "hypothesis");
		nli_jw_str(w, m->hypothesis);
		nli_jw_key(w, "label");
		nli_jw_str(w, m->proved || m->assumed ? m->label
						      : (struct nli_str){ NULL, 0 });
		return;
	}
	nli_jw_key(w, "choices");
	nli_jw_open(w, '[');
	for (size_t i = 0; i < m->n_choice; i++)
		nli_jw_str(w, m->choice[i]);
	nli_jw_close(w, ']');
	if (m->typed) {
		nli_jw_key(w, "choice_types");
		nli_jw_open(w, '[');
		for (size_t i = 0; i < m->n_choice; i++)
			nli_jw_str(w, m->choice_type[i]);
		nli_jw_close(w, ']');
	}
	nli_jw_key(w, "answer");
	if (m->answer < 0)
		nli_jw_null(w);
	else
		nli_jw_i64(w, m->answer);
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
		       struct nli_jw *w)
{
	const size_t from = nli_utf8_count((struct nli_str){ text_of(m, e).s, e->at });

	nli_jw_open(w, '{');
	nli_jw_key(w, "in");
	nli_jw_cstr(w, e->in);
	if (e->in[0] == 'c') {
		nli_jw_key(w, "choice");
		nli_jw_u64(w, e->choice);
	}
	nli_jw_key(w, "at");
	nli_jw_open(w, '[');
	nli_jw_u64(w, from);
	nli_jw_u64(w, from + nli_utf8_count(e->to));
	nli_jw_close(w, ']');
	nli_jw_key(w, "old");
	nli_jw_str(w, e->from);
	nli_jw_key(w, "new");
	nli_jw_str(w, e->to);
	nli_jw_close(w, '}');
}

static void write_adversarial(const struct nli_made *m, struct nli_jw *w)
{
	nli_jw_key(w, "adversarial");
	nli_jw_open(w, '{');
	nli_jw_key(w, "source");
	nli_jw_str(w, m->source ? m->source->id : (struct nli_str){ NULL, 0 });
	nli_jw_key(w, "method");
	nli_jw_cstr(w, m->method);
	if (m->rule.s) {
		nli_jw_key(w, "rule");
		nli_jw_str(w, m->rule);
	}
	nli_jw_key(w, "part");
	nli_jw_cstr(w, m->part);
	if (m->relation) {
		nli_jw_key(w, "relation");
		nli_jw_cstr(w, m->relation);
	}
	nli_jw_key(w, "proved");
	nli_jw_bool(w, m->proved);
	if (!m->proved && !m->assumed) {
		nli_jw_key(w, "need_label");
		nli_jw_bool(w, true);
	}
	if (m->n_edit) {
		nli_jw_key(w, "edits");
		nli_jw_open(w, '[');
		for (size_t i = 0; i < m->n_edit; i++)
			write_edit(m, &m->edit[i], w);
		nli_jw_close(w, ']');
	}
	if (m->also.len) {
		nli_buf_addc(w->b, ',');
		nli_buf_add(w->b, m->also.s, m->also.len);
	}
	nli_jw_close(w, '}');
}

void nli_made_write(const struct nli_made *m, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "id");
	write_id(m, out);
	w.comma = true;
	write_head(m, &w);
	write_kept(m, &w);
	write_texts(m, &w);
	write_adversarial(m, &w);
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}
