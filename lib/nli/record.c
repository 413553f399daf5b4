/* record.c - see record.h. */
#include "lib/nli/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/io/skim.h"

typedef int member_fn(struct nli_record *r, const struct nli_member *m,
		      struct nli_err *err);

static int wrong_type(const struct nli_member *m, const char *wanted, struct nli_err *err)
{
	return nli_fail(err, NLI_EDATA, "\"%.*s\" is %s, wanted %s", (int)m->key.len,
			m->key.s, nli_jtype_name(nli_jtype(m->val)), wanted);
}

static int get_text(const struct nli_member *m, struct nli_str *to, struct nli_err *err)
{
	const enum nli_jtype t = nli_jtype(m->val);

	if (t != NLI_J_STRING && t != NLI_J_NULL)
		return wrong_type(m, "a string or null", err);
	*to = t == NLI_J_STRING ? nli_jstr(m->val) : (struct nli_str){ NULL, 0 };
	return 0;
}

static int get_task(struct nli_record *r, const struct nli_member *m, struct nli_err *err)
{
	const struct nli_str s = nli_jstr(m->val);

	if (nli_jtype(m->val) != NLI_J_STRING)
		return wrong_type(m, "\"nli\", \"nli2\" or \"choice\"", err);
	if (nli_str_is(s, "nli"))
		r->task = NLI_TASK_NLI;
	else if (nli_str_is(s, "nli2"))
		r->task = NLI_TASK_NLI2;
	else if (nli_str_is(s, "choice"))
		r->task = NLI_TASK_CHOICE;
	else
		return nli_fail(
			err, NLI_EDATA,
			"\"task\" is \"%.40s\", wanted \"nli\", \"nli2\" or \"choice\"",
			s.s);
	return 0;
}

static int get_choices(struct nli_record *r, const struct nli_member *m,
		       struct nli_err *err)
{
	struct nli_jiter it = nli_jiter(m->val);

	r->n_choice = 0;
	if (nli_jtype(m->val) == NLI_J_NULL)
		return 0;
	if (nli_jtype(m->val) != NLI_J_ARRAY)
		return wrong_type(m, "an array of strings", err);
	if (nli_jlen(m->val) > NLI_MAX_CHOICES)
		return nli_fail(err, NLI_EDATA, "%zu choices, wanted at most %d",
				nli_jlen(m->val), NLI_MAX_CHOICES);
	while (nli_jnext(&it)) {
		if (nli_jtype(it.val) != NLI_J_STRING)
			return nli_fail(err, NLI_EDATA,
					"choice %zu is %s, wanted a string", r->n_choice,
					nli_jtype_name(nli_jtype(it.val)));
		r->choice[r->n_choice++] = nli_jstr(it.val);
	}
	return 0;
}

/* The range is checked at the end: "choices" may come after "answer". */
static int get_answer(struct nli_record *r, const struct nli_member *m,
		      struct nli_err *err)
{
	int64_t v = -1;

	if (nli_jtype(m->val) != NLI_J_NULL && (!nli_jint(m->val, &v) || v < 0))
		return nli_fail(err, NLI_EDATA,
				"\"answer\" is %.*s, wanted 0, 1, 2... or null",
				(int)(m->raw.len < 40 ? m->raw.len : 40), m->raw.s);
	r->answer = v < NLI_MAX_CHOICES ? (int)v : NLI_MAX_CHOICES;
	return 0;
}

/* Where the text members go. */
static struct nli_str *text_slot(struct nli_record *r, struct nli_str key)
{
	switch (key.len) {
	case 2:
		return nli_str_is(key, "id") ? &r->id : NULL;
	case 3:
		return nli_str_is(key, "key") ? &r->key : NULL;
	case 4:
		return nli_str_is(key, "lang") ? &r->lang : NULL;
	case 5:
		return nli_str_is(key, "label")   ? &r->label
		       : nli_str_is(key, "split") ? &r->split
		       : nli_str_is(key, "group") ? &r->group
						  : NULL;
	case 6:
		return nli_str_is(key, "corpus") ? &r->corpus : NULL;
	case 7:
		return nli_str_is(key, "premise") ? &r->premise : NULL;
	case 10:
		return nli_str_is(key, "hypothesis") ? &r->hypothesis : NULL;
	default:
		return NULL;
	}
}

