/*
 * ingest.h - from an item of any source to a record of the bus (DESIGN.md, 1).
 *
 * One way for all dialects: the item becomes fields (item.h), the layout's
 * paths lead to values, values become texts, labels, choices and votes, and
 * what the record does not show in its own words goes to src as it was.
 * "In its own words" is: the same JSON string, NFC and white space apart; so
 * "e" made entailment, or a number made an id, stay in src too, and the source
 * can be rebuilt from the record.
 */
#ifndef NLI_NLI_INGEST_H
#define NLI_NLI_INGEST_H

#include "lib/io/tool.h"
#include "lib/nli/feed.h"
#include "lib/nli/unique.h"

struct nli_ingest_options {
	unsigned repair;  /* enum nli_repair, beside those of the profile */
	const char *lang; /* overrides all; or NULL */
	uint64_t seed;    /* of the shuffle of choices whose answer is always first */
	bool no_src;
};

enum { NLI_N_SPLIT = 4 }; /* train, dev, test, none */
extern const char *const nli_split_name[NLI_N_SPLIT];

/* The place of a split's name, of whatever spelling, in nli_split_name; 3 if it is none. */
size_t nli_split_of(struct nli_str name);

enum {
	NLI_TALLY_NULL = NLI_N_LABEL, /* unlabelled, or no majority */
	NLI_TALLY_SET,                /* more than one label */
	NLI_TALLY_ANSWER,             /* answer 0; answer k is at + k */
	NLI_N_TALLY = NLI_TALLY_ANSWER + NLI_MAX_CHOICES
};

/* Why items were rejected. */
enum nli_reason {
	NLI_BAD_FORM, /* not the JSON, row or block that it should be */
	NLI_BAD_UTF8,
	NLI_BAD_TEXT,    /* no premise, hypothesis or choices */
	NLI_BAD_LABEL,   /* a label that is not known, an answer that is not there */
	NLI_BAD_INTEGER, /* an integer label whose order nobody told */
	NLI_BAD_JOIN,    /* nothing beside it, or of its key */
	NLI_N_REASON
};
extern const char *const nli_reason_name[NLI_N_REASON];

/* What was counted of a part. */
struct nli_tally {
	uint64_t n[NLI_N_SPLIT][NLI_N_TALLY];
};

/* What was counted of all. Owns tally, lang and lang_n. */
struct nli_counts {
	struct nli_tally *tally; /* (n_part,) */
	size_t n_part, part_cap;
	struct nli_intern lang;
	uint64_t *lang_n; /* (lang.n,) */
	size_t lang_cap;
	uint64_t repair[NLI_N_REPAIR]; /* texts that were changed */
	uint64_t stray;                /* bytes read as windows-1252 */
	uint64_t replacement;          /* texts with U+FFFD */
	uint64_t empty;                /* texts with nothing in them */
	uint64_t script;               /* records mostly not in their language's script */
	uint64_t ragged;               /* rows that end early */
	uint64_t reason[NLI_N_REASON];
};

/* Add all of b to a. */
void nli_counts_add(struct nli_counts *a, const struct nli_counts *b);
void nli_counts_release(struct nli_counts *c);

/* What one thread needs to make records. */
struct nli_maker;
struct nli_maker *nli_maker_new(const struct nli_ingest_options *o); /* borrows *o */
void nli_maker_free(struct nli_maker *m);
const struct nli_counts *nli_maker_counts(const struct nli_maker *m);

/*
 * Append the record or records of w->line, an item of part, to w->out, and the
 * notes of their ids (unique.h) to w->note.
 * NLI_KEEP, NLI_DROP for what the profile leaves out, or NLI_EDATA.
 */
int nli_maker_make(struct nli_maker *m, const struct nli_feed *part, struct nli_work *w,
		   struct nli_err *err);

#endif
