/* filter_options.c - see filter_options.h. */
#include "lib/model/filter_options.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ROWS = 128 };

/* What goes with the table. */
struct making {
	struct nli_filter *f;
	const char *workers;
	uint64_t *left_out;
};

static const char *text_of(const struct nli_rule_option *o)
{
	switch (o->how) {
	case NLI_FROM_TEXT:
	case NLI_FROM_CUES:
	case NLI_FROM_WORKERS:
	case NLI_AMEND:
		return *(const char *const *)o->from;
	default:
		return NULL;
	}
}

static bool is_given(const struct nli_rule_option *o)
{
	if (o->how == NLI_FROM_FLAG)
		return *(const bool *)o->from;
	if (o->how == NLI_FROM_LIST || o->how == NLI_FROM_QUOTA ||
	    o->how == NLI_FROM_ROLLOUTS)
		return ((const struct nli_opt_list *)o->from)->n > 0;
	return text_of(o) != NULL;
}

static bool has_rule(const struct nli_filter *f, const char *type)
{
	for (size_t k = 0; k < f->n; k++)
		if (!strcmp(f->rule[k].type->name, type))
			return true;
	return false;
}

static int set(struct nli_filter *f, struct nli_rule *u, const char *param,
	       struct nli_str text, struct nli_err *err)
{
	return nli_rule_set(f, u, nli_str_of(param), text, err);
}

/* FIELD=N */
static int set_quota(struct nli_filter *f, struct nli_rule *u, const char *text,
		     struct nli_err *err)
{
	const char *eq = strrchr(text, '=');
	int rc;

	if (!eq || eq == text)
		return nli_fail(err, NLI_EINVAL, "quota is \"%s\", wanted FIELD=N", text);
	rc = set(f, u, "field", (struct nli_str){ text, (size_t)(eq - text) }, err);
	return rc ? rc : set(f, u, "most", nli_str_of(eq + 1), err);
}

static int load_workers(const struct making *m, struct nli_rule *u, const char *skill,
			struct nli_err *err)
{
	char *end;
	const double below = strtod(skill, &end);

	if (end == skill || *end)
		return nli_fail(err, NLI_EINVAL, "annotator is \"%s\", wanted a skill",
				skill);
	if (!m->workers)
		return nli_fail(err, NLI_EINVAL, "annotator needs a file of workers");
	return nli_rule_load_workers(m->f, u, m->workers, below, err);
}

/* The rule of a row, or of item i of its list. */
static int make(const struct making *m, const struct nli_rule_option *o, size_t i,
		struct nli_rule **u, struct nli_err *err)
{
	const struct nli_opt_list *l = o->from;
	const int rc = nli_filter_add(m->f, nli_str_of(o->rule), u, err);

	if (rc)
		return rc;
	switch (o->how) {
	case NLI_FROM_TEXT:
		return set(m->f, *u, o->param, nli_str_of(text_of(o)), err);
	case NLI_FROM_LIST:
		return set(m->f, *u, o->param, nli_str_of(l->v[i]), err);
	case NLI_FROM_QUOTA:
		return set_quota(m->f, *u, l->v[i], err);
	case NLI_FROM_CUES:
		return nli_rule_load_cues(m->f, *u, text_of(o), m->left_out, err);
	case NLI_FROM_WORKERS:
		return load_workers(m, *u, text_of(o), err);
	default:
		return 0;
	}
}

static size_t times(const struct nli_rule_option *o)
{
	const struct nli_opt_list *l = o->from;

	return o->how == NLI_FROM_LIST || o->how == NLI_FROM_QUOTA ? l->n : 1;
}

/* Values that amend no rule were given for nothing: that is misuse. */
static int check_used(const struct nli_rule_option *row, size_t n, const bool *used,
		      struct nli_err *err)
{
	for (size_t i = 0; i < n; i++) {
		bool any = false;

		if (row[i].how != NLI_AMEND || !text_of(&row[i]))
			continue;
		for (size_t k = 0; k < n; k++)
			any |= row[k].from == row[i].from && used[k];
		if (!any)
			return nli_fail(err, NLI_EINVAL,
					"%s \"%s\": no rule that takes it is asked for",
					row[i].param, text_of(&row[i]));
	}
	return 0;
}

int nli_filter_options(struct nli_filter *f, const struct nli_rule_option *row, size_t n,
		       const char *workers, uint64_t *left_out, struct nli_err *err)
{
	const struct making m = { f, workers, left_out };
	const bool read_already = has_rule(f, "rollouts");
	bool used[MAX_ROWS] = { false };
	const char *made = NULL;
	struct nli_rule *u = NULL;
	int rc = 0;

	*left_out = 0;
	if (n > MAX_ROWS)
		return nli_fail(err, NLI_EINVAL, "more than %d rows", MAX_ROWS);
	for (size_t i = 0; !rc && i < n; i++) {
		const struct nli_rule_option *o = &row[i];
		const bool same = made && !strcmp(made, o->rule);

		if (!is_given(o) || (o->how == NLI_FROM_ROLLOUTS && read_already))
			continue;
		if (same && text_of(o)) {
			rc = set(f, u, o->param, nli_str_of(text_of(o)), err);
			used[i] = true;
			continue;
		}
		for (size_t k = 0; !rc && o->how != NLI_AMEND && k < times(o); k++) {
			rc = make(&m, o, k, &u, err);
			made = o->rule;
		}
	}
	return rc ? rc : check_used(row, n, used, err);
}
