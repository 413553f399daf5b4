/*
 * filter_rollout.c - rules on what policies earned: bands, pools, zero variance,
 * useful groups, shortcuts.
 *
 * Whether a rollout is solved is a threshold on its reward, and whether a group
 * has variance is its spread: a mean says neither where rewards are -1 and 1, or
 * graded.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/model/filter_rules.h"
#include "lib/model/passrate.h"

static const double LEVEL = 0.95;

/* rollouts: how they are read; never hits, adds what they say. */
enum {
	ROLL_PASS,
	ROLL_MODEL,
	ROLL_REWARD,
	ROLL_JOIN,
	ROLL_MAX_AGE,
	ROLL_PENALTY,
	ROLL_GROUP
};

static const char *text_of(const struct nli_param *p)
{
	return p->given ? p->text[0].s : NULL;
}

/* The last one, which is that of the options where a file has one too. */
static const struct nli_rule *rollouts_rule(const struct nli_filter *f)
{
	const struct nli_rule *u = NULL;

	for (size_t k = 0; k < f->n; k++)
		if (!strcmp(f->rule[k].type->name, "rollouts"))
			u = &f->rule[k];
	return u;
}

void nli_filter_rollout_options(const struct nli_filter *f,
				struct nli_rollout_options *how)
{
	const struct nli_rule *u = rollouts_rule(f);

	*how = (struct nli_rollout_options){ .pass = 0.5, .max_age = -1 };
	if (!u)
		return;
	how->pass = u->p[ROLL_PASS].lo;
	how->model = text_of(&u->p[ROLL_MODEL]);
	how->reward = text_of(&u->p[ROLL_REWARD]);
	how->join = text_of(&u->p[ROLL_JOIN]);
	how->length_penalty = u->p[ROLL_PENALTY].lo;
	if (u->p[ROLL_MAX_AGE].given)
		how->max_age = (int64_t)u->p[ROLL_MAX_AGE].lo;
}

uint64_t nli_filter_group(const struct nli_filter *f)
{
	const struct nli_rule *u = rollouts_rule(f);

	return u ? (uint64_t)u->p[ROLL_GROUP].lo : 16;
}

static void add_real(struct nli_jw *w, const char *name, double v)
{
	nli_jw_key(w, name);
	nli_jw_real(w, v);
}

static void add_u64(struct nli_jw *w, const char *name, uint64_t v)
{
	nli_jw_key(w, name);
	nli_jw_u64(w, v);
}

/* {"1":...,"2":...,"4":...} up to n. */
static void add_ladder(struct nli_jw *w, const char *name, const struct nli_rollup *s,
		       double (*of)(uint64_t c, uint64_t n, uint64_t k))
{
	nli_jw_key(w, name);
	nli_jw_open(w, '{');
	for (uint64_t k = 1; k <= s->n; k *= 2) {
		char num[24];
		struct nli_buf b = { 0 };

		nli_buf_add_u64(&b, k);
		memcpy(num, b.data, b.len + 1);
		nli_buf_release(&b);
		add_real(w, num, of(s->solved, s->n, k));
	}
	nli_jw_close(w, '}');
}

struct summary {
	double lo, hi, useful;
};

/* The interval costs two beta quantiles: few pairs (n, solved) occur, so they are kept. */
static struct summary summary_of(const struct nli_rule *u, struct nli_judge *j)
{
	const struct nli_rollup *s = &j->roll;
	bool fresh;
	double *memo = nli_judge_memo(j, u, s->solved, s->n, &fresh);

	if (fresh) {
		nli_passrate_interval(s->solved, s->n, LEVEL, &memo[0], &memo[1]);
		memo[2] = nli_useful_mean(s->solved, s->n, (uint64_t)u->p[ROLL_GROUP].lo);
	}
	return (struct summary){ memo[0], memo[1], memo[2] };
}

static int judge_rollouts(const struct nli_rule *u, struct nli_judge *j,
			  struct nli_err *err)
{
	const struct nli_rollup *s = &j->roll;
	struct nli_jw *w = &j->scores;
	struct summary sum;

