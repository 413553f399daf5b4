/*
 * minhash.h - signatures of gram sets that agree where the sets do.
 *
 * 128 values, each the lowest of a set under another permutation: two sets of
 * Jaccard similarity J agree in one with probability J (Broder 1997).  Of each
 * value 8 bits are kept, so that unequal ones agree with probability 1/256 (Li
 * and Koenig 2010, "b-bit minwise hashing").  Four in a row are a band, which is
 * one 32-bit key; sets that share a band are candidates: probability
 * 1-(1-J^4)^32.
 */
#ifndef NLI_MODEL_MINHASH_H
#define NLI_MODEL_MINHASH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

enum { NLI_SIG_LEN = 128, NLI_BANDS = 32, NLI_ROWS = NLI_SIG_LEN / NLI_BANDS };

struct nli_sig {
	uint8_t row[NLI_SIG_LEN];
};

/* The permutations: row k orders grams x by a[k] x + b[k] mod 2^32. */
struct nli_sig_rows {
	uint32_t a[NLI_SIG_LEN], b[NLI_SIG_LEN];
};
void nli_sig_rows_init(struct nli_sig_rows *rows);

/* The signature of n > 0 grams. */
void nli_sig_of(const struct nli_sig_rows *rows, const uint32_t *gram, size_t n,
		struct nli_sig *sig);

/*
 * The signature of a pair: half of a band's rows are of one, half of the other,
 * so that it is found at least as well as the less alike of its two sides.
 */
void nli_sig_pair(const struct nli_sig *a, const struct nli_sig *b, struct nli_sig *out);

/* The key of band b, 0..NLI_BANDS-1. */
static inline uint32_t nli_sig_band(const struct nli_sig *s, size_t b)
{
	const uint8_t *r = s->row + b * NLI_ROWS;

	return (uint32_t)r[0] | (uint32_t)r[1] << 8 | (uint32_t)r[2] << 16 |
	       (uint32_t)r[3] << 24;
}

/*
 * Which of n signatures agree with q in at least that many rows: writes their
 * places to hit, which has room for n, and returns how many.
 */
size_t nli_sig_scan(const struct nli_sig *q, const struct nli_sig *sig, size_t n,
		    unsigned least, uint32_t *hit);

/* The probability that sets of similarity j share a band. */
double nli_sig_recall(double j);

/*
 * The fewest rows in which sets of similarity j agree but in 1 of 740 cases
 * (three standard deviations): with less it is not worth while to look closer.
 */
unsigned nli_sig_least(double j);

#endif
