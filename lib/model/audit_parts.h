/* audit_parts.h - what audit*.c share; not for others. */
#ifndef NLI_MODEL_AUDIT_PARTS_H
#define NLI_MODEL_AUDIT_PARTS_H

#include "lib/base/map.h"
#include "lib/model/audit.h"
#include "lib/model/mdl.h"
#include "lib/model/metric.h"

enum { N_TASK = NLI_TASK_CHOICE + 1 };
#define NO_VALUE UINT32_MAX /* too large for an enumerator of C11 */

/* A record of a set. */
struct audit_item {
	uint64_t key; /* hash of (seed, id): the place in the sweep */
	uint64_t group;
	uint64_t premise; /* hash of its text */
	uint32_t row;     /* its first row */
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
	size_t n_class; /* classes, or the most options of an item */
	size_t n_row;
	uint8_t *type; /* (n_row,) number + 1 of the option's type, 0 for none */
	size_t type_cap;
	struct nli_intern type_name;
	struct nli_rows_builder builder[NLI_N_PARTIAL];
	size_t n_fold, n_group;
	uint64_t n_scored,
		n_shared; /* labelled and scored; of those, premise in training */
	struct audit_result *result; /* (n_input,) */
	struct audit_slice *slice;   /* (n_slice,) by field, then value in byte order */
	size_t n_slice;
	uint32_t *rank; /* (n,) of p(gold) within the label, 1 is the highest */
};

struct nli_audit {
	struct nli_audit_opts o;
	struct audit_set set[N_TASK];
	uint64_t *where; /* (n_where,) of each scored record: place * N_TASK + task */
	size_t n_where, where_cap;
	bool test; /* there are training files */
	bool choice_types;
	/*
	 * The set of a task has more than char_rows texts, so that it will do without
	 * NLI_FEAT_DEAR.  Whoever sees this early saves the work; the result is the same.
	 * Set and read by __atomic_ builtins: <stdatomic.h> is no C++, and headers are.
	 */
	bool no_chars[N_TASK];
};

static inline bool audit_is_choice(const struct audit_set *s)
{
	return s->task == NLI_TASK_CHOICE;
}

/* log p(y) before anything is seen, for an item of the set. */
double audit_log_prior(const struct nli_audit *a, const struct audit_set *s,
		       const struct audit_result *r, const struct audit_item *i,
		       size_t y);

/* The item as the model of r saw it. */
struct nli_scored audit_scored(const struct nli_audit *a, const struct audit_set *s,
			       const struct audit_result *r, size_t item);

/* Write one record's member. */
void audit_member(const struct nli_audit *a, const struct audit_set *s, size_t item,
		  struct nli_buf *out);

#endif
