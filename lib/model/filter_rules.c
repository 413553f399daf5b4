/* filter_rules.c - the rules that look at one record, and the table of all. */
#include "lib/model/filter_rules.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/map.h"
#include "lib/base/mem.h"
#include "lib/nli/where.h"

static int judge_easy(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err)
{
	(void)err;
	if (j->blind_p < 0)
		return NLI_RULE_UNKNOWN;
	nli_jw_key(&j->scores, "easy");
	nli_jw_real(&j->scores, j->blind_p);
	return j->blind_p > u->p[0].lo ? NLI_RULE_HIT : NLI_RULE_PASS;
}

static int judge_marked(const struct nli_rule *u, struct nli_judge *j,
			struct nli_err *err)
{
	const nli_jval *keep = nli_jget(nli_judge_left(j, "filter"), "keep");

	(void)u;
	(void)err;
	if (nli_jtype(keep) != NLI_J_BOOL)
		return NLI_RULE_UNKNOWN;
	return nli_jbool(keep) ? NLI_RULE_PASS : NLI_RULE_HIT;
}

/* "zh" keeps zh-Hant too: a code keeps those that it begins. */
static int judge_lang(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err)
{
	const struct nli_str lang = j->r->lang;

	(void)err;
	if (!lang.s)
		return NLI_RULE_UNKNOWN;
	for (size_t i = 0; i < u->p[0].n; i++) {
		const struct nli_str code = u->p[0].text[i];

		if (lang.len >= code.len && !memcmp(lang.s, code.s, code.len) &&
		    (lang.len == code.len || lang.s[code.len] == '-'))
			return NLI_RULE_PASS;
	}
	return NLI_RULE_HIT;
}

/* What another tool says: true, a number above 0, a text or a list that is not empty. */
static bool says(const nli_jval *v)
{
	double x;

	switch (nli_jtype(v)) {
	case NLI_J_BOOL:
		return nli_jbool(v);
	case NLI_J_NUMBER:
		return nli_jreal(v, &x) && x > 0;
	case NLI_J_STRING:
		return nli_jstr(v).len > 0;
	case NLI_J_ARRAY:
	case NLI_J_OBJECT:
		return nli_jlen(v) > 0;
	default:
		return false;
	}
}

static int judge_duplicate(const struct nli_rule *u, struct nli_judge *j,
			   struct nli_err *err)
{
	const nli_jval *d = nli_judge_left(j, "dedup");
	const nli_jval *first = nli_jget(d, "representative");
	const struct nli_str want = u->p[0].text[0], kind = nli_jstr(nli_jget(d, "kind"));

	(void)err;
	if (nli_jtype(first) != NLI_J_BOOL)
		return NLI_RULE_UNKNOWN;
	/* A word more or less is another statement. */
	if (nli_jbool(first) || nli_str_is(kind, "edit") ||
	    (!nli_str_is(want, "any") && !nli_str_eq(kind, want)))
		return NLI_RULE_PASS;
	return NLI_RULE_HIT;
}

static int judge_dedup_says(struct nli_judge *j, const char *member)
{
	const nli_jval *d = nli_judge_left(j, "dedup");

	if (!d)
		return NLI_RULE_UNKNOWN;
	return says(nli_jget(d, member)) ? NLI_RULE_HIT : NLI_RULE_PASS;
}

static int judge_conflict(const struct nli_rule *u, struct nli_judge *j,
			  struct nli_err *err)
{
	(void)u;
	(void)err;
	return judge_dedup_says(j, "conflict");
}

static int judge_leak(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err)
{
	(void)u;
	(void)err;
	return judge_dedup_says(j, "overlap");
}

enum { AGREE_POSTERIOR, AGREE_ENTROPY, AGREE_VOTES };

static int ready_agreement(struct nli_rule *u, struct nli_err *err)
{
	if (u->p[AGREE_POSTERIOR].given || u->p[AGREE_ENTROPY].given ||
	    u->p[AGREE_VOTES].given)
		return 0;
	return nli_fail(err, NLI_EINVAL, "agreement: wanted posterior, entropy or votes");
}

/* How far "truth" stands behind the record's label, or behind its own where there is none. */
static int judge_agreement(const struct nli_rule *u, struct nli_judge *j,
			   struct nli_err *err)
{
	const nli_jval *t = nli_judge_left(j, "truth");
	const struct nli_str label = j->gold.s ? j->gold : nli_jstr(nli_jget(t, "label"));
	double p, entropy, votes;
	int rc;

	if (!t || !label.s || !nli_jreal(nli_jget(t, "n"), &votes) ||
	    !nli_jreal(nli_jget(t, "entropy"), &entropy))
		return NLI_RULE_UNKNOWN;
	rc = nli_share_of(nli_jget_str(nli_jget(t, "p"), label), "truth.p of the label",
			  &p, err);
	if (rc)
		return rc;
	nli_jw_key(&j->scores, "agreement");
	nli_jw_real(&j->scores, p);
	if ((u->p[AGREE_POSTERIOR].given && p < u->p[AGREE_POSTERIOR].lo) ||
	    (u->p[AGREE_ENTROPY].given && entropy > u->p[AGREE_ENTROPY].lo) ||
	    (u->p[AGREE_VOTES].given && votes < u->p[AGREE_VOTES].lo))
		return NLI_RULE_HIT;
	return NLI_RULE_PASS;
}

