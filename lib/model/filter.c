/* filter.c - see filter.h: the list of rules, its values, its file. */
#include "lib/model/filter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io/json.h"

enum { FILE_VERSION = 1 };

static const struct nli_rule_type *find_type(struct nli_str name)
{
	for (const struct nli_rule_type *const *t = nli_rule_tables; *t; t++)
		for (const struct nli_rule_type *one = *t; one->name; one++)
			if (nli_str_is(name, one->name))
				return one;
	return NULL;
}

static struct nli_str keep_text(struct nli_filter *f, struct nli_str s)
{
	return (struct nli_str){ nli_arena_strndup(&f->arena, s.s, s.len), s.len };
}

static int wrong(const struct nli_rule_type *t, const struct nli_param_spec *s,
		 struct nli_str text, const char *wanted, struct nli_err *err)
{
	return nli_fail(err, NLI_EINVAL, "%s: %s is \"%.*s\", wanted %s", t->name,
			s->name, (int)(text.len < 80 ? text.len : 80), text.s, wanted);
}

static int set_number(const struct nli_rule_type *t, const struct nli_param_spec *s,
		      struct nli_str text, double *to, struct nli_err *err)
{
	char num[64], wanted[100], *end;
	double v = NAN;

	snprintf(wanted, sizeof(wanted), "a %s in %.17g..%.17g",
		 s->kind == NLI_PARAM_INT ? "whole number" : "number", s->lo, s->hi);
	if (text.len && text.len < sizeof(num) && strchr("+-.0123456789", text.s[0])) {
		memcpy(num, text.s, text.len);
		num[text.len] = '\0';
		v = strtod(num, &end);
		if (*end || (s->kind == NLI_PARAM_INT && v != floor(v)))
			v = NAN;
	}
	if (!(v >= s->lo && v <= s->hi))
		return wrong(t, s, text, wanted, err);
	*to = v;
	return 0;
}

static int set_range(const struct nli_rule_type *t, const struct nli_param_spec *s,
		     struct nli_str text, struct nli_param *p, struct nli_err *err)
{
	struct nli_str lo = text, hi;
	int rc = 0;

	lo.len = 0;
	while (lo.len + 1 < text.len && memcmp(text.s + lo.len, "..", 2))
		lo.len++;
	if (lo.len + 1 >= text.len)
		return wrong(t, s, text, "a range LO..HI", err);
	hi = (struct nli_str){ lo.s + lo.len + 2, text.len - lo.len - 2 };
	p->lo = -INFINITY;
	p->hi = INFINITY;
	if (lo.len)
		rc = set_number(t, s, lo, &p->lo, err);
	if (!rc && hi.len)
		rc = set_number(t, s, hi, &p->hi, err);
	if (!rc && !(p->lo <= p->hi))
		rc = wrong(t, s, text, "a range LO..HI with LO up to HI", err);
	return rc;
}

static bool is_choice(const char *list, struct nli_str s)
{
	for (const char *at = list; *at; at += *at == '|') {
		const size_t n = strcspn(at, "|");

		if (nli_str_eq((struct nli_str){ at, n }, s))
			return true;
		at += n;
	}
	return false;
}

/* Append one element of a list. */
static int add_element(struct nli_filter *f, const struct nli_rule_type *t,
		       const struct nli_param_spec *s, struct nli_str text,
		       struct nli_param *p, struct nli_err *err)
{
	const size_t n = p->n;
	struct nli_str *texts;
	double *reals, v;
	int rc;

	if (s->kind == NLI_PARAM_REALS) {
		rc = set_number(t, s, text, &v, err);
		if (rc)
			return rc;
		reals = nli_arena_alloc(&f->arena, (n + 1) * sizeof(*reals));
		if (n)
			memcpy(reals, p->real, n * sizeof(*reals));
		reals[n] = v;
		p->real = reals;
		p->n++;
		return 0;
	}
	/* Capacity doubles at powers of two: lists of workers may be long. */
	if (!(n & (n - 1))) {
		texts = nli_arena_alloc(&f->arena, (n ? 2 * n : 1) * sizeof(*texts));
		if (n)
			memcpy(texts, p->text, n * sizeof(*texts));
		p->text = texts;
	}
	p->text[p->n++] = keep_text(f, text);
	return 0;
}

static int set_list(struct nli_filter *f, const struct nli_rule_type *t,
		    const struct nli_param_spec *s, struct nli_str text,
		    struct nli_param *p, struct nli_err *err)
{
	int rc = 0;

