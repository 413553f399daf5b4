/* ask.c - see template.h: a record as a question. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/nli/template_parts.h"

void nli_asker_release(struct nli_asker *a)
{
	nli_buf_release(&a->system);
	nli_buf_release(&a->prompt);
	nli_buf_release(&a->tmp);
	nli_buf_release(&a->answer);
}

const enum nli_label *nli_task_labels(enum nli_task task, size_t *n)
{
	static const enum nli_label three[] = { NLI_ENTAILMENT, NLI_NEUTRAL,
						NLI_CONTRADICTION };
	static const enum nli_label two[] = { NLI_ENTAILMENT, NLI_NOT_ENTAILMENT };

	*n = task == NLI_TASK_NLI ? 3 : task == NLI_TASK_NLI2 ? 2 : 0;
	return task == NLI_TASK_NLI2 ? two : three;
}

/* A, B, ... Z; more choices than letters are numbered. */
static struct nli_str letter(struct nli_asker *a, size_t k, size_t n)
{
	if (n <= 26)
		snprintf(a->letter[k], sizeof(a->letter[k]), "%c", (char)('A' + k));
	else
		snprintf(a->letter[k], sizeof(a->letter[k]), "%u",
			 (unsigned)(k + 1) % 1000);
	return nli_str_of(a->letter[k]);
}

/* Fisher and Yates, drawing by hash: the order is a function of (seed, key). */
static void shuffle(size_t *of, size_t n, const struct nli_asking *how,
		    const struct nli_record *r)
{
	const struct nli_str key = r->key.s ? r->key : r->id;
	const uint64_t h = nli_hash(key.s, key.len, how->seed);

	for (size_t i = n; i > 1; i--) {
		const size_t k = (size_t)(nli_unit(nli_mix(h ^ i)) * (double)i);
		const size_t t = of[i - 1];

		of[i - 1] = of[k];
		of[k] = t;
	}
}

/* Which answers there are, in which order, how they are called, and the right one. */
static int make_options(struct nli_asker *a, const struct nli_template *t,
			const struct nli_asking *how, const struct nli_record *r,
			struct nli_question *q, struct nli_err *err)
{
	size_t n;
	const enum nli_label *labels = nli_task_labels(r->task, &n);
	const enum nli_label gold = nli_label_of(r->label);

	q->n_option = r->task == NLI_TASK_CHOICE ? r->n_choice : n;
	if (!q->n_option)
		return nli_fail(err, NLI_EDATA, "no choices");
	if (r->task != NLI_TASK_CHOICE && r->label.s && gold == NLI_LABEL_NONE)
		return nli_fail(err, NLI_EDATA, "label \"%.40s\" is none of the task's",
				r->label.s);
	for (size_t i = 0; i < q->n_option; i++)
		q->of[i] = i;
	if (how->shuffle)
		shuffle(q->of, q->n_option, how, r);
	q->gold = -1;
	for (size_t i = 0; i < q->n_option; i++) {
		const bool words =
			r->task != NLI_TASK_CHOICE && how->style == NLI_ANSWER_WORDS;
		const bool right = r->task == NLI_TASK_CHOICE
					   ? r->answer == (int)q->of[i]
					   : r->label.s && labels[q->of[i]] == gold;

		q->option[i] =
			words ? t->word[labels[q->of[i]]] : letter(a, i, q->n_option);
		if (right)
			q->gold = (ptrdiff_t)i;
	}
	if (r->task != NLI_TASK_CHOICE && r->label.s && q->gold < 0)
		return nli_fail(err, NLI_EDATA, "label \"%.40s\" is none of the task's",
				r->label.s);
	return 0;
}

