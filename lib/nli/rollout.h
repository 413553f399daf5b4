/*
 * rollout.h - rollouts of policies, summed up by record.
 *
 * A line holds one rollout of a record, or several of it: which record, by id or
 * key; the reward, or an array of rewards; and maybe model, tokens, how it
 * finished, the policy's version, the rollout's own id.  The names of verl,
 * verifiers, prime-rl and GENESYS are known (rollout_read.c has the table).
 *
 * Kept are counts and sums by (record, model), found by the hash of the id: about
 * 100 bytes each, whatever the number of rollouts; and 16 to 32 bytes a rollout
 * that has an id of its own, to tell duplicates.
 */
#ifndef NLI_NLI_ROLLOUT_H
#define NLI_NLI_ROLLOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/io/out.h"
#include "lib/io/tool.h"

/* How rollouts are read.  Borrows all. */
struct nli_rollout_options {
	const char *
		reward; /* where the reward stands, "a.b" goes down; NULL: by the table */
	const char *join;  /* where id or key of the record stands; NULL: by the table */
	const char *model; /* rates are of this model; NULL: of all together */
	double pass;       /* a reward from here is a solved one: .5 */
	double length_penalty; /* taken off for each token beyond or short of the target; 0: none */
	int64_t max_age; /* versions behind the newest that still count; < 0: any */
};

/* Sums over rollouts. */
struct nli_rollup {
	uint64_t n, solved;
	double sum, least, most; /* of rewards; 0 if there are none */
	double mean, m2;         /* Welford */
	uint64_t tokens, n_tokens, truncated;
};

struct nli_rollouts; /* opaque */

struct nli_rollouts *nli_rollouts_new(const struct nli_rollout_options *how);
void nli_rollouts_free(struct nli_rollouts *r); /* NULL is fine */

/* Read files: two passes where max_age is asked for.  Bad lines go the way of bad records. */
void nli_rollouts_read(struct nli_rollouts *r, struct nli_run *run, char *const *files);

/*
 * The sums of a record: of the model asked for, or of model m if that is not
 * negative.  Marks its rollouts as matched.  False if it has none.  Any thread,
 * once reading is done.
 */
bool nli_rollouts_get(const struct nli_rollouts *r, struct nli_str id, struct nli_str key,
		      ptrdiff_t m, struct nli_rollup *out);

/* Models, in the order in which they were met. */
size_t nli_rollouts_models(const struct nli_rollouts *r);
struct nli_str nli_rollouts_model(const struct nli_rollouts *r, size_t m);

/* What was read, and what became of it. */
struct nli_rollout_counts {
	uint64_t read, duplicate,
		stale;            /* rollouts; stale and duplicate ones are not summed */
	uint64_t used, unmatched; /* summed; of ids that no record had */
	uint64_t unmatched_ids;
	int64_t newest; /* version; -1 if none was told */
	const char *
		first_path; /* where the first unmatched one stands; NULL if there is none */
	uint64_t first_line;
};
void nli_rollouts_counts(const struct nli_rollouts *r, struct nli_rollout_counts *out);

/* Write a member "rollouts" with the counts. */
void nli_rollouts_counts_json(const struct nli_rollout_counts *c, struct nli_jw *w);

/* Write the lines of rollouts that no record had to out, as they came. */
void nli_rollouts_unmatched(struct nli_rollouts *r, struct nli_run *run,
			    char *const *files, struct nli_out *out);

/* One rollout as read. For rollout.c and its tests. */
struct nli_rollout {
	uint64_t record,
		own; /* hashes of the record's id, and of both ids; own 0: none */
	double reward;
	uint64_t tokens;
	int64_t version; /* -1: not told */
	bool has_tokens, truncated;
};

struct nli_rollout_reader; /* a worker's own */
struct nli_rollout_reader *nli_rollout_reader_new(const struct nli_rollout_options *how);
void nli_rollout_reader_free(struct nli_rollout_reader *rd); /* NULL is fine */

/* Read a line: *v is (*n,) rollouts and *model their model, until the next call. */
int nli_rollout_read_line(struct nli_rollout_reader *rd, struct nli_str line,
			  const struct nli_rollout **v, size_t *n, struct nli_str *model,
			  struct nli_err *err);

#endif