static int get_member(struct nli_record *r, const struct nli_member *m,
		      struct nli_err *err)
{
	struct nli_str *text = text_slot(r, m->key);

	if (text)
		return get_text(m, text, err);
	if (nli_str_is(m->key, "task"))
		return get_task(r, m, err);
	if (nli_str_is(m->key, "choices"))
		return get_choices(r, m, err);
	if (nli_str_is(m->key, "answer"))
		return get_answer(r, m, err);
	if (nli_str_is(m->key, "annotations"))
		r->annotations = m->val;
	else if (nli_str_is(m->key, "meta"))
		r->meta = m->val;
	return 0;
}

static void clear(struct nli_record *r)
{
	memset(r, 0, offsetof(struct nli_record, choice));
	r->n_choice = 0;
	r->answer = -1;
	r->annotations = r->meta = NULL;
}

int nli_record_parse(struct nli_record *r, struct nli_json *j, struct nli_str line,
		     struct nli_err *err)
{
	int rc;

	clear(r);
	rc = nli_json_object(j, line, &r->obj, err);
	for (size_t i = 0; !rc && i < r->obj.n; i++)
		rc = get_member(r, &r->obj.m[i], err);
	if (rc)
		return rc;
	if (!r->id.s)
		return nli_fail(err, NLI_EDATA,
				"no \"id\": not a record; nli-ingest makes records");
	if (r->answer >= (int)r->n_choice)
		return nli_fail(err, NLI_EDATA,
				"\"answer\" is %d, but there are %zu choices", r->answer,
				r->n_choice);
	return 0;
}

/* What a member is to nli_record_skim(): the hint's tag; 0 is not known yet. */
enum {
	KIND_OTHER = 1, /* nothing of the record: copied only */
	KIND_TASK,
	KIND_VALUES, /* values that must be made, unless it is null */
	KIND_TEXT    /* and from here on the place of a text in the record */
};

struct nli_record_skimmer {
	struct nli_skimmer skim;
	struct nli_member m[NLI_MAX_SKIM];
	struct nli_buf text; /* strings that had escapes */
	bool votes;          /* annotations are asked for */
};

struct nli_record_skimmer *nli_record_skimmer_new(bool votes)
{
	struct nli_record_skimmer *k = nli_xcalloc(1, sizeof(*k));

	k->votes = votes;
	return k;
}

void nli_record_skimmer_free(struct nli_record_skimmer *k)
{
	if (!k)
		return;
	nli_buf_release(&k->text);
	free(k);
}

static int kind_of(const struct nli_record_skimmer *k, struct nli_record *r,
		   struct nli_str key)
{
	const struct nli_str *text = text_slot(r, key);

	if (text)
		return KIND_TEXT + (int)((const char *)text - (const char *)r);
	if (nli_str_is(key, "task"))
		return KIND_TASK;
	return nli_str_is(key, "choices") || nli_str_is(key, "answer") ||
			       (k->votes && nli_str_is(key, "annotations"))
		       ? KIND_VALUES
		       : KIND_OTHER;
}

/* The kind of member i, learned once for each hint. */
static int kind_at(struct nli_record_skimmer *k, struct nli_record *r, size_t i)
{
	if (!k->skim.m[i].known)
		return kind_of(k, r, k->skim.m[i].key);
	if (!k->skim.hint[i].tag)
		k->skim.hint[i].tag = kind_of(k, r, k->skim.m[i].key);
	return k->skim.hint[i].tag;
}

static struct nli_str skimmed_text(struct nli_record_skimmer *k,
				   const struct nli_raw *raw)
{
	const size_t from = k->text.len;

	if (!raw->escaped)
		return nli_raw_text(raw);
	nli_unescape(raw->raw, &k->text);
	return (struct nli_str){ k->text.data + from, k->text.len - from };
}

