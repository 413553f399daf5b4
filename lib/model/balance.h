/*
 * balance.h - the subset of labelled records in which features do not tell the
 * label, with little lost.
 *
 * x_r in [0,1] says whether record r stays, t_r is 1 for a record that is there
 * and 0 for one that may be added.  For each feature f and label y, with a_ry =
 * [y_r = y] - p_y and p_y the share of y,
 *
 *	maximise sum_r t_r x_r - delta (t_r - x_r)^2 / 2
 *	subject to |sum_{r has f} a_ry x_r| <= s_fy
 *
 * for falling delta, by coordinate ascent on its dual, whose variables are a
 * price of each (f, y): then x_r = clip(t_r + (t_r - v_r) / delta), v_r the sum
 * of price times a that r pays.  x is made whole by
 * chance (a hash of the record), and records are flipped one by one while that
 * mends a constraint, or brings a record back that none forbids.
 *
 * The prices bound from above how many records any subset under the same
 * constraints could keep (weak duality of the linear program of maximal sum
 * t_r x_r): at any scale alpha of the prices,
 *
 *	sum_r max(0, t_r - alpha v_r) + alpha sum_fy |price_fy| s_fy
 */
#ifndef NLI_MODEL_BALANCE_H
#define NLI_MODEL_BALANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrows all. */
struct nli_balance {
	size_t n, n_label, n_feat;
	const uint8_t *label;   /* (n,) */
	const bool *own;        /* (n,) t_r */
	const uint64_t *chance; /* (n,) */
	const double *share;    /* (n_label,) p_y */
	const size_t *start;    /* (n_feat + 1,) records of feature f */
	const uint32_t *rec;    /* no record twice in a feature */
	const double
		*slack; /* (n_feat,) s_fy is so many standard deviations of a fair sum */
};

struct nli_balanced {
	bool *keep;    /* (n,) owns */
	double *price; /* (n_feat, n_label) owns; in: where to begin from, or NULL */
	double bound;  /* on the own records that can stay, under the constraints */
	size_t sweeps; /* of the ascent */
	double worst;  /* largest violation of x, in standard deviations */
};

/* Fills r; one thread, deterministic. */
void nli_balance_solve(const struct nli_balance *b, struct nli_balanced *r);
void nli_balanced_release(struct nli_balanced *r); /* safe twice */

#endif