	p->n = 0;
	while (!rc && text.len) {
		const char *comma = memchr(text.s, ',', text.len);
		const size_t n = comma ? (size_t)(comma - text.s) : text.len;

		rc = add_element(f, t, s, (struct nli_str){ text.s, n }, p, err);
		text.s += n + (comma != NULL);
		text.len -= n + (comma != NULL);
	}
	if (!rc && !p->n)
		rc = wrong(t, s, text, "a list with commas", err);
	return rc;
}

static int set_text(struct nli_filter *f, const struct nli_rule_type *t,
		    const struct nli_param_spec *s, struct nli_str text,
		    struct nli_param *p, struct nli_err *err)
{
	if (s->choice && !is_choice(s->choice, text))
		return wrong(t, s, text, s->choice, err);
	p->n = 0;
	return add_element(f, t, s, text, p, err);
}

static int set_flag(const struct nli_rule_type *t, const struct nli_param_spec *s,
		    struct nli_str text, struct nli_param *p, struct nli_err *err)
{
	if (!nli_str_is(text, "true") && !nli_str_is(text, "false"))
		return wrong(t, s, text, "true or false", err);
	p->lo = text.s[0] == 't';
	return 0;
}

static int set_param(struct nli_filter *f, const struct nli_rule_type *t,
		     const struct nli_param_spec *s, struct nli_str text,
		     struct nli_param *p, struct nli_err *err)
{
	p->given = true;
	switch (s->kind) {
	case NLI_PARAM_FLAG:
		return set_flag(t, s, text, p, err);
	case NLI_PARAM_REAL:
	case NLI_PARAM_INT:
		return set_number(t, s, text, &p->lo, err);
	case NLI_PARAM_RANGE:
		return set_range(t, s, text, p, err);
	case NLI_PARAM_REALS:
	case NLI_PARAM_TEXTS:
		return set_list(f, t, s, text, p, err);
	default:
		return set_text(f, t, s, text, p, err);
	}
}

/* Presets stand in the table of types: that they are good is a matter of tests. */
int nli_filter_add(struct nli_filter *f, struct nli_str type, struct nli_rule **u,
		   struct nli_err *err)
{
	const struct nli_rule_type *t = find_type(type);
	struct nli_rule *rule = &f->rule[f->n];
	int rc = 0;

	if (!t)
		return nli_fail(err, NLI_EINVAL, "no rule \"%.*s\"",
				(int)(type.len < 80 ? type.len : 80), type.s);
	if (f->n == NLI_MAX_RULES)
		return nli_fail(err, NLI_EINVAL, "more than %d rules", NLI_MAX_RULES);
	*rule = (struct nli_rule){ .type = t };
	for (size_t i = 0; !rc && t->param[i].name; i++) {
		const char *preset = t->param[i].preset;

		if (preset && *preset)
			rc = set_param(f, t, &t->param[i], nli_str_of(preset),
				       &rule->p[i], err);
	}
	f->n += !rc;
	*u = rule;
	return rc;
}

static int find_param(const struct nli_rule_type *t, struct nli_str name,
		      struct nli_err *err)
{
	for (int i = 0; t->param[i].name; i++)
		if (nli_str_is(name, t->param[i].name))
			return i;
	return nli_fail(err, NLI_EINVAL, "%s: no member \"%.*s\"", t->name,
			(int)(name.len < 80 ? name.len : 80), name.s);
}

int nli_rule_set(struct nli_filter *f, struct nli_rule *u, struct nli_str param,
		 struct nli_str text, struct nli_err *err)
{
	const int i = find_param(u->type, param, err);

	return i < 0 ? i : set_param(f, u->type, &u->type->param[i], text, &u->p[i], err);
}

int nli_rule_add_text(struct nli_filter *f, struct nli_rule *u, size_t param,
		      struct nli_str text, struct nli_err *err)
{
	u->p[param].given = true;
	return add_element(f, u->type, &u->type->param[param], text, &u->p[param], err);
}

static int read_list(struct nli_filter *f, const struct nli_rule_type *t,
		     const struct nli_param_spec *s, const nli_jval *v,
		     struct nli_param *p, struct nli_err *err)
{
	const enum nli_jtype want =
		s->kind == NLI_PARAM_REALS ? NLI_J_NUMBER : NLI_J_STRING;
	struct nli_jiter it = nli_jiter(v);
	int rc = 0;

	p->n = 0;
	p->given = true;
	while (!rc && nli_jnext(&it)) {
		if (nli_jtype(it.val) != want)
			return nli_fail(err, NLI_EINVAL, "%s: %s holds %s, wanted %s",
					t->name, s->name,
					nli_jtype_name(nli_jtype(it.val)),
					nli_jtype_name(want));
		rc = add_element(f, t, s, nli_jstr(it.val), p, err);
	}
	return rc;
}

