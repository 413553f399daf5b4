/*
 * What nli-hyponly says of the gain, on corpora whose artifact is known: with none the
 * permutation p is uniform and the interval covers 0; with one planted the interval
 * covers what the models can do on records of the same making, and p finds it.
 *
 * SIM_RUNS=200 runs as many corpora of each kind (tests/bench/hyponly-sim.sh); the
 * fewer that "make check" runs have bounds as much wider.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/audit.h"
#include "lib/model/crossfit.h"
#include "lib/model/feat.h"
#include "lib/model/fold.h"
#include "lib/model/linear.h"
#include "lib/model/metric.h"
#include "lib/model/permute.h"
#include "lib/model/vmath.h"

enum {
	GROUP = 3,
	WORDS = 7,
	N_CLASS = 3,
	FOLDS = 10,
	FRESH = 6000,
	USUAL_RUNS = 24,
	MANY = 5000
};

static const struct design {
	const char *name;
	size_t n;
	int label_of_three; /* each group has each label once, as in MNLI; else by chance */
	double present, strength; /* a record has the cue; it then tells the label */
} designs[] = {
	{ "null, labels by chance", 900, 0, 0, 0 },
	{ "null, a label of each kind", 900, 1, 0, 0 },
	{ "a cue worth 2 points", 10000, 0, 0.05, 0.6 },
	{ "a cue worth 6 points", 2000, 0, 0.15, 0.6 },
	{ "a cue worth 20 points", 900, 1, 0.5, 0.6 },
};
enum { N_DESIGN = sizeof(designs) / sizeof(*designs) };

static size_t runs(void)
{
	const char *s = getenv("SIM_RUNS");

	return s ? (size_t)strtoul(s, NULL, 10) : USUAL_RUNS;
}

/* A word of a long-tailed vocabulary of about 4,000. */
static uint32_t word(uint64_t h)
{
	const double u = nli_unit(h);

	return (uint32_t)(exp(u * 8.3)) + 10;
}

/* Record i of the corpus of a seed: its label, and its features' hashes. */
static int16_t make_record(const struct design *d, uint64_t seed, size_t i,
			   uint32_t *hash, size_t *n)
{
	const uint64_t key = nli_mix(seed * 0x9e37 + 77) ^ nli_mix(i + 1);
	const uint64_t group = nli_mix(seed * 0x9e37 + 78) ^ nli_mix(i / GROUP + 1);
	int16_t y = (int16_t)(nli_mix(key) % N_CLASS);

	if (d->label_of_three)
		y = (int16_t)((nli_mix(group) % 6 / 2 +
			       (nli_mix(group) & 1 ? i : 2 * i)) %
			      3);
	*n = 0;
	for (size_t k = 0; k < WORDS; k++) {
		/* Three words are of the topic, which the group shares. */
		const uint32_t h = nli_feat_hash(
			(uint64_t)word(nli_mix(k < 3 ? group + k : key + k)) << 34,
			NLI_FEAT_WORD);
		bool have = false;

		for (size_t j = 0; j < *n; j++)
			have = have || hash[j] == h;
		if (!have)
			hash[(*n)++] = h;
	}
	if (nli_unit(nli_mix(key + 100)) < d->present) {
		const uint64_t which = nli_unit(nli_mix(key + 101)) < d->strength
					       ? (uint64_t)y
					       : nli_mix(key + 102) % N_CLASS;

		hash[(*n)++] = nli_feat_hash((which + 1) << 34, NLI_FEAT_WORD);
	}
	return y;
}

struct models {
	struct nli_linear m[FOLDS];
	const struct nli_rows *rows;
};

static void take(void *ctx, const struct nli_solver *s, size_t first, size_t n)
{
	struct models *k = ctx;

	for (size_t l = 0; l < n; l++) {
		nli_linear_init(&k->m[first + l], N_CLASS, k->rows->n_feat);
		for (uint32_t j = 0; j < k->rows->n_feat; j++) {
			float w[N_CLASS];

			for (size_t c = 0; c < N_CLASS; c++)
				w[c] = nli_solver_weight(s, l, j, c);
			if (j)
				nli_linear_put(&k->m[first + l], k->rows->hash[j], w);
			else
				nli_linear_constant(&k->m[first + l], w);
		}
	}
}

/* The mean gain over chance of the folds' models on records that nobody saw. */
static double fresh_gain(const struct design *d, uint64_t seed, struct models *k)
{
	uint32_t hash[WORDS + 1];
	size_t hit = 0;

	for (size_t i = 0; i < FRESH; i++) {
		const struct nli_linear *m = &k->m[i % FOLDS];
		float z[4];
		size_t n, best = 0;
		const int16_t y = make_record(d, seed + 1000003, i, hash, &n);

		nli_linear_sum(m, hash, n, z);
		for (size_t c = 1; c < N_CLASS; c++)
			best = z[c] > z[best] ? c : best;
		hit += best == (size_t)y;
	}
	for (size_t f = 0; f < FOLDS; f++)
		nli_linear_release(&k->m[f]);
	return (double)hit / FRESH - 1.0 / N_CLASS;
}

struct outcome {
	double gain, lo, hi, fresh, p, inflation;
};

static struct nli_scored scored_of(const float *logp, int16_t y, uint64_t group)
{
	size_t best = 0;

