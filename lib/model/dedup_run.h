/*
 * dedup_run.h - nli-dedup from its options on: records in, clusters, records out.
 *
 * Like tool.h, for cmd/ alone: it prints and exits.
 */
#ifndef NLI_MODEL_DEDUP_RUN_H
#define NLI_MODEL_DEDUP_RUN_H

#include "lib/io/opt.h"
#include "lib/model/conflict.h"
#include "lib/model/dedup.h"
#include "lib/model/overlap.h"

struct nli_dedup_args {
	struct nli_dedup_opts opts;
	struct nli_opt_list against; /* records, or what --index wrote */
	const char *index;           /* write the input's index there; NULL: none */
	const char *pairs;           /* write all pairs there; NULL: no */
};

/* Write the pairs, those of equal records among them, to out. */
int nli_dedup_put_pairs(const struct nli_dedup *d, struct nli_out *out,
			struct nli_err *err);

void nli_dedup_run(struct nli_run *run, const struct nli_dedup_args *args);

/* What is known of all records, for the member "dedup" and for --summary. */
struct nli_dedup_found {
	const struct nli_dedup *d;
	const struct nli_disputes *disputes;
	const struct nli_overlap *overlap; /* (texts,) or NULL */
};

/* Append the value of the member "dedup" of a record. */
void nli_dedup_member(const struct nli_dedup_found *f, uint32_t record,
		      struct nli_buf *out);

/* Write the results for --summary. */
void nli_dedup_results(const struct nli_dedup_found *f, struct nli_jw *w);

#endif
