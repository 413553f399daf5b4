/*
 * negate.c - the methods whose changes are rules of the pack: negate, after the
 * triples of InferES (Kovatchev and Taule, COLING 2022: the hypothesis rewritten,
 * the premise, both), and the parts of contrast and invariant that are rules.
 */
#include "lib/edit/relation.h"
#include "lib/edit/rewriting.h"
#include "lib/edit/rewriting_parts.h"

/* Which rules' work a method takes. */
static bool has_op(const struct nli_rw_rule *rule, const char *const *ops)
{
	for (size_t i = 0; rule->priority >= 0 && ops[i]; i++)
		if (!strcmp(rule->op, ops[i]))
			return true;
	return false;
}

int nli_rewriting_rules(struct nli_rewriting *w, const struct nli_view *v,
			const char *const *ops, struct nli_edit_sink *s,
			nli_rewriting_take *take, void *ctx, struct nli_err *err)
{
	const struct nli_rules *rules = w->of->rules;
	const struct nli_rewrites *rw = w->of->pack;
	uint64_t which[NLI_RULES_MAX / 64];

	nli_rules_possible(rules, v, which);
	for (size_t i = 0; i < rw->n_rule && i < NLI_RULES_MAX; i++) {
		int rc;

		if (!(which[i / 64] >> i % 64 & 1) || !has_op(&rw->rule[i], ops))
			continue;
		nli_buf_clear(&w->out[0]);
		rc = nli_rule_apply_checked(rules, i, &w->judge.rule, v->text, &w->out[0],
					    err);
		if (rc < 0)
			return rc;
		if (rc == 2)
			nli_edit_skip(s, "the inverse rule does not give the text back");
		if (rc == 1 && !take(ctx, &rw->rule[i], nli_buf_str(&w->out[0])))
			break;
	}
	return 0;
}

/*
 * The negation of a text: of the rules that apply the first from which a label
 * follows, else the first.  It is kept for when both texts are rewritten.
 */
struct negation {
	const struct nli_record *r;
	const char *part;
	struct nli_buf text;
	struct nli_rewritten x; /* x.rule NULL: none applies */
};

static bool follows(const struct negation *g, const struct nli_rewritten *x)
{
	const enum nli_verdict_label had = nli_proved_of(g->r->label);
	const bool two = g->r->task == NLI_TASK_NLI2;

	return (g->part[0] == 'p'
			? nli_label_premise(had, two, x->relation)
			: nli_label_hypothesis(had, two, x->relation, x->exclusive)) !=
	       NLI_PROVED_NOTHING;
}

/* True: another one may be better. */
static bool take(struct negation *g, struct nli_str made, struct nli_rewritten x)
{
	const bool good = follows(g, &x);

	if (good || !g->x.rule) {
		nli_buf_clear(&g->text);
		nli_buf_add(&g->text, made.s, made.len);
		g->x = x;
	}
	return !good;
}

static bool take_rule(void *ctx, const struct nli_rw_rule *rule, struct nli_str made)
{
	struct negation *g = ctx;

	return take(g, made,
		    (struct nli_rewritten){
			    .part = g->part,
			    .rule = rule->id,
			    .relation = 1u << nli_relation_of(nli_str_of(rule->relation)),
			    .exclusive = rule->exclusive });
}

static bool take_antonym(void *ctx, const struct nli_swap *x, struct nli_str made)
{
	struct negation *g = ctx;

	return !nli_swap_denies(x) ||
	       take(g, made,
		    (struct nli_rewritten){ .part = g->part,
					    .rule = x->why,
					    .relation = x->relation,
					    .exclusive = true });
}

/* Both texts rewritten: what then holds, no rule says; it goes to annotators. */
static void make_both(const struct nli_record *r, const struct negation *p,
		      const struct negation *h, struct nli_edit_sink *s)
{
	const struct nli_made_edit edit[] = {
		nli_rewriting_edit(s->tokenizer, "premise", r->premise,
				   nli_buf_str(&p->text)),
		nli_rewriting_edit(s->tokenizer, "hypothesis", r->hypothesis,
				   nli_buf_str(&h->text)),
	};
	struct nli_buf rule = { 0 };
	struct nli_made m = { .source = r,
			      .method = s->method,
			      .part = "both",
			      .task = r->task,
			      .premise = nli_buf_str(&p->text),
			      .hypothesis = nli_buf_str(&h->text),
			      .answer = -1,
			      .edit = edit,
			      .n_edit = 2 };

	nli_buf_adds(&rule, p->x.rule);
	nli_buf_addc(&rule, '+');
	nli_buf_adds(&rule, h->x.rule);
	m.rule = nli_buf_str(&rule);
	nli_edit_make(s, &m);
	nli_buf_release(&rule);
}

/* Make the negation of one of the texts, v. */
static int negate(const struct nli_edit *e, struct nli_rewriting *w,
		  const struct nli_view *v, struct negation *g, struct nli_edit_sink *s,
		  struct nli_err *err)
{
	static const char *const ops[] = { "negate", "affirm", NULL };
	const int rc = nli_rewriting_rules(w, v, ops, s, take_rule, g, err);

	if (rc)
		return rc;
	if (!g->x.rule || !follows(g, &g->x))
		nli_rewriting_swaps(w, v, e->args->seed, 1u << NLI_REL_NEGATION,
				    take_antonym, g);
	g->x.text = nli_buf_str(&g->text);
	if (g->x.rule)
		nli_rewriting_make(g->r, &g->x, s);
	return 0;
}

int nli_negate_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		    struct nli_edit_sink *s, struct nli_err *err)
{
	struct nli_rewriting *w = scratch;
	struct negation h = { .r = r, .part = "hypothesis" };
	struct negation p = { .r = r, .part = "premise" };
	int rc;

	if (!nli_rewriting_begin(e, w, r, s, err, &rc))
		return rc;
	rc = negate(e, w, nli_rewriting_look(w, &w->hypothesis, r->hypothesis), &h, s,
		    err);
	if (!rc)
		rc = negate(e, w, nli_rewriting_look(w, &w->premise, r->premise), &p, s,
			    err);
	if (!rc && h.x.rule && p.x.rule)
		make_both(r, &p, &h, s);
	if (!rc && !h.x.rule)
		nli_edit_skip(s, "no rule for the hypothesis");
	if (!rc && !p.x.rule)
		nli_edit_skip(s, "no rule for the premise");
	nli_buf_release(&h.text);
	nli_buf_release(&p.text);
	return rc;
}
