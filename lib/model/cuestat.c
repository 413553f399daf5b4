/* cuestat.c - from counts to what they prove: tests, corrections, replication. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/cueresult.h"
#include "lib/nli/label.h"

double cue_prior(const struct nli_cues_result *r, size_t y)
{
	return r->p.uniform ? 1 / (double)r->n_label : (double)r->n_y[y] / (double)r->n;
}

/* Quantiles .975 of Student's t, kept up to TABLE degrees of freedom. */
enum { TABLE = 4096 };

static double t_quantile(double *table, uint32_t df)
{
	const double z = 1.95996398454005423552;

	if (df > TABLE) /* Fisher's expansion, A&S 26.7.5: 9 digits here */
		return z + (z * z * z + z) / (4.0 * df) +
		       (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96.0 * df * df);
	if (table[df] == 0)
		table[df] = nli_student_quantile(0.975, df);
	return table[df];
}

/*
 * The effective sample size of [5]: n over the design effect, times
 * (t_{n-1} / t_{m-1})^2 since the effect was estimated from m clusters only.
 * We differ in taking the effect under p0 (see nli_design_effect()), and one
 * below 1 for 1: a cue is not surer for its clusters.  One cluster is one
 * observation.
 */
static double effective_n(const struct cue_row *row, double *table)
{
	double t;

	if (row->clusters < 2)
		return 1;
	t = t_quantile(table, row->n_w - 1) / t_quantile(table, row->clusters - 1);
	return fmax(1, (double)row->n_w / fmax(1, row->deff) * t * t);
}

/* ln P(X >= n_wy) for X binomial (n_w, p0), both shrunk by f ([5]: real counts by the beta). */
static double log_tail(double n_w, double n_wy, double p0, double f)
{
	if (n_wy == 0)
		return 0;
	return nli_beta_log_cdf(p0, f * n_wy, f * (n_w - n_wy) + 1);
}

/*
 * Competency z of [3], (p - p0) / sqrt(p0 (1 - p0) / n), with the effective n;
 * the p value is the exact one-sided tail whatever n, as the normal one is too
 * bold where p0 n is small.
 */
static void judge_row(const struct nli_cues_result *r, struct cue_row *row, double *table)
{
	const double p0 = cue_prior(r, row->label);
	const double p = (double)row->n_wy / row->n_w;

	row->n_eff = effective_n(row, table);
	row->z = (p - p0) / sqrt(p0 * (1 - p0) / row->n_eff);
	row->log_p = log_tail(row->n_w, row->n_wy, p0, row->n_eff / row->n_w);
	row->p = exp(row->log_p);
}

static void adjust(struct nli_cues_result *r)
{
	double *p = nli_xmalloc(2 * r->n_row, sizeof(*p)), *q = p + r->n_row;

	for (size_t i = 0; i < r->n_row; i++)
		p[i] = r->row[i].p;
	for (int how = 0; how < 3; how++) {
		nli_p_adjust((enum nli_adjust)how, p, r->n_row, r->n_row, q);
		for (size_t i = 0; i < r->n_row; i++)
			r->row[i].q[how] = q[i];
	}
	free(p);
}

static double half_p(const struct nli_cues_result *r, const struct cue_row *row, int h)
{
	return exp(log_tail(row->half_n[h], row->half_y[h], cue_prior(r, row->label),
			    row->n_eff / row->n_w));
}

/*
 * Found in one half by Benjamini-Hochberg, and below alpha by itself in the
 * other, which had no say in the finding: either way round.
 */
static void replicate(struct nli_cues_result *r)
{
	double *p = nli_xmalloc(3 * r->n_row, sizeof(*p)), *q = p + 2 * r->n_row;

	for (size_t i = 0; i < r->n_row; i++)
		for (size_t h = 0; h < 2; h++)
			p[h * r->n_row + i] = half_p(r, &r->row[i], (int)h);
	for (size_t h = 0; h < 2; h++) {
		const double *other = p + (1 - h) * r->n_row;

		nli_p_adjust(NLI_BENJAMINI_HOCHBERG, p + h * r->n_row, r->n_row, r->n_row,
			     q);
		for (size_t i = 0; i < r->n_row; i++)
			r->row[i].replicated |=
				q[i] <= r->p.alpha && other[i] <= r->p.alpha;
	}
	free(p);
}

static struct nli_str word(const struct nli_cues_result *r, uint32_t id)
{
	return r->c->table[CUE_WORD].text[id];
}

static const char *const bit_name[CUE_PREMISE - NLI_N_FAMILY] = {
	"capital inside", "lower-case start", "no final mark",
	"question mark",  "exclamation mark", "comma",
	"quotation mark", "bracket",          "colon or semicolon",
	"dash",
};
static const char *const length_name[CUE_N_TRAIT - CUE_LENGTH] = {
	"1-3 words",   "4-5 words",   "6-7 words",   "8-9 words",
	"10-12 words", "13-16 words", "17-24 words", "25 words or more",
};

static const char *trait_name(uint32_t t)
{
	if (t < NLI_N_FAMILY)
		return nli_family_name((enum nli_family)t);
	if (t < CUE_PREMISE)
		return bit_name[t - NLI_N_FAMILY];
	if (t == CUE_CONTAINED)
		return "all words in premise";
	return t == CUE_UNSHARED ? "no word in premise" : length_name[t - CUE_LENGTH];
}

struct nli_str cue_feature(const struct nli_cues_result *r, const struct cue_row *row,
			   struct nli_buf *tmp)
{
	struct nli_str s, value;

