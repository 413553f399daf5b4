/*
 * contrast.c - contrast: the least edits of a hypothesis that turn its label
 * round; monotone: hypotheses made of the premise by replacing or leaving out.
 */
#include "lib/edit/relation.h"
#include "lib/edit/rewriting_parts.h"

struct maker {
	const struct nli_record *r;
	struct nli_edit_sink *s;
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
	x.number = m->n++;
	nli_rewriting_make(m->r, &x, m->s);
	return true;
}

/* Asked before the edit is made: that and reading it back is most of the work. */
static bool wants(struct maker *m, const struct nli_rewritten *x)
{
	if (turns(m->r, x))
		return true;
	nli_edit_skip(m->s, "no other label follows");
	return false;
}

static struct nli_rewritten by_rule(const struct nli_rw_rule *rule, struct nli_str made)
{
	return (struct nli_rewritten){ .part = "hypothesis",
				       .text = made,
				       .rule = rule->id,
				       .relation = 1u << nli_relation_of(
							   nli_str_of(rule->relation)),
				       .exclusive = rule->exclusive };
}

static struct nli_rewritten by_swap(const struct nli_swap *x, struct nli_str made)
{
	return (struct nli_rewritten){ .part = "hypothesis",
				       .text = made,
				       .rule = x->why,
				       .relation = x->relation,
				       .exclusive = nli_swap_denies(x) };
}

static bool take_rule(void *ctx, const struct nli_rw_rule *rule, struct nli_str made)
{
	const struct nli_rewritten x = by_rule(rule, made);

	return !wants(ctx, &x) || contrast(ctx, x);
}

static bool wants_swap(void *ctx, const struct nli_swap *x)
{
	const struct nli_rewritten made = by_swap(x, (struct nli_str){ NULL, 0 });

	return wants(ctx, &made);
}

static bool take_swap(void *ctx, const struct nli_swap *x, struct nli_str made)
{
	return contrast(ctx, by_swap(x, made));
}

int nli_contrast_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		      struct nli_edit_sink *s, struct nli_err *err)
{
	static const char *const ops[] = { "antonym", "quantifier", "number",
					   "degree",  "swap",       NULL };
	struct nli_rewriting *w = scratch;
	struct maker m = { r, s, 0 };
	uint64_t n_not_back = 0;
	int rc;

	if (!nli_rewriting_begin(e, w, r, s, err, &rc))
		return rc;
	nli_rewriting_look(w, &w->hypothesis, r->hypothesis);
	rc = nli_rewriting_rules(w, &w->hypothesis, ops, &n_not_back, NULL, take_rule, &m,
				 err);
	nli_rewriting_not_back(s, n_not_back);
	if (!rc)
		nli_rewriting_swaps(w, &w->hypothesis, e->args->seed,
				    1u << NLI_REL_ALTERNATION | 1u << NLI_REL_NEGATION,
				    wants_swap, take_swap, &m);
	if (!rc && !m.n)
		nli_edit_skip(s, "no edit that turns its label");
	return rc;
}

static bool keep_swap(void *ctx, const struct nli_swap *x, struct nli_str made)
{
	nli_rewriting_keep(ctx, x->relation, x->why, made);
	return true;
}

static bool keep_rule(void *ctx, const struct nli_rw_rule *rule, struct nli_str made)
{
	nli_rewriting_keep(ctx, 1u << nli_relation_of(nli_str_of(rule->relation)),
			   rule->id, made);
	return true;
}

/* What can be made of a premise that is not the last one, into w->last. */
static int rewrite_premise(struct nli_rewriting *w, struct nli_str premise, uint64_t seed,
			   struct nli_err *err)
{
	static const char *const ops[] = { "hypernym", "modifier", NULL };
	const struct nli_view *v = nli_rewriting_look(w, &w->premise, premise);
	const int rc = nli_rewriting_rules(w, v, ops, &w->last.n_not_back, NULL,
					   keep_rule, &w->last, err);

	if (rc) {
		w->last.by = NULL; /* half of it: not to be taken for the whole */
		return rc;
	}
	nli_rewriting_swaps(w, v, seed, 1u << NLI_REL_FORWARD | 1u << NLI_REL_REVERSE,
			    NULL, keep_swap, &w->last);
	nli_rewriting_deletions(w, v, keep_swap, &w->last);
	nli_rewriting_insertions(w, v, seed, keep_swap, &w->last);
	return 0;
}

/* The premise, changed, as the hypothesis of itself; true if a label follows. */
static bool make_monotone(const struct nli_record *r, const struct nli_kept_swap *x,
			  struct nli_str made, size_t number, struct nli_edit_sink *s)
{
	const bool two = r->task == NLI_TASK_NLI2;
	const enum nli_verdict_label label = nli_label_direct(two, x->relation);
	const struct nli_made_edit edit =
		nli_rewriting_edit(s->tokenizer, "hypothesis", r->premise, made);
	const struct nli_made made_of = {
		.source = r,
		.method = s->method,
		.rule = nli_str_of(x->why),
		.part = "hypothesis",
		.relation = nli_relation_name(nli_relation_only(x->relation)),
		.task = r->task,
		.premise = r->premise,
		.hypothesis = made,
		.answer = -1,
		.label = nli_str_of(nli_proved_name(label)),
		.proved = label != NLI_PROVED_NOTHING,
		.edit = &edit,
		.n_edit = 1,
		.number = number,
	};

	if (label)
		nli_edit_make(s, &made_of);
	return label;
}

int nli_monotone_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		      struct nli_edit_sink *s, struct nli_err *err)
{
	struct nli_rewriting *w = scratch;
	const struct nli_rewritten_premise *last = &w->last;
	size_t at = 0, n = 0;
	int rc;

	if (!nli_rewriting_begin(e, w, r, s, err, &rc))
		return rc;
	if (!nli_rewriting_kept(w, r->premise))
		rc = rewrite_premise(w, r->premise, e->args->seed, err);
	if (rc)
		return rc;
	nli_rewriting_not_back(s, last->n_not_back);
	for (size_t i = 0; i < last->n_swap; at += last->swap[i++].len)
		n += make_monotone(
			r, &last->swap[i],
			(struct nli_str){ last->text.data + at, last->swap[i].len }, n,
			s);
	if (!n)
		nli_edit_skip(s, "no place whose context can be told");
	return 0;
}