	(void)err;
	if (!s->n)
		return NLI_RULE_UNKNOWN;
	sum = summary_of(u, j);
	nli_jw_key(w, "rollouts");
	nli_jw_open(w, '{');
	add_u64(w, "n", s->n);
	add_u64(w, "solved", s->solved);
	add_real(w, "rate", (double)s->solved / (double)s->n);
	nli_jw_key(w, "interval");
	nli_jw_open(w, '[');
	nli_jw_real(w, sum.lo);
	nli_jw_real(w, sum.hi);
	nli_jw_close(w, ']');
	add_real(w, "mean", s->mean);
	add_real(w, "sd", s->n > 1 ? sqrt(s->m2 / (double)(s->n - 1)) : 0);
	add_ladder(w, "pass_at", s, nli_pass_at_k);
	add_ladder(w, "pass_all", s, nli_pass_all_k);
	add_real(w, "useful", sum.useful);
	add_real(w, "groups", 1 / sum.useful);
	if (s->n_tokens)
		add_real(w, "tokens", (double)s->tokens / (double)s->n_tokens);
	add_u64(w, "truncated", s->truncated);
	nli_jw_close(w, '}');
	return NLI_RULE_PASS;
}

/* gamma is 0 (the rate as it was seen) or how sure to be. */
static int check_gamma(const struct nli_rule *u, const struct nli_param *p,
		       struct nli_err *err)
{
	if (p->lo == 0 || (p->lo > 0.5 && p->lo < 1))
		return 0;
	return nli_fail(err, NLI_EINVAL,
			"%s: gamma is %g, wanted 0, or above 0.5 and below 1",
			u->type->name, p->lo);
}

/* What the posterior says of a band, with the number of rollouts that are missing. */
static int judge_posterior(const struct nli_rule *u, struct nli_judge *j, double lo,
			   double hi, double gamma)
{
	const struct nli_rollup *s = &j->roll;
	bool fresh;
	double *memo = nli_judge_memo(j, u, s->solved, s->n, &fresh);

	if (fresh) {
		const uint64_t need = nli_band_need(s->solved, s->n, lo, hi, gamma);

		memo[0] = nli_passrate_between(s->solved, s->n, lo, hi);
		memo[1] = nli_band_decide(s->solved, s->n, lo, hi, gamma);
		memo[2] = need == NLI_NEED_NEVER ? -1 : (double)need;
	}
	if (memo[2] < 0)
		j->need_more = NLI_NEED_NEVER;
	else if (j->need_more < (uint64_t)memo[2])
		j->need_more = (uint64_t)memo[2];
	nli_jw_key(&j->scores, u->type->name);
	nli_jw_open(&j->scores, '{');
	add_real(&j->scores, "p", memo[0]);
	add_real(&j->scores, "need_more", memo[2]);
	nli_jw_close(&j->scores, '}');
	return memo[1] == NLI_BAND_KEEP   ? NLI_RULE_PASS
	       : memo[1] == NLI_BAND_DROP ? NLI_RULE_HIT
	       : s->n                     ? NLI_RULE_UNDECIDED
					  : NLI_RULE_UNKNOWN;
}

enum { BAND_RANGE, BAND_GAMMA };

static int ready_band(struct nli_rule *u, struct nli_err *err)
{
	return check_gamma(u, &u->p[BAND_GAMMA], err);
}

static int judge_band(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err)
{
	const struct nli_rollup *s = &j->roll;
	const double lo = u->p[BAND_RANGE].lo, hi = u->p[BAND_RANGE].hi;
	double rate;

	(void)err;
	if (u->p[BAND_GAMMA].lo > 0)
		return judge_posterior(u, j, lo, hi, u->p[BAND_GAMMA].lo);
	if (!s->n)
		return NLI_RULE_UNKNOWN;
	rate = (double)s->solved / (double)s->n;
	return rate < lo || rate > hi ? NLI_RULE_HIT : NLI_RULE_PASS;
}

enum { POOL_BOUNDS, POOL_WEIGHTS, POOL_GAMMA };

static int ready_pool(struct nli_rule *u, struct nli_err *err)
{
	const struct nli_param *b = &u->p[POOL_BOUNDS];

	if (b->n != 2 || u->p[POOL_WEIGHTS].n != 3 || !(b->real[0] < b->real[1]))
		return nli_fail(err, NLI_EINVAL,
				"%s: wanted two rising bounds and three "
				"weights",
				u->type->name);
	return check_gamma(u, &u->p[POOL_GAMMA], err);
}