/* [0.1,0.8], [3,null], [null,40] */
static int read_range(struct nli_filter *f, const struct nli_rule_type *t,
		      const struct nli_param_spec *s, const nli_jval *v,
		      struct nli_param *p, struct nli_err *err)
{
	struct nli_buf text = { 0 };
	struct nli_jiter it = nli_jiter(v);
	int n = 0, rc;

	while (nli_jnext(&it)) {
		const struct nli_str num = nli_jstr(it.val);

		if (n++)
			nli_buf_adds(&text, "..");
		nli_buf_add(&text, num.s ? num.s : "", num.len);
	}
	if (n != 2)
		rc = nli_fail(err, NLI_EINVAL, "%s: %s has %d elements, wanted 2",
			      t->name, s->name, n);
	else
		rc = set_param(f, t, s, nli_buf_str(&text), p, err);
	nli_buf_release(&text);
	return rc;
}

static int read_value(struct nli_filter *f, const struct nli_rule_type *t,
		      const struct nli_param_spec *s, const nli_jval *v,
		      struct nli_param *p, struct nli_err *err)
{
	static const enum nli_jtype wanted[] = {
		[NLI_PARAM_FLAG] = NLI_J_BOOL,   [NLI_PARAM_REAL] = NLI_J_NUMBER,
		[NLI_PARAM_INT] = NLI_J_NUMBER,  [NLI_PARAM_RANGE] = NLI_J_ARRAY,
		[NLI_PARAM_REALS] = NLI_J_ARRAY, [NLI_PARAM_TEXT] = NLI_J_STRING,
		[NLI_PARAM_TEXTS] = NLI_J_ARRAY,
	};

	if (nli_jtype(v) != wanted[s->kind])
		return nli_fail(err, NLI_EINVAL, "%s: %s is %s, wanted %s", t->name,
				s->name, nli_jtype_name(nli_jtype(v)),
				nli_jtype_name(wanted[s->kind]));
	switch (s->kind) {
	case NLI_PARAM_FLAG:
		p->given = true;
		p->lo = nli_jbool(v);
		return 0;
	case NLI_PARAM_RANGE:
		return read_range(f, t, s, v, p, err);
	case NLI_PARAM_REALS:
	case NLI_PARAM_TEXTS:
		return read_list(f, t, s, v, p, err);
	default:
		return set_param(f, t, s, nli_jstr(v), p, err);
	}
}

static int read_rule(struct nli_filter *f, const nli_jval *v, struct nli_err *err)
{
	const struct nli_str type = nli_jstr(nli_jget(v, "rule"));
	struct nli_jiter it = nli_jiter(v);
	struct nli_rule *u;
	int rc;

	if (nli_jtype(v) != NLI_J_OBJECT || !type.s)
		return nli_fail(err, NLI_EINVAL,
				"a rule is no object with \"rule\": its name");
	rc = nli_filter_add(f, type, &u, err);
	while (!rc && nli_jnext(&it)) {
		int i;

		if (nli_str_is(it.key, "rule"))
			continue;
		i = find_param(u->type, it.key, err);
		rc = i < 0 ? i
			   : read_value(f, u->type, &u->type->param[i], it.val, &u->p[i],
					err);
	}
	return rc;
}

static int read_root(struct nli_filter *f, const nli_jval *root, struct nli_err *err)
{
	struct nli_jiter it = nli_jiter(root), rules;
	int64_t version = 0, seed = 0;
	int rc = 0;

	if (!nli_jint(nli_jget(root, "nli_filter"), &version) || version != FILE_VERSION)
		return nli_fail(err, NLI_EINVAL,
				"not a filter file of version %d: "
				"wanted {\"nli_filter\":%d,\"seed\":0,\"rules\":[...]}",
				FILE_VERSION, FILE_VERSION);
	while (nli_jnext(&it))
		if (!nli_str_is(it.key, "nli_filter") && !nli_str_is(it.key, "seed") &&
		    !nli_str_is(it.key, "rules") && !nli_str_is(it.key, "note"))
			return nli_fail(err, NLI_EINVAL, "no member \"%.*s\"",
					(int)(it.key.len < 80 ? it.key.len : 80),
					it.key.s);
	if (nli_jget(root, "seed") &&
	    (!nli_jint(nli_jget(root, "seed"), &seed) || seed < 0))
		return nli_fail(err, NLI_EINVAL, "seed is not 0, 1, 2...");
	if (nli_jtype(nli_jget(root, "rules")) != NLI_J_ARRAY)
		return nli_fail(err, NLI_EINVAL, "rules is %s, wanted an array",
				nli_jtype_name(nli_jtype(nli_jget(root, "rules"))));
	f->seed = (uint64_t)seed;
	rules = nli_jiter(nli_jget(root, "rules"));
	while (!rc && nli_jnext(&rules))
		rc = read_rule(f, rules.val, err);
	return rc;
}

