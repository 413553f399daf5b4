/* rewriting.c - see rewriting.h: what its methods share, and judge. */
#include "lib/edit/rewriting.h"

#include <limits.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/edit/relation.h"
#include "lib/edit/rewriting_parts.h"
#include "lib/text/norm.h"

void *nli_rewriting_new(const struct nli_edit *e)
{
	struct nli_rewriting *w = nli_xcalloc(1, sizeof(*w));

	(void)e;
	nli_judge_scratch_init(&w->judge);
	return w;
}

void nli_rewriting_free(void *scratch)
{
	struct nli_rewriting *w = scratch;

	nli_judge_scratch_release(&w->judge);
	nli_view_release(&w->premise);
	nli_view_release(&w->hypothesis);
	nli_buf_release(&w->out[0]);
	nli_buf_release(&w->out[1]);
	nli_buf_release(&w->json);
	nli_buf_release(&w->fold);
	nli_buf_release(&w->last.of);
	nli_buf_release(&w->last.text);
	nli_buf_release(&w->last.by_rule);
	free(w->last.tried);
	free(w->last.swap);
	nli_arena_release(&w->arena);
	free(w);
}

static int find_rewriter(const struct nli_edit *e, struct nli_rewriting *w,
			 struct nli_str lang, struct nli_err *err)
{
	const bool fits = lang.len < sizeof(w->lang);
	int rc;

	if (w->lang[0] && nli_str_is(lang, w->lang))
		return 0;
	rc = nli_rewriters_get(e->rewriters, lang, &w->of, err);
	w->lang[0] = '\0';
	if (!rc && fits && lang.len) {
		memcpy(w->lang, lang.s, lang.len);
		w->lang[lang.len] = '\0';
	}
	return rc;
}

const struct nli_rewriter *nli_rewriting_begin(const struct nli_edit *e,
					       struct nli_rewriting *w,
					       const struct nli_record *r,
					       struct nli_edit_sink *s,
					       struct nli_err *err, int *rc)
{
	*rc = 0;
	s->tokenizer = w->judge.rule.tokenizer;
	nli_arena_reset(&w->arena);
	if (r->task == NLI_TASK_CHOICE) {
		nli_edit_skip(s, "a multiple choice");
		return NULL;
	}
	*rc = find_rewriter(e, w, r->lang, err);
	if (*rc)
		return NULL;
	if (!w->of || !w->of->pack->n_rule) {
		nli_edit_skip(s, "no rules for its language");
		return NULL;
	}
	return w->of;
}

static struct nli_view *own(struct nli_rewriting *w, const struct nli_view *v)
{
	return v == &w->premise ? &w->premise : &w->hypothesis;
}

const struct nli_view *nli_rewriting_look(struct nli_rewriting *w, struct nli_view *v,
					  struct nli_str text)
{
	w->placed = NULL;
	v->text = text;
	v->n = 0;
	v->cut = v->looked = false;
	if (w->of->pack->spaces || nli_rules_need(w->of->rules))
		nli_view_set(v, w->judge.rule.tokenizer, text, &w->fold);
	return v;
}

void nli_rewriting_cut(struct nli_rewriting *w, const struct nli_view *v)
{
	if (!v->cut)
		nli_view_set(own(w, v), w->judge.rule.tokenizer, v->text, &w->fold);
	if (!v->looked)
		nli_lexicon_look(w->of->lexicon, own(w, v));
}

void nli_rewriting_places(struct nli_rewriting *w, const struct nli_view *v)
{
	if (w->placed != v)
		nli_context_scan(w->of->lexicon, v, w->places.at, w->places.gap);
	w->placed = v;
}

unsigned nli_rewriting_may(struct nli_rewriting *w, const struct nli_view *v)
{
	return v->cut ? UINT_MAX : nli_lexicon_may(w->of->lexicon, v->text);
}

/* How many bytes a and b, of n each, share from their beginning; or from their end. */
static size_t shared_head(const char *a, const char *b, size_t n)
{
	size_t i = 0;

	while (i + 8 <= n && !memcmp(a + i, b + i, 8))
		i += 8;
	while (i < n && a[i] == b[i])
		i++;
	return i;
}

static size_t shared_tail(const char *a_end, const char *b_end, size_t n)
{
	size_t i = 0;

	while (i + 8 <= n && !memcmp(a_end - i - 8, b_end - i - 8, 8))
		i += 8;
	while (i < n && a_end[-1 - (ptrdiff_t)i] == b_end[-1 - (ptrdiff_t)i])
		i++;
	return i;
}

