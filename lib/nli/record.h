/*
 * record.h - one NLI or multiple-choice record of the bus (DESIGN.md, 1;
 * corpora/record.schema.json), as a view into its line.
 */
#ifndef NLI_NLI_RECORD_H
#define NLI_NLI_RECORD_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/io/json.h"
#include "lib/io/tool.h"

enum nli_task { NLI_TASK_NLI, NLI_TASK_NLI2, NLI_TASK_CHOICE };

enum { NLI_MAX_CHOICES = 64 };

/*
 * Texts are decoded and borrow from the parser until its next line; a text
 * that is null or not there is {NULL, 0}.
 */
struct nli_record {
	struct nli_object obj; /* the line itself, with every member */
	struct nli_str id, key, lang, corpus, split, group;
	enum nli_task task;
	struct nli_str premise, hypothesis;
	struct nli_str label; /* any text: user corpora may have their own labels */
	struct nli_str choice[NLI_MAX_CHOICES];
	size_t n_choice;
	int answer;                         /* index into choice, or -1 for null */
	const nli_jval *annotations, *meta; /* or NULL */
};

/*
 * Read line as a record.  Returns 0, or NLI_EDATA with what was found and what
 * was wanted: not JSON, not an object, a member of the wrong type, an answer
 * outside of choices, no id.  Members beyond those of the schema are kept.
 */
int nli_record_parse(struct nli_record *r, struct nli_json *j, struct nli_str line,
		     struct nli_err *err);

/*
 * As nli_record_parse(), four times as fast, for those who want the texts and to
 * write the line again: values are not made, so that val of obj.m, meta and, without
 * votes, annotations may be NULL.  A line that has more to it (choices, annotations
 * with votes, unusual JSON, a fault) is parsed by j after all.  Borrows from line, k
 * and j.
 */
struct nli_record_skimmer; /* one a thread */
struct nli_record_skimmer *nli_record_skimmer_new(bool votes);
void nli_record_skimmer_free(struct nli_record_skimmer *k); /* NULL is fine */
int nli_record_texts(struct nli_record *r, struct nli_record_skimmer *k,
		     struct nli_json *j, struct nli_str line, struct nli_err *err);

/*
 * The class to be predicted, as text: label, or for a choice the answer as a
 * decimal; {NULL, 0} if there is none.  num needs 12 bytes.
 */
struct nli_str nli_record_gold(const struct nli_record *r, char num[12]);

/*
 * The text of a field by name for --by, --group and the like: "label",
 * "premise", "lang", "meta.genre", "hyponly.pred": dots go down into objects.
 * Strings are decoded, other values are their JSON text (in *tmp).  {NULL, 0}
 * if it is null or not there.
 */
struct nli_str nli_record_field(const struct nli_record *r, struct nli_str name,
				struct nli_buf *tmp);

/* The group that no split may cut: "group", else the hash of the premise, as a 64-bit hash. */
uint64_t nli_record_group_hash(const struct nli_record *r);

/* How many annotations it has, whether values were made or not. */
size_t nli_record_votes(const struct nli_record *r);

/* Append the line with member name set to value (JSON text), and LF. */
void nli_record_write(const struct nli_record *r, const char *name, struct nli_str value,
		      struct nli_buf *out);

/*
 * The content key: 26 base32 digits of XXH3-128 over task, premise, hypothesis
 * or choices, image path, each preceded by its length.  Texts must be NFC.
 */
void nli_record_key(enum nli_task task, struct nli_str premise, struct nli_str hypothesis,
		    const struct nli_str *choice, size_t n_choice, struct nli_str image,
		    char out[27]);

/*
 * A pass over records: as struct nli_pass of tool.h, with the record parsed.
 * ctx, scratch, commit: the same meaning.
 */
struct nli_record_pass {
	void *ctx;
	int (*record)(void *ctx, const struct nli_record *r, struct nli_work *w,
		      struct nli_err *err);
	void *(*scratch_new)(void *ctx);
	void (*scratch_free)(void *ctx, void *scratch);
	int (*commit)(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err);
	enum {
		NLI_WANT_ALL,
		NLI_WANT_VOTES,
		NLI_WANT_TEXTS
	} want; /* nli_record_texts() */
};

void nli_records_map(struct nli_run *r, const struct nli_record_pass *p);
void nli_records_scan(struct nli_run *r, const struct nli_record_pass *p);
void nli_records_emit(struct nli_run *r, const struct nli_record_pass *p);
void nli_records_side(struct nli_run *r, char *const *files,
		      const struct nli_record_pass *p);

#endif
