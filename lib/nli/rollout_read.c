/*
 * rollout_read.c - see rollout.h: one line of rollouts.
 *
 * Names come from verl's dumps of generations (score, step), verifiers' results
 * (reward, info, token_usage, is_truncated), prime-rl's rollouts (rewards,
 * task_rewards, output_tokens, target_lengths), GENESYS' responses (problem_id,
 * response_id, model_name) and the batch services (custom_id, usage,
 * finish_reason).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/io/json.h"
#include "lib/nli/rollout.h"

/* Sums are kept to within 2^-40; this bounds them. */
static const double REWARD_MAX = 1e4;

/* Of one line: what stands beside them is looked up element by element. */
enum { REWARDS_MAX = 4096 };

enum role {
	RECORD,
	REWARD,
	MODEL,
	TOKENS,
	FINISH,
	VERSION,
	OWN,
	TARGET,
	N_ROLE,
	INSIDE /* an object, or the text of one, whose members count too */
};

/* Where several names of a role are there, the one further up counts. */
#define ROW(name, role)                      \
	{                                    \
		name, sizeof(name) - 1, role \
	}
static const struct name {
	const char *text;
	size_t len;
	enum role role;
} top[] = {
	ROW("extra_info", INSIDE),
	ROW("info", INSIDE),
	ROW("usage", INSIDE),
	ROW("token_usage", INSIDE),
	ROW("record_id", RECORD),
	ROW("problem_id", RECORD),
	ROW("custom_id", RECORD),
	ROW("id", RECORD),
	ROW("key", RECORD),
	ROW("reward", REWARD),
	ROW("rewards", REWARD),
	ROW("score", REWARD),
	ROW("task_reward", REWARD),
	ROW("task_rewards", REWARD),
	ROW("is_correct", REWARD),
	ROW("correct", REWARD),
	ROW("model", MODEL),
	ROW("model_name", MODEL),
	ROW("policy", MODEL),
	ROW("tokens", TOKENS),
	ROW("completion_tokens", TOKENS),
	ROW("output_tokens", TOKENS),
	ROW("finish_reason", FINISH),
	ROW("is_truncated", FINISH),
	ROW("stop_condition", FINISH),
	ROW("version", VERSION),
	ROW("policy_version", VERSION),
	ROW("model_version", VERSION),
	ROW("step", VERSION),
	ROW("rollout_id", OWN),
	ROW("response_id", OWN),
	ROW("trace_id", OWN),
	ROW("target_length", TARGET),
	ROW("target_lengths", TARGET),
};
static const struct name inside[] = {
	ROW("id", RECORD),
	ROW("key", RECORD),
	ROW("completion_tokens", TOKENS),
	ROW("output_tokens", TOKENS),
};
#define COUNT(a) (sizeof(a) / sizeof(*(a)))

struct found {
	const nli_jval *v;
	struct nli_str name;
	size_t rank; /* smaller is better */
};

struct nli_rollout_reader {
	const struct nli_rollout_options *how;
	struct nli_json *json, *inner; /* inner: of "info" that is a text */
	bool inner_used; /* its values are in use until the next line: no second text */
	struct nli_rollout *v;
	size_t cap;
};

struct nli_rollout_reader *nli_rollout_reader_new(const struct nli_rollout_options *how)
{
	struct nli_rollout_reader *rd = nli_xcalloc(1, sizeof(*rd));

	rd->how = how;
	rd->json = nli_json_new();
	rd->inner = nli_json_new();
	return rd;
}

void nli_rollout_reader_free(struct nli_rollout_reader *rd)
{
	if (!rd)
		return;
	nli_json_free(rd->json);
	nli_json_free(rd->inner);
	free(rd->v);
	free(rd);
}

static ptrdiff_t find_name(const struct name *t, size_t n, struct nli_str key)
{
	for (size_t i = 0; i < n; i++)
		if (t[i].len == key.len && !memcmp(t[i].text, key.s, key.len))
			return (ptrdiff_t)i;
	return -1;
}

static void note(struct found *f, enum role role, const struct nli_jiter *it, size_t rank)
{
	/* A record's id inside is the exporter's own: it beats one outside. */
	if (!f[role].v || rank < f[role].rank)
		f[role] = (struct found){ it->val, it->key, rank };
}

static void look_inside(struct nli_rollout_reader *rd, const nli_jval *v, struct found *f)
{
	const struct nli_str text = nli_jstr(v);
	struct nli_jiter it;

	if (nli_jtype(v) == NLI_J_STRING && text.len && text.s[0] == '{' &&
	    !rd->inner_used) {
		v = nli_json_parse(rd->inner, text.s, text.len, NULL);
		rd->inner_used = true;
	}
	if (nli_jtype(v) != NLI_J_OBJECT)
		return;
	it = nli_jiter(v);
	while (nli_jnext(&it)) {
		const ptrdiff_t i = find_name(inside, COUNT(inside), it.key);

		if (i >= 0)
			note(f, inside[i].role, &it, (size_t)i);
	}
}

/* Collect what plays which role. */
static void look(struct nli_rollout_reader *rd, const nli_jval *root, struct found *f)
{
	struct nli_jiter it = nli_jiter(root);

	memset(f, 0, N_ROLE * sizeof(*f));
	rd->inner_used = false;
	while (nli_jnext(&it)) {
		const ptrdiff_t i = find_name(top, COUNT(top), it.key);

		if (i < 0)
			continue;
		if (top[i].role == INSIDE)
			look_inside(rd, it.val, f);
		else
			note(f, top[i].role, &it, COUNT(inside) + (size_t)i);
	}
}

