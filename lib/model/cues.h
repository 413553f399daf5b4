/*
 * cues.h - which words, word pairs, families of words, lengths and overlaps of
 * a hypothesis give its label away, and how sure that is.
 *
 * A store takes in the tokens of every labelled hypothesis; all figures are
 * computed from it at the end.  Its content is sums and sequences, so stores
 * add up: partial stores that are saved, loaded and added in any order report
 * the same bytes as one store that saw everything.
 *
 * Reading a record is done by readers, one a thread, which append digests to a
 * buffer; the store takes digests in, in the order of the input, on one thread.
 *
 * Sources (facts of methods and differences stand beside the code):
 * [1] Gururangan et al., "Annotation artifacts in natural language inference
 *     data", NAACL 2018: PMI with add-k smoothing, length, containment.
 * [2] Schuster et al., "Towards debiasing fact verification models", EMNLP
 *     2019: local mutual information.
 * [3] Gardner et al., "Competency problems", EMNLP 2021: z, and the prior.
 * [4] Monroe, Colaresi and Quinn, "Fightin' words", Political Analysis 16(4),
 *     2008: log-odds ratio with informative Dirichlet prior.
 * [5] Korn and Graubard, "Confidence intervals for proportions with small
 *     expected number of positive counts estimated from survey data", Survey
 *     Methodology 24(2), 1998: the effective sample size in exact tests.
 */
#ifndef NLI_MODEL_CUES_H
#define NLI_MODEL_CUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/nli/record.h"
#include "lib/text/langpack.h"

enum { NLI_CUES_MAX_LABEL = 64, NLI_CUES_MAX_STRATUM = 4096, NLI_CUES_MAX_TAG = 16 };

/* What is read of each record.  Borrows all; must outlive the store. */
struct nli_cues_input {
	struct nli_langs *langs; /* NULL: no families of words */
	const char *text;        /* "hypothesis" or "premise" */
	const char *by;          /* field of the strata, or NULL */
	const char *annotator;   /* field of the author of a label; NULL: annotations */
	const char *const *tag;  /* (n_tag,) fields whose values are features */
	size_t n_tag;
};

/* What is computed from it. */
struct nli_cues_params {
	double smooth;      /* k of PMI's add-k */
	uint64_t min_count; /* hypotheses a feature must be in to be tested */
	bool uniform;       /* p0 of the z test is 1/K, not the label's share */
	bool pairs;         /* count pairs of neighbouring tokens too */
	double alpha;       /* level of discovery and replication */
	uint64_t seed;      /* of the two halves */
	size_t memory;      /* bytes that counting pairs may take at a time */
};

struct nli_cues;        /* the store */
struct nli_cues_reader; /* reads records for it */

struct nli_cues *nli_cues_new(const struct nli_cues_input *in);
void nli_cues_free(struct nli_cues *c); /* NULL is fine */

struct nli_cues_reader *nli_cues_reader_new(struct nli_cues *c);
void nli_cues_reader_free(struct nli_cues_reader *r);

/*
 * Append the digest of a record to out.  Returns 0, or NLI_EDATA (with out as it
 * was) if a pattern of a language pack hit its limits on it.
 */
int nli_cues_read(struct nli_cues_reader *r, const struct nli_record *record,
		  struct nli_buf *out, struct nli_err *err);

/*
 * Take in the digests of a stretch of input.  NLI_EDATA if they are not digests
 * (a damaged partial file) or if there are too many labels or strata, NLI_EIO
 * if a reader found a language pack that is not right.
 */
int nli_cues_take(struct nli_cues *c, struct nli_str digests, struct nli_err *err);

/* Append the store as bytes: the same on every machine, with a checksum. */
void nli_cues_save(const struct nli_cues *c, struct nli_buf *out);

/*
 * Add a saved store.  NLI_EDATA if it is damaged, of another version, or was
 * made with other inputs than this one.
 */
int nli_cues_load(struct nli_cues *c, struct nli_str saved, struct nli_err *err);

/* Labelled hypotheses taken in, and those without a label, which count for nothing. */
uint64_t nli_cues_items(const struct nli_cues *c);
uint64_t nli_cues_unlabelled(const struct nli_cues *c);

struct nli_cues_result; /* opaque; borrows from the store */

/* Compute everything.  NLI_EDATA if there are fewer than two labels. */
int nli_cues_compute(const struct nli_cues *c, const struct nli_cues_params *p,
		     struct nli_cues_result **out, struct nli_err *err);
void nli_cues_result_free(struct nli_cues_result *r);

/* Rows of cues with q_bh of at most max_q, the surest first; kind rows before them. */
typedef int nli_cues_sink(void *ctx, struct nli_str lines, struct nli_err *err);
int nli_cues_rows(const struct nli_cues_result *r, double max_q, nli_cues_sink *sink,
		  void *ctx, struct nli_err *err);

/* For people: the top cues of each label, then the tables. */
void nli_cues_table(const struct nli_cues_result *r, size_t top, struct nli_buf *out);

/* Members for the summary's results. */
void nli_cues_summary(const struct nli_cues_result *r, struct nli_buf *out);

#endif