bool nli_rewriting_kept(struct nli_rewriting *w, struct nli_str premise)
{
	struct nli_rewritten_premise *last = &w->last;

	if (last->by == w->of && nli_str_eq(nli_buf_str(&last->of), premise))
		return true;
	last->by = w->of;
	nli_buf_clear(&last->of);
	nli_buf_add(&last->of, premise.s, premise.len);
	nli_buf_clear(&last->text);
	nli_buf_clear(&last->by_rule);
	last->n_swap = last->n_not_back = last->n_tried = 0;
	last->asked = NULL;
	last->swapped = false;
	return false;
}

void nli_rewriting_keep(struct nli_rewritten_premise *last, unsigned relation,
			const char *why, struct nli_str made)
{
	nli_grow(&last->swap, &last->swap_cap, last->n_swap + 1, sizeof(*last->swap));
	last->swap[last->n_swap++] = (struct nli_kept_swap){ made.len, relation, why };
	nli_buf_add(&last->text, made.s, made.len);
}

static bool is_ascii(char c)
{
	return !(c & 0x80);
}

static bool in_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       c == '_';
}

/*
 * cuts() where the token's letters are all ASCII, and so are the characters beside it:
 * any of those ends it, or is one by itself.  False where they are not.
 */
static bool cuts_ascii(struct nli_str text, size_t at, bool end, size_t *n)
{
	size_t from = at, to = at;

	while (from && in_word(text.s[from - 1]))
		from--;
	while (to < text.len && in_word(text.s[to]))
		to++;
	*n = from == at || to == at ? 0 : end ? to - at : at - from;
	return (!from || is_ascii(text.s[from - 1])) &&
	       (to == text.len || is_ascii(text.s[to]));
}

/* Two bytes of which one is of ASCII and no letter: no token has both. */
static bool is_edge(char a, char b)
{
	return (is_ascii(a) && !in_word(a)) || (is_ascii(b) && !in_word(b));
}

/* How far a place of text is behind the start, or before the end, of the token that it cuts. */
static size_t cuts(struct nli_tokenizer *t, struct nli_str text, size_t at, bool end)
{
	const struct nli_token *k;
	size_t n, far;

	if (!at || at == text.len || is_edge(text.s[at - 1], text.s[at]))
		return 0;
	if (cuts_ascii(text, at, end, &far))
		return far;
	k = nli_tokenize(t, text, &n);
	for (size_t i = 0; i < n && k[i].off < at; i++)
		if (k[i].off + k[i].len > at)
			return end ? k[i].off + k[i].len - at : at - k[i].off;
	return 0;
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

struct nli_made_edit nli_rewriting_edit(struct nli_tokenizer *t, const char *in,
					struct nli_str from, struct nli_str to)
{
	const size_t least = from.len < to.len ? from.len : to.len;
	size_t head = shared_head(from.s, to.s, least), tail;

	head -= larger(cuts(t, from, head, false), cuts(t, to, head, false));
	tail = shared_tail(from.s + from.len, to.s + to.len, least - head);
	tail -= larger(cuts(t, from, from.len - tail, true),
		       cuts(t, to, to.len - tail, true));
	return (struct nli_made_edit){
		.in = in,
		.at = head,
		.from = { from.s + head, from.len - head - tail },
		.to = { to.s + head, to.len - head - tail },
	};
}

bool nli_rewriting_make(const struct nli_record *r, const struct nli_rewritten *x,
			struct nli_edit_sink *s)
{
	const bool premise = x->part[0] == 'p', two = r->task == NLI_TASK_NLI2;
	const enum nli_verdict_label had = nli_proved_of(r->label);
	const enum nli_verdict_label label =
		premise ? nli_label_premise(had, two, x->relation)
			: nli_label_hypothesis(had, two, x->relation, x->exclusive);
	const struct nli_made_edit edit = nli_rewriting_edit(
		s->tokenizer, x->part, premise ? r->premise : r->hypothesis, x->text);
	const enum nli_relation only = nli_relation_only(x->relation);
	const struct nli_made m = {
		.source = r,
		.method = s->method,
		.rule = nli_str_of(x->rule),
		.part = x->part,
		.relation = only < NLI_N_RELATION ? nli_relation_name(only) : NULL,
		.task = r->task,
		.premise = premise ? x->text : r->premise,
		.hypothesis = premise ? r->hypothesis : x->text,
		.answer = -1,
		.label = nli_str_of(nli_proved_name(label)),
		.proved = label != NLI_PROVED_NOTHING,
		.edit = &edit,
		.n_edit = 1,
		.number = x->number,
	};

	return nli_edit_make(s, &m);
}

/* "adversarial": {"judged": label or null, "rules": [...], "agrees": bool or "why": ...} */
static void write_judgement(const struct nli_judgement *j, enum nli_verdict_label label,
			    struct nli_str had, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "judged");
	nli_jw_str(&w, nli_str_of(nli_proved_name(label)));
	if (label) {
		nli_jw_key(&w, "rules");
		nli_jw_open(&w, '[');
		for (size_t i = 0; i < j->n_rule; i++)
			nli_jw_cstr(&w, j->rule[i]);
		nli_jw_close(&w, ']');
		if (had.s) {
			nli_jw_key(&w, "agrees");
			nli_jw_bool(&w, nli_str_is(had, nli_proved_name(label)));
		}
	} else {
		nli_jw_key(&w, "why");
		nli_jw_cstr(&w, j->why ? j->why : "the edits leave several labels open");
	}
	nli_jw_close(&w, '}');
}

