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

/* The rules with these ops, found once for each rewriter. */
static const uint64_t *rules_of_kind(struct nli_rewriting *w, const char *const *ops)
{
	const struct nli_rewrites *rw = w->of->pack;

	if (w->kind_of == w->of && w->kind_ops == ops)
		return w->kind;
	memset(w->kind, 0, sizeof(w->kind));
	for (size_t i = 0; i < rw->n_rule && i < NLI_RULES_MAX; i++)
		if (has_op(&rw->rule[i], ops))
			w->kind[i / 64] |= UINT64_C(1) << i % 64;
	w->kind_of = w->of;
	w->kind_ops = ops;
	return w->kind;
}

/* Offer what rule i makes: 1, or 0: no more, or < 0. */
static int try_rule(struct nli_rewriting *w, const struct nli_view *v, size_t i,
		    uint64_t *n_not_back, nli_rewriting_take *take, void *ctx,
		    struct nli_err *err)
{
	int rc;

	nli_buf_clear(&w->out[0]);
	rc = nli_rule_apply_checked(w->of->rules, i, &w->judge.rule, v->text, &w->out[0],
				    err);
	if (rc < 0)
		return rc;
	*n_not_back += rc == 2;
	return rc != 1 || take(ctx, &w->of->pack->rule[i], nli_buf_str(&w->out[0]));
}

int nli_rewriting_rules(struct nli_rewriting *w, const struct nli_view *v,
			const char *const *ops, uint64_t *n_not_back,
			nli_rewriting_take *take, void *ctx, struct nli_err *err)
{
	const uint64_t *kind = rules_of_kind(w, ops);
	uint64_t which[NLI_RULES_MAX / 64];
	int rc = 1;

	nli_rules_possible(w->of->rules, v, which);
	for (size_t k = 0; k < NLI_RULES_MAX / 64; k++)
		for (uint64_t left = which[k] & kind[k]; left && rc == 1;
		     left &= left - 1)
			rc = try_rule(w, v, k * 64 + (size_t)__builtin_ctzll(left),
				      n_not_back, take, ctx, err);
	return rc < 0 ? rc : 0;
}

void nli_rewriting_not_back(struct nli_edit_sink *s, uint64_t n)
{
	nli_edit_count_not(s->tally, s->method,
			   "the inverse rule does not give the text back", n);
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
	uint64_t not_back = 0;
	const int rc = nli_rewriting_rules(w, v, ops, &not_back, take_rule, g, err);

	nli_rewriting_not_back(s, not_back);
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
