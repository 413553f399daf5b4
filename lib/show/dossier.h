/*
 * dossier.h - everything that was given to the report, told apart by content:
 * records, summaries, cues, workers, published figures, what was planted.
 */
#ifndef NLI_SHOW_DOSSIER_H
#define NLI_SHOW_DOSSIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/mem.h"
#include "lib/io/json.h"
#include "lib/show/doc.h"
#include "lib/show/tally.h"

/* A JSON object that was given whole.  Owns json. */
struct nli_given {
	struct nli_str tool; /* of a summary: "nli-hyponly"; else what it is */
	struct nli_json *json;
	const nli_jval *root;
};

/* A row of nli-cues; texts are clean.  NAN where the row has no such number. */
struct nli_cue {
	struct nli_str feature, family, label;
	double n_w, n_wy, share, p, pmi, lmi, z, log_odds_z, p_value, q;
	int replicated; /* 1 yes, 0 no, -1 not said */
	bool exact;     /* the name of the feature is a word of the text itself */
};

/* A row of nli-truth --workers. */
struct nli_worker {
	struct nli_str name;
	double n, accuracy, lo, hi, skill, entropy, spammer, agreement, step;
	struct nli_str flags;
};

/* A figure that others published, of reports/reference. */
struct nli_reference {
	struct nli_str corpus, split, input, model, source;
	double accuracy;
	bool verified; /* read in the source itself */
};

/* What the profile of a corpus says: corpora/NAME.json. */
struct nli_card {
	struct nli_str corpus, title, licence, citation;
	struct nli_card_file {
		struct nli_str name, sha256;
		double bytes;
	} file[16]; /* as published; (n_file,) */
	size_t n_file;
};

enum { NLI_DOSSIER_CLASSES = 12 };

struct nli_dossier {
	struct nli_tally *tally; /* borrows */
	struct nli_given *given;
	size_t n_given, given_cap;
	struct nli_cue *cue;
	size_t n_cue, cue_cap;
	struct nli_worker *worker;
	size_t n_worker, worker_cap;
	struct nli_intern class_; /* labels of the workers' confusion matrices */
	double confusion[NLI_DOSSIER_CLASSES]
			[NLI_DOSSIER_CLASSES]; /* inferred, said: sums of labels */
	struct nli_reference *reference;
	size_t n_reference, reference_cap;
	struct nli_card *card;
	size_t n_card, card_cap;
	uint64_t n_ledger, n_ledger_kept; /* rows of nli-filter --decisions */
	const char *title;                /* or NULL */
	bool keep_keys;                   /* tallies should keep the records' keys */
	double q;                         /* cues below are significant */
	struct nli_intern watch; /* ids that are planted: what nli_tally_new() wants */
	struct nli_arena arena;
	struct nli_json *scratch;
	struct nli_err trouble; /* code is not 0: a profile is there but cannot be read */
};

/* What a line holds. */
enum nli_kind {
	NLI_KIND_RECORD,
	NLI_KIND_SUMMARY,  /* "tool" and "results" */
	NLI_KIND_CUE,      /* "feature" and "n_w", or "kind" */
	NLI_KIND_WORKER,   /* "worker" and "n" */
	NLI_KIND_DECISION, /* "id" and "keep" */
	NLI_KIND_REPORT,   /* "report" and "metrics" */
};

/*
 * Tell what a line is.  A record is left in *r.  NLI_EDATA with what is wrong
 * with it if it is none of these.
 */
int nli_dossier_kind(struct nli_json *j, struct nli_str line, struct nli_record *r,
		     struct nli_err *err);

void nli_dossier_init(struct nli_dossier *a);

/* Add a line that is no record.  NLI_EDATA if it is not what it seems. */
int nli_dossier_add(struct nli_dossier *a, enum nli_kind kind, struct nli_str line,
		    struct nli_err *err);

/* Take in what was planted in a corpus that was made (corpora/demo/planted.json). */
int nli_dossier_plant(struct nli_dossier *a, const char *path, struct nli_err *err);
void nli_dossier_release(struct nli_dossier *a);

/* The k-th summary of a tool (or other given object), or NULL. */
const nli_jval *nli_dossier_find(const struct nli_dossier *a, const char *tool, size_t k);

/* The "results" of that summary, or NULL. */
const nli_jval *nli_dossier_results(const struct nli_dossier *a, const char *tool,
				    size_t k);

/* The k-th audit: the "results" of a summary of nli-hyponly that scored records, or NULL. */
const nli_jval *nli_dossier_audit(const struct nli_dossier *a, size_t k);

/*
 * The summary of the tool that made what another read, by the hashes of
 * output and input; or NULL if that was not given or is more than one file.
 */
const nli_jval *nli_dossier_maker(const struct nli_dossier *a, const nli_jval *summary);

/* A number of an object; NAN if it is not there. */
double nli_dossier_number(const nli_jval *obj, const char *key);

/* Read the profiles of the corpora that the tally has, where they are to be found. */
void nli_dossier_cards(struct nli_dossier *a);

/* The next published figure for an input of a corpus that was read; *at begins at 0; or NULL. */
const struct nli_reference *nli_dossier_published(const struct nli_dossier *a,
						  struct nli_str input, size_t *at);

/* An end of an interval, which is an array of two numbers; NAN if it is not there. */
double nli_dossier_end(const nli_jval *pair, size_t which);

/* Make the report of all that. */
void nli_dossier_report(struct nli_dossier *a, struct nli_doc *d);

#endif