enum { ANNOTATOR_WORKERS, ANNOTATOR_SHARE };

static int ready_annotator(struct nli_rule *u, struct nli_err *err)
{
	struct nli_intern *known = nli_xcalloc(1, sizeof(*known));

	(void)err;
	for (size_t i = 0; i < u->p[ANNOTATOR_WORKERS].n; i++)
		nli_intern_add(known, u->p[ANNOTATOR_WORKERS].text[i]);
	u->state = known;
	return 0;
}

static void release_annotator(struct nli_rule *u)
{
	if (u->state)
		nli_intern_release(u->state);
	free(u->state);
	u->state = NULL;
}

static int judge_annotator(const struct nli_rule *u, struct nli_judge *j,
			   struct nli_err *err)
{
	struct nli_jiter it = nli_jiter(j->r->annotations);
	size_t n = 0, listed = 0;
	double share;

	(void)err;
	while (nli_jnext(&it)) {
		const struct nli_str worker = nli_jstr(nli_jget(it.val, "worker"));

		if (!worker.s)
			continue;
		n++;
		listed += nli_intern_find(u->state, worker) != NLI_INTERN_NONE;
	}
	if (!n)
		return NLI_RULE_UNKNOWN;
	share = (double)listed / (double)n;
	nli_jw_key(&j->scores, "annotator");
	nli_jw_real(&j->scores, share);
	return share > 0 && share >= u->p[ANNOTATOR_SHARE].lo ? NLI_RULE_HIT
							      : NLI_RULE_PASS;
}

/* Compiled once here, to tell of mistakes before the first record; workers compile their own. */
static int ready_where(struct nli_rule *u, struct nli_err *err)
{
	struct nli_where *w;
	const int rc = nli_where_new(&w, u->p[0].text[0].s, err);

	nli_where_free(w);
	return rc ? nli_err_prefix(err, "where") : 0;
}

static int judge_where(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err)
{
	struct nli_where *w = nli_judge_where(j, u);
	int rc;

	if (!w)
		return nli_fail(err, NLI_EINVAL, "it does not compile any more");
	rc = nli_where_ask(w, j->r->obj.line, err);
	return rc < 0 ? rc : rc ? NLI_RULE_PASS : NLI_RULE_HIT;
}

static const struct nli_rule_type member_rules[] = {
	{ .name = "marked",
	  .help = "an nli-filter before this one said keep: false",
	  .judge = judge_marked },
	{ .name = "lang",
	  .help = "the language is none of these",
	  .param = { { "keep", NLI_PARAM_TEXTS, 0, 0, NULL, NULL } },
	  .judge = judge_lang },
	{ .name = "duplicate",
	  .help = "nli-dedup found it to be a duplicate, and not the one to keep",
	  .param = { { "kind", NLI_PARAM_TEXT, 0, 0, "any", "any|exact|near" } },
	  .judge = judge_duplicate },
	{ .name = "conflict",
	  .help = "nli-dedup found duplicates of it with another label",
	  .judge = judge_conflict },
	{ .name = "leak",
	  .help = "nli-dedup found it in another file",
	  .judge = judge_leak },
	{ .name = "agreement",
	  .help = "annotators do not stand behind the label",
	  .param = { { "posterior", NLI_PARAM_REAL, 0, 1, "", NULL },
		     { "entropy", NLI_PARAM_REAL, 0, 1e3, "", NULL },
		     { "votes", NLI_PARAM_REAL, 0, 1e9, "", NULL } },
	  .judge = judge_agreement,
	  .ready = ready_agreement },
	{ .name = "annotator",
	  .help = "as large a share of its votes is by listed workers",
	  .param = { { "workers", NLI_PARAM_TEXTS, 0, 0, NULL, NULL },
		     { "share", NLI_PARAM_REAL, 0, 1, "0.5", NULL } },
	  .judge = judge_annotator,
	  .ready = ready_annotator,
	  .release = release_annotator },
	{ .name = "easy",
	  .help = "the partial-input model gives the gold label a chance above the "
		  "number",
	  .param = { { "above", NLI_PARAM_REAL, 0, 1, NULL, NULL } },
	  .judge = judge_easy },
	{ .name = "where",
	  .help = "the expression in jq's language is false or null",
	  .param = { { "true", NLI_PARAM_TEXT, 0, 0, NULL, NULL } },
	  .judge = judge_where,
	  .ready = ready_where },
	{ .name = NULL },
};

const struct nli_rule_type *const nli_rule_tables[] = { member_rules, nli_text_rules,
							nli_rollout_rules, nli_set_rules,
							NULL };
