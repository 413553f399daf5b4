/*
 * tally.h - what a pass over records counts for the report, and the few records
 * that it keeps to show.
 *
 * All sums are whole numbers and all choices are by hash, so tallies of parts
 * add up to the tally of the whole in any order.  Memory does not grow with the
 * records: a field with more than its number of different values is counted as
 * one value, "(many)".
 */
#ifndef NLI_SHOW_TALLY_H
#define NLI_SHOW_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/map.h"
#include "lib/nli/record.h"
#include "lib/show/shared.h"

/* Fields whose values are counted; those of "meta" follow as they are met. */
enum nli_dim {
	NLI_DIM_CORPUS,
	NLI_DIM_LANG,
	NLI_DIM_SPLIT,
	NLI_DIM_SOURCE_SPLIT,
	NLI_DIM_TASK,
	NLI_DIM_LABEL, /* of choices: the place of the right one */
	NLI_DIM_PRED,
	NLI_DIM_SIDE, /* whose length: the label, or "right answer" and "wrong answer" */
	NLI_DIM_REASON, /* of filter */
	NLI_DIM_METHOD, /* of adversarial */
	NLI_DIM_RULE,   /* of adversarial */
	NLI_DIM_FIXED,
	NLI_DIM_MAX = NLI_DIM_FIXED + 48,
};

/* Values of a dimension are numbered from 1; these are kept for what has no name. */
enum { NLI_VALUE_NONE = 0, NLI_VALUE_MANY = 0xfff, NLI_PLAIN = -1, NLI_BY_A = -2 };

/* What is counted, by which up to four coordinates: a dimension, or a plain number. */
enum nli_count {
	NLI_COUNT_RECORDS,     /* corpus, split, label, task */
	NLI_COUNT_LANG,        /* lang, label */
	NLI_COUNT_MOVED,       /* source_split, split */
	NLI_COUNT_STRATUM,     /* dimension, its value, label, state: enum nli_blind */
	NLI_COUNT_CONFUSION,   /* label, pred */
	NLI_COUNT_BIN,         /* bin of max p: records */
	NLI_COUNT_BIN_RIGHT,   /* bin of max p: right ones */
	NLI_COUNT_BIN_SUM,     /* bin of max p: sum of max p, in 1e-9 */
	NLI_COUNT_GOLD_P,      /* label, bin of p(label) */
	NLI_COUNT_LENGTH,      /* side, words */
	NLI_COUNT_OVERLAP,     /* side, tenth of words found in the premise */
	NLI_COUNT_LEVEL,       /* label, enum nli_ease */
	NLI_COUNT_FILTER,      /* reason, label, kept: 0 or 1 */
	NLI_COUNT_FILTER_N,    /* number of reasons, kept */
	NLI_COUNT_DEDUP,       /* enum nli_twin */
	NLI_COUNT_TWIN_LABEL,  /* label, pred: of conflicts */
	NLI_COUNT_ADVERSARIAL, /* method, label, enum nli_proof */
	NLI_COUNT_MADE_RULE,   /* rule, label, enum nli_proof, method */
	NLI_COUNT_AGREEMENT,   /* label, tenth of annotators who agree */
	NLI_COUNT_VOTES,       /* annotations on a record, at most 99 */
	NLI_COUNT_POSTERIOR,   /* twentieth of the posterior of the inferred label */
	NLI_COUNT_TRUTH,       /* label, pred: gold against inferred */
	NLI_COUNT_ROLLED,      /* rollouts, solved ones: at most NLI_ROLLED_MAX */
	NLI_COUNT_WATCHED,     /* number of the id in watch, enum nli_twin */
	NLI_COUNT_WEIGHT,      /* label, enum nli_weight: sums in 1e-6; of --bias */
	NLI_COUNT_KINDS,
};

enum nli_blind { NLI_BLIND_RIGHT, NLI_BLIND_WRONG, NLI_BLIND_UNSCORED };
/* Of more rollouts of a record the share that is solved is kept, not their number. */
enum { NLI_ROLLED_MAX = 256 };

/* Of the weights for debiased training: how many, their sums, and those of their squares. */
enum nli_weight {
	NLI_WEIGHT_N,
	NLI_WEIGHT_SUM,
	NLI_WEIGHT_SQUARES,
	NLI_FOCAL_SUM,
	NLI_FOCAL_SQUARES
};

enum nli_ease { NLI_EASY, NLI_HARD };
/* What is known of the label of a record that was made. */
enum nli_proof {
	NLI_PROOF_PROVED,
	NLI_PROOF_ASSUMED, /* right by how it was made, but for the method's errors */
	NLI_PROOF_OPEN,    /* people have to give it */
	NLI_PROOF_UNSAID,
	NLI_PROOFS
};

