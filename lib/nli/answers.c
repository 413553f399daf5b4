/* answers.c - see answers.h: answers kept by key, then joined. */
#include "lib/nli/answers.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/base/mem.h"

enum { NO_ANSWER = 0, KEPT_MAX = 512 };

/* An answer: its end, or why there is none.  next: answer + 1 of the same key. */
struct kept {
	struct nli_str text, model; /* in the arena */
	bool failed, cut;
	uint32_t next;
};

/* Of a key: where its first answer stands. */
struct asked {
	uint64_t line;
	uint32_t file, first; /* first: answer + 1 */
	_Atomic uint8_t matched;
};

struct nli_answers {
	const struct nli_templates *templates;
	const char *lang;
	struct nli_asking how;
	struct nli_map64 key; /* hash of the id: asked + 1 */
	struct asked *asked;  /* (n_asked,) */
	size_t n_asked, asked_cap;
	struct kept *v; /* (n,) */
	size_t n, cap;
	struct nli_arena arena;
	char *const *files;
	struct nli_answers_counts counts;
};

struct nli_answers *nli_answers_new(const struct nli_templates *t, const char *lang,
				    const struct nli_asking *how)
{
	struct nli_answers *a = nli_xcalloc(1, sizeof(*a));

	a->templates = t;
	a->lang = lang;
	a->how = *how;
	return a;
}

void nli_answers_free(struct nli_answers *a)
{
	if (!a)
		return;
	nli_map64_release(&a->key);
	nli_arena_release(&a->arena);
	free(a->asked);
	free(a->v);
	free(a);
}

/* An answer on its way from the worker: lengths, then id, model and text. */
struct parcel {
	uint64_t line;
	uint32_t id_len, model_len, text_len, file;
	bool failed, cut, has_model;
};

struct reading {
	struct nli_json *json;
	struct nli_buf text;
};

static void *reading_new(void *ctx)
{
	struct reading *s = nli_xcalloc(1, sizeof(*s));

	(void)ctx;
	s->json = nli_json_new();
	return s;
}

static void reading_free(void *ctx, void *scratch)
{
	struct reading *s = scratch;

	(void)ctx;
	nli_json_free(s->json);
	nli_buf_release(&s->text);
	free(s);
}

static uint32_t file_of(const struct nli_answers *a, const char *path)
{
	uint32_t i = 0;

	while (a->files[i] && a->files[i] != path)
		i++;
	return i;
}

/* No more than KEPT_MAX bytes, cut between characters. */
static struct nli_str clip(struct nli_str s)
{
	size_t n = s.len < KEPT_MAX ? s.len : KEPT_MAX;

	while (n && n < s.len && ((unsigned char)s.s[n] & 0xc0) == 0x80)
		n--;
	return (struct nli_str){ s.s, n };
}

static int read_line(void *ctx, struct nli_work *w, struct nli_err *err)
{
	const struct nli_answers *a = ctx;
	struct reading *s = w->scratch;
	const nli_jval *root = nli_json_parse(s->json, w->line.s, w->line.len, err);
	struct nli_answer one;
	struct nli_str text;
	struct parcel p;

	if (!root || nli_answer_read(root, &s->text, &one, err))
		return NLI_EDATA;
	text = clip(one.failure.s ? one.failure : nli_answer_end(one.text));
	p = (struct parcel){ .line = w->lineno,
			     .file = file_of(a, w->path),
			     .id_len = (uint32_t)one.id.len,
			     .model_len = (uint32_t)one.model.len,
			     .text_len = (uint32_t)text.len,
			     .failed = one.failure.s != NULL,
			     .cut = one.cut,
			     .has_model = one.model.s != NULL };
	nli_buf_add(w->out, &p, sizeof(p));
	nli_buf_add(w->out, one.id.s, one.id.len);
	nli_buf_add(w->out, one.model.s ? one.model.s : "", one.model.len);
	nli_buf_add(w->out, text.s, text.len);
	return NLI_KEEP;
}

