/*
 * rewards.h - what policies earn on a set before and after it is filtered, and
 * how much of it needs no reading of the premise.
 *
 * The blind policy is the cross-fitted partial-input model (hyponly): its best
 * guess, and a guess drawn from its chances.  A policy with rollouts is compared
 * on the records that the blind one gets right and on those that it gets wrong:
 * one that takes the shortcut earns on the first alone, one that reads earns on
 * both, one that guesses earns the same little on both.
 *
 * One a worker, added up at the end.  Sums are kept in fixed point, so that they
 * do not depend on the order of adding.  Intervals take records as independent.
 */
#ifndef NLI_MODEL_REWARDS_H
#define NLI_MODEL_REWARDS_H

#include "lib/base/buf.h"
#include "lib/io/json.h"
#include "lib/model/filter.h"

struct nli_rewards; /* opaque */

/* rollouts may be NULL; group: how many rollouts are compared with each other. */
struct nli_rewards *nli_rewards_new(const struct nli_rollouts *rollouts, uint64_t group);
void nli_rewards_free(struct nli_rewards *w); /* NULL is fine */

/* Count the record in j: it stays if there are no hits. */
void nli_rewards_add(struct nli_rewards *w, const struct nli_judge *j, uint64_t hits);
void nli_rewards_merge(struct nli_rewards *w, const struct nli_rewards *other);

/* Write members "shortcut", "policies", "groups", "need_more", as far as there is anything. */
void nli_rewards_json(const struct nli_rewards *w, struct nli_jw *out);
void nli_rewards_table(const struct nli_rewards *w, struct nli_buf *out);

#endif
