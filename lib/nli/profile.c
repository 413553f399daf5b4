/* profile.c - see profile.h: from JSON to structs.  Finding the files is in profiles.c. */
#include "lib/nli/profile.h"

#include <stdlib.h>
#include <string.h>

const char *const nli_repair_name[NLI_N_REPAIR] = { "entities", "invisible", "width",
						    "brackets", "letters" };

static const char *const dialect_name[] = {
	[NLI_DIALECT_NONE] = "",
	[NLI_DIALECT_JSONL] = "jsonl",
	[NLI_DIALECT_ARRAY] = "json",
	[NLI_DIALECT_ARRAYS] = "json-arrays",
	[NLI_DIALECT_KEYED] = "json-keyed",
	[NLI_DIALECT_CSV] = "csv",
	[NLI_DIALECT_TSV] = "tsv",
	[NLI_DIALECT_XML] = "xml",
	[NLI_DIALECT_BLOCKS] = "blocks",
};
enum { N_DIALECT = sizeof(dialect_name) / sizeof(*dialect_name) };

static const char *const answer_name[] = {
	[NLI_ANSWER_INDEX] = "index",   [NLI_ANSWER_NUMBER] = "number",
	[NLI_ANSWER_LETTER] = "letter", [NLI_ANSWER_TEXT] = "text",
	[NLI_ANSWER_KEY] = "key",       [NLI_ANSWER_FLAG] = "flag",
	[NLI_ANSWER_FIRST] = "first",
};
enum { N_ANSWER = sizeof(answer_name) / sizeof(*answer_name) };

const char *nli_dialect_name(enum nli_dialect d)
{
	return dialect_name[d];
}

/* What is being read, and the first thing that was wrong with it. */
struct reader {
	struct nli_profile *p;
	const nli_jval *over; /* the layout, or NULL */
	struct nli_layout *to;
	struct nli_err *err;
	int rc;
};

static void wrong(struct reader *r, const char *name, const char *wanted)
{
	if (!r->rc)
		r->rc = nli_fail(r->err, NLI_EDATA, "\"%s\": wanted %s", name, wanted);
}

static void *alloc(struct reader *r, size_t n, size_t size)
{
	void *p = nli_arena_alloc(&r->p->arena, n ? n * size : 1);

	memset(p, 0, n ? n * size : 1);
	return p;
}

/* Members that are not in the list of names, which ends with NULL, are mistakes. */
static void only(struct reader *r, const nli_jval *obj, const char *const *names)
{
	for (struct nli_jiter it = nli_jiter(obj); !r->rc && nli_jnext(&it);) {
		size_t i = 0;

		while (names[i] && !nli_str_is(it.key, names[i]))
			i++;
		if (!names[i])
			r->rc = nli_fail(r->err, NLI_EDATA,
					 "\"%.*s\" is no member that a profile has here",
					 (int)it.key.len, it.key.s);
	}
}

/* A member of the layout, else of the profile. */
static const nli_jval *member(const struct reader *r, const char *name)
{
	const nli_jval *v = r->over ? nli_jget(r->over, name) : NULL;

	return v ? v : nli_jget(r->p->root, name);
}

/* A member of an object that the layout may have, else the same of the profile's. */
static const nli_jval *within(const struct reader *r, const char *object,
			      const char *name)
{
	const nli_jval *v = r->over ? nli_jget(nli_jget(r->over, object), name) : NULL;

	return v ? v : nli_jget(nli_jget(r->p->root, object), name);
}

static struct nli_str get_str(struct reader *r, const nli_jval *v, const char *name)
{
	if (v && nli_jtype(v) != NLI_J_STRING)
		wrong(r, name, "a string");
	return v && !r->rc ? nli_jstr(v) : (struct nli_str){ NULL, 0 };
}

/* The place of a text in a list of names; wrong if it is not there. */
static size_t get_name(struct reader *r, const nli_jval *v, const char *name,
		       const char *const *names, size_t n)
{
	const struct nli_str s = get_str(r, v, name);
	size_t i = 0;

	if (!v || r->rc)
		return 0;
	while (i < n && !nli_str_is(s, names[i]))
		i++;
	if (i == n) {
		r->rc = nli_fail(r->err, NLI_EDATA,
				 "\"%s\" is \"%.40s\", which it cannot be", name, s.s);
		return 0;
	}
	return i;
}

