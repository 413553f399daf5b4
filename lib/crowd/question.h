/*
 * question.h - which items to have annotated next, and by whom.
 *
 *	gain       expected fall of the entropy of q_i if worker j labels it:
 *	           I = sum_k sum_l q(k) pi_j[k][l] log(pi_j[k][l] / sum_k' q(k') pi_j[k'][l]),
 *	           the greatest over the 32 workers that tell most (greatest I under
 *	           the class shares) and have not labelled the item yet
 *	entropy    of q_i                     margin  1 - (first - second)
 *	lc         least confidence, 1 - max  committee  entropy of the votes' shares
 *
 * The last four are the selections of active learning (LMTurk among them); the
 * worker is found for them too.
 */
#ifndef NLI_CROWD_QUESTION_H
#define NLI_CROWD_QUESTION_H

#include "lib/crowd/fit.h"
#include "lib/crowd/workers.h"

enum nli_question_by {
	NLI_ASK_GAIN,
	NLI_ASK_ENTROPY,
	NLI_ASK_MARGIN,
	NLI_ASK_LC,
	NLI_ASK_COMMITTEE
};

struct nli_question {
	uint32_t item, worker; /* worker is NLI_CROWD_NOBODY if all have labelled it */
	double score;          /* what it was chosen by */
	double gain;           /* expected fall of entropy by that worker, nats */
};

/*
 * The n items of highest score, highest first; equals by hash of the item.
 * Returns how many there are (n or all items).  *to is to be freed.
 */
size_t nli_crowd_ask(const struct nli_crowd *c, const struct nli_crowd_fit *f,
		     const struct nli_workers *w, enum nli_question_by by, size_t n,
		     uint64_t seed, struct nli_question **to);

#endif
