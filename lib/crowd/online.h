/*
 * online.h - truth inference in one pass, in memory that grows with the items
 * that are open and with the workers, not with what has gone by.
 *
 * sbic  streaming Bayesian inference (Manino, Tran-Thanh, Jennings, "Streaming
 *       Bayesian inference for crowdsourced classification", NeurIPS 2019) for
 *       K classes.  A worker has a decayed number of labels n_j and of right
 *       ones r_j, counted by the posterior of the labels it gave:
 *
 *         p_j = (r_j + 2) / (n_j + 3), without its label on the item at hand,
 *         log q_i(k) = sum over votes for k of log(p_j (K-1) / (1-p_j)) + const
 *
 *       At every vote the open item's posterior is made anew with its workers'
 *       present p_j, and their r_j follow it.  forget < 1 multiplies n_j and
 *       r_j before each of a worker's labels (exponential forgetting).
 * sem   stepwise EM (Cappe, Moulines, JRSS B 71(3), 2009) of Dawid-Skene: when
 *       an item closes, each of its workers' mean statistics move by
 *       s_j <- (1 - eta) s_j + eta q_i x (label said), eta = (t_j + 2)^-.7 with
 *       t_j its labels so far; pi_j is s_j times min(t_j, 1/eta) labels plus 4
 *       on and 1 off the diagonal.  Classes have the shares (1 + summed q of
 *       all items) / (K + items).
 *
 * An item is emitted once its highest posterior reaches threshold with at
 * least least_votes labels, or with budget labels, or at the end, by what is
 * known of its workers then.  A worker's second label on an open item takes the
 * place of the first.  An item that comes again after it was emitted is a new
 * one, unless once is set.  New labels and workers may come at any time.
 *
 * Not for use from two threads at once.
 */
#ifndef NLI_CROWD_ONLINE_H
#define NLI_CROWD_ONLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

struct nli_online_opts {
	bool stepwise;                /* sem in place of sbic */
	double threshold;             /* in (0,1] */
	uint32_t least_votes, budget; /* budget 0: none */
	double forget;                /* in (0,1]; 1 forgets nothing */
	bool once; /* drop votes on items that were emitted: 48 bytes of memory each */
	uint64_t seed;
};

/* Why items were emitted, and how right they were where the truth was known. */
struct nli_online_tally {
	uint64_t votes, replaced, late; /* late: dropped, because of once */
	uint64_t by_threshold, by_budget, by_end;
	uint64_t labels; /* on emitted items */
	uint64_t n_truth;
	double right;
};

struct nli_online; /* opaque */

struct nli_online *nli_online_new(const struct nli_online_opts *o);
void nli_online_free(struct nli_online *s); /* NULL is fine */

/* One vote; group (a capability) may be {NULL, 0}, truth too. */
struct nli_online_vote {
	struct nli_str item, worker, label, group, truth;
	double weight;
};

/* Say, some votes before it comes, of which item one will be: nli_names_hash() of its name. */
void nli_online_ahead(struct nli_online *s, uint64_t hash);

/*
 * Take a vote; a line of JSON is appended to out if an item is emitted.
 * NLI_EDATA if there would be more than 250 labels.
 */
int nli_online_add(struct nli_online *s, const struct nli_online_vote *v,
		   struct nli_buf *out, struct nli_err *err);

/* Emit all that are open, in the order in which they were opened; put (may be NULL) after each. */
typedef void nli_online_put_fn(void *ctx, struct nli_buf *out);
void nli_online_flush(struct nli_online *s, struct nli_buf *out, nli_online_put_fn *put,
		      void *ctx);

const struct nli_online_tally *nli_online_tally(const struct nli_online *s);
uint64_t nli_online_open(const struct nli_online *s); /* items */

/*
 * The whole state as lines of JSON, exact to the bit (%.17g); a state that was
 * saved, loaded and gone on with gives the bytes of one that was never saved.
 * Loading fails with NLI_EDATA if the text is not such a state, or was made
 * with other options.
 */
void nli_online_save(const struct nli_online *s, struct nli_buf *to);
int nli_online_load(struct nli_online *s, struct nli_str text, struct nli_err *err);

#endif
