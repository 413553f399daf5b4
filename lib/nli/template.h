/*
 * template.h - prompts from records: text files with slots, one a language.
 *
 * A template file has sections, each begun by a line that is its name in
 * brackets; lines before the first are comments.  Blank lines at both ends of
 * a section do not count.
 *
 *	[labels]   entailment = entails     the words for the labels, one a line
 *	[system]   a system message; may be left out
 *	[nli]      the prompt for task nli
 *	[nli2]     for nli2
 *	[choice]   for choice
 *	[answer]   how the answer is given: Answer: {answer}
 *
 * {premise} {hypothesis} are the record's texts.  {labels} is the words for
 * the labels of the task, in order, with commas.  {choices} is the choices, a
 * line each, with letters.  {answer}, in [answer] alone, is a label word or a
 * letter.  {id}, {lang}, {meta.genre} and so on are fields of the record, which
 * must be there.  {{ and }} are braces.  Anything else in braces is an error
 * when the file is read.
 */
#ifndef NLI_NLI_TEMPLATE_H
#define NLI_NLI_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/nli/label.h"
#include "lib/nli/record.h"

struct nli_template; /* opaque; only read after it is made, so any thread may use it */

/* Read the text of a template file; NLI_EINVAL: "line 7: ...". */
int nli_template_parse(struct nli_template **t, struct nli_str text, struct nli_err *err);
void nli_template_free(struct nli_template *t); /* NULL is fine */

/* The templates of langs/prompts/ by language, with English built in.  Owns them. */
struct nli_templates {
	struct named_template {
		char lang[16];
		struct nli_template *t;
	} * v; /* (n,) */
	size_t n, cap;
};

/* path: one file for every language, or NULL for those of langs/prompts/. */
int nli_templates_load(struct nli_templates *s, const char *path, struct nli_err *err);
void nli_templates_release(struct nli_templates *s); /* safe twice */

/* The one for a BCP 47 code, by its first part; English if there is none (*own is false). */
const struct nli_template *nli_templates_for(const struct nli_templates *s,
					     struct nli_str lang, bool *own);

enum nli_answer_style {
	NLI_ANSWER_WORDS,   /* label words; choices have letters in any case */
	NLI_ANSWER_LETTERS, /* A, B, C for labels too */
};

/* How to ask. */
struct nli_asking {
	enum nli_answer_style style;
	bool shuffle; /* labels or choices in an order that is a hash of (seed, key) */
	uint64_t seed;
};

/* A record as a question.  Borrows from its asker until the next question. */
struct nli_question {
	struct nli_str system; /* {NULL, 0} if there is none */
	struct nli_str prompt;
	struct nli_str option[NLI_MAX_CHOICES]; /* (n_option,) the answers there are */
	size_t of
		[NLI_MAX_CHOICES]; /* option k is this choice, or this label of the task */
	size_t n_option;
	ptrdiff_t gold; /* which option is right; -1: not known */
};

/* Buffers for one question at a time; one a thread. */
struct nli_asker {
	struct nli_buf system, prompt, tmp, answer;
	char letter[NLI_MAX_CHOICES][4];
};
void nli_asker_release(struct nli_asker *a); /* safe twice */

/* Make the question of r.  NLI_EDATA if r lacks a text or a field that the template names. */
int nli_ask(struct nli_asker *a, const struct nli_template *t,
	    const struct nli_asking *how, const struct nli_record *r,
	    struct nli_question *q, struct nli_err *err);

/* The reply that gives option k, as [answer] says.  Valid until the next call with a. */
struct nli_str nli_ask_reply(struct nli_asker *a, const struct nli_template *t,
			     const struct nli_question *q, size_t k);

/* The labels of a task in their usual order: (*n,). */
const enum nli_label *nli_task_labels(enum nli_task task, size_t *n);

#endif
