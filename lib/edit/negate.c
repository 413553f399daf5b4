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

/* The first rule of a text's that applies, kept for when both texts are rewritten. */
struct first {
	const struct nli_record *r;
	struct nli_edit_sink *s;
	const char *part;
	struct nli_buf *text;
	const struct nli_rw_rule *rule;
};

static bool take_first(void *ctx, const struct nli_rw_rule *rule, struct nli_str made)
{
	struct first *f = ctx;
	const struct nli_rewritten x = {
		.part = f->part,
		.text = made,
		.rule = rule->id,
		.relation = 1u << nli_relation_of(nli_str_of(rule->relation)),
		.exclusive = rule->exclusive,
	};

	f->rule = rule;
	nli_buf_add(f->text, made.s, made.len);
	nli_rewriting_make(f->r, &x, f->s);
	return false;
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

int nli_negate_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		    struct nli_edit_sink *s, struct nli_err *err)
{
	static const char *const ops[] = { "negate", "affirm", NULL };
	struct nli_rewriting *w = scratch;
	struct nli_buf text[2] = { 0 };
	struct first h = { r, s, "hypothesis", &text[0], NULL };
	struct first p = { r, s, "premise", &text[1], NULL };
	int rc;

	if (!nli_rewriting_begin(e, w, r, s, err, &rc))
		return rc;
	rc = nli_rewriting_rules(w, nli_rewriting_look(w, &w->hypothesis, r->hypothesis),
				 ops, s, take_first, &h, err);
	if (!rc)
		rc = nli_rewriting_rules(w,
					 nli_rewriting_look(w, &w->premise, r->premise),
					 ops, s, take_first, &p, err);
	if (!rc && h.rule && p.rule)
		make_both(r, &p, &h, s);
	if (!rc && !h.rule)
		nli_edit_skip(s, "no rule for the hypothesis");
	if (!rc && !p.rule)
		nli_edit_skip(s, "no rule for the premise");
	nli_buf_release(&text[0]);
	nli_buf_release(&text[1]);
	return rc;
}
