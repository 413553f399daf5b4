/*
 * contrast.c - contrast: the least edits of a hypothesis that turn its label
 * round; monotone: hypotheses made of the premise by replacing or leaving out.
 */
#include "lib/edit/relation.h"
#include "lib/edit/rewriting_parts.h"

struct maker {
	const struct nli_edit *e;
	const struct nli_record *r;
	struct nli_edit_sink *s;
	struct nli_view *v; /* of the text that is rewritten */
	bool from_premise;
	size_t n; /* made so far: tells records of one rule apart */
};

/* Does a label follow from the change, and another one than it was? */
static bool turns(const struct nli_record *r, const struct nli_rewritten *x)
{
	const enum nli_verdict_label had = nli_proved_of(r->label);
	const enum nli_verdict_label now = nli_label_hypothesis(
		had, r->task == NLI_TASK_NLI2, x->relation, x->exclusive);

	return now && now != had;
}

static bool contrast(struct maker *m, struct nli_rewritten x)
{
	if (!turns(m->r, &x)) {
		nli_edit_skip(m->s, "no other label follows");
		return true;
	}
	x.number = m->n++;
	nli_rewriting_make(m->r, &x, m->s);
	return true;
}

static bool take_rule(void *ctx, const struct nli_rw_rule *rule, struct nli_str made)
{
	return contrast(
		ctx, (struct nli_rewritten){ .part = "hypothesis",
					     .text = made,
					     .rule = rule->id,
					     .relation = 1u << nli_relation_of(nli_str_of(
								 rule->relation)),
					     .exclusive = rule->exclusive });
}

static bool take_swap(void *ctx, const struct nli_swap *x, struct nli_str made)
{
	return contrast(ctx, (struct nli_rewritten){ .part = "hypothesis",
						     .text = made,
						     .rule = x->why,
						     .relation = x->relation,
						     .exclusive = nli_swap_denies(x) });
}

int nli_contrast_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		      struct nli_edit_sink *s, struct nli_err *err)
{
	static const char *const ops[] = { "antonym", "quantifier", "number",
					   "degree",  "swap",       NULL };
	struct nli_rewriting *w = scratch;
	struct maker m = { e, r, s, &w->hypothesis, false, 0 };
	int rc;

	if (!nli_rewriting_begin(e, w, r, s, err, &rc))
		return rc;
	nli_rewriting_look(w, &w->hypothesis, r->hypothesis);
	rc = nli_rewriting_rules(w, &w->hypothesis, ops, s, take_rule, &m, err);
	if (!rc)
		nli_rewriting_swaps(w, &w->hypothesis, e->args->seed,
				    1u << NLI_REL_ALTERNATION | 1u << NLI_REL_NEGATION,
				    take_swap, &m);
	if (!rc && !m.n)
		nli_edit_skip(s, "no edit that turns its label");
	return rc;
}

/* The premise, changed, as the hypothesis of itself. */
static bool monotone(struct maker *m, unsigned relation, const char *rule,
		     struct nli_str made)
{
	const bool two = m->r->task == NLI_TASK_NLI2;
	const enum nli_verdict_label label = nli_label_direct(two, relation);
	const struct nli_made_edit edit =
		nli_rewriting_edit(m->s->tokenizer, "hypothesis", m->r->premise, made);
	const struct nli_made made_of = {
		.source = m->r,
		.method = m->s->method,
		.rule = nli_str_of(rule),
		.part = "hypothesis",
		.relation = nli_relation_name(nli_relation_only(relation)),
		.task = m->r->task,
		.premise = m->r->premise,
		.hypothesis = made,
		.answer = -1,
		.label = nli_str_of(nli_proved_name(label)),
		.proved = label != NLI_PROVED_NOTHING,
		.edit = &edit,
		.n_edit = 1,
		.number = m->n,
	};

	if (label) {
		nli_edit_make(m->s, &made_of);
		m->n++;
	}
	return true;
}

static bool take_monotone(void *ctx, const struct nli_swap *x, struct nli_str made)
{
	return monotone(ctx, x->relation, x->why, made);
}

static bool take_monotone_rule(void *ctx, const struct nli_rw_rule *rule,
			       struct nli_str made)
{
	return monotone(ctx, 1u << nli_relation_of(nli_str_of(rule->relation)), rule->id,
			made);
}

int nli_monotone_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		      struct nli_edit_sink *s, struct nli_err *err)
{
	static const char *const ops[] = { "hypernym", "modifier", NULL };
	struct nli_rewriting *w = scratch;
	struct maker m = { e, r, s, &w->premise, true, 0 };
	int rc;

	if (!nli_rewriting_begin(e, w, r, s, err, &rc))
		return rc;
	nli_rewriting_look(w, &w->premise, r->premise);
	rc = nli_rewriting_rules(w, &w->premise, ops, s, take_monotone_rule, &m, err);
	if (rc)
		return rc;
	nli_rewriting_swaps(w, &w->premise, e->args->seed,
			    1u << NLI_REL_FORWARD | 1u << NLI_REL_REVERSE, take_monotone,
			    &m);
	nli_rewriting_deletions(w, &w->premise, take_monotone, &m);
	nli_rewriting_insertions(w, &w->premise, e->args->seed, take_monotone, &m);
	if (!m.n)
		nli_edit_skip(s, "no place whose context can be told");
	return 0;
}
