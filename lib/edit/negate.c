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

/* The first rule of a text's that applies, kept for when both texts are rewritten. */
struct first {
	const struct nli_rw_rule *rule;
	struct nli_buf *text;
};

static bool take_first(void *ctx, const struct nli_rw_rule *rule, struct nli_str made)
{
	struct first *f = ctx;

	f->rule = rule;
	nli_buf_clear(f->text);
	nli_buf_add(f->text, made.s, made.len);
	return false;
}

static void make_first(const struct nli_record *r, const struct first *f,
		       const char *part, struct nli_edit_sink *s)
{
	const struct nli_rewritten x = {
		.part = part,
		.text = nli_buf_str(f->text),
		.rule = f->rule->id,
		.relation = 1u << nli_relation_of(nli_str_of(f->rule->relation)),
		.exclusive = f->rule->exclusive,
	};

	nli_rewriting_make(r, &x, s);
}

/* Both texts rewritten: what then holds, no rule says; it goes to annotators. */
static void make_both(const struct nli_record *r, const struct first *p,
		      const struct first *h, struct nli_edit_sink *s)
{
	const struct nli_made_edit edit[] = {
		nli_rewriting_edit("premise", r->premise, nli_buf_str(p->text)),
		nli_rewriting_edit("hypothesis", r->hypothesis, nli_buf_str(h->text)),
	};
	struct nli_buf rule = { 0 };
	struct nli_made m = { .source = r,
			      .method = s->method,
			      .part = "both",
			      .task = r->task,
			      .premise = nli_buf_str(p->text),
			      .hypothesis = nli_buf_str(h->text),
			      .answer = -1,
			      .edit = edit,
			      .n_edit = 2 };

	nli_buf_adds(&rule, p->rule->id);
	nli_buf_addc(&rule, '+');
	nli_buf_adds(&rule, h->rule->id);
	m.rule = nli_buf_str(&rule);
	nli_edit_make(s, &m);
	nli_buf_release(&rule);
}

static const char *const ops[] = { "negate", "affirm", NULL };

static int first_of_hypothesis(struct nli_rewriting *w, const struct nli_record *r,
			       struct first *f, struct nli_edit_sink *s,
			       struct nli_err *err)
{
	uint64_t n = 0;
	const int rc = nli_rewriting_rules(
		w, nli_rewriting_look(w, &w->hypothesis, r->hypothesis), ops, &n,
		take_first, f, err);

	nli_rewriting_not_back(s, n);
	return rc;
}

static int first_of_premise(struct nli_rewriting *w, const struct nli_record *r,
			    struct first *f, struct nli_edit_sink *s, struct nli_err *err)
{
	struct nli_rewritten_premise *last = &w->last;
	int rc = 0;

	if (!nli_rewriting_kept(w, r->premise)) {
		rc = nli_rewriting_rules(w,
					 nli_rewriting_look(w, &w->premise, r->premise),
					 ops, &last->n_not_back, take_first, f, err);
		last->rule = f->rule;
	}
	f->rule = last->rule;
	if (rc)
		last->by = NULL;
	nli_rewriting_not_back(s, last->n_not_back);
	return rc;
}

int nli_negate_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		    struct nli_edit_sink *s, struct nli_err *err)
{
	struct nli_rewriting *w = scratch;
	struct first h = { NULL, &w->out[1] }, p = { NULL, &w->last.text };
	int rc;

	if (!nli_rewriting_begin(e, w, r, s, err, &rc))
		return rc;
	rc = first_of_hypothesis(w, r, &h, s, err);
	if (!rc && h.rule)
		make_first(r, &h, "hypothesis", s);
	if (!rc)
		rc = first_of_premise(w, r, &p, s, err);
	if (!rc && p.rule)
		make_first(r, &p, "premise", s);
	if (!rc && h.rule && p.rule)
		make_both(r, &p, &h, s);
	if (!rc && !h.rule)
		nli_edit_skip(s, "no rule for the hypothesis");
	if (!rc && !p.rule)
		nli_edit_skip(s, "no rule for the premise");
	return rc;
}