/* False: this is for the parser. */
static bool take_skimmed(struct nli_record_skimmer *k, struct nli_record *r, size_t i)
{
	const struct nli_raw *raw = &k->skim.m[i];
	const int kind = kind_at(k, r, i);
	struct nli_str text = { NULL, 0 };

	if (kind == KIND_OTHER)
		return true;
	if (raw->type == NLI_J_NULL && kind != KIND_TASK) {
		if (kind >= KIND_TEXT)
			memcpy((char *)r + (kind - KIND_TEXT), &text, sizeof(text));
		return true;
	}
	if (raw->type != NLI_J_STRING || kind == KIND_VALUES)
		return false;
	text = skimmed_text(k, raw);
	if (kind >= KIND_TEXT) {
		memcpy((char *)r + (kind - KIND_TEXT), &text, sizeof(text));
		return true;
	}
	r->task = nli_str_is(text, "nli2") ? NLI_TASK_NLI2 : NLI_TASK_NLI;
	return r->task == NLI_TASK_NLI2 || nli_str_is(text, "nli");
}

static bool skim_record(struct nli_record *r, struct nli_record_skimmer *k,
			struct nli_str line)
{
	clear(r);
	/* An unescaped string is no longer than its source: texts will not move. */
	nli_buf_clear(&k->text);
	nli_buf_reserve(&k->text, line.len + 1);
	r->obj = (struct nli_object){ .line = line, .m = k->m };
	if (!line.len || *line.s != '{' || line.s[line.len - 1] != '}' ||
	    !nli_skim(&k->skim, line))
		return false;
	for (size_t i = 0; i < k->skim.n; i++) {
		const struct nli_raw *raw = &k->skim.m[i];

		if (!take_skimmed(k, r, i))
			return false;
		k->m[i] = (struct nli_member){
			.key = raw->key,
			.raw = raw->raw,
			.start = (size_t)(raw->key.s - line.s) - 1,
		};
	}
	r->obj.n = k->skim.n;
	return r->id.s != NULL;
}

int nli_record_texts(struct nli_record *r, struct nli_record_skimmer *k,
		     struct nli_json *j, struct nli_str line, struct nli_err *err)
{
	return skim_record(r, k, line) ? 0 : nli_record_parse(r, j, line, err);
}

struct nli_str nli_record_gold(const struct nli_record *r, char num[12])
{
	if (r->task != NLI_TASK_CHOICE)
		return r->label;
	if (r->answer < 0)
		return (struct nli_str){ NULL, 0 };
	snprintf(num, 12, "%d", r->answer);
	return nli_str_of(num);
}

static const nli_jval *step(const nli_jval *v, struct nli_str name)
{
	struct nli_jiter it = nli_jiter(v);

	while (it.object_ && nli_jnext(&it))
		if (nli_str_eq(it.key, name))
			return it.val;
	return NULL;
}

/* Cut the part before the first dot off name. */
static struct nli_str first_part(struct nli_str *name)
{
	const char *dot = memchr(name->s, '.', name->len);
	const struct nli_str part = { name->s,
				      dot ? (size_t)(dot - name->s) : name->len };

	name->s += dot ? part.len + 1 : part.len;
	name->len -= dot ? part.len + 1 : part.len;
	return part;
}

struct nli_str nli_record_field(const struct nli_record *r, struct nli_str name,
				struct nli_buf *tmp)
{
	const struct nli_str top = first_part(&name);
	const nli_jval *v = NULL;

	for (size_t i = 0; !v && i < r->obj.n; i++)
		if (nli_str_eq(r->obj.m[i].key, top))
			v = r->obj.m[i].val;
	while (v && name.len)
		v = step(v, first_part(&name));
	if (!v || nli_jtype(v) == NLI_J_NULL)
		return (struct nli_str){ NULL, 0 };
	if (nli_jtype(v) == NLI_J_STRING)
		return nli_jstr(v);
	nli_buf_clear(tmp);
	nli_json_write(tmp, v);
	return nli_buf_str(tmp);
}

uint64_t nli_record_group_hash(const struct nli_record *r)
{
	const struct nli_str g = r->group.s     ? r->group
				 : r->premise.s ? r->premise
						: r->id;

	return nli_hash(g.s, g.len, 0);
}

size_t nli_record_votes(const struct nli_record *r)
{
	const struct nli_member *m;

	if (r->annotations)
		return nli_jlen(r->annotations);
	m = nli_object_find(&r->obj, "annotations");
	return m ? nli_raw_len(m->raw) : 0;
}

