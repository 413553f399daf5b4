/* lintlang.c - see lintlang.h. */
#include "lib/edit/lintlang.h"

#include "lib/edit/relation.h"
#include "lib/edit/rule.h"

enum { MIN_EXAMPLES = 2, HOSTILE = 20000 };

struct lint {
	const struct nli_rewrites *rw;
	struct nli_rules *rules;
	struct nli_rule_scratch scratch;
	struct nli_buf *out, made, back;
	struct nli_lint_counts *n;
};

static void complain(struct lint *l, long line, const char *what, const char *more)
{
	nli_buf_addf(l->out, "%s:%ld: %s%s%s\n", l->rw->path, line, what,
		     more ? ": " : "", more ? more : "");
	l->n->complaints++;
}

/* rule i, told in full: "rule be-not makes "x", wanted "y"". */
static void complain_made(struct lint *l, size_t i, long line, const char *made,
			  const char *wanted)
{
	struct nli_buf b = { 0 };

	nli_buf_addf(&b, "rule %s makes %s%s%s, wanted %s%s%s", l->rw->rule[i].id,
		     made ? "\"" : "", made ? made : "nothing", made ? "\"" : "",
		     wanted ? "\"" : "", wanted ? wanted : "nothing", wanted ? "\"" : "");
	complain(l, line, b.data, NULL);
	nli_buf_release(&b);
}

static bool possible(struct lint *l, size_t i, const char *text)
{
	uint64_t which[NLI_RULES_MAX / 64];
	struct nli_view v = { 0 };

	nli_view_set(&v, l->scratch.tokenizer, nli_str_of(text), &l->scratch.fold);
	nli_rules_possible(l->rules, &l->scratch, &v, NULL, which);
	nli_view_release(&v);
	return which[i / 64] >> i % 64 & 1;
}

/* What rule i makes of text, in l->made: as it is used, "needs" included. */
static const char *run(struct lint *l, size_t i, long line, const char *text)
{
	struct nli_err err;
	int rc;

	nli_buf_clear(&l->made);
	if (!possible(l, i, text))
		return NULL;
	rc = nli_rule_apply(l->rules, i, &l->scratch, nli_str_of(text), &l->made, &err);
	if (rc < 0)
		complain(l, line, err.msg, NULL);
	return rc == 1 ? l->made.data : NULL;
}

static void check_inverse(struct lint *l, size_t i, const struct nli_rw_example *e)
{
	const struct nli_rw_rule *rule = &l->rw->rule[i];
	struct nli_err err;
	int rc;

	nli_buf_clear(&l->back);
	rc = nli_rule_apply(l->rules, rule->inverse_at, &l->scratch, nli_str_of(e->out),
			    &l->back, &err);
	if (rc < 0)
		complain(l, e->line, err.msg, NULL);
	else if (rc == 0 || !nli_str_is(nli_buf_str(&l->back), e->in))
		complain_made(l, rule->inverse_at, e->line, rc ? l->back.data : NULL,
			      e->in);
}

static void check_example(struct lint *l, size_t i, const struct nli_rw_example *e)
{
	const char *made = run(l, i, e->line, e->in);

	l->n->examples++;
	if (!made != !e->out || (made && strcmp(made, e->out)))
		complain_made(l, i, e->line, made, e->out);
	else if (made)
		check_inverse(l, i, e);
}

static void check_rule(struct lint *l, size_t i)
{
	const struct nli_rw_rule *rule = &l->rw->rule[i];

	if (rule->n_example < MIN_EXAMPLES)
		complain(l, rule->line, "fewer than two examples, rule", rule->id);
	for (size_t k = 0; k < rule->n_example; k++)
		check_example(l, i, &rule->example[k]);
}

/*
 * Long texts on which patterns with nested repeats run wild: one letter, one
 * word, digits, blanks and commas, and the rule's own example over and over.
 */
static void check_hostile(struct lint *l, size_t i)
{
	static const char *const unit[] = { "a", "a ", "not is ", "1,0", ", and ", "''" };
	const struct nli_rw_rule *rule = &l->rw->rule[i];
	struct nli_buf text = { 0 };
	struct nli_err err;

	for (size_t k = 0; k <= sizeof(unit) / sizeof(*unit); k++) {
		const bool own = k == sizeof(unit) / sizeof(*unit);
		const char *u = !own              ? unit[k]
				: rule->n_example ? rule->example[0].in
						  : "";

		nli_buf_clear(&text);
		while (*u && text.len < HOSTILE) {
			nli_buf_adds(&text, u);
			nli_buf_adds(&text, own ? " " : "");
		}
		nli_buf_adds(&text, "!");
		nli_buf_clear(&l->made);
		if (nli_rule_apply(l->rules, i, &l->scratch, nli_buf_str(&text), &l->made,
				   &err) < 0) {
			complain(l, rule->line, "does not end on a long text", err.msg);
			break;
		}
	}
	nli_buf_release(&text);
}

static void check_relation(struct lint *l, size_t i)
{
	const struct nli_rw_rule *rule = &l->rw->rule[i];
	const struct nli_rw_rule *back = &l->rw->rule[rule->inverse_at];
	const unsigned relation = 1u << nli_relation_of(nli_str_of(rule->relation));

	if (1u << nli_relation_of(nli_str_of(back->relation)) !=
	    nli_relation_turn(relation))
		complain(l, rule->line, "the inverse has not the inverse relation, rule",
			 rule->id);
}

void nli_lint_lang(const char *path, const char *rng, struct nli_buf *out,
		   struct nli_lint_counts *n)
{
	struct lint l = { .out = out, .n = n };
	struct nli_rewrites *rw;
	struct nli_err err;

	if (nli_rewrites_load(&rw, path, rng, &err)) {
		nli_buf_addf(out, "%s\n", err.msg);
		n->complaints++;
		return;
	}
	l.rw = rw;
	l.rules = nli_rules_new(rw);
	nli_rule_scratch_init(&l.scratch);
	n->facts = rw->n_fact;
	n->rules = rw->n_rule;
	if (rw->n_rule > NLI_RULES_MAX)
		complain(&l, rw->rule[NLI_RULES_MAX].line, "more than 512 rules", NULL);
	for (size_t i = 0; i < rw->n_rule && i < NLI_RULES_MAX; i++) {
		check_rule(&l, i);
		check_relation(&l, i);
		check_hostile(&l, i);
	}
	nli_rule_scratch_release(&l.scratch);
	nli_rules_free(l.rules);
	nli_buf_release(&l.made);
	nli_buf_release(&l.back);
	nli_rewrites_free(rw);
}

void nli_lint_write(const struct nli_lint_counts *n, struct nli_jw *w)
{
	nli_jw_key(w, "rules");
	nli_jw_u64(w, n->rules);
	nli_jw_key(w, "examples");
	nli_jw_u64(w, n->examples);
	nli_jw_key(w, "facts");
	nli_jw_u64(w, n->facts);
	nli_jw_key(w, "complaints");
	nli_jw_u64(w, n->complaints);
}
