/* metric.c - see metric.h. */
#include "lib/model/metric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

/*
 * A gain whose interval lies above this whole is called strong.  The line is
 * ours: SNLI and MNLI are 33 and 18 points over it (Gururangan et al. 2018), sets
 * made with care a few points under.
 */
static const double STRONG_GAIN = 0.05;

static int by_group(const void *pa, const void *pb)
{
	const struct nli_scored *a = pa, *b = pb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->y != b->y)
		return a->y < b->y ? -1 : 1;
	if (a->pred != b->pred)
		return a->pred < b->pred ? -1 : 1;
	if (a->pvi < b->pvi || a->pvi > b->pvi)
		return a->pvi < b->pvi ? -1 : 1;
	return (a->top > b->top) - (a->top < b->top);
}

static size_t bin_of(const struct nli_scored *s)
{
	const size_t b = (size_t)(s->top * NLI_CALIB_BINS);

	return b < NLI_CALIB_BINS ? b : NLI_CALIB_BINS - 1;
}

static void count_all(const struct nli_scored *s, size_t n, struct nli_metrics *m)
{
	double chance = 0;

	for (size_t i = 0; i < n; i++) {
		const size_t y = (size_t)s[i].y, pred = (size_t)s[i].pred;
		struct nli_calib_bin *bin = &m->bin[bin_of(&s[i])];

		m->hit += y == pred;
		m->label[y].gold++;
		m->label[pred].pred++;
		m->label[y].hit += y == pred;
		m->confusion[y * m->n_class + pred]++;
		chance += 1.0 / s[i].n_opt;
		bin->n++;
		bin->hit += y == pred;
		bin->confidence += (double)s[i].top;
	}
	m->chance = chance / (double)n;
	m->accuracy = (double)m->hit / (double)n;
}

static double ratio(uint64_t a, uint64_t b)
{
	return b ? (double)a / (double)b : 0;
}

static void finish_labels(struct nli_metrics *m, bool choice)
{
	for (size_t c = 0; c < m->n_class; c++) {
		struct nli_label_metric *l = &m->label[c];

		l->precision = ratio(l->hit, l->pred);
		l->recall = ratio(l->hit, l->gold);
		l->f1 = ratio(2 * l->hit, l->pred + l->gold);
		if (l->gold > m->label[m->majority_label].gold)
			m->majority_label = c;
	}
	m->majority = ratio(m->label[m->majority_label].gold, m->n);
	m->baseline = choice ? m->chance : m->majority;
	for (size_t c = 0; c < m->n_class; c++) {
		const double p = ratio(m->label[c].gold, m->n);

		m->entropy -= p > 0 ? p * log2(p) : 0;
	}
	for (size_t b = 0; b < NLI_CALIB_BINS; b++) {
		struct nli_calib_bin *bin = &m->bin[b];

		if (!bin->n)
			continue;
		m->ece += fabs((double)bin->hit - bin->confidence) / (double)m->n;
		bin->confidence /= (double)bin->n;
	}
}

/* Sums over a group, or a bundle of groups. */
struct cluster {
	double n, gain, pvi;
};

/* Gather groups into clusters; returns how many. */
static size_t gather(const struct nli_scored *s, size_t n, const struct nli_metrics *m,
		     bool choice, struct cluster *c)
{
	const bool bundle = m->n_group > NLI_METRIC_CLUSTERS;
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		struct cluster *to;

		if (i && s[i].group != s[i - 1].group)
			at++;
		to = &c[bundle ? nli_mix(s[i].group) % NLI_METRIC_CLUSTERS : at];
		to->n++;
		to->gain += (s[i].y == s[i].pred) -
			    (choice ? 1.0 / s[i].n_opt
				    : (double)(s[i].y == (int)m->majority_label));
		to->pvi += (double)s[i].pvi;
	}
	return bundle ? NLI_METRIC_CLUSTERS : at + 1;
}

