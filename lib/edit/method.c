/* method.c - see method.h. */
#include "lib/edit/method.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

static size_t count(struct nli_intern *names, uint64_t **n, size_t *cap,
		    struct nli_str key, uint64_t by)
{
	const size_t had = names->n;
	const size_t at = nli_intern_add(names, key);

	if (at == had) {
		nli_grow(n, cap, names->n, sizeof(**n));
		(*n)[at] = 0;
	}
	(*n)[at] += by;
	return at;
}

/* Is key what is counted of m: its method, rule, label? */
static bool says(struct nli_str key, const struct nli_made *m)
{
	const struct nli_str method = nli_str_of(m->method);
	const struct nli_str label = m->proved ? m->label : (struct nli_str){ NULL, 0 };
	const struct nli_str flag = nli_str_of(m->proved ? "" : "need_label");
	const struct nli_str part[] = { method, m->rule, label, flag };
	size_t at = 0;

	for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++) {
		if (key.len - at < part[i].len ||
		    !nli_str_eq((struct nli_str){ key.s + at, part[i].len }, part[i]))
			return false;
		at += part[i].len;
		if (at < key.len && key.s[at] == '\t')
			at++;
	}
	return at == key.len;
}

/* The kind of m that was counted before, or the place for it, whose method is NULL. */
static struct nli_edit_kind *kind_of(struct nli_edit_tally *t, const struct nli_made *m)
{
	const uintptr_t mixed = (uintptr_t)m->rule.s >> 2 ^ (uintptr_t)m->label.s;
	struct nli_edit_kind *k = &t->kind[mixed % NLI_EDIT_KINDS];

	if (k->method != m->method || k->rule != m->rule.s || k->label != m->label.s ||
	    k->proved != m->proved || m->assumed || m->task == NLI_TASK_CHOICE ||
	    !says(t->made.text[k->at], m))
		k->method = NULL;
	return k;
}

void nli_edit_count(struct nli_edit_tally *t, const struct nli_made *m)
{
	struct nli_edit_kind *kind = kind_of(t, m);
	struct nli_buf *key = &t->key;

	if (kind->method) {
		t->n_made[kind->at]++;
		return;
	}
	nli_buf_clear(key);
	nli_buf_adds(key, m->method);
	nli_buf_addc(key, '\t');
	nli_buf_add(key, m->rule.s, m->rule.len);
	nli_buf_addc(key, '\t');
	if ((m->proved || m->assumed) && m->task != NLI_TASK_CHOICE)
		nli_buf_add(key, m->label.s, m->label.len);
	else if (m->task == NLI_TASK_CHOICE && m->answer >= 0)
		nli_buf_add_u64(key, (uint64_t)m->answer);
	nli_buf_adds(key, m->proved || m->assumed ? "\t" : "\tneed_label");
	*kind = (struct nli_edit_kind){
		.method = m->assumed || m->task == NLI_TASK_CHOICE ? NULL : m->method,
		.rule = m->rule.s,
		.label = m->label.s,
		.proved = m->proved,
		.at = count(&t->made, &t->n_made, &t->made_cap, nli_buf_str(key), 1),
	};
}

void nli_edit_count_not(struct nli_edit_tally *t, const char *method, const char *why,
			uint64_t n)
{
	struct nli_buf *key = &t->key;

	if (!n)
		return;
	nli_buf_clear(key);
	nli_buf_adds(key, method);
	nli_buf_addc(key, '\t');
	nli_buf_adds(key, why);
	count(&t->not_made, &t->n_not, &t->not_cap, nli_buf_str(key), n);
}

void nli_edit_tally_add(struct nli_edit_tally *to, const struct nli_edit_tally *from)
{
	for (size_t i = 0; i < from->made.n; i++)
		count(&to->made, &to->n_made, &to->made_cap, from->made.text[i],
		      from->n_made[i]);
	for (size_t i = 0; i < from->not_made.n; i++)
		count(&to->not_made, &to->n_not, &to->not_cap, from->not_made.text[i],
		      from->n_not[i]);
}

void nli_edit_tally_release(struct nli_edit_tally *t)
{
	nli_intern_release(&t->made);
	nli_intern_release(&t->not_made);
	free(t->n_made);
	free(t->n_not);
	nli_buf_release(&t->key);
	memset(t, 0, sizeof(*t));
}

struct named {
	struct nli_str name;
	uint64_t n;
};

static int by_name(const void *a, const void *b)
{
	return nli_str_cmp(((const struct named *)a)->name,
			   ((const struct named *)b)->name);
}

/* The field before the next tab, which is cut off. */
static struct nli_str next_field(struct nli_str *s)
{
	const char *tab = s->len ? memchr(s->s, '\t', s->len) : NULL;
	const struct nli_str f = { s->s, tab ? (size_t)(tab - s->s) : s->len };