static struct asked *asked_of(struct nli_answers *a, struct nli_str id,
			      const struct parcel *p)
{
	uint64_t *slot = nli_map64_put(&a->key, nli_hash(id.s, id.len, 0), NULL);

	if (!*slot) {
		nli_grow(&a->asked, &a->asked_cap, a->n_asked + 1, sizeof(*a->asked));
		memset(&a->asked[a->n_asked], 0, sizeof(*a->asked));
		a->asked[a->n_asked].line = p->line;
		a->asked[a->n_asked].file = p->file;
		*slot = ++a->n_asked;
	}
	return &a->asked[*slot - 1];
}

static struct nli_str copy(struct nli_answers *a, const char *s, size_t len)
{
	return (struct nli_str){ nli_arena_strndup(&a->arena, s, len), len };
}

/* Answers of a key stand in the order of model and text, whatever that of the files. */
static bool is_before(const struct kept *x, const struct kept *y)
{
	const int by_model = nli_str_cmp(x->model, y->model);

	return by_model ? by_model < 0 : nli_str_cmp(x->text, y->text) < 0;
}

static void insert(struct nli_answers *a, struct asked *k, uint32_t i)
{
	uint32_t *link = &k->first;

	while (*link != NO_ANSWER && !is_before(&a->v[i], &a->v[*link - 1]))
		link = &a->v[*link - 1].next;
	a->v[i].next = *link;
	*link = i + 1;
}

static int take(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct nli_answers *a = ctx;
	const char *at = out.s, *end = out.s + out.len;

	(void)kept;
	(void)err;
	while (at < end) {
		struct parcel p;
		struct nli_str id;
		struct kept *k;

		memcpy(&p, at, sizeof(p));
		at += sizeof(p);
		id = (struct nli_str){ at, p.id_len };
		nli_grow(&a->v, &a->cap, a->n + 1, sizeof(*a->v));
		k = &a->v[a->n++];
		*k = (struct kept){ .failed = p.failed, .cut = p.cut };
		if (p.has_model)
			k->model = copy(a, at + p.id_len, p.model_len);
		k->text = copy(a, at + p.id_len + p.model_len, p.text_len);
		at += p.id_len + p.model_len + p.text_len;
		insert(a, asked_of(a, id, &p), (uint32_t)(a->n - 1));
	}
	return 0;
}

void nli_answers_read(struct nli_answers *a, struct nli_run *run, char *const *files)
{
	const struct nli_pass pass = { .ctx = a,
				       .line = read_line,
				       .scratch_new = reading_new,
				       .scratch_free = reading_free,
				       .commit = take };

	a->files = files;
	nli_run_side(run, files, &pass);
	a->counts.read = a->n;
}

/* A worker's own while joining. */
struct joining {
	struct nli_asker asker;
	struct nli_buf list;
	struct nli_answers_counts counts;
};

static void *joining_new(void *ctx)
{
	(void)ctx;
	return nli_xcalloc(1, sizeof(struct joining));
}

static void joining_free(void *ctx, void *scratch)
{
	struct nli_answers *a = ctx;
	struct joining *s = scratch;

	a->counts.used += s->counts.used;
	a->counts.failed += s->counts.failed;
	a->counts.unclear += s->counts.unclear;
	a->counts.unasked += s->counts.unasked;
	nli_asker_release(&s->asker);
	nli_buf_release(&s->list);
	free(s);
}

static void add_label(struct nli_jw *w, const struct nli_record *r,
		      const struct nli_question *q, ptrdiff_t option)
{
	size_t n;

	nli_jw_key(w, "label");
	if (option < 0)
		nli_jw_null(w);
	else if (r->task == NLI_TASK_CHOICE)
		nli_jw_u64(w, q->of[option]);
	else
		nli_jw_cstr(w,
			    nli_label_name(nli_task_labels(r->task, &n)[q->of[option]]));
}

