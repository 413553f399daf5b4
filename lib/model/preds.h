/*
 * preds.h - a model's predictions on all records, on those that a partial-input
 * model gets right (easy) and on those it does not (hard): the re-evaluation of
 * Gururangan et al., NAACL 2018, section 4.
 *
 * A file is CSV or TSV with a header, or JSON lines.  A column (member) called id,
 * key, pair_id, pairid, uid or guid says of which record a row is: by its id, its
 * key, or the last part of its id.  Without one the rows are the records in order,
 * as many as they.  A column with "gold" in its name, or "label" beside one of
 * predictions, must agree with the records.  Predictions are in the columns called
 * pred, prediction, predicted, pred_label or predicted_label, else in "label", else in
 * all that remain.
 */
#ifndef NLI_MODEL_PREDS_H
#define NLI_MODEL_PREDS_H

#include "lib/nli/record.h"

struct nli_preds_opts {
	const char *order; /* labels that integers stand for, "a,b,c" from 0; or NULL */
	const char *const *column; /* (n_column,) of predictions; 0: as above */
	size_t n_column;
};

struct nli_preds; /* the records, by number and name */

/* Borrows o.  NLI_EINVAL if the order is not one of labels. */
int nli_preds_new(struct nli_preds **p, const struct nli_preds_opts *o,
		  struct nli_err *err);
void nli_preds_free(struct nli_preds *p); /* NULL is fine */

/* A pass that takes records with a member "hyponly" in, for nli_records_map(). */
void nli_preds_reader(struct nli_preds *p, struct nli_record_pass *pass);

/*
 * Read a file and append a JSON line for each of its columns of predictions.  A row that
 * is not right (no such record, another gold label, no label) is a reject of the run.
 * NLI_EDATA if the file as a whole does not fit the records.
 */
int nli_preds_file(struct nli_preds *p, struct nli_run *run, const char *path,
		   struct nli_buf *out, struct nli_err *err);

#endif