	s->s += f.len + (tab != NULL);
	s->len -= f.len + (tab != NULL);
	return f;
}

static void write_counts(const struct nli_intern *names, const uint64_t *n,
			 const char *const *field, size_t n_field, struct nli_jw *w)
{
	struct named *row = nli_xmalloc(names->n, sizeof(*row));

	for (size_t i = 0; i < names->n; i++)
		row[i] = (struct named){ names->text[i], n[i] };
	qsort(row, names->n, sizeof(*row), by_name);
	nli_jw_open(w, '[');
	for (size_t i = 0; i < names->n; i++) {
		struct nli_str rest = row[i].name;

		nli_jw_open(w, '{');
		for (size_t k = 0; k < n_field; k++) {
			const struct nli_str v = next_field(&rest);

			nli_jw_key(w, field[k]);
			if (!strcmp(field[k], "need_label"))
				nli_jw_bool(w, v.len > 0);
			else
				nli_jw_str(w, v.len ? v : (struct nli_str){ NULL, 0 });
		}
		nli_jw_key(w, "records");
		nli_jw_u64(w, row[i].n);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
	free(row);
}

void nli_edit_tally_write(const struct nli_edit_tally *t, struct nli_jw *w)
{
	static const char *const made[] = { "method", "rule", "label", "need_label" };
	static const char *const not_made[] = { "method", "reason" };

	nli_jw_key(w, "made");
	write_counts(&t->made, t->n_made, made, 4, w);
	nli_jw_key(w, "not_made");
	write_counts(&t->not_made, t->n_not, not_made, 2, w);
}

/* Has a rule still something to give of this record? */
static bool rule_may(struct nli_edit_sink *s, struct nli_str rule)
{
	uint64_t h;
	size_t i = 0;

	if (!s->per_rule)
		return true;
	h = nli_hash(rule.s, rule.len, 0);
	while (i < s->n_rule && s->rule[i].hash != h)
		i++;
	if (i == NLI_EDIT_MAX_RULES)
		return true;
	if (i == s->n_rule)
		s->rule[s->n_rule++] = (struct nli_edit_rule){ h, 0 };
	return s->rule[i].made++ < s->per_rule;
}

bool nli_edit_make(struct nli_edit_sink *s, const struct nli_made *m)
{
	if (s->max && s->made >= s->max) {
		nli_edit_skip(s, "more than --max");
		return false;
	}
	if (!rule_may(s, m->rule)) {
		nli_edit_skip(s, "more than --per-rule");
		return false;
	}
	s->made++;
	nli_made_write(m, s->frame, s->out);
	nli_edit_count(s->tally, m);
	return true;
}

void nli_edit_skip(struct nli_edit_sink *s, const char *why)
{
	nli_edit_count_not(s->tally, s->method, why, 1);
}

void nli_edit_names(struct nli_buf *out)
{
	for (size_t i = 0; nli_edit_methods[i].name; i++)
		nli_buf_addf(out, "%s%s",
			     !i                             ? ""
			     : nli_edit_methods[i + 1].name ? ", "
							    : " or ",
			     nli_edit_methods[i].name);
}

static int not_known(struct nli_str name, struct nli_err *err)
{
	struct nli_buf names = { 0 };
	int rc;

	nli_edit_names(&names);
	rc = nli_fail(err, NLI_EINVAL, "--method is \"%.*s\", wanted %s", (int)name.len,
		      name.s, names.data);
	nli_buf_release(&names);
	return rc;
}

static int choose(struct nli_str name, size_t *which, size_t *n, struct nli_err *err)
{
	size_t k = 0;

	while (nli_edit_methods[k].name && !nli_str_is(name, nli_edit_methods[k].name))
		k++;
	if (!nli_edit_methods[k].name)
		return not_known(name, err);
	for (size_t i = 0; i < *n; i++)
		if (which[i] == k)
			return nli_fail(err, NLI_EINVAL, "--method names %s twice",
					nli_edit_methods[k].name);
	which[(*n)++] = k;
	return 0;
}

int nli_edit_choose(const struct nli_edit_args *args, size_t *which, size_t *n,
		    struct nli_err *err)
{
	*n = 0;
	for (size_t i = 0; i < args->method.n; i++)
		for (const char *at = args->method.v[i];; at++) {
			const struct nli_str name = { at, strcspn(at, ",") };
			const int rc = choose(name, which, n, err);

			if (rc)
				return rc;
			at += name.len;
			if (!*at)
				break;
		}
	if (!*n)
		return nli_fail(err, NLI_EINVAL, "no --method");
	for (size_t i = 0; *n > 1 && i < *n; i++)
		if (nli_edit_methods[which[i]].run)
			return nli_fail(err, NLI_EINVAL,
					"--method %s looks at the whole input: it runs "
					"alone",
					nli_edit_methods[which[i]].name);
	return 0;
}

void *nli_edit_tally_new(void *ctx)
{
	(void)ctx;
	return nli_xcalloc(1, sizeof(struct nli_edit_tally));
}

void nli_edit_pass_source(const struct nli_record *r, struct nli_work *w)
{
	nli_buf_add(w->out, r->obj.line.s, r->obj.line.len);
	nli_buf_addc(w->out, '\n');
}

/* A pass of streaming methods. */
struct streaming {
	struct nli_edit edit;
	size_t which[NLI_EDIT_MAX_METHODS], n;
	struct nli_edit_tally tally;
};

struct streaming_scratch {
	struct nli_edit_tally tally;
	struct nli_edit_sink sink;
	struct nli_made_frame frame;
	void *of[NLI_EDIT_MAX_METHODS];
};

static void *streaming_new(void *ctx)
{
	const struct streaming *g = ctx;
	struct streaming_scratch *s = nli_xcalloc(1, sizeof(*s));

	s->sink = (struct nli_edit_sink){
		.tally = &s->tally,
		.frame = &s->frame,
		.max = (uint64_t)g->edit.args->max,
		.per_rule = (uint64_t)g->edit.args->per_rule,
	};
	for (size_t i = 0; i < g->n; i++)
		if (nli_edit_methods[g->which[i]].scratch_new)
			s->of[i] = nli_edit_methods[g->which[i]].scratch_new(&g->edit);
	return s;
}

static void streaming_free(void *ctx, void *arg)
{
	struct streaming *g = ctx;
	struct streaming_scratch *s = arg;

	for (size_t i = 0; i < g->n; i++)
		if (nli_edit_methods[g->which[i]].scratch_free)
			nli_edit_methods[g->which[i]].scratch_free(s->of[i]);
	nli_edit_tally_add(&g->tally, &s->tally);
	nli_edit_tally_release(&s->tally);
	nli_made_frame_release(&s->frame);
	free(s);
}

static int streaming_record(void *ctx, const struct nli_record *r, struct nli_work *w,
			    struct nli_err *err)
{
	const struct streaming *g = ctx;
	struct streaming_scratch *s = w->scratch;
	uint64_t made = 0;

	s->frame.source = NULL;
	if (g->edit.args->keep) {
		nli_edit_pass_source(r, w);
		made++;
	}
	for (size_t i = 0; i < g->n; i++) {
		const struct nli_edit_method *m = &nli_edit_methods[g->which[i]];
		struct nli_edit_sink *sink = &s->sink;
		int rc;

		sink->out = w->out;
		sink->method = m->name;
		sink->made = sink->n_rule = 0;
		rc = m->make(&g->edit, s->of[i], r, sink, err);
		if (rc)
			return rc;
		made += sink->made;
	}
	w->more = made ? made - 1 : 0;
	return made ? NLI_KEEP : NLI_DROP;
}

static void run_streaming(struct nli_run *run, struct streaming *g)
{
	struct nli_record_pass pass = { .ctx = g,
					.record = streaming_record,
					.scratch_new = streaming_new,
					.scratch_free = streaming_free,
					.want = NLI_WANT_TEXTS };

	for (size_t i = 0; i < g->n; i++)
		if (nli_edit_methods[g->which[i]].values)
			pass.want = NLI_WANT_ALL;
	nli_records_map(run, &pass);
}

static void open_langs(struct streaming *g)
{
	struct nli_err err;
	bool wanted = false;

	for (size_t i = 0; i < g->n; i++)
		wanted |= nli_edit_methods[g->which[i]].langs;
	if (wanted && nli_langs_new(&g->edit.langs, g->edit.args->langs, &err))
		nli_die("%s", err.msg);
}

void nli_edit_run(struct nli_run *run, const struct nli_edit_args *args)
{
	struct streaming g = { .edit = { .args = args } };
	struct nli_jw w = { .b = &run->results };
	struct nli_err err;

	if (nli_edit_choose(args, g.which, &g.n, &err))
		nli_usage(run->tool, "%s", err.msg);
	open_langs(&g);
	g.edit.rewriters = nli_rewriters_new(args->langs);
	if (nli_edit_methods[g.which[0]].run)
		nli_edit_methods[g.which[0]].run(run, &g.edit, &g.tally);
	else
		run_streaming(run, &g);
	w.comma = run->results.len > 0;
	nli_edit_tally_write(&g.tally, &w);
	nli_edit_tally_release(&g.tally);
	nli_langs_free(g.edit.langs);
	nli_rewriters_free(g.edit.rewriters);
}
