/* filter_rules.c - the rules that look at one record, and the table of all. */
#include "lib/model/filter_rules.h"

#include <stdlib.h>
#include <string.h>

/* The share that v says, which must be in [0,1]. */
static int share_of(const nli_jval *v, const char *what, double *out, struct nli_err *err)
{
	if (nli_jreal(v, out) && *out >= 0 && *out <= 1)
		return 0;
	return nli_fail(err, NLI_EDATA, "%s is %s, wanted a number in 0..1", what,
			nli_jtype_name(nli_jtype(v)));
}

int nli_judge_blind(const struct nli_judge *j, double *p, struct nli_err *err)
{
	const nli_jval *h = nli_judge_left(j, "hyponly");
	const nli_jval *v = nli_jget_str(nli_jget(h, "p"), j->gold);
	int rc;

	if (!h || !j->gold.s)
		return 0;
	if (!v)
		return 0;
	rc = share_of(v, "hyponly.p of the gold label", p, err);
	return rc ? rc : 1;
}

static int judge_easy(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err)
{
	double p;
	const int rc = nli_judge_blind(j, &p, err);

	if (rc <= 0)
		return rc ? rc : NLI_RULE_UNKNOWN;
	nli_jw_key(&j->scores, "easy");
	nli_jw_real(&j->scores, p);
	return p > u->p[0].lo ? NLI_RULE_HIT : NLI_RULE_PASS;
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

void nli_judge_tools_release(struct nli_judge *j)
{
	free(j->tools);
}

const struct nli_rule_type nli_rule_types[] = {
	{ .name = "marked",
	  .help = "an nli-filter before this one said keep: false",
	  .judge = judge_marked },
	{ .name = "lang",
	  .help = "the language is none of these",
	  .param = { { "keep", NLI_PARAM_TEXTS, 0, 0, NULL, NULL } },
	  .judge = judge_lang },
	{ .name = "easy",
	  .help = "the partial-input model gives the gold label a chance above the "
		  "number",
	  .param = { { "above", NLI_PARAM_REAL, 0, 1, NULL, NULL } },
	  .judge = judge_easy },
	{ .name = NULL },
};
