/* judge.c - see filter.h: what the rules say of one record. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/model/filter.h"
#include "lib/model/filter_rules.h"

void nli_judge_init(struct nli_judge *j, const struct nli_filter *f,
		    const struct nli_rollouts *rollouts)
{
	memset(j, 0, sizeof(*j));
	j->filter = f;
	j->rollouts = rollouts;
}

void nli_judge_release(struct nli_judge *j)
{
	nli_buf_release(&j->scores_buf);
	nli_buf_release(&j->tmp);
	nli_judge_tools_free(j->tools);
	memset(j, 0, sizeof(*j));
}

const nli_jval *nli_jget_str(const nli_jval *obj, struct nli_str key)
{
	struct nli_jiter it = nli_jiter(obj);

	while (it.object_ && nli_jnext(&it))
		if (nli_str_eq(it.key, key))
			return it.val;
	return NULL;
}

const nli_jval *nli_judge_left(const struct nli_judge *j, const char *tool)
{
	const struct nli_member *m = nli_object_find(&j->r->obj, tool);

	return m && nli_jtype(m->val) == NLI_J_OBJECT ? m->val : NULL;
}

int nli_share_of(const nli_jval *v, const char *what, double *out, struct nli_err *err)
{
	if (nli_jreal(v, out) && *out >= 0 && *out <= 1)
		return 0;
	if (nli_jtype(v) == NLI_J_NUMBER)
		return nli_fail(err, NLI_EDATA, "%s is %.*s, wanted 0..1", what,
				(int)(nli_jstr(v).len < 40 ? nli_jstr(v).len : 40),
				nli_jstr(v).s);
	return nli_fail(err, NLI_EDATA, "%s is %s, wanted a number in 0..1", what,
			nli_jtype_name(nli_jtype(v)));
}

/* What the cross-fitted partial-input model says of the record's label. */
static int take_blind(struct nli_judge *j, struct nli_err *err)
{
	const nli_jval *h = nli_judge_left(j, "hyponly"), *right, *p;

	j->blind_right = -1;
	j->blind_p = -1;
	if (!h || !j->gold.s)
		return 0;
	right = nli_jget(h, "correct");
	p = nli_jget_str(nli_jget(h, "p"), j->gold);
	if (nli_jtype(right) == NLI_J_BOOL)
		j->blind_right = nli_jbool(right);
	return p ? nli_share_of(p, "hyponly.p of the label", &j->blind_p, err) : 0;
}

static int take(struct nli_judge *j, const struct nli_record *r, struct nli_err *err)
{
	const struct nli_str key = r->key.s ? r->key : r->id;

	j->r = r;
	j->gold = nli_record_gold(r, j->num);
	j->key_hash = nli_hash(key.s, key.len, j->filter->seed);
	j->hits = j->unknown = j->undecided = j->need_more = 0;
	if (j->rollouts)
		nli_rollouts_get(j->rollouts, r->id, r->key, -1, &j->roll);
	nli_buf_clear(&j->scores_buf);
	j->scores = (struct nli_jw){ .b = &j->scores_buf };
	return take_blind(j, err);
}

int nli_judge_record(struct nli_judge *j, const struct nli_record *r,
		     struct nli_standing *standing, struct nli_err *err)
{
	const struct nli_filter *f = j->filter;
	size_t set = 0;
	int rc = take(j, r, err);

	if (rc)
		return rc;
	for (size_t k = 0; k < f->n; k++) {
		const struct nli_rule *u = &f->rule[k];
		struct nli_standing unused;

		if (u->type->stand)
			rc = u->type->stand(u, j, standing ? &standing[set] : &unused,
					    err);
		else
			rc = u->type->judge(u, j, err);
		set += u->type->stand != NULL;
		if (rc < 0)
			return nli_err_prefix(err, "rule %s", u->type->name);
		j->hits |= (uint64_t)(rc == NLI_RULE_HIT) << k;
		j->unknown |= (uint64_t)(rc == NLI_RULE_UNKNOWN) << k;
		j->undecided |= (uint64_t)(rc == NLI_RULE_UNDECIDED) << k;
	}
	return 0;
}

void nli_judge_member(const struct nli_judge *j, uint64_t hits, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_buf_adds(out, hits ? "{\"keep\":false,\"reasons\":"
			       : "{\"keep\":true,\"reasons\":");
	nli_judge_reasons(j->filter, hits, &w);
	nli_buf_adds(out, ",\"scores\":{");
	nli_buf_add(out, j->scores_buf.data, j->scores_buf.len);
	nli_buf_adds(out, "}}");
}

/* A rule that stands in the list twice is one reason. */
void nli_judge_reasons(const struct nli_filter *f, uint64_t hits, struct nli_jw *w)
{
	nli_jw_open(w, '[');
	for (size_t k = 0; hits && k < f->n; k++) {
		bool told = false;

		for (size_t i = 0; i < k; i++)
			told |= hits >> i & 1 && f->rule[i].type == f->rule[k].type;
		if (hits >> k & 1 && !told)
			nli_jw_cstr(w, f->rule[k].type->name);
	}
	nli_jw_close(w, ']');
}