	for (size_t c = 1; c < N_CLASS; c++)
		best = logp[c] > logp[best] ? c : best;
	return (struct nli_scored){ .group = group,
				    .y = y,
				    .pred = (int16_t)best,
				    .n_opt = N_CLASS,
				    .p = nli_expf(logp[y]),
				    .top = nli_expf(logp[best]) };
}

/* Audit one corpus as nli-hyponly does. */
static struct outcome run(const struct design *d, uint64_t seed)
{
	struct nli_rows_builder b = { 0 };
	struct nli_rows rows;
	int16_t *y = nli_xmalloc(d->n, sizeof(*y));
	uint8_t *fold = nli_xmalloc(d->n, sizeof(*fold));
	uint64_t *group = nli_xmalloc(d->n, sizeof(*group));
	float *logp = nli_xcalloc(d->n * N_CLASS, sizeof(*logp));
	struct nli_scored *sc = nli_xmalloc(d->n, sizeof(*sc));
	struct nli_crossfit_opts o = nli_audit_usual.fit;
	struct nli_permute_opts permute = { .n_perm = 99, .n_max = 10000, .jobs = 1 };
	struct nli_problem p = { .rows = &rows, .n = d->n, .n_class = N_CLASS };
	struct nli_crossfit_info info;
	struct nli_permute_test t;
	struct nli_metrics m;
	struct models k = { .rows = &rows };
	struct outcome out;

	for (size_t i = 0; i < d->n; i++) {
		uint32_t hash[WORDS + 1];
		size_t n;

		y[i] = make_record(d, seed, i, hash, &n);
		group[i] = nli_mix(i / GROUP);
		nli_rows_add(&b, hash, n);
	}
	nli_rows_finish(&b, NULL, 2, &rows);
	nli_fold_groups(d->n, group, y, N_CLASS, FOLDS, seed, fold);
	p.y = y;
	p.fold = fold;
	p.nb = nli_audit_usual.nb;
	for (size_t c = 0; c < NLI_N_BLOCK; c++)
		p.scale2[c] =
			(float)(nli_audit_usual.scale[c] * nli_audit_usual.scale[c]);
	o.n_fold = FOLDS;
	o.jobs = 1;
	o.models = take;
	o.ctx = &k;
	nli_crossfit(&p, &o, logp, N_CLASS, &info, NULL);
	for (size_t i = 0; i < d->n; i++)
		sc[i] = scored_of(logp + i * N_CLASS, y[i], group[i]);
	nli_metrics_of(sc, d->n, N_CLASS, false, 0.95, seed, &m);
	permute.seed = seed;
	nli_permutation_test(&p, &permute, &t);
	nli_metrics_widen(&m, nli_permute_inflation(&t));
	out = (struct outcome){ m.gain, m.gain_ci.lo, m.gain_ci.hi,
				fresh_gain(d, seed, &k),
				/* Spread the steps of 1/100 evenly. */
				t.p - nli_unit(nli_mix(seed)) / 100, m.inflation };
	nli_metrics_release(&m);
	nli_rows_release(&rows);
	free(y);
	free(fold);
	free(group);
	free(logp);
	free(sc);
	return out;
}

static void check_design(void **state)
{
	const struct design *d = *state;
	const size_t n = runs();
	double *p, truth = 0, mean = 0, ks;
	struct outcome *o;
	double wider = 0;
	size_t covered = 0, below = 0, found = 0;

	if (d->n > MANY && !getenv("SIM_RUNS"))
		skip();
	p = nli_xmalloc(n, sizeof(*p));
	o = nli_xmalloc(n, sizeof(*o));
	for (size_t r = 0; r < n; r++) {
		o[r] = run(d, r + 1);
		p[r] = o[r].p;
		truth += o[r].fresh / (double)n;
		mean += o[r].gain / (double)n;
		found += o[r].p <= 0.05;
		wider += o[r].inflation / (double)n;
	}
	if (d->present <= 0)
		truth = 0;
	for (size_t r = 0; r < n; r++) {
		covered += o[r].lo <= truth && truth <= o[r].hi;
		below += o[r].hi < truth;
	}
	nli_ks_uniform(p, n, &ks);
	printf("%s: n = %zu, %zu corpora: true gain %.4f, mean %.4f, covered %zu (%zu "
	       "below), "
	       "p <= .05: %zu, KS p %.3f, inflation %.3f\n",
	       d->name, d->n, n, truth, mean, covered, below, found, ks, wider);
	free(o);
	free(p);
	/* 93 %, less what chance may take from so few corpora (2.6 standard errors). */
	assert_true((double)covered >= 0.93 * (double)n - 2.6 * sqrt(0.0651 * (double)n));
	if (d->present <= 0)
		assert_true((double)found <=
			    0.05 * (double)n + 3 * sqrt(0.0475 * (double)n));
	if (d->present <= 0 && !d->label_of_three)
		assert_true(ks > 0.001);
	if (d->present * d->strength > 0.25)
		assert_int_equal(found, n);
}

int main(void)
{
	struct CMUnitTest tests[N_DESIGN];

	for (size_t i = 0; i < N_DESIGN; i++)
		tests[i] = (struct CMUnitTest){
			.name = designs[i].name,
			.test_func = check_design,
			.initial_state = (void *)(uintptr_t)&designs[i],
		};
	return cmocka_run_group_tests_name("gain", tests, NULL, NULL);
}