/* Which of the three the rate is in; -1 if that is not as sure as gamma. */
static int pool_of(const struct nli_rule *u, struct nli_judge *j)
{
	const double *b = u->p[POOL_BOUNDS].real, gamma = u->p[POOL_GAMMA].lo;
	const double edge[4] = { 0, b[0], b[1], 1 };
	const struct nli_rollup *s = &j->roll;
	const double rate = (double)s->solved / (double)s->n;
	bool fresh;
	double *memo = nli_judge_memo(j, u, s->solved, s->n, &fresh);

	if (fresh && gamma == 0) {
		memo[0] = rate <= b[0] ? 0 : rate <= b[1] ? 1 : 2;
	} else if (fresh) {
		memo[0] = -1;
		for (int k = 0; k < 3; k++)
			if (nli_passrate_between(s->solved, s->n, edge[k], edge[k + 1]) >=
			    gamma)
				memo[0] = k;
	}
	return (int)memo[0];
}

/* A weight of .2 in sampling is a chance of .2 to stay, drawn by hash of the key. */
static int judge_pool(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err)
{
	static const char *const name[] = { "hard", "normal", "easy" };
	double weight;
	int pool;

	(void)err;
	if (!j->roll.n)
		return NLI_RULE_UNKNOWN;
	pool = pool_of(u, j);
	if (pool < 0)
		return NLI_RULE_UNDECIDED;
	weight = u->p[POOL_WEIGHTS].real[pool];
	nli_jw_key(&j->scores, "pool");
	nli_jw_open(&j->scores, '{');
	nli_jw_key(&j->scores, "name");
	nli_jw_cstr(&j->scores, name[pool]);
	add_real(&j->scores, "weight", weight);
	nli_jw_close(&j->scores, '}');
	return nli_unit(nli_mix(j->key_hash ^ nli_hash("pool", 4, 0))) < weight
		       ? NLI_RULE_PASS
		       : NLI_RULE_HIT;
}

static int judge_zero_variance(const struct nli_rule *u, struct nli_judge *j,
			       struct nli_err *err)
{
	const struct nli_rollup *s = &j->roll;

	(void)err;
	if (s->n < 2)
		return s->n ? NLI_RULE_UNDECIDED : NLI_RULE_UNKNOWN;
	return s->most - s->least <= u->p[0].lo ? NLI_RULE_HIT : NLI_RULE_PASS;
}

enum { USEFUL_FROM, USEFUL_GROUP, USEFUL_GAMMA };

static int ready_useful(struct nli_rule *u, struct nli_err *err)
{
	const double most = nli_useful_at(0.5, (uint64_t)u->p[USEFUL_GROUP].lo);

	if (u->p[USEFUL_FROM].lo > most)
		return nli_fail(
			err, NLI_EINVAL,
			"%s: a group of %g is useful with chance %g at most, not %g",
			u->type->name, u->p[USEFUL_GROUP].lo, most, u->p[USEFUL_FROM].lo);
	return check_gamma(u, &u->p[USEFUL_GAMMA], err);
}

/* A chance of at least u is a band of rates around 1/2. */
static int judge_useful(const struct nli_rule *u, struct nli_judge *j,
			struct nli_err *err)
{
	const uint64_t g = (uint64_t)u->p[USEFUL_GROUP].lo;
	const double least = u->p[USEFUL_FROM].lo, gamma = u->p[USEFUL_GAMMA].lo;
	double from;

	(void)err;
	if (gamma > 0) {
		from = nli_useful_from(least, g);
		return judge_posterior(u, j, from, 1 - from, gamma);
	}
	if (!j->roll.n)
		return NLI_RULE_UNKNOWN;
	return nli_useful_mean(j->roll.solved, j->roll.n, g) < least ? NLI_RULE_HIT
								     : NLI_RULE_PASS;
}

enum { BLIND_ABOVE, BLIND_MODEL, BLIND_GAMMA };

static int ready_blind(struct nli_rule *u, struct nli_err *err)
{
	if (u->p[BLIND_GAMMA].lo > 0 && !u->p[BLIND_MODEL].given)
		return nli_fail(err, NLI_EINVAL,
				"%s: gamma is for the rollouts of a model",
				u->type->name);
	return check_gamma(u, &u->p[BLIND_GAMMA], err);
}

static ptrdiff_t find_model(const struct nli_rollouts *r, struct nli_str name)
{
	for (size_t m = 0; r && m < nli_rollouts_models(r); m++)
		if (nli_str_eq(nli_rollouts_model(r, m), name))
			return (ptrdiff_t)m;
	return -1;
}

