/* audit_parts.h - what audit*.c share; not for others. */
#ifndef NLI_MODEL_AUDIT_PARTS_H
#define NLI_MODEL_AUDIT_PARTS_H

#include "lib/base/map.h"
#include "lib/model/audit.h"
#include "lib/model/linear.h"
#include "lib/model/mdl.h"
#include "lib/model/metric.h"

enum { N_TASK = NLI_TASK_CHOICE + 1 };
#define NO_VALUE UINT32_MAX /* too large for an enumerator of C11 */

/* A record of a set. */
struct audit_item {
	uint64_t key; /* hash of (seed, id): the place in the sweep */
	uint64_t group;
	uint64_t premise; /* hash of its text */
	uint32_t row;     /* its first row of all */
	uint32_t at;      /* its first row in builder, or in raw if it is only scored */
	int16_t y;        /* class or option; -1 unlabelled */
	uint8_t n_opt;    /* rows: 1, or options */
	uint8_t fold;
	bool train; /* from the training files: not scored */
};

/* What one input showed of a set, or of one value of a field inside it. */
struct audit_result {
	enum nli_partial input;
	float *logp; /* (n item of the set, stride); rows that are not scored are 0 */
	double (*prior)
		[NLI_MAX_CLASS]; /* (n_fold or 1 in test mode,) log p(y) without the fold */
	struct nli_metrics m;
	struct nli_crossfit_info info;
	struct nli_linear
		*model; /* (n_model,) of each fold, or the one; NULL: not kept */
	size_t n_model;
	struct nli_permute_test perm;
	struct nli_mdl mdl;      /* n 0: not measured */
	struct nli_axis {        /* the answer against options of one type */
		uint64_t n, win; /* pairs; those where p(answer) is higher */
	} * axis;                /* (set.type_name.n + 1,) or NULL */
};

/* A value of a --by field and the audit inside it. */
struct audit_slice {
	size_t field;
	uint32_t value; /* in set.value[field] */
	uint64_t n;
	struct audit_result *result; /* (n_input,), logp NULL; or NULL, see why */
	char why[100];               /* there is nothing to learn from */
};

/* Rows of hashes as they came: those of records that a model of others scores. */
struct audit_raw {
	uint32_t *hash;
	size_t *end; /* (n,) where each row ends in hash */
	size_t n, end_cap, n_hash, cap;
};

/* The records of one task. */
struct audit_set {
	enum nli_task task;
	size_t n, cap;
	struct audit_item *item; /* (n,) in the order read */
	uint32_t *by;            /* (n, n_by) numbers of values, NO_VALUE for none */
	size_t by_cap;
	struct nli_intern value[NLI_MAX_BY];
	struct nli_intern label; /* in the order seen until audit_fit() sorts them */
	struct nli_str class_name[NLI_MAX_CLASS];
	struct nli_str quoted[NLI_MAX_CLASS]; /* as JSON; in quotes */
	struct nli_buf quotes;
	size_t n_class; /* classes, or the most options of an item */
	size_t n_row;
	uint8_t *type; /* (n_row,) number + 1 of the option's type, 0 for none */
	size_t type_cap;
	struct nli_intern type_name;
	struct nli_rows_builder builder[NLI_N_PARTIAL]; /* rows to train on */
	struct audit_raw raw[NLI_N_PARTIAL];            /* of the scored, in test mode */
	size_t n_text;                                  /* rows in each builder */
	size_t n_fold, n_group;
	uint64_t n_scored,
		n_shared; /* labelled and scored; of those, premise in training */
	struct audit_result *result; /* (n_input,) */
	struct audit_slice *slice;   /* (n_slice,) by field, then value in byte order */
	size_t n_slice;
	double weight_mean,
		focal_mean; /* of the scored records with a label; 0: not known */
	uint32_t *rank;     /* (n,) of p(gold) within the label, 1 is the highest */
};

/* Of records scored as they come: whole numbers, which add up in any order. */
struct audit_tally {
	uint64_t n, hit, majority;
	int64_t micro_pvi; /* sum of pvi in millionths of a bit */
};

struct nli_audit {
	struct nli_audit_opts o;
	struct audit_tally tally[N_TASK][NLI_N_PARTIAL];
	struct audit_set set[N_TASK];
	uint64_t *where; /* (n_where,) of each scored record: place * N_TASK + task */
	size_t n_where, where_cap;
	bool test;     /* there are training files, or a saved model */
	bool any_dear; /* a saved model has features of NLI_FEAT_DEAR */
	bool choice_types;
	/*
	 * The set of a task has more than char_rows texts, so that it will do without
	 * NLI_FEAT_DEAR.  Whoever sees this early saves the work; the result is the same.
	 * Set and read by __atomic_ builtins: <stdatomic.h> is no C++, and headers are.
	 */
	bool no_dear[N_TASK];
};

/* "nli"... */
const char *audit_task_name(enum nli_task t);

static inline bool audit_is_choice(const struct audit_set *s)
{
	return s->task == NLI_TASK_CHOICE;
}

/* Once class_name is set: fill quoted. */
void audit_quote_labels(struct audit_set *s);

/* Scratch for the features of records, as the options say. */
struct nli_partials *audit_partials(const struct nli_audit *a);

/* log p(y) before anything is seen, for an item of the set. */
double audit_log_prior(const struct nli_audit *a, const struct audit_set *s,
		       const struct audit_result *r, const struct audit_item *i,
		       size_t y);

/* The item as the model of r saw it. */
struct nli_scored audit_scored(const struct nli_audit *a, const struct audit_set *s,
			       const struct audit_result *r, size_t item);

/* Fill p, o and r->model as asked for: trains, and scores what is held out. */
void audit_train(const struct nli_audit *a, const struct audit_set *s,
		 const struct nli_problem *p, const struct nli_crossfit_opts *o,
		 float *logp, struct audit_result *r);

void audit_models_free(struct audit_result *r); /* safe twice */

/* Score the items that are not trained on, those that keep (NULL: all) says. */
void audit_score_others(const struct nli_audit *a, const struct audit_set *s,
			const bool *keep, size_t input, struct audit_result *r);

/* A record as the model of one input saw it. */
struct audit_seen {
	const struct audit_set *set; /* whose labels they are */
	const float *logp;           /* (n,) classes or options */
	size_t n, pred;
	int y; /* -1: no label */
	float p, pvi;
	double weight_mean, focal_mean; /* what the weights are divided by */
};

/* Whether the models know what there is of the record. */
int audit_check(const struct nli_audit *a, const struct nli_record *r,
		struct nli_err *err);

/* Says which features a prediction rests on; one a thread. */
struct audit_explainer;
struct audit_explainer *audit_explainer_new(const struct nli_audit *a);
void audit_explainer_free(struct audit_explainer *x); /* NULL is fine */

/* As a JSON array, valid until the next call. */
struct nli_str audit_explain(struct audit_explainer *x, const struct nli_record *r,
			     const struct nli_linear *m, size_t pred);

/* The means that weights are divided by. */
void audit_weigh(const struct nli_audit *a, struct audit_set *s);

/* Fill pred, and p and pvi if there is a label; log_prior is that of y. */
void audit_see(struct audit_seen *v, double log_prior);

/*
 * Write one record's member; v is (inputs,).  fold -1: none; rank 0: not known;
 * explained {NULL, 0}: not asked for.
 */
void audit_member(const struct nli_audit *a, const struct audit_seen *v, ptrdiff_t fold,
		  uint32_t rank, struct nli_str explained, struct nli_buf *out);

#endif
