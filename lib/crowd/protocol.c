/*
 * protocol.c - how two corpora decide without a model.
 *
 *	snli     the label that more than half of the annotators gave: 3 of 5 in
 *	         SNLI and MNLI (Bowman et al., EMNLP 2015); without one the item is
 *	         removed.  A single label, the author's, stands.
 *	indonli  annotators are asked one at a time until 3 agree, 5 at most
 *	         (Mahendra et al., EMNLP 2021): accepted at the third equal label,
 *	         need_more while fewer than 5 have answered, removed after that.
 *	         Labels count in the order of time, or of the input without times.
 *
 * The posterior is certainty for an accepted item, else the shares of the votes.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/em.h"
#include "lib/crowd/methods.h"

enum { NEED = 3, MOST = 5 };

static void accept(const struct nli_crowd *c, struct nli_crowd_fit *f, uint32_t i,
		   uint32_t k)
{
	double *q = f->post + (size_t)i * c->n_class;

	memset(q, 0, c->n_class * sizeof(*q));
	q[k] = 1;
	f->status[i] = NLI_CROWD_ACCEPTED;
}

static void start(const struct nli_crowd *c, struct nli_crowd_fit *f)
{
	nli_crowd_fit_init(f, c, false);
	f->status = nli_xcalloc(c->n_item, sizeof(*f->status));
	for (uint32_t i = 0; i < c->n_item; i++)
		nli_vote_share(c, i, f->post + (size_t)i * c->n_class);
	f->iterations = 1;
	f->converged = true;
}

static int run_snli(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		    struct nli_crowd_fit *f, struct nli_err *err)
{
	(void)o;
	(void)err;
	start(c, f);
	for (uint32_t i = 0; i < c->n_item; i++) {
		const double *q = f->post + (size_t)i * c->n_class;

		f->status[i] = NLI_CROWD_REMOVED;
		for (uint32_t k = 0; k < c->n_class; k++)
			if (q[k] > .5 + 1e-9 && c->start[i + 1] > c->start[i]) {
				accept(c, f, i, k);
				break;
			}
	}
	return 0;
}

/* Rows of an item in the order of time; of equal times, of the input. */
static void by_time(const struct nli_crowd *c, uint32_t i, uint64_t *row)
{
	const uint64_t n = c->start[i + 1] - c->start[i];

	for (uint64_t a = 0; a < n; a++) {
		const uint64_t r = c->start[i] + a;
		uint64_t at = a;

		for (; at && c->time && c->time[row[at - 1]] > c->time[r]; at--)
			row[at] = row[at - 1];
		row[at] = r;
	}
}

static void ask_in_turn(const struct nli_crowd *c, struct nli_crowd_fit *f, uint32_t i,
			const uint64_t *row, double *votes)
{
	const uint64_t n = c->start[i + 1] - c->start[i];

	memset(votes, 0, c->n_class * sizeof(*votes));
	for (uint64_t a = 0; a < n && a < MOST; a++) {
		const uint8_t l = c->label[row[a]];

		votes[l] += nli_crowd_weight(c, row[a]);
		if (votes[l] >= NEED - 1e-6) {
			accept(c, f, i, l);
			return;
		}
	}
	f->status[i] = n < MOST ? NLI_CROWD_NEED_MORE : NLI_CROWD_REMOVED;
}

static int run_indonli(const struct nli_crowd *c, const struct nli_crowd_opts *o,
		       struct nli_crowd_fit *f, struct nli_err *err)
{
	double votes[NLI_CROWD_MAX_CLASS];
	uint64_t *row = NULL;
	size_t cap = 0;

	(void)o;
	(void)err;
	start(c, f);
	for (uint32_t i = 0; i < c->n_item; i++) {
		nli_grow(&row, &cap, c->start[i + 1] - c->start[i] + 1, sizeof(*row));
		by_time(c, i, row);
		ask_in_turn(c, f, i, row, votes);
	}
	free(row);
	return 0;
}

const struct nli_crowd_method nli_crowd_snli = {
	.name = "snli",
	.about = "more than half of the labels (3 of 5), else removed",
	.paper = "Bowman, Angeli, Potts, Manning, EMNLP 2015",
	.flags = NLI_CROWD_VOTES,
	.max_iter = 1,
	.run = run_snli,
};

const struct nli_crowd_method nli_crowd_indonli = {
	.name = "indonli",
	.about = "3 equal labels within 5, asked in turn: accepted, need_more, removed",
	.paper = "Mahendra, Aji, Louvan, Rahman, Vania, EMNLP 2021",
	.flags = NLI_CROWD_VOTES,
	.max_iter = 1,
	.run = run_indonli,
};
