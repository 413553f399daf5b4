/*
 * answers.h - what the batch services answered, joined with the records that
 * were asked about: each answer becomes an annotation of a worker named by the
 * model.
 *
 * A result is found by its custom_id (Gemini: key), which is the record's key,
 * in any order and any number of files; OpenAI's error files, and expired and
 * refused requests too, which become annotations with label null and a
 * "failure".  The shapes of OpenAI (and vLLM), Anthropic and Gemini are told
 * apart by themselves.
 *
 * Kept of an answer is its end, in which the label or letter must stand.
 */
#ifndef NLI_NLI_ANSWERS_H
#define NLI_NLI_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/io/tool.h"
#include "lib/nli/record.h"
#include "lib/nli/template.h"

/* One line of a result file.  Borrows from the parser and from text. */
struct nli_answer {
	struct nli_str id, model; /* model {NULL, 0}: not told, as in failures */
	struct nli_str text;      /* of the reply; {NULL, 0} for a failure */
	struct nli_str failure;   /* why there is no reply; else {NULL, 0} */
	bool cut;                 /* the reply ends where the tokens did */
};

/*
 * Read root, a parsed line.  text is for replies that come in parts.  NLI_EDATA
 * if it is no result of a service that is known.
 */
int nli_answer_read(const nli_jval *root, struct nli_buf *text, struct nli_answer *a,
		    struct nli_err *err);

/*
 * What a reply answers: the end of its last line that is not blank, behind the
 * last colon if there is one, without quotes, stars, brackets and full stops.
 */
struct nli_str nli_answer_end(struct nli_str reply);

/*
 * The option of q that end names, whatever the case: its word or letter, or the
 * English name of its label.  -1 if it names none.
 */
ptrdiff_t nli_answer_option(const struct nli_question *q, const struct nli_record *r,
			    struct nli_str end);

struct nli_answers; /* opaque */

/* How the records were asked; the same as nli-export was told. */
struct nli_answers *nli_answers_new(const struct nli_templates *t, const char *lang,
				    const struct nli_asking *how);
void nli_answers_free(struct nli_answers *a); /* NULL is fine */

/* Read result files, then pass over the records, whose "annotations" grow. */
void nli_answers_read(struct nli_answers *a, struct nli_run *run, char *const *files);
void nli_answers_map(struct nli_answers *a, struct nli_run *run);

struct nli_answers_counts {
	uint64_t read, used; /* answers; used: those that found a record, once for each */
	uint64_t failed,
		unclear;    /* of those used: failures; no answer can be read from it */
	uint64_t unasked;   /* records without an answer */
	uint64_t unmatched; /* answers that no record has the key of */
	const char *first_path; /* where the first of these stands, or NULL */
	uint64_t first_line;
};
void nli_answers_count(const struct nli_answers *a, struct nli_answers_counts *c);

/* Write a member "answers" with the counts. */
void nli_answers_json(const struct nli_answers_counts *c, struct nli_jw *w);

/* "openai-batch"...: a name that -c may give for answers of a service. */
bool nli_answers_service(const char *name);

#endif
