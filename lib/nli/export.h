/*
 * export.h - records in the formats that trainers, classifiers and batch
 * services read.
 *
 * Every format has a fixed set of members in a fixed order, and each member one
 * type: what may differ from record to record is one string of JSON, and what
 * is not there is an empty string, so that a reader that guesses column types
 * from the first rows guesses right.  Answers to be checked are strings.
 */
#ifndef NLI_NLI_EXPORT_H
#define NLI_NLI_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/nli/record.h"
#include "lib/nli/template.h"

struct nli_exporter;

enum nli_export_flags {
	NLI_EXPORT_GOLD = 1,   /* a record without label or answer cannot be written */
	NLI_EXPORT_PROMPT = 2, /* asks by a template */
	NLI_EXPORT_BATCH = 4,  /* requests: --model, one a key, files cut at limits */
	NLI_EXPORT_PAIRS = 8,  /* premise and hypothesis: no choices */
	NLI_EXPORT_INDEXED =
		16, /* rows hold NLI_EXPORT_INDEX; JSON has it nowhere else */
};

/* Stands for the row's number, from 0, which is known when rows are put in order. */
#define NLI_EXPORT_INDEX '\1'

struct nli_export_format {
	const char *name, *about;
	unsigned flags; /* enum nli_export_flags */
	/* Append the rows of the record in x, each with its LF. */
	int (*row)(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err);
	const char *head, *between,
		*tail;                /* of a file, around and between rows; or NULL */
	uint64_t max_rows, max_bytes; /* of a file that the service takes; 0: any */
};

extern const struct nli_export_format nli_export_formats[]; /* ends with a NULL name */
const struct nli_export_format *nli_export_find(const char *name);

enum nli_export_text { NLI_TEXT_HYPOTHESIS, NLI_TEXT_PREMISE, NLI_TEXT_PAIR };

/* What is the same for every record.  Borrows all. */
struct nli_export {
	const struct nli_export_format *format;
	struct nli_templates templates;
	const char *lang; /* of every prompt; NULL: the record's own */
	struct nli_asking asking;
	const char *data_source, *env; /* data_source NULL: the corpus */
	const char *model;             /* of batches */
	int64_t max_tokens, logprobs;
	double temperature; /* < 0: left to the service */
	bool blind_rejected; /* the wrong answer is what the partial-input model likes best */
	enum nli_export_text text; /* what a classifier reads */
};

/* A worker's own.  Fields up to question are for the formats. */
struct nli_exporter {
	const struct nli_export *e;
	const struct nli_record *r;
	const struct nli_template *t; /* NULL: the format asks nothing */
	struct nli_question q;
	struct nli_str gold; /* the right option's text, or the label; {NULL, 0}: none */

	struct nli_asker asker;
	struct nli_buf meta, tmp;
	struct nli_tokenizer *tokenizer; /* made when first needed */
	uint32_t *features;              /* (n_features,) */
	size_t n_features, features_cap;
};

void nli_exporter_init(struct nli_exporter *x, const struct nli_export *e);
void nli_exporter_release(struct nli_exporter *x); /* safe twice */

/*
 * Append the rows of r.  Returns how many, or 0 if the format needs a label and r
 * has none, or < 0.
 */
int nli_export_record(struct nli_exporter *x, const struct nli_record *r,
		      struct nli_buf *out, struct nli_err *err);

#endif