/* What a policy that sees only part of the input earns: its rollouts, or the cross-fitted model. */
static int judge_blind(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err)
{
	const double above = u->p[BLIND_ABOVE].lo, gamma = u->p[BLIND_GAMMA].lo;
	struct nli_rollup s;
	ptrdiff_t m;
	double p = j->blind_p;

	(void)err;
	if (!u->p[BLIND_MODEL].given) {
		if (p < 0)
			return NLI_RULE_UNKNOWN;
	} else {
		m = find_model(j->rollouts, u->p[BLIND_MODEL].text[0]);
		if (m < 0 || !nli_rollouts_get(j->rollouts, j->r->id, j->r->key, m, &s))
			return NLI_RULE_UNKNOWN;
		p = (double)s.solved / (double)s.n;
		if (gamma > 0)
			switch (nli_band_decide(s.solved, s.n, above, 1, gamma)) {
			case NLI_BAND_KEEP:
				return NLI_RULE_HIT;
			case NLI_BAND_DROP:
				return NLI_RULE_PASS;
			default:
				return NLI_RULE_UNDECIDED;
			}
	}
	nli_jw_key(&j->scores, "blind");
	nli_jw_real(&j->scores, p);
	return p > above ? NLI_RULE_HIT : NLI_RULE_PASS;
}

/* INTELLECT-2 asks for one of five lengths, drawn uniformly; here by hash of the key. */
static int judge_target(const struct nli_rule *u, struct nli_judge *j,
			struct nli_err *err)
{
	const double x = nli_unit(nli_mix(j->key_hash ^ nli_hash("target", 6, 0)));

	(void)err;
	add_real(&j->scores, "target_length",
		 u->p[0].real[(size_t)(x * (double)u->p[0].n)]);
	return NLI_RULE_PASS;
}

#define GAMMA                                            \
	{                                                \
		"gamma", NLI_PARAM_REAL, 0, 1, "0", NULL \
	}

const struct nli_rule_type nli_rollout_rules[] = {
	{ .name = "rollouts",
	  .help = "nothing; says how rollouts are read and adds what they say",
	  .param = { { "pass", NLI_PARAM_REAL, -1e4, 1e4, "0.5", NULL },
		     { "model", NLI_PARAM_TEXT, 0, 0, "", NULL },
		     { "reward", NLI_PARAM_TEXT, 0, 0, "", NULL },
		     { "join", NLI_PARAM_TEXT, 0, 0, "", NULL },
		     { "max_age", NLI_PARAM_INT, 0, 0x1p53, "", NULL },
		     { "length_penalty", NLI_PARAM_REAL, 0, 1, "0", NULL },
		     { "group", NLI_PARAM_INT, 2, 65536, "16", NULL } },
	  .judge = judge_rollouts,
	  .rollouts = true },
	{ .name = "band",
	  .help = "the solve rate is outside of the range",
	  .param = { { "range", NLI_PARAM_RANGE, 0, 1, NULL, NULL }, GAMMA },
	  .judge = judge_band,
	  .ready = ready_band,
	  .rollouts = true },
	{ .name = "pool",
	  .help = "not drawn from its pool: hard, normal or easy, each with a weight",
	  .param = { { "bounds", NLI_PARAM_REALS, 0, 1, "0.25,0.75", NULL },
		     { "weights", NLI_PARAM_REALS, 0, 1, "0.2,1,0.2", NULL },
		     GAMMA },
	  .judge = judge_pool,
	  .ready = ready_pool,
	  .rollouts = true },
	{ .name = "zero-variance",
	  .help = "all rewards are equal, to within the tolerance",
	  .param = { { "tolerance", NLI_PARAM_REAL, 0, 1e4, "0", NULL } },
	  .judge = judge_zero_variance,
	  .rollouts = true },
	{ .name = "useful",
	  .help = "the chance that a group has two different outcomes is too small",
	  .param = { { "at_least", NLI_PARAM_REAL, 0, 1, NULL, NULL },
		     { "group", NLI_PARAM_INT, 2, 65536, "16", NULL },
		     GAMMA },
	  .judge = judge_useful,
	  .ready = ready_useful,
	  .rollouts = true },
	{ .name = "blind",
	  .help = "a policy that sees only part of the input earns more than the number",
	  .param = { { "above", NLI_PARAM_REAL, 0, 1, NULL, NULL },
		     { "model", NLI_PARAM_TEXT, 0, 0, "", NULL },
		     GAMMA },
	  .judge = judge_blind,
	  .ready = ready_blind },
	{ .name = "target-length",
	  .help = "nothing; draws a length to ask for",
	  .param = { { "of", NLI_PARAM_REALS, 1, 1e9, "2000,4000,6000,8000,10000",
		       NULL } },
	  .judge = judge_target },
	{ .name = NULL },
};