void nli_record_write(const struct nli_record *r, const char *name, struct nli_str value,
		      struct nli_buf *out)
{
	nli_object_splice(&r->obj, name, value, out);
	nli_buf_addc(out, '\n');
}

/* Enough for nearly every record; longer ones go to the heap. */
enum { KEY_STACK = 4096 };

static char *put_part(char *to, struct nli_str s)
{
	uint64_t len = s.s ? s.len : UINT64_MAX;

	/* The lowest byte first, whatever the machine. */
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		len = __builtin_bswap64(len);
	memcpy(to, &len, sizeof(len));
	to += sizeof(len);
	if (s.len)
		memcpy(to, s.s, s.len);
	return to + s.len;
}

void nli_record_key(enum nli_task task, struct nli_str premise, struct nli_str hypothesis,
		    const struct nli_str *choice, size_t n_choice, struct nli_str image,
		    char out[27])
{
	size_t need = 1 + 8 * (3 + n_choice) + premise.len + hypothesis.len + image.len;
	char stack[KEY_STACK], *text, *to;

	for (size_t i = 0; i < n_choice; i++)
		need += choice[i].len;
	to = text = need <= sizeof(stack) ? stack : nli_xmalloc(need, 1);
	*to++ = (char)task;
	to = put_part(to, premise);
	to = put_part(to, hypothesis);
	for (size_t i = 0; i < n_choice; i++)
		to = put_part(to, choice[i]);
	to = put_part(to, image);
	nli_hash128_base32(nli_hash128(text, (size_t)(to - text)), out);
	if (text != stack)
		free(text);
}

/* A record pass is a line pass whose scratch also holds the worker's parser. */
struct scratch {
	struct nli_json *json;
	struct nli_record_skimmer *skimmer; /* NULL: values are wanted */
	void *own;
};

static void *scratch_new(void *ctx)
{
	const struct nli_record_pass *p = ctx;
	struct scratch *s = nli_xmalloc(1, sizeof(*s));

	s->json = nli_json_new();
	s->skimmer = p->want == NLI_WANT_ALL
			     ? NULL
			     : nli_record_skimmer_new(p->want == NLI_WANT_VOTES);
	s->own = p->scratch_new ? p->scratch_new(p->ctx) : NULL;
	return s;
}

static void scratch_free(void *ctx, void *arg)
{
	const struct nli_record_pass *p = ctx;
	struct scratch *s = arg;

	if (p->scratch_free)
		p->scratch_free(p->ctx, s->own);
	nli_json_free(s->json);
	nli_record_skimmer_free(s->skimmer);
	free(s);
}

static int on_line(void *ctx, struct nli_work *w, struct nli_err *err)
{
	const struct nli_record_pass *p = ctx;
	const struct scratch *s = w->scratch;
	struct nli_work own = *w;
	struct nli_record r;
	const int rc = s->skimmer
			       ? nli_record_texts(&r, s->skimmer, s->json, w->line, err)
			       : nli_record_parse(&r, s->json, w->line, err);

	if (rc)
		return rc;
	own.scratch = s->own;
	return p->record(p->ctx, &r, &own, err);
}

static int on_commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	const struct nli_record_pass *p = ctx;

	return p->commit(p->ctx, out, kept, err);
}

static struct nli_pass line_pass(const struct nli_record_pass *p)
{
	return (struct nli_pass){
		.ctx = (void *)(uintptr_t)p,
		.line = on_line,
		.scratch_new = scratch_new,
		.scratch_free = scratch_free,
		.commit = p->commit ? on_commit : NULL,
	};
}

void nli_records_map(struct nli_run *r, const struct nli_record_pass *p)
{
	const struct nli_pass lines = line_pass(p);

	nli_run_map(r, &lines);
}

void nli_records_scan(struct nli_run *r, const struct nli_record_pass *p)
{
	const struct nli_pass lines = line_pass(p);

	nli_run_scan(r, &lines);
}

void nli_records_emit(struct nli_run *r, const struct nli_record_pass *p)
{
	const struct nli_pass lines = line_pass(p);

	nli_run_emit(r, &lines);
}

void nli_records_side(struct nli_run *r, char *const *files,
		      const struct nli_record_pass *p)
{
	const struct nli_pass lines = line_pass(p);

	nli_run_side(r, files, &lines);
}
