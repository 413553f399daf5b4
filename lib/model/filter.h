/*
 * filter.h - curation: a list of rules, what they say of a record, and which
 * records stay.
 *
 * A rule hits a record that should go, does not hit it, or cannot say because
 * the record lacks what the rule looks at.  A record stays if no rule hits it.
 * Most rules look at one record alone.  The others (easy-top, label-balance,
 * quota, sample) choose within a set: among the records that no rule before
 * them in the list has hit.
 *
 * The list is read from and written to a filter file (JSON, schema in
 * corpora/filter.schema.json), so that a decision can be published and
 * replayed: it depends on the records and the file, not on order or threads.
 * All chance is a hash of (seed, key of the record).
 */
#ifndef NLI_MODEL_FILTER_H
#define NLI_MODEL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/mem.h"
#include "lib/nli/record.h"
#include "lib/nli/rollout.h"

enum { NLI_MAX_RULES = 64, NLI_MAX_PARAMS = 8 };

enum nli_param_kind {
	NLI_PARAM_END,
	NLI_PARAM_FLAG,  /* true or false */
	NLI_PARAM_REAL,  /* lo..hi */
	NLI_PARAM_INT,   /* lo..hi */
	NLI_PARAM_RANGE, /* "0.1..0.8", either end may be left out; in a file [0.1,0.8] */
	NLI_PARAM_REALS, /* "0.2,1,0.2"; in a file an array */
	NLI_PARAM_TEXT,
	NLI_PARAM_TEXTS, /* "id,en"; in a file an array of strings */
};

struct nli_param_spec {
	const char *name;
	enum nli_param_kind kind;
	double lo, hi;      /* of every number */
	const char *preset; /* as option text; NULL: must be given; "": may stay away */
	const char *choice; /* NLI_PARAM_TEXT: "argmax|sample", or NULL for any text */
};

/* A value.  Borrows from the filter's arena. */
struct nli_param {
	bool given;
	double lo,
		hi;   /* a number (lo), a range (infinite where open), a flag (lo is 1) */
	double *real; /* (n,) */
	struct nli_str *text; /* (n,) */
	size_t n;
};

struct nli_rule;
struct nli_judge;

enum nli_ruling {
	NLI_RULE_PASS,
	NLI_RULE_HIT,
	NLI_RULE_UNKNOWN,  /* the record lacks what the rule looks at */
	NLI_RULE_UNDECIDED /* it has some, but not enough to be as sure as asked for */
};

/* Where a record stands for a rule that chooses within a set. */
#define NLI_NO_STRATUM UINT64_MAX /* nowhere: the rule leaves the record alone */
struct nli_standing {
	uint64_t outer, stratum; /* hashes; capacity is counted by stratum */
	double first;            /* smallest stay first; ties by hash of the key */
};

/* The records that stand together for such a rule. */
struct nli_stratum {
	uint64_t n, was;           /* that no rule before has hit, and all */
	uint64_t least;            /* the smallest n of the same outer */
	uint64_t thin_n, thin_was; /* of that with the lowest n / was of the same outer */
};

struct nli_rule_type {
	const char *name;
	const char *help; /* what the rule hits */
	struct nli_param_spec param[NLI_MAX_PARAMS + 1];

	/* An enum nli_ruling, or < 0: the record is bad.  Any thread. */
	int (*judge)(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err);

	/* In place of judge, for rules that choose within a set. */
	int (*stand)(const struct nli_rule *u, struct nli_judge *j,
		     struct nli_standing *s, struct nli_err *err);
	/* How many of a stratum's n stay. */
	uint64_t (*capacity)(const struct nli_rule *u, const struct nli_stratum *s);

	/* Once, before the first record: check the values together, make state. */
	int (*ready)(struct nli_rule *u, struct nli_err *err);
	void (*release)(struct nli_rule *u);
	bool rollouts; /* looks at rollouts */
};

struct nli_rule {
	const struct nli_rule_type *type;
	struct nli_param p[NLI_MAX_PARAMS]; /* in the order of type->param */
	void *state;                        /* owns; see type->release */
};

/* Owns all. Start from {0}. */
struct nli_filter {
	struct nli_rule rule[NLI_MAX_RULES];
	size_t n;
	uint64_t seed;
	struct nli_arena arena;
};

/* Every type there is: arrays that end with a NULL name; the last pointer is NULL. */
extern const struct nli_rule_type *const nli_rule_tables[];

/* A new rule of a type at the end of the list, values at their presets. */
int nli_filter_add(struct nli_filter *f, struct nli_str type, struct nli_rule **u,
		   struct nli_err *err);