static void add_labels(struct nli_buf *out, const struct nli_template *t,
		       const struct nli_record *r, const struct nli_question *q)
{
	size_t n;
	const enum nli_label *labels = nli_task_labels(r->task, &n);

	for (size_t i = 0; i < n; i++) {
		const struct nli_str word = t->word[labels[q->of[i]]];

		if (i)
			nli_buf_adds(out, ", ");
		nli_buf_add(out, q->option[i].s, q->option[i].len);
		if (!nli_str_eq(word, q->option[i])) {
			nli_buf_adds(out, " (");
			nli_buf_add(out, word.s, word.len);
			nli_buf_addc(out, ')');
		}
	}
}

static void add_choices(struct nli_buf *out, const struct nli_record *r,
			const struct nli_question *q)
{
	for (size_t i = 0; r->task == NLI_TASK_CHOICE && i < q->n_option; i++) {
		const struct nli_str text = r->choice[q->of[i]];

		if (i)
			nli_buf_addc(out, '\n');
		nli_buf_add(out, q->option[i].s, q->option[i].len);
		nli_buf_adds(out, ". ");
		nli_buf_add(out, text.s, text.len);
	}
}

static int add_text(struct nli_buf *out, struct nli_str s, struct nli_str name,
		    struct nli_err *err)
{
	if (!s.s)
		return nli_fail(err, NLI_EDATA,
				"the record has no %.*s, which the "
				"template names",
				(int)name.len, name.s);
	nli_buf_add(out, s.s, s.len);
	return 0;
}

static int fill(struct nli_asker *a, const struct nli_template *t, int section,
		const struct nli_record *r, const struct nli_question *q,
		struct nli_buf *out, struct nli_err *err)
{
	const struct section *s = &t->section[section];
	int rc = 0;

	nli_buf_clear(out);
	for (size_t i = 0; !rc && i < s->n; i++) {
		const struct piece *p = &s->piece[i];

		switch (p->slot) {
		case SLOT_PREMISE:
			rc = add_text(out, r->premise, p->text, err);
			break;
		case SLOT_HYPOTHESIS:
			rc = add_text(out, r->hypothesis, p->text, err);
			break;
		case SLOT_LABELS:
			add_labels(out, t, r, q);
			break;
		case SLOT_CHOICES:
			add_choices(out, r, q);
			break;
		case SLOT_FIELD:
			rc = add_text(out, nli_record_field(r, p->text, &a->tmp), p->text,
				      err);
			break;
		default:
			nli_buf_add(out, p->text.s, p->text.len);
		}
	}
	return rc;
}

int nli_ask(struct nli_asker *a, const struct nli_template *t,
	    const struct nli_asking *how, const struct nli_record *r,
	    struct nli_question *q, struct nli_err *err)
{
	static const int section[] = {
		[NLI_TASK_NLI] = SECTION_NLI,
		[NLI_TASK_NLI2] = SECTION_NLI2,
		[NLI_TASK_CHOICE] = SECTION_CHOICE,
	};
	int rc;

	if (!t->section[section[r->task]].n)
		return nli_fail(err, NLI_EDATA,
				"the template has no section for the task");
	rc = make_options(a, t, how, r, q, err);
	if (!rc)
		rc = fill(a, t, SECTION_SYSTEM, r, q, &a->system, err);
	if (!rc)
		rc = fill(a, t, section[r->task], r, q, &a->prompt, err);
	q->system = a->system.len ? nli_buf_str(&a->system) : (struct nli_str){ NULL, 0 };
	q->prompt = nli_buf_str(&a->prompt);
	return rc;
}

struct nli_str nli_ask_reply(struct nli_asker *a, const struct nli_template *t,
			     const struct nli_question *q, size_t k)
{
	const struct section *s = &t->section[SECTION_ANSWER];

	nli_buf_clear(&a->answer);
	for (size_t i = 0; i < s->n; i++) {
		const struct nli_str text =
			s->piece[i].slot == SLOT_ANSWER ? q->option[k] : s->piece[i].text;

		nli_buf_add(&a->answer, text.s, text.len);
	}
	return nli_buf_str(&a->answer);
}