static struct nli_str *get_strs(struct reader *r, const nli_jval *v, const char *name,
				size_t *n)
{
	struct nli_jiter it = nli_jiter(v);
	struct nli_str *s = alloc(r, nli_jlen(v), sizeof(*s));

	*n = 0;
	if (v && nli_jtype(v) != NLI_J_ARRAY)
		wrong(r, name, "an array of strings");
	while (!r->rc && nli_jnext(&it))
		s[(*n)++] = get_str(r, it.val, name);
	return s;
}

size_t nli_layout_name(struct nli_layout *l, struct nli_str name)
{
	size_t i = 0;

	while (i < l->n_name && !nli_str_eq(l->name[i], name))
		i++;
	if (i == l->n_name) {
		nli_grow(&l->name, &l->name_cap, i + 1, sizeof(*l->name));
		l->name[l->n_name++] = name;
	}
	return i;
}

/* #-1 and #12..-2; plain #3 is a name like others, see nli_item_locate(). */
static bool parse_places(struct nli_path *p, struct nli_str text)
{
	char digits[24], *end;

	if (text.len < 2 || text.len >= sizeof(digits) || text.s[0] != '#')
		return false;
	memcpy(digits, text.s + 1, text.len - 1);
	digits[text.len - 1] = '\0';
	p->from = p->to = (int)strtol(digits, &end, 10);
	if (!strncmp(end, "..", 2))
		p->to = (int)strtol(end + 2, &end, 10);
	if (!*end && p->from && p->to && (p->from < 0 || p->from != p->to))
		return true;
	p->from = p->to = 0;
	return false;
}

void nli_path_parse(struct nli_path *p, struct nli_str text, struct nli_layout *l,
		    struct nli_arena *arena)
{
	size_t n = 1;

	if (!text.len) /* an empty name, which may be no string at all */
		text = NLI_STR("");
	memset(p, 0, sizeof(*p));
	p->text = text;
	for (size_t i = 0; i < text.len; i++)
		n += text.s[i] == '.';
	p->step = nli_arena_alloc(arena, n * sizeof(*p->step));
	if (parse_places(p, text)) {
		p->step[p->n++] = (struct nli_step){ text, false };
		p->whole = p->top = nli_layout_name(l, text);
		return;
	}
	for (size_t at = 0; at <= text.len;) {
		const char *dot = memchr(text.s + at, '.', text.len - at);
		struct nli_str name = { text.s + at,
					(dot ? (size_t)(dot - text.s) : text.len) - at };
		const bool each = name.len > 2 && !memcmp(name.s + name.len - 2, "[]", 2);

		at += name.len + 1;
		name.len -= each ? 2 : 0;
		p->step[p->n++] = (struct nli_step){ name, each };
	}
	p->whole = nli_layout_name(l, text);
	p->top = nli_layout_name(l, p->step[0].name);
	p->named = p->n == 1 && !p->step[0].each;
}

static void get_path(struct reader *r, struct nli_path *p, const nli_jval *v,
		     const char *name)
{
	const struct nli_str s = get_str(r, v, name);

	if (s.s && !s.len)
		wrong(r, name, "a path");
	if (s.len && !r->rc)
		nli_path_parse(p, s, r->to, &r->p->arena);
}

static void get_paths(struct reader *r, struct nli_paths *p, const nli_jval *v,
		      const char *name)
{
	struct nli_jiter it = nli_jiter(v);
	const bool one = nli_jtype(v) != NLI_J_ARRAY;

	if (!v || nli_jtype(v) == NLI_J_NULL)
		return;
	p->v = alloc(r, one ? 1 : nli_jlen(v), sizeof(*p->v));
	if (one)
		get_path(r, &p->v[p->n++], v, name);
	while (!one && !r->rc && nli_jnext(&it))
		get_path(r, &p->v[p->n++], it.val, name);
}

static nli_label_set get_label(struct reader *r, const nli_jval *v)
{
	nli_label_set set = 0;
	struct nli_jiter it = nli_jiter(v);

	if (nli_jtype(v) == NLI_J_NULL)
		return 0;
	if (nli_jtype(v) == NLI_J_STRING) {
		const enum nli_label l = nli_label_of(nli_jstr(v));

		set = l == NLI_LABEL_NONE ? 0 : 1u << l;
	}
	while (nli_jtype(v) == NLI_J_ARRAY && nli_jnext(&it))
		set |= get_label(r, it.val);
	if (!set)
		wrong(r, "labels",
		      "entailment, neutral, contradiction, not_entailment "
		      "or null");
	return set;
}

