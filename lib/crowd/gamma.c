/* gamma.c - see gamma.h. */
#include "lib/crowd/gamma.h"

#include <math.h>

/*
 * Recurrence psi(x) = psi(x+1) - 1/x up to 10, then the asymptotic series of
 * Abramowitz & Stegun 6.3.18, whose next term is below 1e-14 there.
 */
double nli_digamma(double x)
{
	double num = 0, den = 1;

	/* The sum of 1/x is kept as one fraction: one division in place of ten. */
	while (x < 10) {
		num = num * x + den;
		den *= x;
		x += 1;
	}
	const double r = 1 / (x * x);

	return log(x) - num / den - 0.5 / x -
	       r * (1. / 12 -
		    r * (1. / 120 -
			 r * (1. / 252 -
			      r * (1. / 240 - r * (1. / 132 - r * 691. / 32760)))));
}

/* log Gamma(x) = log Gamma(x+n) - log(x (x+1) ...), then Stirling (A&S 6.1.41). */
double nli_lgamma(double x)
{
	double product = 1;

	while (x < 10) {
		product *= x;
		x += 1;
	}
	const double r = 1 / (x * x);
	const double tail =
		(1. / 12 -
		 r * (1. / 360 -
		      r * (1. / 1260 -
			   r * (1. / 1680 - r * (1. / 1188 - r * 691. / 360360))))) /
		x;

	return (x - 0.5) * log(x) - x + 0.91893853320467274178 + tail - log(product);
}
