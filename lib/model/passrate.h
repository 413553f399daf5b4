/*
 * passrate.h - what c solved of n sampled rollouts say of a prompt.
 *
 * A prompt of true solve rate .1 shows eight equal rewards with chance .43, and
 * 16 with .19: a filter that takes the mean at its word throws good prompts
 * away.  Here the rate has the posterior Beta(c + 1/2, n - c + 1/2) (Jeffreys'
 * prior), and a prompt is dropped only when that is as sure as asked for.
 *
 * Of the prompts that are kept at gamma, at most 1 - gamma lie outside of the
 * band, if rates are spread as the prior says, whenever sampling was stopped:
 * a posterior does not care why the data end.
 */
#ifndef NLI_MODEL_PASSRATE_H
#define NLI_MODEL_PASSRATE_H

#include <stdint.h>

/*
 * Chance that at least one of k rollouts, drawn without replacement from the n,
 * is solved: 1 - C(n-c,k)/C(n,k) (Chen et al., Evaluating Large Language Models
 * Trained on Code, 2021, eq. 1); and that all k are: C(c,k)/C(n,k).
 * c <= n, 1 <= k <= n.
 */
double nli_pass_at_k(uint64_t c, uint64_t n, uint64_t k);
double nli_pass_all_k(uint64_t c, uint64_t n, uint64_t k);

/*
 * Chance that a group of g rollouts is of use to a method that compares within
 * the group: that not all are solved and not all fail, 1 - p^g - (1-p)^g.  The
 * first for a known rate, the second its mean over the posterior, where
 * E p^g = prod_{i<g} (a+i)/(a+b+i).
 */
double nli_useful_at(double p, uint64_t g);
double nli_useful_mean(uint64_t c, uint64_t n, uint64_t g);

/* The rate p <= 1/2 from which, up to 1 - p, nli_useful_at() is at least u <= its maximum. */
double nli_useful_from(double u, uint64_t g);

/* Equal-tailed interval of the posterior at a level in (0,1). */
void nli_passrate_interval(uint64_t c, uint64_t n, double level, double *lo, double *hi);

/* P(lo < p < hi) by the posterior. */
double nli_passrate_between(uint64_t c, uint64_t n, double lo, double hi);

enum nli_band_says { NLI_BAND_KEEP, NLI_BAND_DROP, NLI_BAND_MORE };

/*
 * Keep if P(lo < p < hi) >= gamma, drop if P(p < lo or p > hi) >= gamma, else
 * more rollouts are needed.  1/2 < gamma < 1.
 */
enum nli_band_says nli_band_decide(uint64_t c, uint64_t n, double lo, double hi,
				   double gamma);

/*
 * How many more rollouts decide it, if they are solved at the posterior mean
 * rate: 0 if it is decided, NLI_NEED_NEVER if NLI_NEED_MAX would not do (the
 * rate is on an edge of the band).
 */
#define NLI_NEED_MAX 65536
#define NLI_NEED_NEVER UINT64_MAX
uint64_t nli_band_need(uint64_t c, uint64_t n, double lo, double hi, double gamma);

#endif