static void get_labels(struct reader *r, struct nli_labels *l)
{
	static const char *const names[] = { "integers", "first", "spellings",
					     "trim",     "set",   NULL };
	const nli_jval *ints = within(r, "labels", "integers");
	const nli_jval *spellings = within(r, "labels", "spellings");
	const nli_jval *first = within(r, "labels", "first");
	struct nli_jiter it = nli_jiter(ints);

	only(r, member(r, "labels"), names);
	if (first && !nli_jint(first, &l->first))
		wrong(r, "first", "an integer");
	l->integer = alloc(r, nli_jlen(ints), sizeof(*l->integer));
	while (!r->rc && nli_jnext(&it))
		l->integer[l->n_integer++] = get_label(r, it.val);
	it = nli_jiter(spellings);
	l->spelling = alloc(r, nli_jlen(spellings), sizeof(*l->spelling));
	while (!r->rc && nli_jnext(&it))
		l->spelling[l->n_spelling++] =
			(struct nli_spelling){ it.key, get_label(r, it.val) };
	l->trim = get_str(r, within(r, "labels", "trim"), "trim");
	l->set = get_str(r, within(r, "labels", "set"), "set");
	l->letters = nli_str_is(l->set, "letters");
}

static void get_rules(struct reader *r, struct nli_rules *rules, const nli_jval *v,
		      const char *name)
{
	struct nli_jiter it = nli_jiter(v);

	if (v && nli_jtype(v) != NLI_J_OBJECT)
		wrong(r, name, "an object");
	rules->v = alloc(r, nli_jlen(v), sizeof(*rules->v));
	while (!r->rc && nli_jnext(&it)) {
		const bool null = nli_jtype(it.val) == NLI_J_NULL;

		rules->v[rules->n++] =
			(struct nli_rule){ it.key, null ? (struct nli_str){ NULL, 0 }
							: get_str(r, it.val, name) };
	}
}

static struct nli_named_path *get_named(struct reader *r, const nli_jval *v,
					const char *name, bool labels, size_t *n)
{
	struct nli_named_path *p = alloc(r, nli_jlen(v), sizeof(*p));
	struct nli_jiter it = nli_jiter(v);

	*n = 0;
	if (v && !nli_jlen(v) && nli_jtype(v) != NLI_J_ARRAY &&
	    nli_jtype(v) != NLI_J_OBJECT)
		wrong(r, name, "paths");
	while (!r->rc && nli_jnext(&it)) {
		struct nli_named_path *one = &p[(*n)++];

		one->name = it.object_ ? it.key : get_str(r, it.val, name);
		get_path(r, &one->path, it.val, name);
		if (labels) {
			const enum nli_label l = nli_label_of(one->name);

			one->set = l == NLI_LABEL_NONE ? 0 : 1u << l;
		}
	}
	return p;
}

static void get_votes(struct reader *r, struct nli_votes *v, const nli_jval *from)
{
	static const char *const names[] = { "label",    "worker",      "time", "counts",
					     "by_label", "python_list", NULL };

	only(r, from, names);
	get_paths(r, &v->label, nli_jget(from, "label"), "annotations.label");
	get_paths(r, &v->worker, nli_jget(from, "worker"), "annotations.worker");
	get_paths(r, &v->time, nli_jget(from, "time"), "annotations.time");
	v->count = get_named(r, nli_jget(from, "counts"), "counts", true, &v->n_count);
	v->by_label = get_named(r, nli_jget(from, "by_label"), "by_label", true,
				&v->n_by_label);
	v->python_list = nli_jbool(nli_jget(from, "python_list"));
}

static void get_annotations(struct reader *r, struct nli_layout *l, const nli_jval *v)
{
	struct nli_jiter it = nli_jiter(v);
	const bool one = nli_jtype(v) == NLI_J_OBJECT;

	if (!v)
		return;
	l->votes = alloc(r, one ? 1 : nli_jlen(v), sizeof(*l->votes));
	if (one)
		get_votes(r, &l->votes[l->n_votes++], v);
	while (!one && !r->rc && nli_jnext(&it))
		get_votes(r, &l->votes[l->n_votes++], it.val);
}

