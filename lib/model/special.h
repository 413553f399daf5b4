/*
 * special.h - the functions behind the tests of stats.h: tails of the normal,
 * beta, binomial, gamma, chi-square and Student distributions.
 *
 * Pure functions, any thread.  An argument outside of its range, NaN among
 * them, gives NaN: callers check ranges, so a NaN is a fault to report.  The
 * relative error is below 1e-10 where the result is above 1e-300 and the
 * parameters are at most 1e7; the log forms go on where the plain ones reach 0.
 *
 * [1] C. Loader, "Fast and accurate computation of binomial probabilities",
 *     2000: the density without cancellation, used as the factor before [2].
 * [2] NIST Digital Library of Mathematical Functions, 8.17.22 (incomplete beta
 *     by continued fraction), 8.7.1 and 8.9.2 (incomplete gamma), 7.9.3 and
 *     7.12.1 (complementary error function).
 * [3] W. Lentz, "Generating Bessel functions in Mie scattering calculations
 *     using continued fractions", Applied Optics 15(3), 1976, with the floor of
 *     Thompson and Barnett, 1986.
 */
#ifndef NLI_MODEL_SPECIAL_H
#define NLI_MODEL_SPECIAL_H

#include <stdint.h>

/* P(Z <= x), P(Z > x) and ln P(Z > x) of a standard normal Z. */
double nli_norm_cdf(double x);
double nli_norm_sf(double x);
double nli_norm_log_sf(double x);

/* The x with P(Z <= x) = p, 0 <= p <= 1 (the ends give infinities). */
double nli_norm_quantile(double p);

/* Regularised incomplete beta I_x(a,b) and 1 - I_x(a,b); a, b > 0, 0 <= x <= 1. */
double nli_beta_cdf(double x, double a, double b);
double nli_beta_sf(double x, double a, double b);
double nli_beta_log_cdf(double x, double a, double b);

/* The x with I_x(a,b) = p. */
double nli_beta_quantile(double p, double a, double b);

/* Binomial, n draws of chance p: P(X = k), P(X >= k), its logarithm, P(X <= k). */
double nli_binom_pmf(uint64_t k, uint64_t n, double p);
double nli_binom_tail(uint64_t k, uint64_t n, double p);
double nli_binom_log_tail(uint64_t k, uint64_t n, double p);
double nli_binom_cdf(uint64_t k, uint64_t n, double p);

/* Regularised incomplete gamma P(a,x) and Q(a,x) = 1 - P; a > 0, x >= 0. */
double nli_gamma_p(double a, double x);
double nli_gamma_q(double a, double x);

/* P(chi-square with df degrees of freedom > x); df > 0 need not be whole. */
double nli_chisq_sf(double x, double df);

/* P(Student's t with df degrees of freedom > t). */
double nli_student_sf(double t, double df);

/* The t with P(T <= t) = p, 0 < p < 1. */
double nli_student_quantile(double p, double df);

#endif