/* Set a value from option text. */
int nli_rule_set(struct nli_filter *f, struct nli_rule *u, struct nli_str param,
		 struct nli_str text, struct nli_err *err);

/* Append an element to a value that is a list of texts. */
int nli_rule_add_text(struct nli_filter *f, struct nli_rule *u, size_t param,
		      struct nli_str text, struct nli_err *err);

/*
 * Fill a rule "cue" from the rows of nli-cues: words and word pairs that are
 * replicated and commoner with the label than by chance.  *left_out: rows of
 * other families, which are no words to look for.
 */
int nli_rule_load_cues(struct nli_filter *f, struct nli_rule *u, const char *path,
		       uint64_t *left_out, struct nli_err *err);

/* Fill a rule "annotator" from the rows of "nli-truth --workers": those below a skill. */
int nli_rule_load_workers(struct nli_filter *f, struct nli_rule *u, const char *path,
			  double below, struct nli_err *err);

/* How the filter wants rollouts to be read: its rule "rollouts", or the presets of that. */
void nli_filter_rollout_options(const struct nli_filter *f,
				struct nli_rollout_options *how);

/* How many rollouts its rule "rollouts" says are compared with each other, or 16. */
uint64_t nli_filter_group(const struct nli_filter *f);

/* Add the rules of a filter file; its seed becomes the filter's. */
int nli_filter_read(struct nli_filter *f, struct nli_str json, struct nli_err *err);

/* Append the filter file: JSON, a rule a line, every value spelt out, presets too. */
void nli_filter_write(const struct nli_filter *f, struct nli_buf *out);

/* To be called once, when all rules are there: checks them and makes their state. */
int nli_filter_ready(struct nli_filter *f, struct nli_err *err);
void nli_filter_release(struct nli_filter *f); /* safe twice */

/* Does any rule choose within a set, so that two passes are needed? */
bool nli_filter_needs_set(const struct nli_filter *f);
bool nli_filter_needs_rollouts(const struct nli_filter *f);

struct nli_judge_tools;

/* The record in a worker's hands and what is said of it. */
struct nli_judge {
	const struct nli_filter *filter;
	const struct nli_rollouts *rollouts; /* or NULL */
	const struct nli_record *r;
	struct nli_str gold;    /* label, or answer as text; {NULL, 0} if there is none */
	uint64_t key_hash;      /* of (seed, key), or id where there is no key */
	struct nli_rollup roll; /* n is 0 where there are none */
	int blind_right; /* is the partial-input model right? -1: not scored, no label */
	double blind_p;  /* the chance that it gives to the label; -1: the same */
	uint64_t hits, unknown, undecided; /* a bit a rule */
	uint64_t need_more;   /* rollouts, for the rule that wants most; NLI_NEED_NEVER */
	struct nli_jw scores; /* members of "scores" */

	/* private */
	char num[12];
	struct nli_buf scores_buf, tmp;
	struct nli_judge_tools
		*tools; /* what the rules need of their own, made when needed */
};

void nli_judge_init(struct nli_judge *j, const struct nli_filter *f,
		    const struct nli_rollouts *rollouts);
void nli_judge_release(struct nli_judge *j); /* safe twice */

/*
 * Let every rule that looks at one record judge r, and ask the others where it
 * stands (standing: (number of set rules,), or NULL).  Fills hits, unknown and
 * scores.  Returns 0, or NLI_EDATA for a record that a rule cannot read.
 */
int nli_judge_record(struct nli_judge *j, const struct nli_record *r,
		     struct nli_standing *standing, struct nli_err *err);

/* Append {"keep":...,"reasons":[...],"scores":{...}}; hits: with those of the set rules. */
void nli_judge_member(const struct nli_judge *j, uint64_t hits, struct nli_buf *out);

/* Append the names of the rules that hit as an array. */
void nli_judge_reasons(const struct nli_filter *f, uint64_t hits, struct nli_jw *w);

/*
 * The rules that choose within a set.  Add what nli_judge_record() said of each
 * record, in any order; then nli_choice_make() finds the hits of all.
 */
struct nli_choice; /* opaque */
struct nli_choice *nli_choice_new(const struct nli_filter *f);
void nli_choice_free(struct nli_choice *c); /* NULL is fine */

/* Append the row of the record in j, for nli_choice_add(); rows are added in record order. */
void nli_choice_row(const struct nli_judge *j, const struct nli_standing *standing,
		    struct nli_buf *out);
void nli_choice_add(struct nli_choice *c, struct nli_str rows);
void nli_choice_make(struct nli_choice *c);

/* All hits of record i, in the order of adding. */
uint64_t nli_choice_hits(const struct nli_choice *c, uint64_t i);

#endif