static void get_fields(struct reader *r, struct nli_layout *l)
{
	static const char *const names[] = {
		"id",      "premise",     "hypothesis",   "label",
		"choices", "choice_keys", "choice_types", "answer",
		"lang",    "split",       "group",        "image",
		"objects", "meta",        "annotations",  NULL
	};
	const struct {
		const char *name;
		struct nli_paths *to;
	} many[] = { { "id", &l->id },
		     { "premise", &l->premise },
		     { "hypothesis", &l->hypothesis },
		     { "label", &l->label },
		     { "choices", &l->choices },
		     { "group", &l->group } };
	const struct {
		const char *name;
		struct nli_path *to;
	} one[] = { { "choice_keys", &l->choice_keys },
		    { "choice_types", &l->choice_types },
		    { "answer", &l->answer },
		    { "lang", &l->lang },
		    { "split", &l->split },
		    { "image", &l->image },
		    { "objects", &l->objects } };

	only(r, nli_jget(r->p->root, "fields"), names);
	if (r->over)
		only(r, nli_jget(r->over, "fields"), names);
	for (size_t i = 0; i < sizeof(many) / sizeof(*many); i++)
		get_paths(r, many[i].to, within(r, "fields", many[i].name), many[i].name);
	for (size_t i = 0; i < l->premise.n; i++)
		l->has_empty |= nli_str_is(l->premise.v[i].text, "$empty");
	for (size_t i = 0; i < sizeof(one) / sizeof(*one); i++)
		get_path(r, one[i].to, within(r, "fields", one[i].name), one[i].name);
	l->meta = get_named(r, within(r, "fields", "meta"), "meta", false, &l->n_meta);
	get_annotations(r, l, within(r, "fields", "annotations"));
}

static void get_companion(struct reader *r, struct nli_companion *c, const nli_jval *v,
			  const char *name)
{
	static const char *const names[] = { "from",  "to",       "dialect", "key",
					     "on",    "many",     "folder",  "part",
					     "lines", "optional", NULL };

	if (!v)
		return;
	only(r, v, names);
	c->from = get_str(r, nli_jget(v, "from"), name);
	c->to = get_str(r, nli_jget(v, "to"), name);
	if (!c->from.s || !c->to.s)
		wrong(r, name, "from and to");
	c->dialect = (enum nli_dialect)get_name(r, nli_jget(v, "dialect"), "dialect",
						dialect_name, N_DIALECT);
	get_paths(r, &c->key, nli_jget(v, "key"), "key");
	c->on = get_str(r, nli_jget(v, "on"), "on");
	c->many = nli_jbool(nli_jget(v, "many"));
	c->folder = get_str(r, nli_jget(v, "folder"), "folder");
	c->optional = nli_jbool(nli_jget(v, "optional"));
	c->lines = nli_jbool(nli_jget(v, "lines"));
	get_path(r, &c->part, nli_jget(v, "part"), "part");
	if (!strcmp(name, "join") && (!c->key.n || (c->key.n > 1 && !c->folder.s)))
		wrong(r, name, "one key, or with folder several");
}

/* Of one array the elements are $each, of several $each.NAME of each. */
static void get_each(struct reader *r, struct nli_layout *l, const nli_jval *v)
{
	get_paths(r, &l->each, v, "each");
	if (l->each.n > NLI_MAX_EACH)
		wrong(r, "each", "at most 8 paths");
	l->each_as = alloc(r, l->each.n, sizeof(*l->each_as));
	for (size_t i = 0; !r->rc && i < l->each.n; i++) {
		struct nli_buf name = { 0 };

		nli_buf_adds(&name, "$each");
		if (l->each.n > 1) {
			nli_buf_addc(&name, '.');
			nli_buf_add(&name, l->each.v[i].text.s, l->each.v[i].text.len);
		}
		l->each_as[i] = nli_arena_strndup(&r->p->arena, name.data, name.len);
		nli_buf_release(&name);
	}
}

static void get_where(struct reader *r, struct nli_layout *l, const nli_jval *v)
{
	struct nli_jiter it = nli_jiter(v);

	l->where = alloc(r, nli_jlen(v), sizeof(*l->where));
	while (!r->rc && nli_jnext(&it)) {
		struct nli_where *w = &l->where[l->n_where++];

		nli_path_parse(&w->path, it.key, r->to, &r->p->arena);
		w->value = get_strs(r, it.val, "where", &w->n);
	}
}