int nli_filter_read(struct nli_filter *f, struct nli_str json, struct nli_err *err)
{
	struct nli_json *j = nli_json_new();
	const nli_jval *root = nli_json_parse(j, json.s, json.len, err);
	const int rc = root ? read_root(f, root, err) : NLI_EINVAL;

	nli_json_free(j);
	return rc;
}

/* The shortest text that reads back as the same number. */
static void write_number(struct nli_jw *w, double v)
{
	char num[32];

	for (int digits = 6; digits <= 17; digits++) {
		snprintf(num, sizeof(num), "%.*g", digits, v);
		if (strtod(num, NULL) == v)
			break;
	}
	nli_jw_raw(w, nli_str_of(num));
}

static void write_end(struct nli_jw *w, double v)
{
	if (isinf(v))
		nli_jw_null(w);
	else
		write_number(w, v);
}

static void write_value(struct nli_jw *w, const struct nli_param_spec *s,
			const struct nli_param *p)
{
	switch (s->kind) {
	case NLI_PARAM_FLAG:
		nli_jw_bool(w, p->lo != 0);
		break;
	case NLI_PARAM_REAL:
	case NLI_PARAM_INT:
		write_number(w, p->lo);
		break;
	case NLI_PARAM_TEXT:
		nli_jw_str(w, p->text[0]);
		break;
	default:
		nli_jw_open(w, '[');
		if (s->kind == NLI_PARAM_RANGE) {
			write_end(w, p->lo);
			write_end(w, p->hi);
		}
		for (size_t i = 0; i < p->n; i++)
			if (s->kind == NLI_PARAM_REALS)
				write_number(w, p->real[i]);
			else
				nli_jw_str(w, p->text[i]);
		nli_jw_close(w, ']');
	}
}

void nli_filter_write(const struct nli_filter *f, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_buf_addf(out, "{\"nli_filter\":%d,\"seed\":%llu,\"rules\":[", FILE_VERSION,
		     (unsigned long long)f->seed);
	for (size_t k = 0; k < f->n; k++) {
		const struct nli_rule *u = &f->rule[k];

		nli_buf_adds(out, k ? ",\n  " : "\n  ");
		w.comma = false;
		nli_jw_open(&w, '{');
		nli_jw_key(&w, "rule");
		nli_jw_cstr(&w, u->type->name);
		for (size_t i = 0; u->type->param[i].name; i++) {
			if (!u->p[i].given)
				continue;
			nli_jw_key(&w, u->type->param[i].name);
			write_value(&w, &u->type->param[i], &u->p[i]);
		}
		nli_jw_close(&w, '}');
	}
	nli_buf_adds(out, "\n]}\n");
}

static int ready(struct nli_rule *u, struct nli_err *err)
{
	for (size_t i = 0; u->type->param[i].name; i++)
		if (!u->p[i].given && !u->type->param[i].preset)
			return nli_fail(err, NLI_EINVAL, "%s: no %s", u->type->name,
					u->type->param[i].name);
	return u->type->ready ? u->type->ready(u, err) : 0;
}

int nli_filter_ready(struct nli_filter *f, struct nli_err *err)
{
	int rc = 0;

	for (size_t k = 0; !rc && k < f->n; k++)
		rc = ready(&f->rule[k], err);
	return rc;
}

void nli_filter_release(struct nli_filter *f)
{
	for (size_t k = 0; k < f->n; k++)
		if (f->rule[k].type->release)
			f->rule[k].type->release(&f->rule[k]);
	nli_arena_release(&f->arena);
	memset(f, 0, sizeof(*f));
}

bool nli_filter_needs_set(const struct nli_filter *f)
{
	bool any = false;

	for (size_t k = 0; k < f->n; k++)
		any |= f->rule[k].type->stand != NULL;
	return any;
}

bool nli_filter_needs_rollouts(const struct nli_filter *f)
{
	bool any = false;

	/* A blind policy may be a model whose rollouts are read. */
	for (size_t k = 0; k < f->n; k++)
		any |= f->rule[k].type->rollouts ||
		       (!strcmp(f->rule[k].type->name, "blind") && f->rule[k].p[1].given);
	return any;
}