/* The record that r was rewritten from, by its member "was"; false if it has none. */
static bool read_was(const struct nli_record *r, struct nli_record *was)
{
	const struct nli_member *m = nli_object_find(&r->obj, "was");

	*was = (struct nli_record){ .task = r->task };
	if (!m)
		return false;
	was->premise = nli_jstr(nli_jget(m->val, "premise"));
	was->hypothesis = nli_jstr(nli_jget(m->val, "hypothesis"));
	was->label = nli_jstr(nli_jget(m->val, "label"));
	return true;
}

/*
 * No method carries a label over to a text that is merely stronger or weaker:
 * annotators' labels are not so strict that a modifier more or less would keep
 * them.  So neither does the judge.
 */
static bool is_made(const struct nli_judgement *j)
{
	const unsigned made =
		1u << NLI_REL_EQUAL | 1u << NLI_REL_NEGATION | 1u << NLI_REL_ALTERNATION;

	return !(j->relation & ~made);
}

/* The label of r, by its texts alone or by what it was and how it was changed. */
static int judge_label(struct nli_rewriting *w, const struct nli_record *r,
		       struct nli_judgement *j, enum nli_verdict_label *label,
		       struct nli_err *err)
{
	const struct nli_rewriter *of = w->of;
	const bool two = r->task == NLI_TASK_NLI2;
	struct nli_record was;
	enum nli_verdict_label had;
	int rc;

	*label = NLI_PROVED_NOTHING;
	if (!read_was(r, &was)) {
		rc = nli_judge(of->lexicon, of->rules, &w->judge, r->premise,
			       r->hypothesis, j, err);
		*label = nli_label_direct(two, j->relation);
		return rc;
	}
	had = nli_proved_of(was.label);
	if (nli_str_eq(was.premise, r->premise)) {
		rc = nli_judge(of->lexicon, of->rules, &w->judge, was.hypothesis,
			       r->hypothesis, j, err);
		*label = nli_label_hypothesis(had, two, j->relation, j->exclusive);
	} else if (nli_str_eq(was.hypothesis, r->hypothesis)) {
		rc = nli_judge(of->lexicon, of->rules, &w->judge, was.premise, r->premise,
			       j, err);
		*label = nli_label_premise(had, two, j->relation);
	} else {
		j->why = "both texts differ from what it was";
		rc = 0;
	}
	if (*label && !is_made(j)) {
		*label = NLI_PROVED_NOTHING;
		j->why = "a stronger or weaker text, which no method makes";
	}
	return rc;
}

int nli_judge_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		   struct nli_edit_sink *s, struct nli_err *err)
{
	struct nli_rewriting *w = scratch;
	struct nli_judgement j = { .relation = NLI_REL_ANY, .why = "no rules for it" };
	enum nli_verdict_label label = NLI_PROVED_NOTHING;
	int rc;

	if (nli_rewriting_begin(e, w, r, s, err, &rc) && r->premise.s && r->hypothesis.s)
		rc = judge_label(w, r, &j, &label, err);
	if (rc)
		return rc;
	nli_buf_clear(&w->json);
	write_judgement(&j, label, r->label, &w->json);
	nli_record_write(r, "adversarial", nli_buf_str(&w->json), s->out);
	s->made++;
	if (!label)
		nli_edit_skip(s, j.why ? j.why : "the edits leave several labels open");
	return 0;
}