static void get_divide(struct reader *r, struct nli_layout *l, const nli_jval *v)
{
	struct nli_jiter it = nli_jiter(v);

	l->divide = alloc(r, nli_jlen(v), sizeof(*l->divide));
	while (!r->rc && nli_jnext(&it)) {
		struct nli_divide *d = &l->divide[l->n_divide++];
		size_t n;
		const struct nli_str *into =
			get_strs(r, nli_jget(it.val, "into"), "into", &n);

		get_path(r, &d->field, nli_jget(it.val, "field"), "field");
		d->at = get_str(r, nli_jget(it.val, "at"), "at");
		if (n != 2 || !d->field.n || !d->at.len) {
			wrong(r, "divide", "field, at, and two names in into");
			return;
		}
		d->into[0] = nli_layout_name(l, into[0]);
		d->into[1] = nli_layout_name(l, into[1]);
	}
}

static void get_xml(struct reader *r, struct nli_layout *l, const nli_jval *v)
{
	static const char *const names[] = { "item", "flat", "context", NULL };

	if (!v)
		return;
	only(r, v, names);
	l->xml.item = get_str(r, nli_jget(v, "item"), "xml.item");
	l->xml.flat = get_strs(r, nli_jget(v, "flat"), "xml.flat", &l->xml.n_flat);
	l->xml.context =
		get_strs(r, nli_jget(v, "context"), "xml.context", &l->xml.n_context);
}

static void get_repair(struct reader *r, struct nli_layout *l, const nli_jval *v)
{
	struct nli_jiter it = nli_jiter(v);

	while (!r->rc && nli_jnext(&it))
		l->repair |= 1u << get_name(r, it.val, "repair", nli_repair_name,
					    NLI_N_REPAIR);
}

/* How the bytes are written. */
static void get_form(struct reader *r, struct nli_layout *l)
{
	const nli_jval *quote = member(r, "quote"), *lines = member(r, "lines");
	const struct nli_str delimiter = get_str(r, member(r, "delimiter"), "delimiter");
	int64_t n = 0;

	l->dialect = (enum nli_dialect)get_name(r, member(r, "dialect"), "dialect",
						dialect_name, N_DIALECT);
	l->encoding = get_str(r, member(r, "encoding"), "encoding");
	if (delimiter.s && delimiter.len != 1)
		wrong(r, "delimiter", "one character");
	l->delimiter = delimiter.len ? delimiter.s[0] : '\0';
	l->quote = quote ? nli_jbool(quote) : -1;
	l->column = get_strs(r, member(r, "columns"), "columns", &l->n_column);
	if (lines && (!nli_jint(lines, &n) || n < 1 || n > 100))
		wrong(r, "lines", "1..100");
	l->lines = (size_t)n;
	get_xml(r, l, member(r, "xml"));
	if (l->dialect == NLI_DIALECT_XML && !l->xml.item.s)
		wrong(r, "xml", "the item element");
	if (l->dialect == NLI_DIALECT_BLOCKS && !n)
		wrong(r, "lines", "the number of lines of a block");
}

static void get_meaning(struct reader *r, struct nli_layout *l)
{
	static const char *const task_name[] = { "nli", "nli2", "choice", "crowd" };
	const nli_jval *languages = member(r, "languages");
	struct nli_jiter it = nli_jiter(languages);
	const size_t task = get_name(r, member(r, "task"), "task", task_name, 4);

	r->p->crowd = task == 3;
	l->task = (enum nli_task)(task % 3);
	if (nli_jlen(languages) == 1 && nli_jnext(&it))
		l->language = get_str(r, it.val, "languages");
	get_fields(r, l);
	get_labels(r, &l->labels);
	get_each(r, l, member(r, "each"));
	get_where(r, l, member(r, "where"));
	get_divide(r, l, member(r, "divide"));
	get_companion(r, &l->beside, member(r, "beside"), "beside");
	get_companion(r, &l->join, member(r, "join"), "join");
	get_rules(r, &l->split_files, within(r, "split", "files"), "split.files");
	get_rules(r, &l->split_values, within(r, "split", "values"), "split.values");
	get_rules(r, &l->lang_files, within(r, "lang", "files"), "lang.files");
	get_rules(r, &l->lang_values, within(r, "lang", "values"), "lang.values");
	l->answer_is = (enum nli_answer_is)get_name(r, member(r, "answer_is"),
						    "answer_is", answer_name, N_ANSWER);
	get_repair(r, l, member(r, "repair"));
}

#define LAYOUT_NAMES                                                                   \
	"match", "signature", "dialect", "encoding", "delimiter", "quote", "columns",  \
		"lines", "xml", "each", "where", "divide", "beside", "join", "fields", \
		"labels", "split", "lang", "answer_is", "repair", "task", "languages", \
		NULL

