/*
 * gamma.h - digamma and log gamma.  Pure: the C library's lgamma() writes a
 * global, and has no digamma.  The other special functions are in lib/model.
 */
#ifndef NLI_CROWD_GAMMA_H
#define NLI_CROWD_GAMMA_H

/* psi(x) = d log Gamma(x) / dx for x > 0, to 1e-14 relative or absolute. */
double nli_digamma(double x);

/* log Gamma(x) for x > 0, to 1e-14 relative or absolute. */
double nli_lgamma(double x);

#endif