enum nli_twin {
	NLI_TWIN_EXACT,
	NLI_TWIN_NEAR,
	NLI_TWIN_CONFLICT,
	NLI_TWIN_AGAINST,
	NLI_TWIN_SELF,
	NLI_TWIN_EDIT /* few tokens from another: no duplicate */
};

/* Kinds of records kept to show, each by a value of one dimension. */
enum nli_sample_kind {
	NLI_SAMPLE_EASY,        /* by label */
	NLI_SAMPLE_HARD,        /* by label */
	NLI_SAMPLE_TWIN,        /* whole clusters */
	NLI_SAMPLE_CONFLICT,    /* whole clusters */
	NLI_SAMPLE_DROPPED,     /* by reason */
	NLI_SAMPLE_ADVERSARIAL, /* by method */
	NLI_SAMPLE_DISPUTED,
	NLI_SAMPLE_KINDS,
};

enum { NLI_SAMPLE_MAX = 24, NLI_SAMPLE_LINE = 32 << 10 };

struct nli_sample {
	uint64_t order[2]; /* the smallest are kept; the whole cluster has one order[0] */
	char *line;        /* owns */
	size_t len;
};

struct nli_samples {
	enum nli_sample_kind kind;
	uint16_t value;
	struct nli_sample s[NLI_SAMPLE_MAX]; /* (n,) in order */
	size_t n;
};

struct nli_field {
	struct nli_str name; /* "corpus", "meta.genre"; borrowed or in the arena */
	struct nli_intern values;
	bool many;
};

/* What is looked for in more than one part. */
enum nli_share_kind {
	NLI_SHARE_PREMISE,
	NLI_SHARE_HYPOTHESIS,
	NLI_SHARE_PAIR, /* the whole item, by its key */
	NLI_SHARE_GROUP,
	NLI_SHARE_KINDS
};

struct nli_tally {
	struct nli_field field[NLI_DIM_MAX];
	size_t n_field;
	bool many_fields; /* more in "meta" than are counted */
	const struct nli_intern
		*watch; /* native ids whose fate is asked, or NULL; borrows */
	struct nli_map64 count;
	struct nli_shared shared
		[NLI_SHARE_KINDS]; /* bit v - 1: value v of split; 15 + v: of source_split */
	bool keep_keys;            /* set before the first record */
	struct nli_map64 keys; /* if kept: hash of a record's key, to hash of its label */
	struct nli_samples *samples;
	size_t n_samples, samples_cap;
	uint64_t n, scored, with_truth, with_votes, pvi_n;
	int64_t pvi_sum;  /* in 1e-6 bits */
	uint64_t members; /* bits of enum nli_seen */
	uint64_t seed;
	struct nli_tally_scratch *scratch;
};

enum nli_seen {
	NLI_SEEN_HYPONLY = 1,
	NLI_SEEN_DEDUP = 2,
	NLI_SEEN_TRUTH = 4,
	NLI_SEEN_FILTER = 8,
	NLI_SEEN_ADVERSARIAL = 16,
	NLI_SEEN_ROLLOUTS = 32,
};

struct nli_tally *nli_tally_new(uint64_t seed, const struct nli_intern *watch);
void nli_tally_free(struct nli_tally *t); /* NULL is fine */

void nli_tally_add(struct nli_tally *t, const struct nli_record *r);

/* Add all of from, which is as if it had been counted here. */
void nli_tally_merge(struct nli_tally *into, const struct nli_tally *from);

/* Once, when all is counted and before anything is read. */
void nli_tally_settle(struct nli_tally *t);

/* The bit of a value of split (or source_split) in the parts of a shared text; 0: none. */
uint32_t nli_tally_part(size_t value, bool source);

/* The hash by which a text stands in shared[kind]. */
uint64_t nli_tally_shared_hash(enum nli_share_kind kind, struct nli_str s);

/* Coordinates that a kind does not have are 0. */
uint64_t nli_tally_get(const struct nli_tally *t, enum nli_count kind, size_t a, size_t b,
		       size_t c, size_t d);

/*
 * The values of a dimension in the order they are shown: well-known names first
 * (train, dev, test; entailment, neutral...), then by bytes; NLI_VALUE_NONE if
 * none is true, last.  Returns (*n,); the caller frees.
 */
size_t *nli_tally_values(const struct nli_tally *t, size_t dim, size_t *n);

/* The name of a value: "(none)" and "(many)" for those without. */
struct nli_str nli_tally_name(const struct nli_tally *t, size_t dim, size_t value);

/* The records kept for (kind, value), or NULL; those of dimensions of many values may lack some. */
const struct nli_samples *nli_tally_samples(const struct nli_tally *t,
					    enum nli_sample_kind kind, size_t value);

#endif