	if (row->space == CUE_WORDS)
		return word(r, row->a);
	if (row->space == CUE_TRAITS)
		return nli_str_of(trait_name(row->a));
	if (row->space == CUE_TAGS) {
		s = r->c->table[CUE_TAG].text[row->a];
		value = (struct nli_str){ memchr(s.s, '\t', s.len), 0 };
		value.len = (size_t)(s.s + s.len - ++value.s);
		return value;
	}
	nli_buf_clear(tmp);
	nli_buf_add(tmp, word(r, row->a).s, word(r, row->a).len);
	nli_buf_addc(tmp, ' ');
	nli_buf_add(tmp, word(r, row->b).s, word(r, row->b).len);
	return nli_buf_str(tmp);
}

struct nli_str cue_family(const struct nli_cues_result *r, const struct cue_row *row)
{
	struct nli_str s;

	if (row->space == CUE_WORDS || row->space == CUE_PAIRS)
		return row->space == CUE_WORDS ? NLI_STR("word") : NLI_STR("bigram");
	if (row->space == CUE_TAGS) {
		s = r->c->table[CUE_TAG].text[row->a];
		return (struct nli_str){ s.s, (size_t)((char *)memchr(s.s, '\t', s.len) -
						       s.s) };
	}
	if (row->a < NLI_N_FAMILY)
		return nli_str_of(trait_name(row->a));
	if (row->a >= CUE_LENGTH)
		return NLI_STR("length");
	if (row->a >= CUE_CONTAINED)
		return NLI_STR("containment");
	return row->a <= CUE_LOWER ? NLI_STR("capital") : NLI_STR("punctuation");
}

struct key {
	const struct nli_cues_result *r;
	const struct cue_row *row;
};

static struct nli_str sort_text(const struct key *k, int second)
{
	const struct cue_row *row = k->row;

	if (row->space == CUE_TAGS)
		return k->r->c->table[CUE_TAG].text[row->a];
	return row->space == CUE_TRAITS ? nli_str_of(trait_name(row->a))
					: word(k->r, second ? row->b : row->a);
}

/* The surest first; ties by kind, text and label, so that the order is total. */
static int by_p(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int c = (x->row->log_p > y->row->log_p) - (x->row->log_p < y->row->log_p);

	if (!c)
		c = (int)x->row->space - (int)y->row->space;
	if (!c)
		c = nli_str_cmp(sort_text(x, 0), sort_text(y, 0));
	if (!c && x->row->space == CUE_PAIRS)
		c = nli_str_cmp(sort_text(x, 1), sort_text(y, 1));
	return c ? c : (int)x->row->label - (int)y->row->label;
}

static void sort_rows(struct nli_cues_result *r)
{
	struct key *key = nli_xmalloc(r->n_row, sizeof(*key));

	for (size_t i = 0; i < r->n_row; i++)
		key[i] = (struct key){ r, &r->row[i] };
	qsort(key, r->n_row, sizeof(*key), by_p);
	r->sorted = nli_xmalloc(r->n_row, sizeof(*r->sorted));
	for (size_t i = 0; i < r->n_row; i++)
		r->sorted[i] = key[i].row;
	free(key);
}

void cue_judge(struct nli_cues_result *r)
{
	double *table = nli_xcalloc(TABLE + 1, sizeof(*table));

	for (size_t i = 0; i < r->n_row; i++)
		judge_row(r, &r->row[i], table);
	free(table);
	adjust(r);
	replicate(r);
	sort_rows(r);
}

/* The labels that have items: those of NLI in their order, then others by their bytes. */
struct ranked {
	struct nli_str text;
	int known, store; /* place in enum nli_label or beyond it; number in the store */
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return x->known != y->known ? x->known - y->known : nli_str_cmp(x->text, y->text);
}

static void order_labels(struct nli_cues_result *r)
{
	const struct nli_intern *t = &r->c->table[CUE_LABEL];
	struct ranked v[NLI_CUES_MAX_LABEL];
	uint64_t n_y[NLI_CUES_MAX_LABEL] = { 0 };

	for (size_t i = 0; i < r->c->n_item; i++)
		n_y[r->c->item[i].label]++;
	for (size_t i = 0; i < t->n; i++) {
		const enum nli_label l = nli_label_of(t->text[i]);

		v[i] = (struct ranked){ t->text[i],
					l == NLI_LABEL_NONE ? NLI_N_LABEL : (int)l,
					(int)i };
		r->active[i] = -1;
	}
	qsort(v, t->n, sizeof(*v), by_rank);
	for (size_t i = 0; i < t->n; i++) {
		if (!n_y[v[i].store])
			continue;
		r->active[v[i].store] = (int)r->n_label;
		r->n_y[r->n_label] = n_y[v[i].store];
		r->label[r->n_label++] = v[i].text;
	}
	r->n = r->c->n_item;
}

int nli_cues_compute(const struct nli_cues *c, const struct nli_cues_params *p,
		     struct nli_cues_result **out, struct nli_err *err)
{
	struct nli_cues_result *r = nli_xcalloc(1, sizeof(*r));

	*out = NULL;
	r->c = c;
	r->p = *p;
	order_labels(r);
	if (r->n_label < 2) {
		const size_t n = r->n_label;

		nli_cues_result_free(r);
		return nli_fail(err, NLI_EDATA,
				"%zu labels in %zu labelled texts, wanted 2 or more", n,
				c->n_item);
	}
	cue_count(r);
	cue_judge(r);
	*out = r;
	return 0;
}

void nli_cues_result_free(struct nli_cues_result *r)
{
	if (!r)
		return;
	free(r->row);
	free(r->sorted);
	free(r->cmh);
	free(r);
}
