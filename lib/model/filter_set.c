/* filter_set.c - the rules that choose within a set; choice.c does the choosing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/model/filter_rules.h"

static int nowhere(struct nli_standing *s, int ruling)
{
	*s = (struct nli_standing){ .stratum = NLI_NO_STRATUM };
	return ruling;
}

static uint64_t hash_of(struct nli_str s)
{
	const uint64_t h = nli_hash(s.s ? s.s : "", s.len, s.s != NULL);

	return h == NLI_NO_STRATUM ? 0 : h;
}

static struct nli_str field_of(struct nli_judge *j, const struct nli_param *p)
{
	if (!p->given)
		return NLI_STR("");
	return nli_record_field(j->r, p->text[0], &j->tmp);
}

static int stand_easy(const struct nli_rule *u, struct nli_judge *j,
		      struct nli_standing *s, struct nli_err *err)
{
	(void)u;
	(void)err;
	if (j->blind_p < 0)
		return nowhere(s, NLI_RULE_UNKNOWN);
	*s = (struct nli_standing){ 0, hash_of(j->gold), j->blind_p };
	return NLI_RULE_PASS;
}

static uint64_t keep_but_share(const struct nli_rule *u, const struct nli_stratum *s)
{
	return s->n - (uint64_t)floor(u->p[0].lo * (double)s->n);
}

static int stand_balance(const struct nli_rule *u, struct nli_judge *j,
			 struct nli_standing *s, struct nli_err *err)
{
	(void)err;
	if (!j->gold.s)
		return nowhere(s, NLI_RULE_UNKNOWN);
	*s = (struct nli_standing){ hash_of(field_of(j, &u->p[0])), hash_of(j->gold), 0 };
	return NLI_RULE_PASS;
}

static uint64_t keep_least(const struct nli_rule *u, const struct nli_stratum *s)
{
	(void)u;
	return s->least;
}

/* As large a part of what it was as of the one that lost most, which stays whole. */
static uint64_t keep_part(const struct nli_rule *u, const struct nli_stratum *s)
{
	const uint64_t whole = s->was / s->thin_was, rest = s->was % s->thin_was;

	(void)u;
	return whole * s->thin_n + rest * s->thin_n / s->thin_was;
}

enum { QUOTA_FIELD, QUOTA_MOST };

static int stand_quota(const struct nli_rule *u, struct nli_judge *j,
		       struct nli_standing *s, struct nli_err *err)
{
	(void)err;
	*s = (struct nli_standing){ 0, hash_of(field_of(j, &u->p[QUOTA_FIELD])), 0 };
	return NLI_RULE_PASS;
}

static uint64_t keep_quota(const struct nli_rule *u, const struct nli_stratum *s)
{
	const uint64_t most = (uint64_t)u->p[QUOTA_MOST].lo;

	return s->n < most ? s->n : most;
}

enum { SAMPLE_N, SAMPLE_WEIGHT };

/* Weights come from fields of any kind, so from their text. */
static bool read_weight(struct nli_str text, double *w)
{
	char num[64], *end;

	if (!text.len || text.len >= sizeof(num))
		return false;
	memcpy(num, text.s, text.len);
	num[text.len] = '\0';
	*w = strtod(num, &end);
	return !*end && *w >= 0 && isfinite(*w);
}

static int weight_of(const struct nli_rule *u, struct nli_judge *j, double *w,
		     struct nli_err *err)
{
	const struct nli_param *p = &u->p[SAMPLE_WEIGHT];
	struct nli_str text;

	*w = 1;
	if (!p->given)
		return 0;
	text = field_of(j, p);
	if (read_weight(text, w))
		return 0;
	return nli_fail(err, NLI_EDATA, "%.*s is \"%.*s\", wanted a weight from 0",
			(int)p->text[0].len, p->text[0].s,
			(int)(text.len < 40 ? text.len : 40), text.s ? text.s : "");
}

/*
 * Without replacement, with chance by weight: the n smallest of -log(u)/w, u
 * uniform (Efraimidis and Spirakis, Information Processing Letters 97(5), 2006,
 * algorithm A, in logarithms).  u is a hash of (seed, key), in (0,1).
 */
static int stand_sample(const struct nli_rule *u, struct nli_judge *j,
			struct nli_standing *s, struct nli_err *err)
{
	const uint64_t h = nli_mix(j->key_hash ^ nli_hash("sample", 6, 0));
	double w;
	const int rc = weight_of(u, j, &w, err);

	if (rc)
		return nowhere(s, rc);
	*s = (struct nli_standing){ 0, 0, -log(nli_unit(h) + 0x1p-54) / w };
	return NLI_RULE_PASS;
}

static uint64_t keep_sample(const struct nli_rule *u, const struct nli_stratum *s)
{
	const uint64_t want = (uint64_t)u->p[SAMPLE_N].lo;

	return s->n < want ? s->n : want;
}

const struct nli_rule_type nli_set_rules[] = {
	{ .name = "easy-top",
	  .help = "among the share of each label that the partial-input model is surest "
		  "of",
	  .param = { { "share", NLI_PARAM_REAL, 0, 1, NULL, NULL } },
	  .stand = stand_easy,
	  .capacity = keep_but_share },
	{ .name = "label-balance",
	  .help = "beyond the size of the rarest label, by hash",
	  .param = { { "within", NLI_PARAM_TEXT, 0, 0, "", NULL } },
	  .stand = stand_balance,
	  .capacity = keep_least },
	{ .name = "label-shares",
	  .help = "beyond its label's share before the rules that come first, by hash",
	  .param = { { "within", NLI_PARAM_TEXT, 0, 0, "", NULL } },
	  .stand = stand_balance,
	  .capacity = keep_part },
	{ .name = "quota",
	  .help = "beyond as many of its value of the field, by hash",
	  .param = { { "field", NLI_PARAM_TEXT, 0, 0, NULL, NULL },
		     { "most", NLI_PARAM_INT, 0, 0x1p53, NULL, NULL } },
	  .stand = stand_quota,
	  .capacity = keep_quota },
	{ .name = "sample",
	  .help = "not drawn, by hash and weight, without replacement",
	  .param = { { "n", NLI_PARAM_INT, 0, 0x1p53, NULL, NULL },
		     { "weight", NLI_PARAM_TEXT, 0, 0, "", NULL } },
	  .stand = stand_sample,
	  .capacity = keep_sample },
	{ .name = NULL },
};
