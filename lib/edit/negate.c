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

/* What rule i makes of v, as nli_rule_apply_checked(): found now. */
static int make_by(struct nli_rewriting *w, const struct nli_view *v, size_t i,
		   struct nli_str *made, struct nli_err *err)
{
	int rc;

	nli_buf_clear(&w->out[0]);
	rc = nli_rule_apply_checked(w->of->rules, i, &w->judge.rule, v->text, &w->out[0],
				    err);
	*made = nli_buf_str(&w->out[0]);
	return rc;
}

/* The same of the premise: found now, or when it stood in the record before. */
static int make_kept(struct nli_rewriting *w, size_t i, struct nli_str *made,
		     struct nli_err *err)
{
	struct nli_rewritten_premise *last = &w->last;
	struct nli_kept_rule *k = last->tried;
	size_t n = 0;

	while (n < last->n_tried && k[n].number != i)
		n++;
	if (n == last->n_tried) {
		const int rc = make_by(w, &w->premise, i, made, err);

		if (rc < 0)
			return rc;
		nli_grow(&last->tried, &last->tried_cap, n + 1, sizeof(*last->tried));
		k = last->tried;
		k[last->n_tried++] =
			(struct nli_kept_rule){ i, last->by_rule.len, made->len, rc };
		nli_buf_add(&last->by_rule, made->s, made->len);
	}
	*made = (struct nli_str){ nli_buf_str(&last->by_rule).s + k[n].at, k[n].len };
	return k[n].rc;
}

/* What offers are asked for, and where they go. */
struct offers {
	nli_rewriting_wants *wants;
	nli_rewriting_take *take;
	void *ctx;
	uint64_t *n_not_back;
};

/* Offer what rule i makes: 1, or 0: no more, or < 0. */
static int try_rule(struct nli_rewriting *w, const struct nli_view *v, size_t i,
		    const struct offers *o, struct nli_err *err)
{
	const struct nli_rw_rule *rule = &w->of->pack->rule[i];
	struct nli_str made;
	int rc;

	if (o->wants && !o->wants(o->ctx, rule))
		return 1;
	rc = v == &w->premise ? make_kept(w, i, &made, err)
			      : make_by(w, v, i, &made, err);
	if (rc < 0)
		return rc;
	*o->n_not_back += rc == 2;
	return rc != 1 || o->take(o->ctx, rule, made);
}

/* Those of a kind that can apply to v, in room or kept with the premise. */
static const uint64_t *possible(struct nli_rewriting *w, const struct nli_view *v,
				const char *const *ops, uint64_t room[NLI_RULES_MAX / 64])
{
	struct nli_rewritten_premise *last = &w->last;
	uint64_t *which = v == &w->premise ? last->possible : room;

	if (which == room || last->asked != ops)
		nli_rules_possible(w->of->rules, &w->judge.rule, v, rules_of_kind(w, ops),
				   which);
	if (which != room)
		last->asked = ops;
	return which;
}

int nli_rewriting_rules(struct nli_rewriting *w, const struct nli_view *v,
			const char *const *ops, uint64_t *n_not_back,
			nli_rewriting_wants *wants, nli_rewriting_take *take, void *ctx,
			struct nli_err *err)
{
	const struct offers o = { wants, take, ctx, n_not_back };
	uint64_t room[NLI_RULES_MAX / 64];
	const uint64_t *which = possible(w, v, ops, room);
	int rc = 1;

	for (size_t k = 0; k < NLI_RULES_MAX / 64; k++)
		for (uint64_t left = which[k]; left && rc == 1; left &= left - 1)
			rc = try_rule(w, v, k * 64 + (size_t)__builtin_ctzll(left), &o,
				      err);
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

static struct nli_rewritten by_rule(const struct negation *g,
				    const struct nli_rw_rule *rule)
{
	return (struct nli_rewritten){ .part = g->part,
				       .rule = rule->id,
				       .relation = 1u << nli_relation_of(
							   nli_str_of(rule->relation)),
				       .exclusive = rule->exclusive };
}

/* Behind the first that applies, only those from which a label follows. */
static bool wants_rule(void *ctx, const struct nli_rw_rule *rule)
{
	const struct negation *g = ctx;
	struct nli_rewritten x;

	if (!g->x.rule)
		return true;
	x = by_rule(g, rule);
	return follows(g, &x);
}

static bool take_rule(void *ctx, const struct nli_rw_rule *rule, struct nli_str made)
{
	return take(ctx, made, by_rule(ctx, rule));
}

static struct nli_rewritten by_antonym(const struct negation *g)
{
	return (struct nli_rewritten){ .part = g->part,
				       .rule = "antonym",
				       .relation = 1u << NLI_REL_NEGATION,
				       .exclusive = true };
}

static bool wants_antonym(void *ctx, const struct nli_swap *x)
{
	(void)ctx;
	return nli_swap_denies(x);
}

static bool take_antonym(void *ctx, const struct nli_swap *x, struct nli_str made)
{
	(void)x;
	return take(ctx, made, by_antonym(ctx));
}

static bool keep_antonym(void *ctx, const struct nli_swap *x, struct nli_str made)
{
	nli_rewriting_keep(ctx, x->relation, x->why, made);
	return true;
}

/* The premise's antonyms, found now or when it stood in the record before. */
static void offer_kept(struct nli_rewriting *w, uint64_t seed, struct negation *g)
{
	struct nli_rewritten_premise *last = &w->last;
	const char *at;

	if (!last->swapped)
		nli_rewriting_swaps(w, &w->premise, seed, 1u << NLI_REL_NEGATION,
				    wants_antonym, keep_antonym, last);
	last->swapped = true;
	at = nli_buf_str(&last->text).s;
	for (size_t i = 0; i < last->n_swap; at += last->swap[i++].len)
		if (!take(g, (struct nli_str){ at, last->swap[i].len }, by_antonym(g)))
			return;
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
	const struct nli_rewritten antonym = by_antonym(g);
	uint64_t not_back = 0;
	const int rc =
		nli_rewriting_rules(w, v, ops, &not_back, wants_rule, take_rule, g, err);

	nli_rewriting_not_back(s, not_back);
	if (rc)
		return rc;
	if (g->x.rule && (follows(g, &g->x) || !follows(g, &antonym)))
		; /* no antonym would be better */
	else if (v == &w->premise)
		offer_kept(w, e->args->seed, g);
	else
		nli_rewriting_swaps(w, v, e->args->seed, 1u << NLI_REL_NEGATION,
				    wants_antonym, take_antonym, g);
	g->x.text = nli_buf_str(&g->text);
	if (g->x.rule)
		nli_rewriting_make(g->r, &g->x, s);
	return 0;
}

/* It stands in many records in a row: then what is known of it still holds. */
static const struct nli_view *look_at_premise(struct nli_rewriting *w,
					      struct nli_str premise)
{
	if (!nli_rewriting_kept(w, premise))
		return nli_rewriting_look(w, &w->premise, premise);
	w->premise.text = premise;
	return &w->premise;
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
		rc = negate(e, w, look_at_premise(w, r->premise), &p, s, err);
	if (rc)
		w->last.by = NULL; /* half of it: not to be taken for the whole */
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
