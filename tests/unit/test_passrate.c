/*
 * Unit tests of lib/model/passrate: pass@k against enumeration of all draws, the
 * posterior rule's errors in simulation, usefulness against simulated groups.
 */
#include <math.h>
#include <stdio.h>

#include "lib/base/hash.h"
#include "lib/model/passrate.h"
#include "lib/model/special.h"
#include "tests/unit/rows.h"

static void near(const char *what, double got, double want, double tol)
{
	if (!(fabs(got - want) <= tol))
		fail_msg("%s: got %.17g, want %.17g +- %g", what, got, want, tol);
}

/* Every subset of size k of n rollouts of which the first c are solved. */
static void enumerate(unsigned c, unsigned n, unsigned k, double *some, double *all)
{
	unsigned draws = 0, any = 0, each = 0;

	for (unsigned set = 0; set < 1u << n; set++) {
		unsigned size = 0, solved = 0;

		for (unsigned i = 0; i < n; i++) {
			size += set >> i & 1;
			solved += i < c && (set >> i & 1);
		}
		if (size != k)
			continue;
		draws++;
		any += solved > 0;
		each += solved == k;
	}
	*some = (double)any / draws;
	*all = (double)each / draws;
}

static void pass_at_k_is_the_share_of_draws(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 11; n++)
		for (unsigned c = 0; c <= n; c++)
			for (unsigned k = 1; k <= n; k++) {
				double some, all;

				enumerate(c, n, k, &some, &all);
				near("pass@k", nli_pass_at_k(c, n, k), some, 1e-14);
				near("pass^k", nli_pass_all_k(c, n, k), all, 1e-14);
			}
}

static double draw(uint64_t *at)
{
	return nli_unit(nli_mix(++*at)) + 0x1p-54;
}

/* A prompt of true rate p, drawn from the prior, and n rollouts of it. */
static uint64_t sample(uint64_t *at, uint64_t n, double *p)
{
	uint64_t c = 0;

	*p = nli_beta_quantile(draw(at), 0.5, 0.5);
	for (uint64_t i = 0; i < n; i++)
		c += draw(at) < *p;
	return c;
}

/* Of what is kept at gamma, and of what is dropped, at most 1 - gamma may be wrong. */
static void errors_stay_below_one_minus_gamma(void **state)
{
	enum { DRAWS = 40000 };
	static const struct {
		uint64_t n;
		double gamma;
	} row[] = { { 8, 0.9 }, { 16, 0.8 }, { 64, 0.95 } };
	uint64_t at = 17;

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		unsigned kept = 0, wrong_kept = 0, dropped = 0, wrong_dropped = 0;

		for (int k = 0; k < DRAWS; k++) {
			double p;
			const uint64_t c = sample(&at, row[i].n, &p);
			const bool in = p > 0.1 && p < 0.8;

			switch (nli_band_decide(c, row[i].n, 0.1, 0.8, row[i].gamma)) {
			case NLI_BAND_KEEP:
				kept++;
				wrong_kept += !in;
				break;
			case NLI_BAND_DROP:
				dropped++;
				wrong_dropped += in;
				break;
			default:
				break;
			}
		}
		assert_true(kept > 1000 && dropped > 1000);
		if (wrong_kept > (1 - row[i].gamma) * kept ||
		    wrong_dropped > (1 - row[i].gamma) * dropped)
			fail_msg("n %u: %u of %u kept and %u of %u dropped are wrong",
				 (unsigned)row[i].n, wrong_kept, kept, wrong_dropped,
				 dropped);
	}
}

/* Eight rollouts at a time until it is decided: stopping when sure costs nothing. */
static void errors_stay_below_when_sampling_goes_on(void **state)
{
	unsigned decided = 0, wrong = 0;
	uint64_t at = 99;

	(void)state;
	for (int k = 0; k < 8000; k++) {
		double p;
		uint64_t n = 8, c = sample(&at, n, &p);
		enum nli_band_says says;

		while ((says = nli_band_decide(c, n, 0.1, 0.8, 0.9)) == NLI_BAND_MORE &&
		       n < 512)
			for (int i = 0; i < 8; i++, n++)
				c += draw(&at) < p;
		decided += says != NLI_BAND_MORE;
		wrong += (says == NLI_BAND_KEEP) != (p > 0.1 && p < 0.8) &&
			 says != NLI_BAND_MORE;
	}
	if (wrong > 0.1 * decided)
		fail_msg("%u of %u are wrong", wrong, decided);
}