/* The linearised variance of a ratio of cluster sums (Kish, 1965, 6.4). */
static void v_interval(const struct cluster *c, size_t k, double level,
		       struct nli_metrics *m)
{
	const double z = nli_norm_quantile((1 + level) / 2);
	double sum = 0;

	for (size_t i = 0; i < k; i++)
		m->v_information += c[i].pvi;
	m->v_information /= (double)m->n;
	for (size_t i = 0; i < k; i++) {
		const double d = c[i].pvi - m->v_information * c[i].n;

		sum += d * d;
	}
	m->v_se = k > 1 ? sqrt(sum * (double)k / (double)(k - 1)) / (double)m->n : 0;
	m->v_ci = (struct nli_interval){ m->v_information - z * m->v_se,
					 m->v_information + z * m->v_se };
}

/* What a record adds to the two sums of a ratio. */
struct term {
	double num, den;
};

typedef struct term term_fn(const struct nli_scored *s, const struct nli_metrics *m,
			    size_t c);

/* F1 of class c is 2 hits / (predicted + gold). */
static struct term f1_term(const struct nli_scored *s, const struct nli_metrics *m,
			   size_t c)
{
	const bool y = (size_t)s->y == c, pred = (size_t)s->pred == c;

	(void)m;
	return (struct term){ 2 * (y && pred), y + pred };
}

static struct term ece_term(const struct nli_scored *s, const struct nli_metrics *m,
			    size_t c)
{
	const struct nli_calib_bin *bin = &m->bin[bin_of(s)];
	const double over = (s->y == s->pred) - (double)s->top;
	const bool low = bin->confidence * (double)bin->n > (double)bin->hit;

	(void)c;
	return (struct term){ low ? -over : over, 1 };
}

/* Of a ratio of sums over all records, s in the order of groups; held to [0, 1]. */
static struct nli_interval ratio_interval(const struct nli_scored *s,
					  const struct nli_metrics *m, term_fn *term,
					  size_t c, double level)
{
	const bool bundle = m->n_group > NLI_METRIC_CLUSTERS;
	const size_t k = bundle ? NLI_METRIC_CLUSTERS : (size_t)m->n_group;
	struct term *sum = nli_xcalloc(k, sizeof(*sum)), all = { 0, 0 };
	double var = 0, half, v;
	size_t at = 0;

	for (size_t i = 0; i < m->n; i++) {
		const struct term t = term(&s[i], m, c);

		at += i && s[i].group != s[i - 1].group;
		const size_t to = bundle ? nli_mix(s[i].group) % k : at;

		sum[to].num += t.num;
		sum[to].den += t.den;
		all.num += t.num;
		all.den += t.den;
	}
	v = all.den > 0 ? all.num / all.den : 0;
	for (size_t i = 0; i < k; i++) {
		const double d = sum[i].num - v * sum[i].den;

		var += d * d;
	}
	free(sum);
	/* One group says nothing of its variance. */
	if (k < 2 || !(all.den > 0))
		return (struct nli_interval){ 0, 1 };
	half = nli_norm_quantile((1 + level) / 2) *
	       sqrt(var * (double)k / (double)(k - 1)) / all.den;
	return (struct nli_interval){ v > half ? v - half : 0,
				      v + half < 1 ? v + half : 1 };
}

static void gain_interval(const struct cluster *c, size_t k, double level, uint64_t seed,
			  struct nli_metrics *m)
{
	struct nli_boot boot;

	nli_boot_init(&boot, NLI_METRIC_BOOT, seed);
	for (size_t i = 0; i < k; i++)
		if (c[i].n > 0)
			nli_boot_add(&boot, i, c[i].gain, c[i].n);
	/* One cluster says nothing of its variance: the interval is then all there can be. */
	if (k < 2 || nli_boot_interval(&boot, level, &m->gain_ci, &m->gain_se, NULL))
		m->gain_ci = (struct nli_interval){ -m->baseline, 1 - m->baseline };
	nli_boot_release(&boot);
}