static void add_annotation(struct joining *s, struct nli_jw *w, const struct kept *k,
			   const struct nli_record *r, const struct nli_question *q)
{
	const ptrdiff_t option = k->failed ? -1 : nli_answer_option(q, r, k->text);
	const bool unclear = option < 0 && !k->failed;

	nli_jw_open(w, '{');
	if (k->model.s) {
		nli_jw_key(w, "worker");
		nli_jw_str(w, k->model);
	}
	add_label(w, r, q, option);
	if (option < 0) {
		nli_jw_key(w, "failure");
		if (k->failed)
			nli_jw_str(w, k->text);
		else
			nli_jw_cstr(w, k->cut ? "cut at the limit of tokens"
					      : "no answer in the reply");
	}
	if (unclear) {
		nli_jw_key(w, "reply");
		nli_jw_str(w, k->text);
	}
	nli_jw_close(w, '}');
	s->counts.used++;
	s->counts.failed += k->failed;
	s->counts.unclear += unclear;
}

/* The annotations that are there, as they stand, and those of the chain behind them. */
static void make_list(const struct nli_answers *a, struct joining *s,
		      const struct nli_record *r, const struct nli_question *q,
		      uint32_t first)
{
	const struct nli_member *m = nli_object_find(&r->obj, "annotations");
	struct nli_jw w = { .b = &s->list };

	nli_buf_clear(&s->list);
	nli_jw_open(&w, '[');
	if (m && nli_jtype(m->val) == NLI_J_ARRAY && nli_jlen(m->val)) {
		nli_buf_add(&s->list, m->raw.s + 1, m->raw.len - 2);
		w.comma = true;
	}
	for (uint32_t i = first; i != NO_ANSWER; i = a->v[i - 1].next)
		add_annotation(s, &w, &a->v[i - 1], r, q);
	nli_jw_close(&w, ']');
}

static int join_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		       struct nli_err *err)
{
	const struct nli_answers *a = ctx;
	struct joining *s = w->scratch;
	const struct nli_str lang = a->lang ? nli_str_of(a->lang) : r->lang;
	const uint64_t *slot =
		r->key.s ? nli_map64_get(&a->key, nli_hash(r->key.s, r->key.len, 0))
			 : NULL;
	struct nli_question q;
	int rc;

	if (!slot) {
		s->counts.unasked++;
		nli_buf_add(w->out, r->obj.line.s, r->obj.line.len);
		nli_buf_addc(w->out, '\n');
		return NLI_KEEP;
	}
	rc = nli_ask(&s->asker, nli_templates_for(a->templates, lang, NULL), &a->how, r,
		     &q, err);
	if (rc)
		return rc;
	atomic_store_explicit(&a->asked[*slot - 1].matched, 1, memory_order_relaxed);
	make_list(a, s, r, &q, a->asked[*slot - 1].first);
	nli_record_write(r, "annotations", nli_buf_str(&s->list), w->out);
	return NLI_KEEP;
}

void nli_answers_map(struct nli_answers *a, struct nli_run *run)
{
	const struct nli_record_pass pass = { .ctx = a,
					      .record = join_record,
					      .scratch_new = joining_new,
					      .scratch_free = joining_free };

	nli_records_map(run, &pass);
}

void nli_answers_count(const struct nli_answers *a, struct nli_answers_counts *c)
{
	*c = a->counts;
	for (size_t i = 0; i < a->n_asked; i++) {
		const struct asked *k = &a->asked[i];

		if (atomic_load_explicit(&k->matched, memory_order_relaxed))
			continue;
		/* Keys are numbered as they came: the first is the first of the files. */
		if (!c->first_path) {
			c->first_path = a->files[k->file];
			c->first_line = k->line;
		}
		for (uint32_t v = k->first; v != NO_ANSWER; v = a->v[v - 1].next)
			c->unmatched++;
	}
}

void nli_answers_json(const struct nli_answers_counts *c, struct nli_jw *w)
{
	const struct {
		const char *name;
		uint64_t n;
	} row[] = {
		{ "read", c->read },       { "used", c->used },
		{ "failed", c->failed },   { "unclear", c->unclear },
		{ "unasked", c->unasked }, { "unmatched", c->unmatched },
	};

	nli_jw_key(w, "answers");
	nli_jw_open(w, '{');
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		nli_jw_key(w, row[i].name);
		nli_jw_u64(w, row[i].n);
	}
	nli_jw_close(w, '}');
}