/* The groups of g that have both outcomes, counted, against the closed form: 4 sigma. */
static void usefulness_is_what_groups_show(void **state)
{
	enum { GROUPS = 20000 };
	uint64_t at = 5;

	(void)state;
	for (double p = 0.05; p < 1; p += 0.15)
		for (unsigned g = 2; g <= 32; g *= 4) {
			const double want = nli_useful_at(p, g);
			unsigned useful = 0;

			for (int k = 0; k < GROUPS; k++) {
				unsigned c = 0;

				for (unsigned i = 0; i < g; i++)
					c += draw(&at) < p;
				useful += c > 0 && c < g;
			}
			near("useful", (double)useful / GROUPS, want,
			     4 * sqrt(want * (1 - want) / GROUPS) + 1e-4);
		}
	/* methods.md 2.7: an all-equal group at .1 with chance .43, .19, .03, .001. */
	near("8", 1 - nli_useful_at(0.1, 8), 0.43, 0.005);
	near("16", 1 - nli_useful_at(0.1, 16), 0.19, 0.005);
	near("32", 1 - nli_useful_at(0.1, 32), 0.03, 0.005);
	near("64", 1 - nli_useful_at(0.1, 64), 0.001, 0.0005);
}

/* The mean over the posterior by the midpoint rule in the angle, where Jeffreys' prior is flat. */
static void posterior_mean_of_usefulness(void **state)
{
	enum { STEPS = 200000 };

	(void)state;
	for (uint64_t c = 0; c <= 8; c += 2) {
		double num = 0, den = 0;

		for (int i = 0; i < STEPS; i++) {
			const double s = sin((i + 0.5) / STEPS * acos(0));
			const double p = s * s;
			const double w = pow(p, (double)c) * pow(1 - p, 8 - (double)c);

			num += w * nli_useful_at(p, 16);
			den += w;
		}
		near("mean", nli_useful_mean(c, 8, 16), num / den, 1e-6);
	}
}

static void band_of_usefulness(void **state)
{
	(void)state;
	for (double u = 0.1; u < 0.95; u += 0.2) {
		const double p = nli_useful_from(u, 8);

		near("from", nli_useful_at(p, 8), u, 1e-9);
		assert_true(p > 0 && p < 0.5);
	}
}

static const struct need {
	const char *name;
	uint64_t c, n;
	bool never;
} needs[] = {
	{ "clear: nothing is needed", 32, 64, false },
	{ "no rollouts yet", 0, 0, false },
	{ "near an edge takes many", 7, 8, false },
};

/* What is needed decides it, at the rate so far; one rollout less does not. */
static void check_need(void **state)
{
	const struct need *r = *state;
	const uint64_t m = nli_band_need(r->c, r->n, 0.1, 0.8, 0.95);
	const double a = (double)r->c + 0.5, b = (double)(r->n - r->c) + 0.5;

	assert_int_equal(m == NLI_NEED_NEVER, r->never);
	if (nli_band_decide(r->c, r->n, 0.1, 0.8, 0.95) != NLI_BAND_MORE) {
		assert_int_equal(m, 0);
		return;
	}
	assert_true(m > 0);
	for (uint64_t less = 0; less < 2; less++) {
		const double more = (double)(m - less), x = a + more * a / (a + b),
			     y = b + more * b / (a + b);
		const double in = nli_beta_cdf(0.8, x, y) - nli_beta_cdf(0.1, x, y);

		assert_int_equal(in >= 0.95 || 1 - in >= 0.95, less == 0);
	}
}

/* A posterior mean of exactly 1/2 is on the edge of 1/2..1 for ever. */
static void on_an_edge_no_number_helps(void **state)
{
	(void)state;
	assert_true(nli_band_need(4, 8, 0.5, 1, 0.9) == NLI_NEED_NEVER);
}

int main(void)
{
	enum { N = sizeof(needs) / sizeof(*needs) };
	struct CMUnitTest tests[N + 7] = {
		[N] = cmocka_unit_test(pass_at_k_is_the_share_of_draws),
		[N + 1] = cmocka_unit_test(errors_stay_below_one_minus_gamma),
		[N + 2] = cmocka_unit_test(errors_stay_below_when_sampling_goes_on),
		[N + 3] = cmocka_unit_test(usefulness_is_what_groups_show),
		[N + 4] = cmocka_unit_test(posterior_mean_of_usefulness),
		[N + 5] = cmocka_unit_test(band_of_usefulness),
		[N + 6] = cmocka_unit_test(on_an_edge_no_number_helps),
	};

	ROW_TESTS(tests, needs, check_need);
	return cmocka_run_group_tests_name("passrate", tests, NULL, NULL);
}
