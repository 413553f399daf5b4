/*
 * audit.h - the partial-input audit of a corpus: what nli-hyponly does.
 *
 *	a = nli_audit_new(&opts);
 *	nli_audit_reader(a, ...)    pass over training records, if there are any
 *	nli_audit_reader(a, ...)    pass over the records to be scored
 *	nli_audit_fit(a, &err)      cross-fitting of every input, measures
 *	nli_audit_writer(a, ...)    pass over the same records: member "hyponly"
 *	nli_audit_results(a, &w)    members of the summary's "results"
 *	nli_audit_words(a, &buf)    the verdict in words, a line each
 *
 * Records of different tasks (nli, nli2, choice) are sets of their own, each
 * with its own models.  What a record gets depends on the set of records, the
 * options and the seed, not on their order: training sweeps the records in the
 * order of the hashes of (seed, group) and (seed, id).
 */
#ifndef NLI_MODEL_AUDIT_H
#define NLI_MODEL_AUDIT_H

#include "lib/io/json.h"
#include "lib/model/crossfit.h"
#include "lib/model/partial.h"
#include "lib/model/permute.h"
#include "lib/nli/record.h"

enum { NLI_MAX_BY = 8 };

struct nli_audit_opts {
	enum nli_partial input[NLI_N_PARTIAL]; /* (n_input,) the first is the main one */
	size_t n_input;
	const char *by[NLI_MAX_BY]; /* (n_by,) fields inside whose values to repeat */
	size_t n_by;
	const char *fold_field; /* folds as the records say; NULL: by group */
	const char *group; /* field that must not be cut; NULL: nli_record_group_hash() */
	struct nli_feat_opts feat;
	size_t char_rows; /* with more texts than that, NLI_FEAT_DEAR is left out */
	double scale[NLI_N_BLOCK];    /* of each block of features */
	double nb;                    /* exponent of the naive Bayes scale (logit.h) */
	uint32_t min_count;           /* records a feature must be in */
	struct nli_crossfit_opts fit; /* n_fold, c, n_c, tol, max_epoch, n_select, jobs */
	struct nli_permute_opts permute; /* n_perm, n_max */
	bool stratify;                   /* permute inside the values of by[0] */
	bool mdl;                        /* measure the online code */
	bool bayes;                      /* naive Bayes in place of logistic regression */
	size_t explain;                  /* features to name for each record */
	struct nli_langs *langs;         /* packs for overlap; borrowed */
	bool bias;                       /* write what debiasing needs */
	double gamma;                    /* exponent of the focal weight */
	bool normalise;                  /* weights by their mean */
	uint64_t seed;
	double easy, hard; /* p(gold) at least, at most; < 0: as predicted */
	double level;      /* of the intervals */
};

/* What nli-hyponly uses if not told otherwise; n_input, fit.n_fold, fit.jobs and seed are 0. */
extern const struct nli_audit_opts nli_audit_usual;

struct nli_audit;

/* Copies o; borrows the strings in it. */
struct nli_audit *nli_audit_new(const struct nli_audit_opts *o);

/* A pass that takes records in, as ones to train on alone or as ones to score. */
void nli_audit_reader(struct nli_audit *a, bool train, struct nli_record_pass *p);

/*
 * Train and measure.  NLI_EDATA if there is nothing to learn from: no labels,
 * one label alone, one group alone; or a fold that is no number below 64.
 */
int nli_audit_fit(struct nli_audit *a, struct nli_err *err);

/* A pass over the scored records in the order they were read, with w->index. */
void nli_audit_writer(struct nli_audit *a, struct nli_pass *p);

/* The same for opts.explain, where the record itself is needed. */
void nli_audit_explaining_writer(struct nli_audit *a, struct nli_record_pass *p);

/* Append the model that training files made, with a checksum. */
void nli_audit_save(const struct nli_audit *a, struct nli_buf *out);

/*
 * Take a saved model in place of training, with its inputs and features: a is new.
 * NLI_EDATA if it is damaged or of a newer version, or of other features.
 */
int nli_audit_load(struct nli_audit *a, struct nli_str saved, struct nli_err *err);

/* A streaming pass that scores with the model loaded; then members for the summary. */
void nli_audit_mapper(struct nli_audit *a, struct nli_record_pass *p);
void nli_audit_tallies(const struct nli_audit *a, struct nli_jw *w);

void nli_audit_results(const struct nli_audit *a, struct nli_jw *w);
void nli_audit_words(const struct nli_audit *a, struct nli_buf *out);
void nli_audit_free(struct nli_audit *a); /* NULL is fine */

#endif