/* "a.b" from root; NULL if it is not there. */
static const nli_jval *at_path(const nli_jval *v, const char *path)
{
	char part[128];

	while (v && *path) {
		const size_t n = strcspn(path, ".");

		if (n >= sizeof(part))
			return NULL;
		memcpy(part, path, n);
		part[n] = '\0';
		v = nli_jget(v, part);
		path += n + (path[n] == '.');
	}
	return v;
}

static int reward_of(const nli_jval *v, struct nli_str name, double *out,
		     struct nli_err *err)
{
	if (nli_jtype(v) == NLI_J_BOOL) {
		*out = nli_jbool(v);
		return 0;
	}
	if (!nli_jreal(v, out))
		return nli_fail(err, NLI_EDATA, "\"%.*s\" is %s, wanted a number",
				(int)name.len, name.s, nli_jtype_name(nli_jtype(v)));
	if (fabs(*out) > REWARD_MAX)
		return nli_fail(err, NLI_EDATA, "\"%.*s\" is %g, wanted at most %g",
				(int)name.len, name.s, *out, REWARD_MAX);
	return 0;
}

/* Element i of an array, or v itself. */
static const nli_jval *element(const nli_jval *v, size_t i)
{
	struct nli_jiter it = nli_jiter(v);

	if (nli_jtype(v) != NLI_J_ARRAY)
		return v;
	for (size_t k = 0; nli_jnext(&it); k++)
		if (k == i)
			return it.val;
	return NULL;
}

/* A count, or an array of as many tokens. */
static bool token_count(const nli_jval *v, uint64_t *out)
{
	int64_t n;

	if (nli_jtype(v) == NLI_J_ARRAY) {
		*out = nli_jlen(v);
		return true;
	}
	if (!nli_jint(v, &n) || n < 0)
		return false;
	*out = (uint64_t)n;
	return true;
}

static bool was_cut(const nli_jval *v)
{
	const struct nli_str s = nli_jstr(v);

	return nli_jbool(v) || nli_str_is(s, "length") || nli_str_is(s, "max_tokens") ||
	       nli_str_is(s, "MAX_TOKENS");
}

/* Value i of n where a role's values stand side by side with the rewards, else the one of all. */
static const nli_jval *beside(const struct found *f, size_t i, size_t n)
{
	return n > 1 && nli_jlen(f->v) == n ? element(f->v, i) : f->v;
}

static uint64_t hash_of(const nli_jval *v)
{
	const struct nli_str s = nli_jstr(v);

	return nli_hash(s.s, s.len, 0);
}

static int fill(const struct nli_rollout_reader *rd, const struct found *f, size_t i,
		size_t n, struct nli_rollout *v, struct nli_err *err)
{
	const nli_jval *own = beside(&f[OWN], i, n);
	double target;
	int rc;

	*v = (struct nli_rollout){ .record = hash_of(f[RECORD].v), .version = -1 };
	rc = reward_of(element(f[REWARD].v, i), f[REWARD].name, &v->reward, err);
	if (rc)
		return rc;
	v->has_tokens = f[TOKENS].v && token_count(beside(&f[TOKENS], i, n), &v->tokens);
	v->truncated = f[FINISH].v && was_cut(beside(&f[FINISH], i, n));
	nli_jint(beside(&f[VERSION], i, n), &v->version);
	if (nli_jstr(own).s)
		v->own = nli_mix(hash_of(own) ^ nli_mix(v->record)) | 1;
	if (rd->how->length_penalty > 0 && v->has_tokens &&
	    nli_jreal(beside(&f[TARGET], i, n), &target))
		v->reward -= rd->how->length_penalty * fabs(target - (double)v->tokens);
	return 0;
}

/* Python writes NaN, which is no JSON: say so rather than "unexpected character". */
static int not_json(struct nli_str line, struct nli_err *err)
{
	for (size_t i = 0; i + 3 <= line.len; i++)
		if (!memcmp(line.s + i, "NaN", 3) || !memcmp(line.s + i, "Inf", 3))
			return nli_fail(err, NLI_EDATA,
					"byte %zu: %.3s is no number, wanted a reward",
					i + 1, line.s + i);
	return NLI_EDATA;
}

int nli_rollout_read_line(struct nli_rollout_reader *rd, struct nli_str line,
			  const struct nli_rollout **v, size_t *n, struct nli_str *model,
			  struct nli_err *err)
{
	const nli_jval *root = nli_json_parse(rd->json, line.s, line.len, err);
	struct found f[N_ROLE];
	int rc = 0;

	if (!root)
		return not_json(line, err);
	if (nli_jtype(root) != NLI_J_OBJECT)
		return nli_fail(err, NLI_EDATA, "the line is %s, wanted an object",
				nli_jtype_name(nli_jtype(root)));
	look(rd, root, f);
	if (rd->how->reward)
		f[REWARD] = (struct found){ at_path(root, rd->how->reward),
					    nli_str_of(rd->how->reward), 0 };
	if (rd->how->join)
		f[RECORD].v = at_path(root, rd->how->join);
	if (!nli_jstr(f[RECORD].v).s)
		return nli_fail(err, NLI_EDATA, "no id or key of a record");
	if (!f[REWARD].v)
		return nli_fail(err, NLI_EDATA, "no reward");
	*n = nli_jtype(f[REWARD].v) == NLI_J_ARRAY ? nli_jlen(f[REWARD].v) : 1;
	if (*n > REWARDS_MAX)
		return nli_fail(err, NLI_EDATA,
				"%zu rewards in a line, wanted at most %d", *n,
				REWARDS_MAX);
	nli_grow(&rd->v, &rd->cap, *n, sizeof(*rd->v));
	for (size_t i = 0; !rc && i < *n; i++)
		rc = fill(rd, f, i, *n, &rd->v[i], err);
	*v = rd->v;
	*model = nli_jstr(f[MODEL].v);
	return rc;
}