static void get_layout(struct reader *r, struct nli_layout *l)
{
	static const char *const names[] = { LAYOUT_NAMES };

	l->profile = r->p;
	r->to = l;
	if (r->over)
		only(r, r->over, names);
	l->match = get_strs(r, member(r, "match"), "match", &l->n_match);
	l->signature = get_strs(r, member(r, "signature"), "signature", &l->n_signature);
	get_form(r, l);
	get_meaning(r, l);
	if (r->rc || r->p->crowd)
		return;
	if (!l->premise.n)
		wrong(r, "fields", "a premise");
	else if (l->task == NLI_TASK_CHOICE ? !l->choices.n : !l->hypothesis.n)
		wrong(r, "fields",
		      l->task == NLI_TASK_CHOICE ? "choices" : "a hypothesis");
}

static void get_expect(struct reader *r)
{
	const nli_jval *v = nli_jget(r->p->root, "expect");
	struct nli_jiter it = nli_jiter(v);

	r->p->expect = alloc(r, nli_jlen(v), sizeof(*r->p->expect));
	while (!r->rc && nli_jnext(&it)) {
		struct nli_expect *e = &r->p->expect[r->p->n_expect++];
		const nli_jval *labels = nli_jget(it.val, "labels");
		struct nli_jiter l = nli_jiter(labels);

		e->match = get_str(r, nli_jget(it.val, "match"), "match");
		if (!nli_jint(nli_jget(it.val, "records"), &e->records))
			wrong(r, "records", "an integer");
		e->label = alloc(r, nli_jlen(labels), sizeof(*e->label));
		while (!r->rc && nli_jnext(&l)) {
			e->label[e->n_label].name = l.key;
			if (!nli_jint(l.val, &e->label[e->n_label++].n))
				wrong(r, "expect.labels", "integers");
		}
	}
}

static void get_all(struct reader *r)
{
	static const char *const names[] = { "name",     "title",     "licence",
					     "citation", "homepage",  "access",
					     "notes",    "files",     "layouts",
					     "expect",   LAYOUT_NAMES };
	struct nli_profile *p = r->p;
	const nli_jval *layouts = nli_jget(p->root, "layouts");
	struct nli_jiter it = nli_jiter(layouts);

	only(r, p->root, names);
	p->name = get_str(r, nli_jget(p->root, "name"), "name");
	p->title = get_str(r, nli_jget(p->root, "title"), "title");
	p->licence = get_str(r, nli_jget(p->root, "licence"), "licence");
	p->access = get_str(r, nli_jget(p->root, "access"), "access");
	p->notes = get_str(r, nli_jget(p->root, "notes"), "notes");
	if (!p->name.len || !p->title.s || !p->licence.s || !member(r, "task"))
		wrong(r, "profile", "a name, a title, a licence and a task");
	p->layout = alloc(r, layouts ? nli_jlen(layouts) : 1, sizeof(*p->layout));
	while (!r->rc && layouts && nli_jnext(&it)) {
		r->over = it.val;
		get_layout(r, &p->layout[p->n_layout++]);
	}
	r->over = NULL;
	/* A corpus may be known by its licence and address alone. */
	if (!r->rc && !layouts && nli_jget(p->root, "fields"))
		get_layout(r, &p->layout[p->n_layout++]);
	if (!r->rc && nli_str_is(nli_jstr(nli_jget(p->root, "task")), "crowd"))
		p->crowd = true;
	get_expect(r);
}

int nli_profile_parse(struct nli_profile **out, struct nli_str text, struct nli_err *err)
{
	struct nli_profile *p = nli_xcalloc(1, sizeof(*p));
	struct reader r = { .p = p, .err = err };

	*out = NULL;
	p->json = nli_json_new();
	nli_buf_add(&p->text, text.s, text.len);
	p->root = nli_json_parse(p->json, p->text.data, p->text.len, err);
	if (!p->root)
		r.rc = NLI_EDATA;
	else if (nli_jtype(p->root) != NLI_J_OBJECT)
		wrong(&r, "profile", "an object");
	if (!r.rc)
		get_all(&r);
	if (r.rc)
		nli_profile_free(p);
	else
		*out = p;
	return r.rc;
}

void nli_profile_free(struct nli_profile *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_layout; i++)
		free(p->layout[i].name);
	nli_json_free(p->json);
	nli_arena_release(&p->arena);
	nli_buf_release(&p->text);
	free(p);
}
