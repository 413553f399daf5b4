/*
 * labels.h - annotations on their way from files into the label table.
 *
 * Lines are read on many threads and numbered on one: nli_labels_row() and
 * _record() pack what a line says into bytes, nli_labels_commit() takes the
 * bytes in order, gives names their numbers and keeps the rows.
 */
#ifndef NLI_CROWD_LABELS_H
#define NLI_CROWD_LABELS_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/crowd/crowd.h"
#include "lib/crowd/names.h"
#include "lib/crowd/table.h"
#include "lib/nli/record.h"

/* Owns all; start from {0}. */
struct nli_labels {
	struct nli_names item;   /* ids; of records, in order, alike or not: no look-up */
	struct nli_names by_id;  /* of records: the different ids, and */
	uint32_t *first_of_id;   /* (by_id.n,) the first item of each */
	struct nli_names worker; /* "" is the crowd without names, number 0 where it is */
	struct nli_names label;  /* in order of appearance until nli_labels_build() */
	struct nli_names group;
	struct nli_short_names *workers, *labels; /* (1,) what is seen again and again */
	struct nli_crowd_rows rows;
	int32_t *truth; /* (n_item,) label or -1: what the input itself calls true */
	uint32_t *item_group; /* (n_item,) number of the group + 1, or 0 */
	size_t truth_cap, group_cap, id_cap;
	uint32_t n_item, n_id;
	bool has_truth, has_group, by_record;
	uint32_t last_item;
	struct nli_crowd crowd; /* after nli_labels_build() */
	uint32_t *class_of;     /* (label.n,) number of a label -> number of its class */
	uint32_t *label_of;     /* (n_class,) and back */
};

/*
 * Pack a row of a table.  The worker may be missing (a crowd without names),
 * the label may be given by "p", an object of probabilities, in JSON.
 * NLI_EDATA says what is wrong with the row.
 */
int nli_labels_row(const struct nli_str field[NLI_N_COL], const nli_jval *object,
		   struct nli_buf *out, struct nli_err *err);

/*
 * Pack a record's annotations; one without any is an item without rows.  by
 * names the field to group by, or is {NULL, 0}.
 */
int nli_labels_record(const struct nli_record *r, struct nli_str by, struct nli_buf *out,
		      struct nli_err *err);

/*
 * Walk through packed bytes without keeping anything: fn for each vote, until it
 * is not 0.  tell gets the hash of a table's item some rows before its vote.
 */
enum {
	NLI_VOTE_ITEM,
	NLI_VOTE_WORKER,
	NLI_VOTE_LABEL,
	NLI_VOTE_TRUTH,
	NLI_VOTE_GROUP,
	NLI_VOTE_TEXTS
};
struct nli_packed_vote {
	struct nli_str text[NLI_VOTE_TEXTS]; /* borrowed from the packed bytes */
	int64_t time;                        /* or NLI_CROWD_NO_TIME */
	double weight;
};
typedef int nli_labels_fn(void *ctx, const struct nli_packed_vote *v,
			  struct nli_err *err);
typedef void nli_ahead_fn(void *ctx, uint64_t item_hash);
int nli_labels_each(struct nli_str packed, nli_labels_fn *fn, nli_ahead_fn *tell,
		    void *ctx, struct nli_err *err);

/* Take packed bytes.  Call in the order of the input. */
int nli_labels_commit(struct nli_labels *l, struct nli_str packed, struct nli_err *err);

/*
 * Make the table: classes are the labels in order of value (all whole numbers)
 * or of bytes.  NLI_EINVAL if there is nothing, or too many classes.
 */
int nli_labels_build(struct nli_labels *l, enum nli_crowd_repeat repeat,
		     struct nli_err *err);

/* The class of a label's text, or -1. */
int nli_labels_class(const struct nli_labels *l, struct nli_str label);
struct nli_str nli_labels_class_name(const struct nli_labels *l, uint32_t k);

void nli_labels_release(struct nli_labels *l);

#endif
