/*
 * method.h - the methods of nli-adversarial: what they share, and what is
 * counted of what they make.
 *
 * A streaming method looks at one record at a time and makes any number of
 * others from it; several of them run in one pass.  A set method has to see the
 * whole input first and runs alone.  A new method is a row of the table in
 * methods.c.
 */
#ifndef NLI_EDIT_METHOD_H
#define NLI_EDIT_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/map.h"
#include "lib/edit/made.h"
#include "lib/edit/rewriter.h"
#include "lib/io/opt.h"
#include "lib/io/tool.h"
#include "lib/text/langpack.h"

/* What the options say.  Borrows all. */
struct nli_edit_args {
	struct nli_opt_list method; /* names, or lists of them with commas */
	bool keep;                  /* sources pass through too */
	int64_t max;       /* made records of a source and method, at most; 0: any */
	int64_t per_rule;  /* the same of a rule */
	const char *langs; /* the folder of the packs */
	uint64_t seed;
	unsigned jobs;

	const char *task; /* to-nli: "nli2" or "nli" */

	struct nli_opt_list within; /* match: fields whose values are kept apart */
	const char *scores;         /* match: relevance and similarity from elsewhere */
	double lambda;              /* match: weight of dissimilarity */

	const char *topic;       /* neutral: the field of the topic, or NULL */
	struct nli_opt_list raw; /* neutral: files with a sentence a line */
	bool strict;             /* neutral: labels are for people to give */

	int64_t count;            /* hans: pairs of a heuristic and label */
	struct nli_opt_list lang; /* hans: languages; none: English */

	const char *cues;       /* balance: families of nli-cues, with commas */
	double q, from, slack;  /* balance: as in struct nli_cue_balance_args */
	int64_t min_count;      /* balance: as that of nli-cues */
	const char *candidates; /* balance: records that may be added, or NULL */
	const char *dropped;    /* balance: where dropped records go, or NULL */
};

enum { NLI_EDIT_KINDS = 64 };

/* How often each (method, rule, label, proved) was made, and why nothing was. */
struct nli_edit_tally {
	struct nli_intern made, not_made; /* fields with tabs between */
	uint64_t *n_made, *n_not;         /* (made.n,), (not_made.n,) */
	size_t made_cap, not_cap;
	struct nli_buf key; /* room */
	/*
	 * What was counted of late, by where its strings stand: nearly all that is made is
	 * of few kinds.  The rule's text is compared all the same; it may be of a moment.
	 */
	struct nli_edit_kind {
		const char *method, *rule, *label;
		bool proved;
		size_t at; /* in made */
	} kind[NLI_EDIT_KINDS];
};

void nli_edit_count(struct nli_edit_tally *t, const struct nli_made *m);
void nli_edit_count_not(struct nli_edit_tally *t, const char *method, const char *why,
			uint64_t n);
void nli_edit_tally_add(struct nli_edit_tally *to, const struct nli_edit_tally *from);
/* Members "made" and "not_made" for a summary, in the order of their names. */
void nli_edit_tally_write(const struct nli_edit_tally *t, struct nli_jw *w);
void nli_edit_tally_release(struct nli_edit_tally *t);

/* For passes of set methods: the line as it came; a tally of a thread's own. */
void nli_edit_pass_source(const struct nli_record *r, struct nli_work *w);
void *nli_edit_tally_new(void *ctx);

enum { NLI_EDIT_MAX_RULES = 64 };

/* Where a method puts what it makes of the record in hand. */
struct nli_edit_sink {
	struct nli_edit_tally *tally;
	struct nli_buf *out;
	const char *method;
	struct nli_tokenizer *tokenizer; /* of the methods that rewrite */
	struct nli_made_frame *frame;    /* of the record in hand, or NULL */
	uint64_t max, made;              /* by this method of this record; max 0: any */
	uint64_t per_rule;               /* the same by a rule */
	struct nli_edit_rule {
		uint64_t hash, made;
	} rule[NLI_EDIT_MAX_RULES]; /* that have made something */
	size_t n_rule;
};

/* Write m, unless source or rule has given its most: then that is counted.  True if written. */
bool nli_edit_make(struct nli_edit_sink *s, const struct nli_made *m);
/* Nothing is made here, and why: a short reason without tabs. */
void nli_edit_skip(struct nli_edit_sink *s, const char *why);

/* What the methods of a run share.  Only read while records pass. */
struct nli_edit {
	const struct nli_edit_args *args;
	struct nli_langs *langs; /* NULL: no method of the run wants them */
	struct nli_rewriters *rewriters;
};

struct nli_edit_method {
	const char *name;
	bool langs;  /* wants the packs */
	bool values; /* wants values of members, not the texts alone */

	/* A streaming method; scratch is one a thread, NULL if scratch_new is. */
	void *(*scratch_new)(const struct nli_edit *e);
	void (*scratch_free)(void *scratch);
	/* Make of r what can be made.  < 0: r is a bad record. */
	int (*make)(const struct nli_edit *e, void *scratch, const struct nli_record *r,
		    struct nli_edit_sink *s, struct nli_err *err);

	/* Or a set method, which reads the input of run itself. */
	void (*run)(struct nli_run *run, const struct nli_edit *e,
		    struct nli_edit_tally *t);
};

/* Ends with a NULL name. */
extern const struct nli_edit_method nli_edit_methods[];

/* "one of negate, contrast..." */
void nli_edit_names(struct nli_buf *out);

/*
 * The methods that args names, by number in nli_edit_methods; which[] has room
 * for all.  NLI_EINVAL in words: one that is not known or named twice, a set
 * method with others.
 */
int nli_edit_choose(const struct nli_edit_args *args, size_t *which, size_t *n,
		    struct nli_err *err);

/* Run the methods over the input and fill the summary's results. */
void nli_edit_run(struct nli_run *run, const struct nli_edit_args *args);

enum { NLI_EDIT_MAX_METHODS = 32 };

#endif