static double flip_test(const struct cluster *c, size_t k, uint64_t seed)
{
	size_t above = 0;
	double real = 0;

	for (size_t i = 0; i < k; i++)
		real += c[i].gain;
	for (uint64_t d = 1; d <= NLI_METRIC_FLIPS; d++) {
		const uint64_t key = nli_mix(seed ^ nli_mix(d));
		double sum = 0;
		uint64_t bits = 0;

		for (size_t i = 0; i < k; i++) {
			bits = i & 63 ? bits >> 1 : nli_mix(key + i);
			sum += bits & 1 ? c[i].gain : -c[i].gain;
		}
		/* Gains of choices are fractions: sums that are equal must count as equal. */
		above += sum >= real - 1e-9 * (double)k;
	}
	return (double)(above + 1) / (NLI_METRIC_FLIPS + 1);
}

void nli_metrics_of(struct nli_scored *s, size_t n, size_t n_class, bool choice,
		    double level, uint64_t seed, struct nli_metrics *out)
{
	struct cluster *c;
	size_t k;

	memset(out, 0, sizeof(*out));
	out->n = n;
	out->n_class = n_class;
	out->label = nli_xcalloc(n_class, sizeof(*out->label));
	out->confusion = nli_xcalloc(n_class * n_class, sizeof(*out->confusion));
	out->accuracy_ci = out->gain_ci = (struct nli_interval){ 0, 1 };
	out->p_gain = 1;
	if (!n)
		return;
	qsort(s, n, sizeof(*s), by_group);
	for (size_t i = 0; i < n; i++)
		out->n_group += !i || s[i].group != s[i - 1].group;
	count_all(s, n, out);
	finish_labels(out, choice);
	out->gain = out->accuracy - out->baseline;
	out->accuracy_ci = nli_wilson(out->hit, n, level);
	k = out->n_group > NLI_METRIC_CLUSTERS ? NLI_METRIC_CLUSTERS : out->n_group;
	c = nli_xcalloc(k, sizeof(*c));
	k = gather(s, n, out, choice, c);
	v_interval(c, k, level, out);
	gain_interval(c, k, level, seed, out);
	out->p_gain = flip_test(c, k, seed);
	free(c);
	for (size_t y = 0; y < n_class; y++)
		out->label[y].f1_ci = ratio_interval(s, out, f1_term, y, level);
	out->ece_ci = ratio_interval(s, out, ece_term, 0, level);
}

void nli_metrics_widen(struct nli_metrics *m, double inflation)
{
	const double hits = m->accuracy * (1 - m->accuracy) / (double)m->n;
	const double more = ((inflation < 1 ? 1 : inflation > 2 ? 2 : inflation) - 1) / 2;
	double f;

	m->inflation = more + 1;
	if (!(m->gain_se > 0))
		return;
	f = sqrt(1 + more * hits / (m->gain_se * m->gain_se));
	m->gain_ci.lo = m->gain - f * (m->gain - m->gain_ci.lo);
	m->gain_ci.hi = m->gain + f * (m->gain_ci.hi - m->gain);
	m->gain_se *= f;
}

/*
 * Strong: the gain's interval lies above STRONG_GAIN whole.  Weak: it lies above
 * 0.  Neither if the test of the design, where there is one (p <= 1), disagrees.
 */
enum nli_evidence nli_evidence_of(const struct nli_metrics *m, double p)
{
	if (!m->n || m->gain_ci.lo <= 0 || (p <= 1 && p > NLI_WEAK_P))
		return NLI_EVIDENCE_NONE;
	return m->gain_ci.lo >= STRONG_GAIN ? NLI_EVIDENCE_STRONG : NLI_EVIDENCE_WEAK;
}

const char *nli_evidence_name(enum nli_evidence e)
{
	return e == NLI_EVIDENCE_STRONG ? "strong"
	       : e == NLI_EVIDENCE_WEAK ? "weak"
					: "none";
}

void nli_metrics_release(struct nli_metrics *m)
{
	free(m->label);
	free(m->confusion);
	memset(m, 0, sizeof(*m));
}
