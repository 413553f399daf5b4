/*
 * tonli.c - choices as hypotheses.
 *
 * The right choice is entailed in the sense of its corpus.  A wrong one is not
 * entailed, which is all that an answer proves: it may well be true (SWAG's and
 * PMR's distractors often are).  Only where the corpus says how a choice was
 * made is more known: PMR's action-false and distractor2 were written to
 * contradict the premise, distractor1 to fit it and not the picture.
 */
#include "lib/edit/sets.h"

static struct nli_str choice_type(const struct nli_record *r, size_t i)
{
	const struct nli_member *types = nli_object_find(&r->obj, "choice_types");
	struct nli_jiter it = nli_jiter(types ? types->val : NULL);

	for (size_t k = 0; !it.object_ && nli_jnext(&it); k++)
		if (k == i)
			return nli_jstr(it.val);
	return (struct nli_str){ NULL, 0 };
}

static void label(struct nli_made *m, bool right, bool two_way, struct nli_str type)
{
	const bool against =
		nli_str_is(type, "action-false") || nli_str_is(type, "distractor2");

	m->proved = true;
	if (right)
		m->label = NLI_STR("entailment");
	else if (two_way)
		m->label = NLI_STR("not_entailment");
	else if (against)
		m->label = NLI_STR("contradiction");
	else
		m->proved = false;
}

static const char *unfit(const struct nli_record *r)
{
	if (r->task != NLI_TASK_CHOICE)
		return "not a multiple choice";
	if (!r->premise.s)
		return "no premise";
	return r->answer < 0 ? "no answer" : NULL;
}

int nli_to_nli_make(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		    struct nli_edit_sink *s, struct nli_err *err)
{
	const bool two_way = nli_str_is(nli_str_of(e->args->task), "nli2");
	const char *why = unfit(r);
	struct nli_buf also = { 0 };

	(void)scratch;
	(void)err;
	if (why)
		nli_edit_skip(s, why);
	for (size_t i = 0; !why && i < r->n_choice; i++) {
		const struct nli_str type = choice_type(r, i);
		const bool right = (int)i == r->answer;
		struct nli_made m = { .source = r,
				      .method = "to-nli",
				      .rule = right ? NLI_STR("right") : NLI_STR("wrong"),
				      .part = "task",
				      .task = two_way ? NLI_TASK_NLI2 : NLI_TASK_NLI,
				      .premise = r->premise,
				      .hypothesis = r->choice[i],
				      .number = i };
		struct nli_jw w = { .b = &also };

		if (!right && nli_str_eq(r->choice[i], r->choice[r->answer])) {
			nli_edit_skip(s, "a wrong choice says the same as the right one");
			continue;
		}
		label(&m, right, two_way, type);
		nli_buf_clear(&also);
		nli_jw_key(&w, "choice");
		nli_jw_u64(&w, i);
		if (type.s) {
			nli_jw_key(&w, "choice_type");
			nli_jw_str(&w, type);
		}
		m.also = nli_buf_str(&also);
		nli_edit_make(s, &m);
	}
	nli_buf_release(&also);
	return 0;
}
