/*
 * ledger.h - what a filter did: for each rule how many records it hit, how many
 * it alone hit, and how many it could say nothing of; over all, by label, by
 * language and by a stratum; and what the partial-input model gets right before
 * and after.
 *
 * One a worker, added up at the end; sums are exact, so the order of adding
 * does not matter.
 */
#ifndef NLI_MODEL_LEDGER_H
#define NLI_MODEL_LEDGER_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/map.h"
#include "lib/io/json.h"
#include "lib/model/filter.h"

/* Counts of the records that share a value. */
struct nli_ledger_counts {
	uint64_t in, left;
	uint64_t audited_in, right_in;     /* with a partial-input prediction; right */
	uint64_t audited_left, right_left; /* the same of those left */
	struct {
		uint64_t hit, alone, unknown, undecided;
	} rule[]; /* (filter->n,) */
};

/* Values of one kind and their counts.  Owns both. */
struct nli_ledger_part {
	const char *name; /* "label", "lang" or the field of --by */
	struct nli_intern values;
	struct nli_ledger_counts **counts; /* (values.n,) */
	size_t cap;
};

enum { NLI_LEDGER_LABEL, NLI_LEDGER_LANG, NLI_LEDGER_BY, NLI_LEDGER_PARTS };

struct nli_ledger {
	const struct nli_filter *filter;
	struct nli_ledger_counts *all;
	struct nli_ledger_part part[NLI_LEDGER_PARTS];
	size_t n_part;
	struct nli_buf tmp;
};

/* by: a field as nli_record_field() names it, or NULL. */
void nli_ledger_init(struct nli_ledger *l, const struct nli_filter *f, const char *by);
void nli_ledger_release(struct nli_ledger *l); /* safe twice */

/* Count the record in j, with all hits. */
void nli_ledger_add(struct nli_ledger *l, const struct nli_judge *j, uint64_t hits);
void nli_ledger_merge(struct nli_ledger *l, const struct nli_ledger *other);

/* A rule that could say nothing of any record though there were some, or NULL. */
const char *nli_ledger_blind_rule(const struct nli_ledger *l);

/* Write members "rules", "left", "audit" and so on into an open object. */
void nli_ledger_json(const struct nli_ledger *l, struct nli_jw *w);

/* Append the same as a table for a terminal. */
void nli_ledger_table(const struct nli_ledger *l, struct nli_buf *out);

#endif
